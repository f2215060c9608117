#include "node/store/interrupted_calls.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>

namespace ehds::tests {
namespace {

std::atomic<std::uint64_t> calls{0};
std::atomic<std::uint64_t> harmed{0};

// One in four calls is interrupted, two are short, one is whole.
template <class Call>
ssize_t harm(std::size_t size, Call const& call) {
  auto const turn = ++calls % 4;
  if (turn == 0) return call(size);
  ++harmed;
  if (turn == 1) {
    errno = EINTR;
    return -1;
  }
  return call(std::max<std::size_t>(size / (turn + 1), 1));
}

ssize_t short_pwrite(int file, void const* bytes, std::size_t size, off_t at) {
  return harm(size, [&](std::size_t count) { return ::pwrite(file, bytes, count, at); });
}
ssize_t short_write(int file, void const* bytes, std::size_t size) {
  return harm(size, [&](std::size_t count) { return ::write(file, bytes, count); });
}
ssize_t short_pread(int file, void* into, std::size_t size, off_t at) {
  return harm(size, [&](std::size_t count) { return ::pread(file, into, count, at); });
}
ssize_t short_read(int file, void* into, std::size_t size) {
  return harm(size, [&](std::size_t count) { return ::read(file, into, count); });
}

struct replaced_call {
  char const* name;
  sqlite3_syscall_ptr ours;
};

// Which of them SQLite uses depends on how it was built.
std::array<replaced_call, 6> replacements() {
  auto const of = [](auto* call) { return reinterpret_cast<sqlite3_syscall_ptr>(call); };
  return {{{"pwrite", of(short_pwrite)},
           {"pwrite64", of(short_pwrite)},
           {"write", of(short_write)},
           {"pread", of(short_pread)},
           {"pread64", of(short_pread)},
           {"read", of(short_read)}}};
}

}  // namespace

interrupted_calls::interrupted_calls() {
  sqlite3_initialize();
  auto* const system = sqlite3_vfs_find(nullptr);
  for (auto const& [name, ours] : replacements())
    if (system->xGetSystemCall(system, name) != nullptr) system->xSetSystemCall(system, name, ours);
}

interrupted_calls::~interrupted_calls() {
  auto* const system = sqlite3_vfs_find(nullptr);
  system->xSetSystemCall(system, nullptr, nullptr);  // all as they were
}

std::uint64_t interrupted_calls::interruptions() { return harmed; }

}  // namespace ehds::tests
