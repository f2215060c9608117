#include "node/store/file_door.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

namespace ehds::node::store {
namespace {

// SQLite's own file layer takes no more than 128 KB in one call.
constexpr std::size_t piece = 64 * 1024;

problem trouble(int code, std::filesystem::path const& file) {
  if ((code & 0xff) == SQLITE_FULL)
    return {"store.disk_full", "The disk that holds the store is full.", "", "Make room; the node goes on by itself."};
  return {"store.payload", "A payload file cannot be used (SQLite code " + std::to_string(code) + ").",
          file.filename().string(), "Check the folder, its permissions and the disk."};
}

// An open file of the VFS. The kind "super journal" is the one whose first sync also syncs the folder.
class open_file {
 public:
  open_file(sqlite3_vfs* vfs, std::string name, int flags)
      : name_(std::move(name)),
        memory_(std::make_unique<std::max_align_t[]>(
            static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1)),
        file_(new(memory_.get()) sqlite3_file{}) {
    code_ = vfs->xOpen(vfs, name_.c_str(), file_, flags | SQLITE_OPEN_SUPER_JOURNAL, nullptr);
  }
  ~open_file() { close(); }
  open_file(open_file const&) = delete;
  open_file& operator=(open_file const&) = delete;

  int code() const { return code_; }
  int write(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      auto const part = bytes.substr(at, piece);
      int const code =
          file_->pMethods->xWrite(file_, part.data(), static_cast<int>(part.size()), static_cast<sqlite3_int64>(at));
      if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
  }
  int sync() { return file_->pMethods->xSync(file_, SQLITE_SYNC_FULL); }
  int read(std::string& into) {
    sqlite3_int64 size = 0;
    if (int const code = file_->pMethods->xFileSize(file_, &size); code != SQLITE_OK) return code;
    into.resize(static_cast<std::size_t>(size));
    for (std::size_t at = 0; at < into.size(); at += piece) {
      auto const part = static_cast<int>(std::min(piece, into.size() - at));
      int const code = file_->pMethods->xRead(file_, into.data() + at, part, static_cast<sqlite3_int64>(at));
      if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
  }
  int close() {
    if (file_->pMethods == nullptr) return SQLITE_OK;
    int const code = file_->pMethods->xClose(file_);
    file_->pMethods = nullptr;
    return code;
  }

 private:
  std::string const name_;  // the VFS keeps a pointer to it, for syncing the folder
  std::unique_ptr<std::max_align_t[]> memory_;
  sqlite3_file* file_;
  int code_ = SQLITE_OK;
};

sqlite3_vfs* vfs_named(std::string const& name) {
  sqlite3_initialize();
  return sqlite3_vfs_find(name.empty() ? nullptr : name.c_str());
}

}  // namespace

result<void> file_door::make_folder(std::filesystem::path const& folder) const {
  std::error_code fault;
  if (!std::filesystem::create_directory(folder, fault)) {
    if (!fault) return {};
    if (fault == std::errc::no_space_on_device) return trouble(SQLITE_FULL, folder);
    return trouble(SQLITE_CANTOPEN, folder);
  }
  // The new folder's own name must survive a power cut too.
  int const parent = ::open(folder.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (parent < 0) return trouble(SQLITE_CANTOPEN, folder);
  int const synced = ::fsync(parent);
  ::close(parent);
  if (synced != 0) return trouble(SQLITE_IOERR_DIR_FSYNC, folder);
  return {};
}

result<void> file_door::write_durably(std::filesystem::path const& file, std::string_view bytes) const {
  auto* const vfs = vfs_named(vfs_);
  open_file out(vfs, file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE);
  int code = out.code();
  if (code == SQLITE_OK) code = out.write(bytes);
  if (code == SQLITE_OK) code = out.sync();
  if (code == SQLITE_OK) code = out.close();
  if (code == SQLITE_OK) return {};
  out.close();
  remove(file);
  return trouble(code, file);
}

result<std::string> file_door::read_all(std::filesystem::path const& file) const {
  auto* const vfs = vfs_named(vfs_);
  open_file in(vfs, file, SQLITE_OPEN_READONLY);
  std::string bytes;
  int const code = in.code() == SQLITE_OK ? in.read(bytes) : in.code();
  if (code == SQLITE_OK) return bytes;
  return trouble(code, file);
}

bool file_door::remove(std::filesystem::path const& file) const {
  auto* const vfs = vfs_named(vfs_);
  return vfs->xDelete(vfs, file.c_str(), 1) == SQLITE_OK;
}

}  // namespace ehds::node::store
