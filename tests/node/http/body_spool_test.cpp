// Bodies that go to a spool while they come: in pieces, in order, within limits, and gone when nobody kept them.
#include <catch2/catch.hpp>

#include "node/http/router.hpp"
#include "node/http/scripted_stream.hpp"

using namespace ehds;
using namespace ehds::tests;
using ehds::node::http::request;
using ehds::node::http::response;

namespace {

struct spool_log {
  int made = 0;
  int living = 0;
  std::size_t largest_piece = 0;
  std::string last;
  std::size_t room = std::string::npos;
  bool throws = false;
};

class test_spool final : public http::body_spool, byte_sink {
 public:
  explicit test_spool(spool_log& log) : log_(log), source_(text_) {
    ++log_.made;
    ++log_.living;
  }
  ~test_spool() override {
    --log_.living;
    log_.last = text_;
  }
  byte_sink& sink() override { return *this; }
  byte_source const& source() const override {
    source_ = memory_source(text_);
    return source_;
  }

 private:
  result<void> add(std::string_view bytes) override {
    if (log_.throws) throw std::runtime_error("a mistake");
    if (text_.size() + bytes.size() > log_.room) return problem{"store.disk_full", "Full.", "", ""};
    log_.largest_piece = std::max(log_.largest_piece, bytes.size());
    text_ += bytes;
    return {};
  }

  spool_log& log_;
  std::string text_;
  mutable memory_source source_;
};

response sizes(request const& r) {
  auto const spooled = r.spooled ? r.spooled->source().size() : 0;
  return http::text(std::to_string(r.body.size()) + " held, " + std::to_string(spooled) + " spooled");
}

struct spooling {
  spool_log log;
  http::router routes;
  played_session session{[](request const&) { return response{}; }};

  explicit spooling(http::handler answer = sizes, std::size_t limit = 8'000'000) {
    routes.add({"POST", "/large", answer, limit, [this]() -> result<std::unique_ptr<http::body_spool>> {
                  if (log.room == 0) return problem{"store.disk_full", "Full.", "", ""};
                  return std::unique_ptr<http::body_spool>(std::make_unique<test_spool>(log));
                }});
    routes.add({"POST", "/small", answer, limit});
    session.around.application = routes.as_application();
  }

  std::string post(std::string const& body, std::string const& path = "/large") {
    return session.play("POST " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
                        "\r\n\r\n" + body);
  }
};

bool ends_with(std::string const& text, std::string const& end) { return text.ends_with("\r\n\r\n" + end); }

std::string varied(std::size_t size) {
  std::string text;
  while (text.size() < size) text += std::to_string(text.size()) + ",";
  text.resize(size);
  return text;
}

}  // namespace

TEST_CASE("a small body stays in memory and a large one goes to its spool in pieces") {
  spooling s;
  CHECK(ends_with(s.post(varied(1'000)), "1000 held, 0 spooled"));
  CHECK(s.log.made == 0);
  auto const large = varied(3'000'000);
  CHECK(ends_with(s.post(large), "0 held, 3000000 spooled"));
  CHECK(s.log.last == large);
  CHECK(s.log.living == 0);
  CHECK(s.log.largest_piece <= http::spool_from + 64 * 1024);
}

TEST_CASE("a route without a spool holds its bodies") {
  spooling s;
  CHECK(ends_with(s.post(varied(3'000'000), "/small"), "3000000 held, 0 spooled"));
  CHECK(s.log.made == 0);
}

TEST_CASE("a chunked body is spooled as any other, and the connection goes on") {
  spooling s;
  std::string text = "POST /large HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  auto const piece = varied(4096);
  std::string whole;
  for (int n = 0; n < 200; ++n) {
    text += "1000\r\n" + piece + "\r\n";
    whole += piece;
  }
  text += "0\r\n\r\nPOST /large HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi";
  auto const written = s.session.play(text);
  CHECK(written.find("0 held, 819200 spooled") != std::string::npos);
  CHECK(ends_with(written, "2 held, 0 spooled"));
  CHECK(s.log.last == whole);
}

TEST_CASE("what a handler keeps outlives the request, what it does not is gone before the answer") {
  std::shared_ptr<http::body_spool> kept;
  spooling s([&kept](request const& r) {
    kept = r.spooled;
    return http::no_content();
  });
  s.post(varied(400'000));
  CHECK(s.log.living == 1);
  CHECK(kept->source().size() == 400'000);
  kept.reset();
  CHECK(s.log.living == 0);
}

TEST_CASE("a body over its limit is refused and nothing of it stays") {
  spooling s(sizes, 1'000'000);
  CHECK(s.post(varied(1'000'001)).starts_with("HTTP/1.1 413"));
  CHECK(s.log.made == 0);
  std::string chunked = "POST /large HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int n = 0; n < 300; ++n) chunked += "1000\r\n" + std::string(4096, 'x') + "\r\n";
  CHECK(s.session.play(chunked).starts_with("HTTP/1.1 413"));
  CHECK(s.log.made == 1);
  CHECK(s.log.living == 0);
}

TEST_CASE("a body that is cut off leaves nothing behind") {
  spooling s;
  CHECK(s.session.play("POST /large HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n" + varied(600'000)).empty());
  CHECK(s.log.made == 1);
  CHECK(s.log.living == 0);
}

TEST_CASE("a spool that cannot be made, is full or fails is 503 with Retry-After") {
  for (std::size_t const room : {0u, 500'000u}) {
    spooling s;
    s.log.room = room;
    auto const written = s.post(varied(900'000));
    CHECK(written.starts_with("HTTP/1.1 503"));
    CHECK(written.find("Retry-After: 1") != std::string::npos);
    CHECK(s.log.living == 0);
    s.log.room = std::string::npos;
    CHECK(ends_with(s.post(varied(900'000)), "0 held, 900000 spooled"));
  }
  spooling s;
  s.log.throws = true;
  CHECK(s.post(varied(900'000)).starts_with("HTTP/1.1 503"));
  CHECK(s.log.living == 0);
}

TEST_CASE("all spooled bodies together have a limit, and give back what they took") {
  spooling s;
  http::byte_ledger on_disk(1'000'000, 1'000'000);
  s.session.around.spooled = &on_disk;
  CHECK(ends_with(s.post(varied(900'000)), "0 held, 900000 spooled"));
  CHECK(on_disk.held() == 0);
  CHECK(s.post(varied(1'500'000)).starts_with("HTTP/1.1 503"));
  CHECK(on_disk.held() == 0);
  CHECK(s.log.living == 0);
}

TEST_CASE("no free worker means 503 for a body that needs one") {
  spooling s;
  int left = 1;
  s.session.around.offload = [&left](std::function<void()> const& job) {
    if (left-- <= 0) return false;
    job();
    return true;
  };
  CHECK(s.post(varied(900'000)).starts_with("HTTP/1.1 503"));
  CHECK(s.log.living == 0);
}

TEST_CASE("a spooled body that no worker is free to answer is gone before the 503 is written") {
  spooling s;
  int left = 2;  // one for each piece
  s.session.around.offload = [&left](std::function<void()> const& job) {
    if (left-- <= 0) return false;
    job();
    return true;
  };
  std::size_t written = 0;
  s.session.before_write = [&] {
    ++written;
    CHECK(s.log.made == 1);
    CHECK(s.log.living == 0);
  };
  CHECK(s.post(varied(300'000)).starts_with("HTTP/1.1 503"));
  CHECK(written == 1);
}
