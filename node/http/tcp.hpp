#pragma once
// Plain TCP as a byte_stream. Known inside node/http alone.
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "node/http/byte_stream.hpp"

namespace ehds::node::http {

std::unique_ptr<byte_stream> tcp_stream(boost::asio::ip::tcp::socket socket);

}  // namespace ehds::node::http
