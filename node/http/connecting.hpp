#pragma once
// From an address to an open connection: look the name up once, check where it leads, connect there, shake hands.
// Known inside node/http alone.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <memory>

#include "base/result.hpp"
#include "node/http/client.hpp"
#include "node/http/tls.hpp"
#include "node/http/url.hpp"

namespace ehds::node::http {

// Neither loopback, private, link-local, multicast nor unspecified, in IPv4, IPv6 or IPv4 inside IPv6.
bool is_public(boost::asio::ip::address const& address);

// Problems: http_call.unreachable, .timeout, .tls.
boost::asio::awaitable<result<std::unique_ptr<byte_stream>>> open_connection(boost::asio::io_context& context, url to,
                                                                             std::shared_ptr<tls_context> tls,
                                                                             http::reach reach, patience at_most);

}  // namespace ehds::node::http
