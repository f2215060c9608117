// Which addresses are of the world, and which of this machine and its network.
#include "node/http/connecting.hpp"

#include <catch2/catch.hpp>
#include <string>

using ehds::node::http::is_public;

TEST_CASE("addresses of this machine, its network and of nobody are not public, however they are written") {
  for (std::string const inside : {"0.0.0.0",
                                   "0.1.2.3",
                                   "10.0.0.1",
                                   "10.255.255.255",
                                   "100.64.0.1",
                                   "100.127.255.255",
                                   "127.0.0.1",
                                   "127.255.255.254",
                                   "169.254.169.254",
                                   "172.16.0.1",
                                   "172.31.255.255",
                                   "192.0.0.1",
                                   "192.168.0.1",
                                   "198.18.0.1",
                                   "198.19.255.255",
                                   "224.0.0.1",
                                   "255.255.255.255",
                                   "::",
                                   "::1",
                                   "::ffff:127.0.0.1",
                                   "::ffff:10.1.2.3",
                                   "::10.0.0.1",
                                   "fe80::1",
                                   "fc00::1",
                                   "fd12:3456::1",
                                   "ff02::1",
                                   "2002:7f00:1::1",
                                   "2002:0a00:1::1",
                                   "2002:c0a8:101::",
                                   "2001:0:1234::1",
                                   "64:ff9b::7f00:1",
                                   "100::1"}) {
    INFO(inside);
    CHECK_FALSE(is_public(boost::asio::ip::make_address(inside)));
  }
}

TEST_CASE("addresses beside those ranges are public") {
  for (std::string const outside : {"1.1.1.1",        "9.255.255.255",        "11.0.0.0",     "100.63.255.255",
                                    "100.128.0.0",    "126.255.255.255",      "128.0.0.1",    "169.253.255.255",
                                    "172.15.255.255", "172.32.0.0",           "192.0.1.1",    "192.167.255.255",
                                    "192.169.0.0",    "198.17.255.255",       "198.20.0.0",   "223.255.255.255",
                                    "::ffff:1.1.1.1", "2001:4860:4860::8888", "2a00:1450::1", "2002:0101:0101::1",
                                    "3fff::1"}) {
    INFO(outside);
    CHECK(is_public(boost::asio::ip::make_address(outside)));
  }
}
