#pragma once
// A pipe that takes 4 KB and then nothing until it is read: a standard error whose reader has stopped reading.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>

namespace ehds::tests {

class unread_pipe {
 public:
  unread_pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0 || ::fcntl(ends_[1], F_SETPIPE_SZ, 4096) < 0)
      throw std::runtime_error("no pipe");
  }
  ~unread_pipe() {
    close_reader();
    close_writer();
  }
  unread_pipe(unread_pipe const&) = delete;
  unread_pipe& operator=(unread_pipe const&) = delete;

  int writer() const { return ends_[1]; }
  void close_reader() { close(ends_[0]); }
  void close_writer() { close(ends_[1]); }

  // With lines of one 'x'; how many bytes went in.
  std::size_t fill() {
    std::size_t filled = 0;
    int const flags = ::fcntl(ends_[1], F_GETFL);
    ::fcntl(ends_[1], F_SETFL, flags | O_NONBLOCK);
    while (::write(ends_[1], "x\n", 2) == 2) filled += 2;
    ::fcntl(ends_[1], F_SETFL, flags);
    return filled;
  }

  // Until nobody holds the other end any more.
  std::string read_all() { return read_until({}); }
  // Until this has come, or nothing more comes.
  std::string read_until(std::string const& word) {
    std::string text;
    std::array<char, 4096> piece{};
    while (word.empty() || text.find(word) == std::string::npos) {
      auto const got = ::read(ends_[0], piece.data(), piece.size());
      if (got <= 0) break;
      text.append(piece.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  static void close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }

  std::array<int, 2> ends_{-1, -1};
};

}  // namespace ehds::tests
