#pragma once
// An absolute http or https address in its parts (RFC 3986), as far as a client needs it.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::node::http {

struct url {
  std::string scheme;  // http or https
  std::string host;    // without brackets
  std::uint16_t port = 0;
  std::string target;             // path and query, at least "/"
  std::string authority() const;  // for Host: brackets around IPv6, port unless it is the usual one
};

// Problem http.url. User names and passwords in addresses are refused, a fragment is dropped.
result<url> parse_url(std::string_view text);

}  // namespace ehds::node::http
