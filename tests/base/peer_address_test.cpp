#include "base/peer_address.hpp"

#include <catch2/catch.hpp>

namespace ehds::tests {

TEST_CASE("an IPv4 address is a network by itself, also as IPv6 spells it") {
  CHECK(peer_network("192.0.2.7") == "192.0.2.7");
  CHECK(peer_network("::ffff:192.0.2.7") == "192.0.2.7");
  CHECK(peer_network("64:ff9b::c000:207") == "192.0.2.7");
  CHECK(peer_network("64:ff9b:0:1::c000:207") == "64:ff9b:0:1::/64");
  CHECK(peer_network("192.0.2.70") != peer_network("192.0.2.7"));
}

TEST_CASE("the addresses of an IPv6 customer are one network, whatever their spelling or scope") {
  CHECK(peer_network("2001:DB8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(peer_network("2001:db8:1:2::1") == peer_network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  CHECK(peer_network("2001:db8:1:3::1") != peer_network("2001:db8:1:2::1"));
  CHECK(peer_network("fe80::1%eth0") == "fe80::/64");
  CHECK(peer_network("::1") == "::/64");
}

TEST_CASE("what is no address stays what it is, but for its length") {
  CHECK(peer_network("").empty());
  CHECK(peer_network("a name") == "a name");
  CHECK(peer_network(std::string(1000, 'x')) == std::string(64, 'x'));
}

}  // namespace ehds::tests
