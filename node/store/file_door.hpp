#pragma once
// The single door to files beside the store. It goes through SQLite's VFS, so that the file system of a test can fail,
// fill up and lose power for the database and for payload files alike. Internal to the store.
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "node/store/vfs_file.hpp"

namespace ehds::node::store {

class file_door {
 public:
  explicit file_door(std::string vfs) : vfs_(std::move(vfs)) {}

  result<void> make_folder(std::filesystem::path const& folder) const;
  // A new file with these bytes, synced together with its folder. What was begun is removed when it fails.
  result<void> write_durably(std::filesystem::path const& file, std::string_view bytes) const;
  // A new file for the owner's eyes alone; not durable before its sync().
  result<std::unique_ptr<vfs_file>> create(std::filesystem::path const& file) const;
  result<std::unique_ptr<vfs_file>> open(std::filesystem::path const& file) const;
  result<std::string> read_all(std::filesystem::path const& file) const;
  bool remove(std::filesystem::path const& file) const;

 private:
  std::string vfs_;
};

}  // namespace ehds::node::store
