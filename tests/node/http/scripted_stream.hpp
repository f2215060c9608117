#pragma once
// A connection played from a script, with the clock moved by hand: sessions are tested on their whole text without
// sockets.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "node/http/session.hpp"

namespace ehds::tests {

namespace http = ehds::node::http;

struct arrival {
  std::string bytes;
  std::chrono::milliseconds after{0};  // how long the other side lets us wait
};

class scripted_stream final : public http::byte_stream {
 public:
  scripted_stream(std::vector<arrival> script, manual_clock& ticks)
      : script_(script.begin(), script.end()), ticks_(ticks) {}

  boost::asio::awaitable<http::stream_step> read_some(std::span<char> into, http::patience at_most) override {
    if (script_.empty()) co_return http::stream_step{0, http::stream_end::closed};
    auto& next = script_.front();
    if (next.after > at_most) {
      next.after -= at_most;
      ticks_.advance(at_most);
      co_return http::stream_step{0, http::stream_end::timeout};
    }
    ticks_.advance(next.after);
    next.after = {};
    auto const size = std::min(into.size(), next.bytes.size());
    std::copy_n(next.bytes.begin(), size, into.begin());
    next.bytes.erase(0, size);
    if (next.bytes.empty()) script_.pop_front();
    co_return http::stream_step{size, http::stream_end::open};
  }

  boost::asio::awaitable<http::stream_step> write(std::string_view bytes, http::patience) override {
    if (before_write) before_write();
    written += bytes;
    co_return http::stream_step{bytes.size(), http::stream_end::open};
  }

  bool quiet() override { return true; }
  void close() override {}

  std::string written;
  std::function<void()> before_write{};

 private:
  std::deque<arrival> script_;
  manual_clock& ticks_;
};

// What the server side writes in answer to the script, until it ends.
struct played_session {
  http::session_surroundings around;
  std::function<void()> before_write{};
  manual_clock ticks{instant{}};
  manual_clock wall{*parse_rfc3339("2026-11-22T13:00:00Z")};

  explicit played_session(http::handler answer) {
    around.application.answer = std::move(answer);
    around.offload = [](std::function<void()> job) {
      job();
      return true;
    };
  }

  std::string play(std::vector<arrival> script) {
    around.ticks = &ticks;
    around.wall = &wall;
    boost::asio::io_context context;
    scripted_stream stream(std::move(script), ticks);
    stream.before_write = before_write;
    std::optional<instant> idle_since;
    auto session = http::serve_session(stream, {"192.0.2.7", 1234, std::nullopt}, around, idle_since);
    boost::asio::co_spawn(context, std::move(session), boost::asio::detached);
    context.run();
    return stream.written;
  }
  std::string play(std::string bytes) { return play(std::vector<arrival>{{std::move(bytes)}}); }
};

}  // namespace ehds::tests
