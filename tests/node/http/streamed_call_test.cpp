// Bodies that are made while they are sent, over real sockets.
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "node/http/client.hpp"
#include "node/http/server.hpp"

using namespace ehds;
using namespace ehds::node::http;
using namespace std::chrono_literals;

namespace {

system_clock const wall;

struct running {
  io_thread io;
  std::unique_ptr<server> served;
  std::unique_ptr<client> ours;

  explicit running(handler h, std::size_t limit = 100'000'000) {
    served = server::bind(io, {{listener{}}, {}, [](std::string const&) {}}, wall).value();
    served->start({{"public", {std::move(h), [limit](std::string_view, std::string_view) { return limit; }, {}}}});
    ours = client::make(io, {}).value();
  }
  http_call_request post(streamed_body body, std::chrono::milliseconds timeout = 20s) const {
    http_call_request made;
    made.method = "POST";
    made.url = served->listeners().front().url() + "/";
    made.timeout = timeout;
    made.stream = std::move(body);
    return made;
  }
};

// So many pieces of one size, each of one letter.
struct pieces {
  std::size_t count;
  std::size_t size = 50'000;
  std::size_t made = 0;
  std::string piece{};

  streamed_body body() {
    return {count * size, [this]() -> result<std::string_view> {
              if (made == count) return std::string_view{};
              piece.assign(size, static_cast<char>('a' + made++ % 26));
              return std::string_view{piece};
            }};
  }
  std::string whole() const {
    std::string all;
    for (std::size_t n = 0; n < count; ++n) all.append(size, static_cast<char>('a' + n % 26));
    return all;
  }
};

}  // namespace

TEST_CASE("a body made while it is sent arrives whole, and the connection is used again") {
  std::string got;
  running const r([&got](request const& asked) {
    got = asked.body;
    return text("taken");
  });
  for (std::size_t const count : {1u, 100u, 0u}) {
    pieces made{count};
    auto const answer = r.ours->call(r.post(made.body())).value();
    CHECK(answer.body == "taken");
    CHECK(got == made.whole());
  }
  CHECK(r.served->load().connections == 1);
}

TEST_CASE("a body that cannot be made ends the call and is never taken for whole") {
  std::atomic<int> answered = 0;
  running const r([&answered](request const&) {
    ++answered;
    return text("taken");
  });
  for (bool const throws : {false, true}) {
    pieces made{10};
    auto body = made.body();
    auto const failing = [&, next = body.next]() -> result<std::string_view> {
      if (made.made < 5) return next();
      if (throws) throw std::runtime_error("a mistake");
      return problem{"store.payload", "The disk is broken.", "", ""};
    };
    body.next = failing;
    auto const answer = r.ours->call(r.post(body));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == (throws ? "http_call.body" : "store.payload"));
  }
  CHECK(answered == 0);
}

TEST_CASE("a server that refuses a streamed body early is heard") {
  running const r([](request const&) { return text("taken"); }, 1000);
  pieces made{4};
  CHECK(r.ours->call(r.post(made.body())).value().status == 413);
}

TEST_CASE("a streamed body that takes too long ends with the call's time") {
  running const r([](request const&) { return text("taken"); });
  pieces made{1'000'000, 1};
  auto body = made.body();
  body.next = [next = body.next] {
    std::this_thread::sleep_for(2ms);
    return next();
  };
  auto const answer = r.ours->call(r.post(body, 150ms));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == "http_call.timeout");
}

TEST_CASE("a call to nobody with a streamed body fails as any other") {
  io_thread io;
  auto const ours = client::make(io, {}).value();
  pieces made{10};
  http_call_request nowhere;
  nowhere.method = "POST";
  nowhere.url = "http://127.0.0.1:1/";
  nowhere.stream = made.body();
  CHECK(ours->call(nowhere).error().code == "http_call.unreachable");
  CHECK(made.made == 0);
  CHECK(whole_body(nowhere).value() == made.whole());
}
