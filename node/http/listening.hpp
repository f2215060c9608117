#pragma once
// Binds an address and a port, with the keys of the door. Known inside node/http alone.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "base/result.hpp"
#include "node/http/server.hpp"
#include "node/http/tls.hpp"

namespace ehds::node::http {

struct open_listener {
  boost::asio::ip::tcp::acceptor acceptor;
  std::shared_ptr<tls_context> tls;  // none: plain HTTP
};

result<open_listener> open_door(boost::asio::io_context& context, listener const& wanted);

}  // namespace ehds::node::http
