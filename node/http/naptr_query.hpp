#pragma once
// Asks DNS for the NAPTR records of a name and gives the answer as it came over the wire; reading it is the caller's.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::node::http {

class naptr_query {
 public:
  // Of the servers that the machine asks, or of this one: "10.0.0.53", "127.0.0.1:5353" (IPv4). Problem
  // config.dns_server.
  static result<naptr_query> make(std::string_view server = {});

  // By UDP alone, with room for 1232 bytes; a larger answer comes cut, and says so itself. Blocks the calling thread
  // for at most half a minute. Safe to call from several threads. Problem dns.unreachable.
  result<std::string> ask(std::string const& name) const;

 private:
  struct address {
    std::string host;
    std::uint16_t port = 53;
  };
  explicit naptr_query(std::optional<address> server) : server_(std::move(server)) {}

  std::optional<address> server_;
};

}  // namespace ehds::node::http
