#include "faulty_writes.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <limits>

namespace {

std::atomic<bool> is_faulty{false};
std::atomic<std::size_t> turn{0};
std::atomic<std::size_t> room_left{0};

constexpr std::size_t endless = std::numeric_limits<std::size_t>::max();

ssize_t failed(int why) {
  errno = why;
  return -1;
}

}  // namespace

// In the place of the C library's.
extern "C" ssize_t write(int file, void const* bytes, std::size_t size) {
  if (!is_faulty) return ::syscall(SYS_write, file, bytes, size);
  if (++turn % 2 == 1) return failed(EINTR);
  auto const most = std::min(room_left.load(), std::max<std::size_t>(size / 2, 1));
  if (most == 0) return failed(ENOSPC);
  auto const written = ::syscall(SYS_write, file, bytes, most);
  if (written > 0 && room_left != endless) room_left -= static_cast<std::size_t>(written);
  return written;
}

namespace ehds::tests {

faulty_writes::faulty_writes(std::optional<std::size_t> room) {
  turn = 0;
  room_left = room.value_or(endless);
  is_faulty = true;
}

faulty_writes::~faulty_writes() { is_faulty = false; }

std::size_t faulty_writes::count() { return turn; }

}  // namespace ehds::tests
