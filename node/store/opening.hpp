#pragma once
// What happens to a store before anybody uses it: is it ours, is it new enough, which steps does it lack. Internal.
#include <filesystem>
#include <memory>
#include <span>

#include "base/result.hpp"
#include "node/store/connection.hpp"
#include "node/store/database.hpp"

namespace ehds::node::store {

// A lock on "<store>.lock", held as long as the process serves the store; the system gives it up when the process dies.
class serving_lock {
 public:
  static result<serving_lock> take(std::filesystem::path const& store);
  serving_lock() = default;
  ~serving_lock();
  serving_lock(serving_lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  serving_lock& operator=(serving_lock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }

 private:
  int descriptor_ = -1;
};

// Opens the file for writing, checks whose it is and brings its tables up to date.
result<std::unique_ptr<connection>> open_for_writing(std::filesystem::path const& file, connection_options const& how,
                                                     std::span<migration const> steps);

// Checks that the file can be read and is ours.
result<void> check_readable(std::filesystem::path const& file, connection_options const& how);

}  // namespace ehds::node::store
