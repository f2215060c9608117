#pragma once
// What stands behind tls_context. Known to tls.cpp and tls_context.cpp alone.
#include <boost/asio/ssl/context.hpp>
#include <optional>
#include <string>

#include "node/http/tls.hpp"

namespace ehds::node::http {

struct tls_context {
  explicit tls_context(boost::asio::ssl::context::method method) : openssl(method) {}
  boost::asio::ssl::context openssl;
  std::optional<std::string> pinned;  // lower case hex
};

}  // namespace ehds::node::http
