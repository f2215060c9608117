#include "node/store/vfs_file.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <new>

namespace ehds::node::store {
namespace {

// SQLite's own file layer takes no more than 128 KB in one call.
constexpr std::size_t piece = 64 * 1024;

}  // namespace

sqlite3_vfs* vfs_named(std::string const& name) {
  sqlite3_initialize();
  return sqlite3_vfs_find(name.empty() ? nullptr : name.c_str());
}

// The kind "super journal" is the one whose first sync also syncs the folder.
vfs_file::vfs_file(std::string const& vfs, std::string name, int flags) : name_(std::move(name)) {
  auto* const door = vfs_named(vfs);
  memory_ =
      std::make_unique<std::max_align_t[]>(static_cast<std::size_t>(door->szOsFile) / sizeof(std::max_align_t) + 1);
  file_ = new (memory_.get()) sqlite3_file{};
  code_ = door->xOpen(door, name_.c_str(), file_, flags | SQLITE_OPEN_SUPER_JOURNAL, nullptr);
}

vfs_file::~vfs_file() { close(); }

int vfs_file::append(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    auto const part = bytes.substr(at, piece);
    int const code =
        file_->pMethods->xWrite(file_, part.data(), static_cast<int>(part.size()), static_cast<sqlite3_int64>(end_));
    if (code != SQLITE_OK) return code;
    end_ += part.size();
  }
  return SQLITE_OK;
}

int vfs_file::sync() { return file_->pMethods->xSync(file_, SQLITE_SYNC_FULL); }

int vfs_file::size(std::uint64_t& into) {
  sqlite3_int64 size = 0;
  int const code = file_->pMethods->xFileSize(file_, &size);
  into = static_cast<std::uint64_t>(size);
  return code;
}

int vfs_file::read(std::uint64_t at, char* into, std::size_t count) {
  for (std::size_t done = 0; done < count; done += piece) {
    auto const part = static_cast<int>(std::min(piece, count - done));
    int const code = file_->pMethods->xRead(file_, into + done, part, static_cast<sqlite3_int64>(at + done));
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

int vfs_file::close() {
  if (file_ == nullptr || file_->pMethods == nullptr) return SQLITE_OK;
  int const code = file_->pMethods->xClose(file_);
  file_->pMethods = nullptr;
  return code;
}

problem file_trouble(int code, std::filesystem::path const& file) {
  if ((code & 0xff) == SQLITE_FULL)
    return {"store.disk_full", "The disk that holds the store is full.", "", "Make room; the node goes on by itself."};
  return {"store.payload", "A payload file cannot be used (SQLite code " + std::to_string(code) + ").",
          file.filename().string(), "Check the folder, its permissions and the disk."};
}

}  // namespace ehds::node::store
