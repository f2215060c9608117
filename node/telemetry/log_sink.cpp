#include "node/telemetry/log_sink.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace ehds::node::telemetry {
namespace {

constexpr std::chrono::seconds last_wait{1};

// False: the descriptor does not take the line.
bool write_whole(int descriptor, std::string_view line) {
  while (!line.empty()) {
    auto const wrote = ::write(descriptor, line.data(), line.size());
    if (wrote >= 0) {
      line.remove_prefix(static_cast<std::size_t>(wrote));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return false;
    pollfd door{descriptor, POLLOUT, 0};  // somebody else made it non-blocking
    ::poll(&door, 1, -1);
  }
  return true;
}

}  // namespace

// Shared with the thread, which stays behind when it hangs in a write at the end.
struct log_sink::state {
  // A descriptor of its own: a thread that hangs in a write may outlive the one it was given.
  state(int to, lost_line say, queue_room most)
      : descriptor(::fcntl(to, F_DUPFD_CLOEXEC, 3)), say_lost(std::move(say)), room(most) {}
  ~state() {
    if (descriptor >= 0) ::close(descriptor);
  }
  state(state const&) = delete;
  state& operator=(state const&) = delete;

  int const descriptor;
  lost_line const say_lost;
  queue_room const room;
  pid_t const process = ::getpid();
  std::atomic<std::uint64_t> dropped{0};

  std::mutex guard;
  std::condition_variable more;
  std::condition_variable done;  // all that was there is written, or the thread has ended
  std::deque<std::string> lines;
  std::size_t bytes = 0;     // of the lines, and of the one that is being written
  std::uint64_t untold = 0;  // dropped since the last line that says so
  bool has_thread = false;
  bool is_writing = false;
  bool is_ending = false;
  bool is_given_up = false;  // at the end: who made us is gone

  bool is_empty() const { return lines.empty() && untold == 0; }
  bool fits(std::size_t size) const { return lines.size() < room.lines && bytes + size <= room.bytes; }
  std::string take_next();
  void write_on();
};

std::string log_sink::state::take_next() {
  if (lines.empty()) {
    auto line = say_lost(std::exchange(untold, 0));
    bytes += line.size();
    return line;
  }
  auto line = std::move(lines.front());
  lines.pop_front();
  return line;
}

void log_sink::state::write_on() {
  sigset_t all;  // signals are for others; a reader who is gone is an error of write
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  std::unique_lock lock(guard);
  while (true) {
    more.wait(lock, [this] { return !is_empty() || is_ending; });
    if (is_empty() || is_given_up) break;
    auto const line = take_next();
    is_writing = true;
    lock.unlock();
    if (!write_whole(descriptor, line)) ++dropped;
    lock.lock();
    is_writing = false;
    bytes -= line.size();
    if (is_empty()) done.notify_all();
  }
  has_thread = false;
  done.notify_all();
}

log_sink::log_sink(int descriptor, lost_line say, queue_room room)
    : state_(std::make_shared<state>(descriptor, std::move(say), room)) {}

log_sink::~log_sink() {
  if (!is_of_this_process()) return;
  std::unique_lock lock(state_->guard);
  state_->is_ending = true;
  state_->more.notify_one();
  state_->is_given_up = !state_->done.wait_for(lock, last_wait, [this] { return !state_->has_thread; });
}

bool log_sink::is_of_this_process() const { return state_->process == ::getpid(); }

void log_sink::add(std::string line) {
  auto& s = *state_;
  if (!is_of_this_process()) {
    if (!write_whole(s.descriptor, line)) ++s.dropped;
    return;
  }
  std::lock_guard const lock(s.guard);
  if (!s.fits(line.size())) {
    ++s.dropped;
    ++s.untold;
    return;
  }
  s.bytes += line.size();
  s.lines.push_back(std::move(line));
  if (!s.has_thread) try {
      std::thread([kept = state_] { kept->write_on(); }).detach();
      s.has_thread = true;
    } catch (std::system_error const&) {  // no thread to be had now: the next line tries again
    }
  s.more.notify_one();
}

bool log_sink::flush(std::chrono::milliseconds at_most) {
  if (!is_of_this_process()) return true;
  std::unique_lock lock(state_->guard);
  return state_->done.wait_for(lock, at_most, [this] { return state_->is_empty() && !state_->is_writing; });
}

std::uint64_t log_sink::dropped() const { return state_->dropped; }

}  // namespace ehds::node::telemetry
