// Bodies that are made while they are sent, over real sockets.
#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <set>
#include <thread>

#include "node/http/client.hpp"
#include "node/http/server.hpp"

using namespace ehds;
using namespace ehds::node::http;
using namespace std::chrono_literals;

namespace {

system_clock const wall_clock;

struct running_stream {
  io_thread io;
  std::unique_ptr<server> served;
  std::unique_ptr<client> ours;

  explicit running_stream(handler h, std::size_t limit = 100'000'000) {
    served = server::bind(io, {{listener{}}, {}, [](std::string const&) {}}, wall_clock).value();
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
  running_stream const r([&got](request const& asked) {
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
  running_stream const r([&answered](request const&) {
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
  running_stream const r([](request const&) { return text("taken"); }, 1000);
  pieces made{4};
  CHECK(r.ours->call(r.post(made.body())).value().status == 413);
}

TEST_CASE("a streamed body that takes too long ends with the call's time") {
  running_stream const r([](request const&) { return text("taken"); });
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

namespace {

// Of any length, one letter a piece of so many bytes; perhaps unreadable from some place on.
struct letters final : byte_source {
  std::uint64_t whole = 0;
  std::atomic<std::uint64_t> readable = 0;
  explicit letters(std::uint64_t size) : whole(size), readable(size) {}
  std::uint64_t size() const override { return whole; }
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const override {
    auto const end = readable.load();
    if (at >= end) return problem{"tests.unreadable", "", "", ""};
    space.assign(static_cast<std::size_t>(std::min<std::uint64_t>(most, end - at)),
                 static_cast<char>('a' + at / 100'000 % 26));
    return std::string_view{space};
  }
};

// What went where, and on which thread.
struct place final : byte_sink {
  std::string got;
  std::size_t largest = 0;
  int asked = 0;
  std::set<std::thread::id> on;
  std::function<result<void>()> before = [] { return result<void>{}; };

  result<void> add(std::string_view bytes) override {
    if (auto fine = before(); !fine) return fine;
    on.insert(std::this_thread::get_id());
    largest = std::max(largest, bytes.size());
    got += bytes;
    return {};
  }
  http_call_request ask(running_stream const& r, std::size_t limit = 100'000'000,
                        std::chrono::milliseconds timeout = 20s) {
    http_call_request made;
    made.url = r.served->listeners().front().url() + "/";
    made.timeout = timeout;
    made.response_limit = limit;
    made.spool = [this]() -> result<byte_sink*> {
      ++asked;
      return this;
    };
    return made;
  }
};

std::string answer_of(result<http_call_response> const& got) {
  return got ? std::to_string(got->status) : got.error().code;
}

}  // namespace

TEST_CASE("a long answer goes to the place of the caller piece by piece, a short one is held; the connection stays") {
  std::atomic<std::uint64_t> size = 0;
  running_stream const r([&size](request const&) { return streamed(std::make_shared<letters>(size), "text/plain"); });
  for (std::uint64_t const one : {std::uint64_t{5'000'000}, std::uint64_t{spooled_answer_from},
                                  std::uint64_t{spooled_answer_from - 1}, std::uint64_t{0}}) {
    size = one;
    place here;
    auto const answer = r.ours->call(here.ask(r)).value();
    CHECK(answer.status == 200);
    bool const is_long = one >= spooled_answer_from;
    CHECK(answer.is_spooled == is_long);
    CHECK(here.asked == (is_long ? 1 : 0));
    CHECK((is_long ? here.got : answer.body).size() == one);
    CHECK((is_long ? answer.body : here.got).empty());
    CHECK(here.largest < 2 * spooled_answer_from);
    if (is_long) CHECK(here.on == std::set{std::this_thread::get_id()});
    if (one == 5'000'000) CHECK(here.got.ends_with(static_cast<char>('a' + 49 % 26)));
  }
  CHECK(r.served->load().connections == 1);
}

TEST_CASE("an answer is spooled while its request's body was streamed") {
  running_stream const r([](request const& asked) { return text(asked.body + asked.body); });
  pieces made{20};
  place here;
  auto request = r.post(made.body());
  request.spool = here.ask(r).spool;
  CHECK(r.ours->call(request).value().is_spooled);
  CHECK(here.got == made.whole() + made.whole());
}

TEST_CASE("a long answer that cannot be kept, is too long or is cut ends the call with its problem") {
  auto const source = std::make_shared<letters>(5'000'000);
  running_stream const r([&](request const&) { return streamed(source, "text/plain"); });
  place here;
  here.before = []() -> result<void> { return problem{"store.disk_full", "", "", ""}; };
  CHECK(answer_of(r.ours->call(here.ask(r))) == "store.disk_full");
  here.before = []() -> result<void> { throw std::runtime_error("a mistake"); };
  CHECK(answer_of(r.ours->call(here.ask(r))) == "http_call.body");
  auto nowhere = here.ask(r);
  nowhere.spool = []() -> result<byte_sink*> { return problem{"store.payload", "", "", ""}; };
  CHECK(answer_of(r.ours->call(nowhere)) == "store.payload");
  CHECK(here.got.empty());

  here.before = [] { return result<void>{}; };
  CHECK(answer_of(r.ours->call(here.ask(r, 4'999'999))) == "http_call.too_large");
  CHECK(answer_of(r.ours->call(here.ask(r, 5'000'000))) == "200");
  source->readable = 3'000'000;
  place cut;
  CHECK(answer_of(r.ours->call(cut.ask(r))) == "http_call.cut");
  CHECK(cut.got.size() < 5'000'000);
}

TEST_CASE("a place that takes too long ends with the call's time") {
  running_stream const r([](request const&) { return streamed(std::make_shared<letters>(50'000'000), "text/plain"); });
  place here;
  here.before = [] {
    std::this_thread::sleep_for(40ms);
    return result<void>{};
  };
  auto const begin = std::chrono::steady_clock::now();
  CHECK(answer_of(r.ours->call(here.ask(r, 100'000'000, 150ms))) == "http_call.timeout");
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE("who plays the network puts a long answer where a client would") {
  place here;
  http_call_request asked;
  http_call_response const long_one{200, {}, std::string(spooled_answer_from, 'x')};
  CHECK(spooled(asked, long_one).value().body.size() == spooled_answer_from);
  asked.spool = [&]() -> result<byte_sink*> { return &here; };
  CHECK(spooled(asked, long_one).value().is_spooled);
  CHECK(here.got == long_one.body);
  CHECK(spooled(asked, {200, {}, "short"}).value().body == "short");
  here.before = []() -> result<void> { return problem{"store.disk_full", "", "", ""}; };
  CHECK(answer_of(spooled(asked, long_one)) == "store.disk_full");
}

TEST_CASE("an answer that dribbles is cut when the time of the call is over, and so is its connection") {
  struct dribble final : byte_source {
    std::promise<void>& ended;
    explicit dribble(std::promise<void>& when_it_goes) : ended(when_it_goes) {}
    ~dribble() override { ended.set_value(); }
    std::uint64_t size() const override { return 1'000'000; }
    result<std::string_view> look(std::uint64_t, std::size_t, std::string& space) const override {
      std::this_thread::sleep_for(5ms);
      space = "x";
      return std::string_view(space);
    }
  };
  std::promise<void> ended;
  running_stream const r([&ended](request const&) { return streamed(std::make_shared<dribble>(ended), "text/plain"); });

  auto const late = r.ours->call({.url = r.served->listeners().front().url() + "/", .timeout = 200ms});

  REQUIRE_FALSE(late);
  CHECK(late.error().code == "http_call.timeout");
  CHECK(ended.get_future().wait_for(10s) == std::future_status::ready);
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
