#pragma once
// One open file of an SQLite VFS (file_door.hpp says why), to be written at its end and read anywhere. Codes are
// SQLite's. Internal to the store.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/problem.hpp"

struct sqlite3_file;
struct sqlite3_vfs;

namespace ehds::node::store {

sqlite3_vfs* vfs_named(std::string const& name);  // empty: the system's own

class vfs_file {
 public:
  vfs_file(std::string const& vfs, std::string name, int flags);
  ~vfs_file();
  vfs_file(vfs_file const&) = delete;
  vfs_file& operator=(vfs_file const&) = delete;

  int code() const { return code_; }  // of opening it
  int append(std::string_view bytes);
  int sync();  // the first one syncs the folder too
  int size(std::uint64_t& into);
  int read(std::uint64_t at, char* into, std::size_t count);
  int close();

 private:
  std::string const name_;  // the VFS keeps a pointer to it, for syncing the folder
  std::unique_ptr<std::max_align_t[]> memory_;
  sqlite3_file* file_ = nullptr;
  std::uint64_t end_ = 0;
  int code_ = 0;
};

// store.disk_full, else store.payload.
problem file_trouble(int code, std::filesystem::path const& file);

}  // namespace ehds::node::store
