#include "bench/plain_http.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace ehds::bench {
namespace {

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) throw std::runtime_error("the connection broke");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// First line and headers, then the body; empty when the other side has closed.
struct heard {
  std::string head;
  std::string body;
};

std::string value_of(std::string const& head, std::string name) {
  std::string low = head;
  std::ranges::transform(low, low.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  name = "\r\n" + name + ": ";
  auto const at = low.find(name);
  if (at == std::string::npos) return {};
  auto const from = at + name.size();
  return head.substr(from, head.find("\r\n", from) - from);
}

heard hear(int socket) {
  heard got;
  std::array<char, 65536> chunk{};
  auto end = std::string::npos;
  while ((end = got.head.find("\r\n\r\n")) == std::string::npos) {
    auto const size = ::recv(socket, chunk.data(), chunk.size(), 0);
    if (size <= 0) return {};
    got.head.append(chunk.data(), static_cast<std::size_t>(size));
  }
  got.body = got.head.substr(end + 4);
  got.head.resize(end + 2);
  auto const length = value_of(got.head, "content-length");
  auto const whole = length.empty() ? 0UL : std::stoul(length);
  auto have = got.body.size();
  got.body.resize(whole);
  while (have < whole) {
    auto const size = ::recv(socket, got.body.data() + have, whole - have, 0);
    if (size <= 0) throw std::runtime_error("the body is cut");
    have += static_cast<std::size_t>(size);
  }
  return got;
}

int connected(int port) {
  int const socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(static_cast<in_port_t>(port));
  there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int const on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket, std::bit_cast<sockaddr*>(&there), sizeof there) != 0)
    throw std::runtime_error("nobody listens on port " + std::to_string(port));
  return socket;
}

void serve_one(int socket, plain_handler const& answer) {
  try {
    for (auto got = hear(socket); !got.head.empty(); got = hear(socket)) {
      auto const said = answer({value_of(got.head, "content-type"), std::move(got.body)});
      send_all(socket, "HTTP/1.1 200 OK\r\nContent-Type: " + said.content_type +
                           "\r\nContent-Length: " + std::to_string(said.body.size()) + "\r\n\r\n" + said.body);
    }
  } catch (std::exception const&) {
    // the measuring side sees a broken connection and says so
  }
  ::close(socket);
}

}  // namespace

plain_client::~plain_client() {
  if (socket_ >= 0) ::close(socket_);
}

result<http_call_response> plain_client::call(http_call_request const& request) {
  try {
    auto const colon = request.url.rfind(':');
    auto const slash = request.url.find('/', colon);
    if (socket_ < 0) socket_ = connected(std::stoi(request.url.substr(colon + 1)));
    std::string head = "POST " + request.url.substr(slash) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    for (auto const& header : request.headers) head += header.name + ": " + header.value + "\r\n";
    send_all(socket_, head + "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n");
    send_all(socket_, request.body);
    auto got = hear(socket_);
    if (got.head.empty()) throw std::runtime_error("closed without an answer");
    return http_call_response{
        std::stoi(got.head.substr(9, 3)), {{"Content-Type", value_of(got.head, "content-type")}}, std::move(got.body)};
  } catch (std::exception const& broken) {
    return problem{"http_call.unreachable", broken.what(), request.url, "start the receiver"};
  }
}

void serve(plain_handler const& answer, std::function<void(int)> const& ready) {
  int const door = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  if (::bind(door, std::bit_cast<sockaddr*>(&here), size) != 0 || ::listen(door, 64) != 0)
    throw std::runtime_error("no port to listen on");
  ::getsockname(door, std::bit_cast<sockaddr*>(&here), &size);
  ready(ntohs(here.sin_port));
  for (;;) {
    int const line = ::accept(door, nullptr, nullptr);
    if (line < 0) throw std::runtime_error("the port broke");
    int const on = 1;
    ::setsockopt(line, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::thread([line, &answer] { serve_one(line, answer); }).detach();
  }
}

}  // namespace ehds::bench
