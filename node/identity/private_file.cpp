#include "node/identity/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace ehds::node::identity {

namespace {

problem cannot(char const* what, std::filesystem::path const& file, int fault) {
  return {"identity.key", std::string{"Cannot "} + what + " " + file.string() + ": " + std::strerror(fault) + ".",
          file.string(), "Check the folder, its owner and the space on its disk."};
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// A new name is on disk when its folder is.
bool sync_folder(std::filesystem::path const& folder) {
  int const handle = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return false;
  bool const synced = ::fsync(handle) == 0;
  ::close(handle);
  return synced;
}

}  // namespace

result<void> make_private_folder(std::filesystem::path const& folder) {
  std::error_code fault;
  auto const is_new = std::filesystem::create_directories(folder, fault);
  if (fault) return cannot("make the folder", folder, fault.value());
  if (is_new && ::chmod(folder.c_str(), S_IRWXU) != 0) return cannot("protect the folder", folder, errno);
  return {};
}

result<void> write_private_file(std::filesystem::path const& file, std::string_view bytes) {
  auto const draft = std::filesystem::path{file.string() + ".new"};
  ::unlink(draft.c_str());
  int const handle = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (handle < 0) return cannot("write", file, errno);
  bool const written = write_all(handle, bytes) && ::fsync(handle) == 0;
  int const fault = errno;
  ::close(handle);
  if (!written || ::rename(draft.c_str(), file.c_str()) != 0) {
    auto const why = cannot("write", file, written ? errno : fault);
    ::unlink(draft.c_str());
    return why;
  }
  if (!sync_folder(file.parent_path())) return cannot("make durable", file, errno);
  return {};
}

result<std::string> read_small_file(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return cannot("read", file, errno == 0 ? EIO : errno);
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  return text;
}

}  // namespace ehds::node::identity
