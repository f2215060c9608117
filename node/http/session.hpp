#pragma once
// One connection from its first request to its end: reads within limits and deadlines, lets workers answer, writes,
// keeps alive. Knows Beast as a parser and no socket: the connection is a byte_stream. Known inside node/http alone.
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "node/http/byte_ledger.hpp"
#include "node/http/byte_stream.hpp"
#include "node/http/router.hpp"
#include "node/http/server.hpp"

namespace ehds::node::http {

// What all sessions of one listener share.
struct session_surroundings {
  http::application application;
  server_limits limits;
  std::string scheme = "http";
  clock const* ticks = nullptr;  // for deadlines: never jumps
  clock const* wall = nullptr;   // for the Date field
  // Runs a job on a worker; false when the queue is full.
  std::function<bool(std::function<void()>)> offload;
  std::function<bool()> stopping = [] { return false; };
  std::function<void(int status)> answered = [](int) {};
  std::function<void(std::string const& what)> failed = [](std::string const&) {};
  byte_ledger* held = nullptr;     // all bodies being read or answered
  byte_ledger* spooled = nullptr;  // all bodies on disk
};

struct session_peer {
  std::string address;
  std::uint16_t port = 0;
  std::optional<client_certificate> certificate;
};

// `idle_since` is set while the session waits for a first byte of a request and may be closed without loss.
boost::asio::awaitable<void> serve_session(byte_stream& stream, session_peer peer, session_surroundings const& around,
                                           std::optional<instant>& idle_since);

// An answer up to its empty line.
std::string written_head(response const& answer, bool keep, instant now);

}  // namespace ehds::node::http
