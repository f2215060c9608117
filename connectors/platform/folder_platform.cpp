#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <system_error>

#include "base/bytes.hpp"
#include "base/files.hpp"
#include "connectors/platform/local_platform.hpp"

namespace ehds::connectors {
namespace {

class descriptor {
 public:
  descriptor(std::filesystem::path const& path, int flags) : held_(::open(path.c_str(), flags | O_CLOEXEC, 0640)) {
    if (held_ < 0) fail("open");
  }
  ~descriptor() { ::close(held_); }
  descriptor(descriptor const&) = delete;
  descriptor& operator=(descriptor const&) = delete;

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      auto const count = ::write(held_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail("write");
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void sync() const {
    if (::fsync(held_) != 0) fail("fsync");
  }

 private:
  [[noreturn]] static void fail(char const* what) { throw std::system_error(errno, std::generic_category(), what); }
  int held_;
};

// Either the whole file under its name, durably, or none.
void put(std::filesystem::path const& folder, std::string const& name, std::string_view bytes) {
  auto const part = folder / ("." + name + ".part");
  {
    descriptor const file{part, O_WRONLY | O_CREAT | O_TRUNC};
    file.write(bytes);
    file.sync();
  }
  std::filesystem::rename(part, folder / name);
  descriptor{folder, O_RDONLY | O_DIRECTORY}.sync();
}

bool is_file_name(std::string_view key) {
  return !key.empty() && key.size() <= 100 &&
         key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
             std::string_view::npos;
}

}  // namespace

attempt_outcome folder_platform::deliver(hand_over const& what) try {
  auto const body = hand_over_body(what);
  if (!body) return refused_for_good{body.error()};
  if (!is_file_name(what.idempotency_key))
    return refused_for_good{{"platform.key", "The idempotency key cannot be a file name.", what.id,
                             "Use letters, digits, hyphen and underscore, at most 100."}};
  auto const name = what.idempotency_key + ".json";
  if (std::filesystem::exists(folder_ / name) && read_file(folder_ / name) != *body)
    return refused_for_good{{"platform.key_taken", "The folder holds another hand-over under the same key.", what.id,
                             "Give the changed content a new idempotency key."}};
  put(folder_, name, *body);
  return receipt_proof{"folder:" + name, sha256_hex(*body), now_.now()};
} catch (std::system_error const& wrong) {
  return try_later{{"platform.folder", std::string{"The folder of hand-overs cannot be written: "} + wrong.what() + ".",
                    folder_.filename().string(), "Check that it exists, its rights and the free space."},
                   std::nullopt};
}

}  // namespace ehds::connectors
