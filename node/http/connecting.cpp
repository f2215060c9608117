#include "node/http/connecting.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "node/http/await_tuple.hpp"
#include "node/http/monotonic.hpp"
#include "node/http/socket_deadline.hpp"
#include "node/http/tcp.hpp"

namespace ehds::node::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

problem unreachable(url const& to, std::string const& why) {
  return {"http_call.unreachable", "Cannot connect to " + to.authority() + ": " + why + ".", to.authority(),
          "Check the address and that the server runs."};
}

problem too_late(url const& to) {
  return {"http_call.timeout", to.authority() + " did not accept the connection in time.", to.authority(),
          "Try again later."};
}

bool is_public_v4(asio::ip::address_v4 const& address) {
  auto const bits = address.to_uint();
  auto const within = [bits](std::uint32_t net, unsigned prefix) {
    return (bits >> (32U - prefix)) == (net >> (32U - prefix));
  };
  return !(within(0x00000000, 8) || within(0x0A000000, 8) || within(0x64400000, 10) || within(0x7F000000, 8) ||
           within(0xA9FE0000, 16) || within(0xAC100000, 12) || within(0xC0000000, 24) || within(0xC0A80000, 16) ||
           within(0xC6120000, 15) || within(0xE0000000, 3));
}

bool is_public_v6(asio::ip::address_v6 const& address) {
  if (address.is_v4_mapped()) return is_public_v4(asio::ip::make_address_v4(asio::ip::v4_mapped, address));
  auto const bytes = address.to_bytes();
  auto const word = [&bytes](std::size_t at) { return std::uint32_t{bytes[at]} << 8U | bytes[at + 1]; };
  // 6to4: an IPv4 address stands in it, and packets may be unwrapped and go there.
  if (word(0) == 0x2002) return is_public_v4(asio::ip::address_v4{word(2) << 16U | word(4)});
  bool const is_teredo = word(0) == 0x2001 && word(2) == 0;  // as well, and hidden
  return !is_teredo && (bytes[0] & 0xE0U) == 0x20U;          // 2000::/3, global unicast
}

problem insecure(url const& to, tls_connection const& failed) {
  if (failed.is_no_tls)
    return {"http_call.tls", to.authority() + " does not speak TLS, and was called by https.", to.authority(),
            "Check the port; write http:// in the address where the server is meant to speak without TLS."};
  auto const* const mend =
      failed.of_unknown_authority
          ? "If a private authority signed the certificate, name it where the configuration says whom "
            "this connection trusts: trusted_ca, edge.ca, platform.ca or access_point.ca."
          : "Check which authority signed the certificate and for which names.";
  return {"http_call.tls", to.authority() + ": " + failed.fault + ".", to.authority(), mend};
}

asio::awaitable<result<tcp::socket>> connect_tcp(asio::io_context& context, url const& to, http::reach reach,
                                                 patience at_most) {
  tcp::resolver resolver(context);
  auto const port = std::to_string(to.port);
  auto const [unknown, found] = co_await resolver.async_resolve(to.host, port, await_tuple);
  if (unknown) co_return unreachable(to, "the name is unknown (" + unknown.message() + ")");
  std::vector<tcp::endpoint> endpoints;
  for (auto const& entry : found) {
    if (reach == http::reach::anywhere || is_public(entry.endpoint().address())) endpoints.push_back(entry.endpoint());
  }
  if (endpoints.empty()) co_return unreachable(to, "it is not a public address");
  tcp::socket socket(context);
  socket_deadline deadline(socket);
  deadline.arm(at_most);
  auto const [fault, endpoint] = co_await asio::async_connect(socket, endpoints, await_tuple);
  auto const outcome = deadline.outcome(fault, 0);
  if (outcome.end == stream_end::timeout) co_return too_late(to);
  if (outcome.end != stream_end::open) co_return unreachable(to, fault.message());
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
  co_return std::move(socket);
}

}  // namespace

bool is_public(asio::ip::address const& address) {
  return address.is_v4() ? is_public_v4(address.to_v4()) : is_public_v6(address.to_v6());
}

asio::awaitable<result<std::unique_ptr<byte_stream>>> open_connection(asio::io_context& context, url to,
                                                                      std::shared_ptr<tls_context> tls,
                                                                      http::reach reach, patience at_most) {
  monotonic_clock const ticks;
  auto const began = ticks.now();
  auto socket = co_await connect_tcp(context, to, reach, at_most);
  if (!socket) co_return socket.error();
  if (to.scheme == "http") co_return tcp_stream(*std::move(socket));
  auto const left = at_most - (ticks.now() - began);
  auto made = co_await connect_tls(*std::move(socket), std::move(tls), to.host, left);
  if (made.end == stream_end::timeout) co_return too_late(to);
  if (!made.stream) co_return insecure(to, made);
  co_return std::move(made.stream);
}

}  // namespace ehds::node::http
