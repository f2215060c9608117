#include "node/store/file_door.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ehds::node::store {
result<void> file_door::make_folder(std::filesystem::path const& folder) const {
  std::error_code fault;
  if (!std::filesystem::create_directory(folder, fault)) {
    if (!fault) return {};
    if (fault == std::errc::no_space_on_device) return file_trouble(SQLITE_FULL, folder);
    return file_trouble(SQLITE_CANTOPEN, folder);
  }
  if (::chmod(folder.c_str(), S_IRWXU) != 0) return file_trouble(SQLITE_CANTOPEN, folder);
  // The new folder's own name must survive a power cut too.
  int const parent = ::open(folder.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (parent < 0) return file_trouble(SQLITE_CANTOPEN, folder);
  int const synced = ::fsync(parent);
  ::close(parent);
  if (synced != 0) return file_trouble(SQLITE_IOERR_DIR_FSYNC, folder);
  return {};
}

result<void> file_door::write_durably(std::filesystem::path const& file, std::string_view bytes) const {
  auto out = create(file);
  if (!out) return std::move(out).error();
  int code = (*out)->append(bytes);
  if (code == SQLITE_OK) code = (*out)->sync();
  if (code == SQLITE_OK) code = (*out)->close();
  if (code == SQLITE_OK) return {};
  (*out)->close();
  remove(file);
  return file_trouble(code, file);
}

result<std::unique_ptr<vfs_file>> file_door::create(std::filesystem::path const& file) const {
  auto made =
      std::make_unique<vfs_file>(vfs_, file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE);
  if (made->code() != SQLITE_OK) return file_trouble(made->code(), file);
  if (::chmod(file.c_str(), S_IRUSR | S_IWUSR) == 0) return made;
  made->close();
  remove(file);
  return file_trouble(SQLITE_CANTOPEN, file);
}

result<std::unique_ptr<vfs_file>> file_door::open(std::filesystem::path const& file) const {
  auto made = std::make_unique<vfs_file>(vfs_, file, SQLITE_OPEN_READONLY);
  if (made->code() != SQLITE_OK) return file_trouble(made->code(), file);
  return made;
}

result<std::string> file_door::read_all(std::filesystem::path const& file) const {
  auto in = open(file);
  if (!in) return std::move(in).error();
  std::uint64_t size = 0;
  int code = (*in)->size(size);
  std::string bytes(static_cast<std::size_t>(code == SQLITE_OK ? size : 0), '\0');
  if (code == SQLITE_OK) code = (*in)->read(0, bytes.data(), bytes.size());
  if (code == SQLITE_OK) return bytes;
  return file_trouble(code, file);
}

bool file_door::remove(std::filesystem::path const& file) const {
  auto* const vfs = vfs_named(vfs_);
  return vfs->xDelete(vfs, file.c_str(), 1) == SQLITE_OK;
}

}  // namespace ehds::node::store
