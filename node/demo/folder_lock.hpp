#pragma once
// One demonstration a folder: a second one would delete the stores under the feet of the first. The kernel gives the
// lock back however the holder ends; the nodes it started do not inherit it.
#include <filesystem>

namespace ehds::node::demo {

class folder_lock {
 public:
  // Makes the folder. Throws story_error that says which process holds it.
  explicit folder_lock(std::filesystem::path const& folder);
  ~folder_lock();
  folder_lock(folder_lock const&) = delete;
  folder_lock& operator=(folder_lock const&) = delete;

 private:
  int file_ = -1;
};

}  // namespace ehds::node::demo
