#include "base/peer_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace ehds {
namespace {

constexpr std::size_t longest_name = 64;

std::string shown(int family, void const* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(family, bytes, text.data(), text.size()) == nullptr ? std::string() : std::string(text.data());
}

// 64:ff9b::/96 of RFC 6052: who calls us from IPv4 through a translator.
bool is_translated(in6_addr const& six) {
  constexpr std::array<std::uint8_t, 12> prefix{0, 0x64, 0xff, 0x9b};
  return std::memcmp(&six, prefix.data(), prefix.size()) == 0;
}

}  // namespace

std::string peer_network(std::string_view address) {
  std::string const bare(address.substr(0, std::min(address.find('%'), longest_name)));
  in6_addr six{};
  if (inet_pton(AF_INET6, bare.c_str(), &six) != 1) return bare;
  if (IN6_IS_ADDR_V4MAPPED(&six) || is_translated(six)) return shown(AF_INET, &six.s6_addr[12]);
  std::memset(&six.s6_addr[8], 0, 8);
  return shown(AF_INET6, &six) + "/64";
}

}  // namespace ehds
