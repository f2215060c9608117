#include "node/demo/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>

#include "base/time.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

std::string holder_in(std::filesystem::path const& file) {
  std::string holder;
  std::getline(std::ifstream(file), holder);
  return holder.empty() ? "another process" : holder;
}

std::string ourselves() {
  auto const now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return "process " + std::to_string(getpid()) + ", which began at " + to_rfc3339(now);
}

}  // namespace

folder_lock::folder_lock(std::filesystem::path const& folder) {
  std::filesystem::create_directories(folder);
  auto const path = folder / "lock";
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  must(file_ >= 0, "cannot write " + path.string());
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    close(file_);
    throw story_error("the folder " + folder.string() + " belongs to a demonstration that is running: " +
                      holder_in(path) + ". End that one (Ctrl-C there), or choose another folder with --folder.");
  }
  auto const text = ourselves() + "\n";
  must(ftruncate(file_, 0) == 0 && pwrite(file_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
       "cannot write " + path.string());
}

folder_lock::~folder_lock() { close(file_); }

}  // namespace ehds::node::demo
