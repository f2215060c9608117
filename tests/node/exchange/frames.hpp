#pragma once
// What goes over the socket between a node in a process of its own and the network that it is in.
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

namespace ehds::tests {

enum class frame_kind : char { request = 'Q', answer = 'A', cut = 'X', quiet = 'S', open = 'O' };

struct frame {
  frame_kind kind = frame_kind::cut;
  std::uint64_t id = 0;      // of a call; for open: how many messages wait
  std::string content_type;  // of a request or an answer
  std::string body;
};

inline std::string write_frame(frame const& one) {
  std::string inside(1, static_cast<char>(one.kind));
  auto const number = [&inside](std::uint64_t n) { inside.append(reinterpret_cast<char const*>(&n), sizeof n); };
  number(one.id);
  number(one.content_type.size());
  inside += one.content_type + one.body;
  std::uint64_t const size = inside.size();
  return std::string(reinterpret_cast<char const*>(&size), sizeof size) + inside;
}

// False when the other side is gone.
inline bool send_all(int socket, std::string const& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    auto const sent = ::send(socket, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    at += static_cast<std::size_t>(sent);
  }
  return true;
}

// Cuts frames out of what was read so far. A frame that its sender did not live to finish never comes out.
class frame_reader {
 public:
  // False at the end.
  bool read_from(int socket) {
    char piece[65536];
    auto const got = ::read(socket, piece, sizeof piece);
    if (got < 0) return errno == EINTR || errno == EAGAIN;
    bytes_.append(piece, static_cast<std::size_t>(got));
    return got > 0;
  }
  std::optional<frame> next() {
    std::uint64_t size = 0;
    if (bytes_.size() < sizeof size) return std::nullopt;
    std::memcpy(&size, bytes_.data(), sizeof size);
    if (bytes_.size() < sizeof size + size) return std::nullopt;
    auto const inside = bytes_.substr(sizeof size, size);
    bytes_.erase(0, sizeof size + size);
    frame one;
    std::uint64_t type_size = 0;
    one.kind = static_cast<frame_kind>(inside[0]);
    std::memcpy(&one.id, inside.data() + 1, sizeof one.id);
    std::memcpy(&type_size, inside.data() + 9, sizeof type_size);
    one.content_type = inside.substr(17, type_size);
    one.body = inside.substr(17 + type_size);
    return one;
  }

 private:
  std::string bytes_;
};

}  // namespace ehds::tests
