#pragma once
// http_call over sockets: HTTP/1.1, http and https. Never follows a redirect. Name and chain of the server are always
// verified. Idle connections are kept per server and used again.
#include <chrono>
#include <cstddef>
#include <memory>

#include "base/http_call.hpp"
#include "node/http/io_thread.hpp"
#include "node/http/tls_files.hpp"

namespace ehds::node::http {

enum class reach { anywhere, public_addresses };  // public_addresses: refuse loopback, link-local and private ranges

struct client_options {
  client_tls tls{};
  std::size_t idle_per_host = 4;               // kept connections; 0: each call opens its own
  std::chrono::milliseconds idle_for{20'000};  // then they are closed
  http::reach reach = http::reach::anywhere;
};

class client final : public http_call {
 public:
  // Problems: http.certificate, one sentence naming the file.
  static result<std::unique_ptr<client>> make(io_thread& io, client_options options = {});
  ~client() override;

  // Blocks the calling thread, which must not be the I/O thread. Safe to call from several threads.
  result<http_call_response> call(http_call_request const& request) override;

  struct state;

 private:
  explicit client(std::shared_ptr<state> s);
  std::shared_ptr<state> state_;
};

}  // namespace ehds::node::http
