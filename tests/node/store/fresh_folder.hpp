#pragma once
// A folder of its own for each test, gone when the test ends.
#include <filesystem>

#include "base/ids.hpp"

namespace ehds::tests {

class fresh_folder {
 public:
  fresh_folder() : path_(std::filesystem::temp_directory_path() / ("ehds-" + random_uuid())) {
    std::filesystem::create_directories(path_);
  }
  ~fresh_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  fresh_folder(fresh_folder const&) = delete;
  fresh_folder& operator=(fresh_folder const&) = delete;

  std::filesystem::path const& path() const { return path_; }
  std::filesystem::path operator/(char const* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace ehds::tests
