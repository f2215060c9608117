#pragma once
// TLS as a byte_stream: contexts from PEM files, handshakes for both sides. Known inside node/http alone.
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "node/http/byte_stream.hpp"
#include "node/http/request.hpp"
#include "node/http/tls_files.hpp"

namespace ehds::node::http {

struct tls_context;  // keys, trust and suites; shared by all connections made with it

// Problem http.certificate: one sentence naming the file and what is wrong with it.
result<std::shared_ptr<tls_context>> server_context(server_tls const& files);
result<std::shared_ptr<tls_context>> client_context(client_tls const& files);

struct tls_connection {
  std::unique_ptr<byte_stream> stream;           // none when the handshake failed
  std::optional<client_certificate> other_side;  // the certificate it proved to hold
  stream_end end = stream_end::open;
  std::string fault;                  // one sentence, when it failed
  bool of_unknown_authority = false;  // none of the trusted ones signed the certificate
  bool is_no_tls = false;             // what came is not TLS
};

// Tells the stream first, so that others may close it while hands are shaken; it is gone when none comes back.
boost::asio::awaitable<tls_connection> accept_tls(boost::asio::ip::tcp::socket socket,
                                                  std::shared_ptr<tls_context> context, patience at_most,
                                                  std::function<void(byte_stream&)> begun);
// Verifies chain and name of `host`, a DNS name or an IP address.
boost::asio::awaitable<tls_connection> connect_tls(boost::asio::ip::tcp::socket socket,
                                                   std::shared_ptr<tls_context> context, std::string host,
                                                   patience at_most);

}  // namespace ehds::node::http
