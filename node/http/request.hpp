#pragma once
// What somebody asked of us, complete and checked: plain values, no socket behind them.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/http/body_spool.hpp"
#include "node/http/fields.hpp"
#include "node/http/headers.hpp"

namespace ehds::node::http {

// The certificate the other side proved to hold (mutual TLS). It was signed by the listener's client CA.
struct client_certificate {
  std::string subject;      // RFC 2253, as in "CN=FR edge,O=Demo,C=FR"
  std::string fingerprint;  // SHA-256 of the DER form, 64 lower case hex digits
};

struct request {
  std::string method;  // upper case: GET, POST ...
  std::string target;  // as it came: /datasets/a%2Fb?page=2
  std::string path;    // the target before '?', still percent-encoded: a router decodes each segment
  fields query;        // decoded, in order
  http::headers headers;
  std::string body;                     // complete, within the limit of its route; empty when it is spooled
  std::shared_ptr<body_spool> spooled;  // a large body, where the route takes such: what its spool_maker made

  std::string scheme;                             // http or https
  std::string peer_address;                       // 127.0.0.1, ::1
  std::uint16_t peer_port = 0;                    // 0 when there is none
  std::optional<client_certificate> certificate;  // none without mutual TLS
  fields parameters;                              // what the router read from the path, decoded

  std::string_view header(std::string_view name) const { return headers.get(name); }
  std::string_view query_value(std::string_view name) const { return query.value(name); }
  std::string_view parameter(std::string_view name) const { return parameters.value(name); }
  // From the Cookie header (RFC 6265 5.4); empty when absent.
  std::string_view cookie(std::string_view name) const;
};

}  // namespace ehds::node::http
