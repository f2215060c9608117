#pragma once
// The single door to files beside the store. It goes through SQLite's VFS, so that the file system of a test can fail,
// fill up and lose power for the database and for payload files alike. Internal to the store.
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::node::store {

class file_door {
 public:
  explicit file_door(std::string vfs) : vfs_(std::move(vfs)) {}

  result<void> make_folder(std::filesystem::path const& folder) const;
  // A new file with these bytes, synced together with its folder. What was begun is removed when it fails.
  result<void> write_durably(std::filesystem::path const& file, std::string_view bytes) const;
  result<std::string> read_all(std::filesystem::path const& file) const;
  bool remove(std::filesystem::path const& file) const;

 private:
  std::string vfs_;
};

}  // namespace ehds::node::store
