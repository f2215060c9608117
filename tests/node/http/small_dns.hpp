#pragma once
// A DNS server of the loopback interface, over UDP.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace ehds::tests {

// Answers each question with the datagrams that `make` gives. Ends with its owner.
class small_dns {
 public:
  explicit small_dns(std::function<std::vector<std::string>(std::string const&)> make) : make_(std::move(make)) {
    socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0) throw std::runtime_error("no port");
    socklen_t size = sizeof here;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&here), &size);
    address = "127.0.0.1:" + std::to_string(ntohs(here.sin_port));
    thread_ = std::thread([this] { serve(); });
  }
  ~small_dns() {
    stop();
    ::close(socket_);
  }
  // Afterwards what `make` wrote may be read.
  void stop() {
    if (!thread_.joinable()) return;
    ::shutdown(socket_, SHUT_RDWR);  // wakes the thread, also where the socket is not connected
    thread_.join();
  }
  std::string address;

 private:
  void serve() {
    std::array<char, 512> space{};
    for (;;) {
      sockaddr_in from{};
      socklen_t size = sizeof from;
      auto const got = ::recvfrom(socket_, space.data(), space.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (got <= 0) return;
      for (auto const& answer : make_(std::string(space.data(), static_cast<std::size_t>(got))))
        ::sendto(socket_, answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
  }
  std::function<std::vector<std::string>(std::string const&)> make_;
  int socket_ = -1;
  std::thread thread_;
};

}  // namespace ehds::tests
