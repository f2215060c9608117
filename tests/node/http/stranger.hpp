#pragma once
// The other end of a connection, without a library that would be polite.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

namespace ehds::tests {

// Somebody who connects and says what he is told to say.
struct stranger {
  // With little room for what it does not read, at its own end and, by small segments, at the other.
  explicit stranger(std::uint16_t port, int room = 0, char const* own_address = nullptr) {
    int const segment = 536;
    if (room > 0) {
      ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
      ::setsockopt(socket, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
    }
    if (own_address != nullptr) {
      sockaddr_in here{};
      here.sin_family = AF_INET;
      REQUIRE(::inet_pton(AF_INET, own_address, &here.sin_addr) == 1);
      REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&here), sizeof here) == 0);
    }
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    there.sin_port = htons(port);
    REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&there), sizeof there) == 0);
  }
  ~stranger() { ::close(socket); }
  stranger(stranger const&) = delete;
  stranger& operator=(stranger const&) = delete;

  void say(std::string const& text) const {
    REQUIRE(::send(socket, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
  }
  std::string hear() const {  // empty: closed
    std::array<char, 1024> piece{};
    auto const got = ::recv(socket, piece.data(), piece.size(), 0);
    return got > 0 ? std::string(piece.data(), static_cast<std::size_t>(got)) : std::string{};
  }
  bool is_open() const {
    char byte = 0;
    return ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
  }

  int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

}  // namespace ehds::tests
