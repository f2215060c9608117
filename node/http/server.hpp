#pragma once
// Listens, reads requests within limits, lets a bounded pool of workers answer them, and stops gracefully.
//   400 malformed or ambiguous framing   408 too slow   413 body over its limit   414 target too long
//   417 unknown expectation   431 headers too large   500 handler threw   501 unknown coding
//   503 + Retry-After: queue full or stopping   505 other HTTP version
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "node/http/io_thread.hpp"
#include "node/http/router.hpp"
#include "node/http/tls_files.hpp"

namespace ehds::node::http {

struct server_limits {
  std::size_t target_bytes = 8 * 1024;
  std::size_t header_bytes = 32 * 1024;  // request line and all fields
  std::size_t body_bytes = 1024 * 1024;  // where the application names no limit
  // All bodies and answers in memory together, and all bodies on disk, for each application. An address may hold an
  // eighth of either, or as large a part as connections_per_peer is of connections where that is more; one body alone
  // may be larger.
  std::size_t held_bytes = 512 * 1024 * 1024;
  std::uint64_t spooled_bytes = std::uint64_t{16} << 30;
  // All listeners together. One more takes the place of that which has been idle longest; where none is, it waits in
  // the kernel's queue.
  std::size_t connections = 4096;
  std::size_t connections_per_peer = 512;  // per address (IPv6: per /64); more are closed at once
  std::size_t requests_per_connection = 10'000;
  std::size_t workers = 8;                   // threads that run handlers
  std::size_t queue = 256;                   // requests that wait for one; more get 503
  std::chrono::milliseconds idle{60'000};    // between requests of one connection, and for the handshake
  std::chrono::milliseconds header{10'000};  // from the first byte of a request to the end of its fields
  // A body, and our answer, may take this long plus its bytes / slowest; between two pieces of a body no longer than
  // this.
  std::chrono::milliseconds grace{10'000};
  std::size_t slowest = 4 * 1024;  // bytes a second
};

struct listener {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;           // 0: a free one
  std::optional<server_tls> tls{};  // none: plain HTTP
  std::string serves = "public";    // which application answers here
  bool trusts_peers = false;        // one address may hold all that may be held: for a door that no stranger reaches
};

// Is its address one? Whether this machine has it, only binding tells. Problem http.bind.
result<void> check_address(listener const& wanted);

struct server_options {
  std::vector<listener> listeners{};
  server_limits limits{};
  // What a handler threw, for the log; called on its worker.
  std::function<void(std::string const& what)> on_failure = [](std::string const&) {};
};

struct bound_listener {
  std::string address;
  std::uint16_t port = 0;  // the real one
  std::string scheme;
  std::string serves;
  std::string url() const;  // https://127.0.0.2:8443
};

struct server_load {
  std::size_t connections = 0;
  std::size_t running = 0;  // handlers at work
  std::size_t waiting = 0;  // requests in the queue
  std::uint64_t served = 0;
  std::uint64_t refused = 0;       // 503
  std::uint64_t idle_dropped = 0;  // connections closed for newcomers
};

class server {
 public:
  // Binds all listeners; nothing is accepted yet. Problems: http.port_busy, http.bind, http.certificate.
  static result<std::unique_ptr<server>> bind(io_thread& io, server_options options, clock const& wall);
  ~server();  // stops at once when stop() was not called

  std::vector<bound_listener> const& listeners() const;
  // By the name in listener::serves; a missing one throws std::logic_error.
  void start(std::map<std::string, application> applications);
  // Stops accepting, lets running requests finish until the deadline, closes. Blocks; call it from outside handlers.
  // True when everything finished in time.
  bool stop(std::chrono::milliseconds deadline);
  server_load load() const;

  struct state;

 private:
  explicit server(std::shared_ptr<state> s);
  std::shared_ptr<state> state_;
};

}  // namespace ehds::node::http
