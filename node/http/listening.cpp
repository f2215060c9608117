#include "node/http/listening.hpp"

namespace ehds::node::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

std::string place_of(listener const& wanted) { return wanted.address + ":" + std::to_string(wanted.port); }

result<asio::ip::address> address_of(listener const& wanted) {
  boost::system::error_code fault;
  auto const address = asio::ip::make_address(wanted.address, fault);
  if (!fault) return address;
  return problem{"http.bind", wanted.address + " is not an IP address.", place_of(wanted),
                 "Give an address of this machine, such as 127.0.0.1 or 0.0.0.0."};
}

problem cannot_bind(std::string const& place, boost::system::error_code const& fault) {
  if (fault == asio::error::address_in_use) {
    return {"http.port_busy", "The port " + place + " is already in use by another program.", place,
            "End that program, or choose another port; port 0 takes a free one."};
  }
  if (fault == asio::error::access_denied) {
    return {"http.bind", "This user may not listen on " + place + ".", place, "Choose a port above 1023."};
  }
  return {"http.bind", "Cannot listen on " + place + ": " + fault.message() + ".", place,
          "Give an address of this machine, such as 127.0.0.1 or 0.0.0.0."};
}

}  // namespace

result<void> check_address(listener const& wanted) {
  auto const address = address_of(wanted);
  return address ? result<void>{} : address.error();
}

result<open_listener> open_door(asio::io_context& context, listener const& wanted) {
  auto const place = place_of(wanted);
  auto const address = address_of(wanted);
  if (!address) return address.error();
  boost::system::error_code fault;
  open_listener door{tcp::acceptor(context), nullptr};
  if (wanted.tls) {
    auto made = server_context(*wanted.tls);
    if (!made) return made.error();
    door.tls = *std::move(made);
  }
  tcp::endpoint const endpoint{*address, wanted.port};
  door.acceptor.open(endpoint.protocol(), fault);
  if (!fault) door.acceptor.set_option(tcp::acceptor::reuse_address(true), fault);
  if (!fault) door.acceptor.bind(endpoint, fault);
  if (!fault) door.acceptor.listen(tcp::acceptor::max_listen_connections, fault);
  if (fault) return cannot_bind(place, fault);
  return door;
}

}  // namespace ehds::node::http
