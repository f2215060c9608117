#include "conformance/platform/tiny_http.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "base/numbers.hpp"

namespace ehds::conformance::platform {
namespace {

constexpr int patience = 10'000;  // milliseconds that a client may be silent

std::string lower(std::string_view text) {
  std::string made{text};
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return made;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view next_line(std::string_view& head) {
  auto const end = head.find("\r\n");
  auto const line = head.substr(0, end);
  head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
  return line;
}

bool read_start(std::string_view line, plain_request& into) {
  auto const first = line.find(' ');
  auto const second = line.find(' ', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos || !line.substr(second + 1).starts_with("HTTP/1.")) return false;
  into.method = line.substr(0, first);
  into.target = line.substr(first + 1, second - first - 1);
  return true;
}

class socket_handle {
 public:
  explicit socket_handle(int held) : held_(held) {}
  ~socket_handle() {
    if (held_ >= 0) ::close(held_);
  }
  socket_handle(socket_handle const&) = delete;
  socket_handle& operator=(socket_handle const&) = delete;
  int get() const { return held_; }

  bool readable_within(int milliseconds) const {
    pollfd watched{held_, POLLIN, 0};
    return ::poll(&watched, 1, milliseconds) > 0;
  }

 private:
  int held_;
};

[[noreturn]] void fail(std::string const& what) { throw std::runtime_error(what + ": " + std::strerror(errno)); }

int listen_on(socket_handle const& on, std::string const& address) {
  auto const colon = address.rfind(':');
  auto const port = parse_number<std::uint16_t>(colon == std::string::npos ? "" : address.substr(colon + 1));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  if (!port || ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &name.sin_addr) != 1)
    throw std::runtime_error("--listen wants an address such as 127.0.0.1:8090, not " + address);
  name.sin_port = htons(*port);
  int const reuse = 1;
  ::setsockopt(on.get(), SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  if (::bind(on.get(), std::bit_cast<sockaddr const*>(&name), sizeof name) != 0) fail("cannot listen on " + address);
  if (::listen(on.get(), 16) != 0) fail("cannot listen on " + address);
  socklen_t size = sizeof name;
  ::getsockname(on.get(), std::bit_cast<sockaddr*>(&name), &size);
  return ntohs(name.sin_port);
}

void send_all(socket_handle const& to, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const count = ::send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;  // the client is gone: it will ask again under the same key
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void converse(socket_handle const& with, std::function<plain_response(plain_request const&)> const& answer) {
  std::string bytes;
  std::array<char, 16 * 1024> block{};
  auto got = read_plain_request(bytes);
  while (got.state == reading::more) {
    if (!with.readable_within(patience)) return;
    auto const count = ::recv(with.get(), block.data(), block.size(), 0);
    if (count <= 0) return;
    bytes.append(block.data(), static_cast<std::size_t>(count));
    got = read_plain_request(bytes);
  }
  if (got.state == reading::whole) return send_all(with, write_plain_response(answer(got.request)));
  send_all(with, write_plain_response({got.state == reading::too_large ? 413 : 400, "{}"}));
}

}  // namespace

read_request read_plain_request(std::string_view bytes) {
  read_request got;
  auto const end = bytes.find("\r\n\r\n");
  if (std::min(end, bytes.size()) > head_limit) return {reading::too_large, {}};
  if (end == std::string_view::npos) return got;
  auto head = bytes.substr(0, end);
  if (!read_start(next_line(head), got.request)) return {reading::malformed, {}};
  std::size_t length = 0;
  while (!head.empty()) {
    auto const line = next_line(head);
    auto const colon = line.find(':');
    if (colon == std::string_view::npos) return {reading::malformed, {}};
    auto const name = lower(line.substr(0, colon));
    auto const value = trimmed(line.substr(colon + 1));
    if (name == "idempotency-key") got.request.idempotency_key = value;
    if (name == "transfer-encoding") return {reading::malformed, {}};
    if (name != "content-length") continue;
    auto const number = parse_number<std::size_t>(value);
    if (!number) return {reading::malformed, {}};
    length = *number;
  }
  if (length > body_limit) return {reading::too_large, {}};
  auto const body = bytes.substr(end + 4);
  if (body.size() < length) return got;
  got.request.body = body.substr(0, length);
  got.state = reading::whole;
  return got;
}

std::string write_plain_response(plain_response const& response) {
  return "HTTP/1.1 " + std::to_string(response.status) + (response.status < 300 ? " OK" : " Refused") +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(response.body.size()) +
         "\r\nConnection: close\r\n\r\n" + response.body;
}

void serve(std::string const& address, std::function<plain_response(plain_request const&)> const& answer,
           std::function<void(int port)> const& ready, volatile std::sig_atomic_t const& stop) {
  socket_handle const door{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (door.get() < 0) fail("cannot make a socket");
  ready(listen_on(door, address));
  while (stop == 0) {
    if (!door.readable_within(200)) continue;
    socket_handle const guest{::accept4(door.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (guest.get() >= 0) converse(guest, answer);
  }
}

}  // namespace ehds::conformance::platform
