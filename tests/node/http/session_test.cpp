// One connection, judged on the whole text that the server writes.
#include <malloc.h>

#include <catch2/catch.hpp>
#include <new>

#include "node/http/scripted_stream.hpp"

using namespace ehds::tests;
using namespace std::chrono_literals;
using namespace std::string_literals;
using ehds::node::http::request;
using ehds::node::http::response;

namespace {

// Says back what was asked.
response echo(request const& r) {
  if (r.path == "/no-memory") throw std::bad_alloc();
  if (r.path == "/throw") throw std::runtime_error("secret");
  auto said = r.method + " " + r.path;
  for (auto const& q : r.query) said += " " + q.name + "=" + q.value;
  if (!r.body.empty()) said += " [" + r.body + "]";
  return http::text(said);
}

played_session echoing() { return played_session(echo); }

std::string answer_text(std::string const& body, std::string const& rest = "") {
  return "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 13:00:00 GMT\r\nContent-Type: text/plain; charset=utf-8\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n" + rest + "\r\n" + body;
}

int status_of(std::string const& written) { return written.size() < 12 ? 0 : std::stoi(written.substr(9, 3)); }

std::vector<arrival> byte_by_byte(std::string const& text, std::chrono::milliseconds apart = 0ms) {
  std::vector<arrival> script;
  for (char const c : text) script.push_back({std::string(1, c), apart});
  return script;
}

}  // namespace

TEST_CASE("a request is answered, and the connection waits for the next") {
  CHECK(echoing().play("GET /a?x=1&y=%20z HTTP/1.1\r\nHost: h\r\n\r\n") == answer_text("GET /a x=1 y= z"));
}

TEST_CASE("pipelined requests are answered in order") {
  auto const written = echoing().play(
      "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi"
      "GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /4 HTTP/1.1\r\nHost: h\r\n\r\n");

  CHECK(written ==
        answer_text("GET /1") + answer_text("POST /2 [hi]") + answer_text("GET /3", "Connection: close\r\n"));
}

TEST_CASE("a request that arrives byte by byte is one request") {
  auto const chunked =
      "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: "
      "x\r\n\r\n";

  CHECK(echoing().play(byte_by_byte(chunked)) == answer_text("POST /c [abcde]"));
}

TEST_CASE("HEAD is answered without the body, and 204 without a length") {
  CHECK(echoing().play("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n") ==
        "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 13:00:00 GMT\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Length: 7\r\n\r\n");
  played_session nothing([](request const&) { return http::no_content(); });
  CHECK(nothing.play("GET / HTTP/1.1\r\nHost: h\r\n\r\n") ==
        "HTTP/1.1 204 No Content\r\nDate: Sun, 22 Nov 2026 13:00:00 GMT\r\n\r\n");
}

TEST_CASE("a streamed body is read as it leaves; one that cannot be read to its end cuts the connection") {
  struct lying final : ehds::byte_source {
    std::uint64_t whole = 0, readable = 0;
    std::uint64_t size() const override { return whole; }
    ehds::result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const override {
      if (at >= readable) return ehds::problem{"tests.unreadable", "", "", ""};
      space.assign(static_cast<std::size_t>(std::min<std::uint64_t>(most, readable - at)), 'x');
      return space;
    }
  };
  auto const body = std::make_shared<lying>();
  played_session streams([&](request const&) { return http::streamed(body, "application/pdf"); });
  auto const bodies = [&](std::uint64_t whole, std::uint64_t readable, std::string const& method) {
    body->whole = whole;
    body->readable = readable;
    auto const said =
        streams.play(method + " / HTTP/1.1\r\nHost: h\r\n\r\n" + method + " / HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(said.find("Content-Length: " + std::to_string(whole)) != std::string::npos);
    return std::ranges::count(said, 'x');
  };

  CHECK(bodies(1'000'000, 1'000'000, "GET") == 2'000'000);
  CHECK(bodies(0, 0, "GET") == 0);
  CHECK(bodies(1'000'000, 1'000'000, "HEAD") == 0);
  CHECK(bodies(1'000'000, 400'000, "GET") == 400'000);  // and nothing after it
}

TEST_CASE("HTTP/1.0 gets one answer a connection") {
  CHECK(echoing().play("GET /old HTTP/1.0\r\n\r\n") == answer_text("GET /old", "Connection: close\r\n"));
}

TEST_CASE("an absolute target is taken by its path") {
  CHECK(echoing().play("GET http://h:80/a HTTP/1.1\r\nHost: h\r\n\r\n") == answer_text("GET /a"));
}

TEST_CASE("a client that expects 100 is told to go on before its body") {
  std::string const head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";

  CHECK(echoing().play({{head}, {"ok"}}) == "HTTP/1.1 100 Continue\r\n\r\n" + answer_text("POST / [ok]"));
  CHECK(echoing().play(head + "ok") == answer_text("POST / [ok]"));
  CHECK(status_of(echoing().play("POST / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\nContent-Length: 0\r\n\r\n")) == 417);
}

TEST_CASE("a refusal is a problem document and closes the connection") {
  auto const written = echoing().play("GARBAGE\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");

  CHECK(written ==
        "HTTP/1.1 400 Bad Request\r\nDate: Sun, 22 Nov 2026 13:00:00 GMT\r\nContent-Type: application/problem+json\r\n"
        "Content-Length: 168\r\nConnection: close\r\n\r\n"
        "{\n  \"type\": \"urn:ehds:problem:http.framing\",\n  \"title\": \"Bad Request\",\n  \"status\": 400,\n"
        "  \"code\": \"http.framing\",\n  \"detail\": \"The first line is not a request line.\"\n}\n");
}

TEST_CASE("requests that two servers could read in two ways are refused and the connection closes") {
  struct row {
    char const* why;
    std::string bytes;
    int status;
  };
  auto const attack = GENERATE(values<row>({
      {"length and coding",
       "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"coding and length",
       "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400},
      {"two lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
      {"the same length twice", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", 400},
      {"a list of lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\na", 400},
      {"a signed length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na", 400},
      {"a hexadecimal length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\na", 400},
      {"an empty length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n", 400},
      {"an immense length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
      {"another coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"coding twice",
       "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"coding in HTTP/1.0", "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"a folded field", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", 400},
      {"a folded first field", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400},
      {"a blank before the colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400},
      {"a field without a name", "GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n", 400},
      {"a bare line feed", "GET / HTTP/1.1\nHost: h\n\n", 400},
      {"a bare line feed in a field", "GET / HTTP/1.1\r\nHost: h\r\nX: a\nY: b\r\n\r\n", 400},
      {"a bare carriage return", "GET / HTTP/1.1\r\nHost: h\r\nX: a\rY: b\r\n\r\n", 400},
      {"NUL in a field", "GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n"s, 400},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"HTTP/2", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"no version", "GET /\r\n\r\n", 400},
      {"TLS on a plain port", "\x16\x03\x01\x02", 400},
      {"a blank in the target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"a tab in the target", "GET /a\tb HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"a fragment in the target", "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"a target without slash", "GET a HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"an authority as target", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"dot segments", "GET /a/../b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"encoded dot segments", "GET /a/%2e%2E/b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"encoded NUL", "GET /a%00 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"a broken query", "GET /a?x=%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"a chunk size that is no number", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"a chunk longer than said",
       "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n", 400},
      {"a chunk size beyond 64 bits",
       "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400},
  }));

  auto const written = echoing().play(attack.bytes + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");

  INFO(attack.why << "\n" << written);
  CHECK(status_of(written) == attack.status);
  CHECK(written.find("Connection: close") != std::string::npos);
  CHECK(written.find("smuggled") == std::string::npos);
}

TEST_CASE("what is too large is refused with the limit's own status") {
  auto s = echoing();
  s.around.limits.target_bytes = 100;
  s.around.limits.header_bytes = 1000;
  s.around.application.body_limit = [](std::string_view, std::string_view path) -> std::size_t {
    return path == "/small" ? 4 : 1'000'000;
  };
  auto const post = [](std::string const& path, std::string const& body) {
    return "POST " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
  };

  CHECK(status_of(s.play("GET /" + std::string(200, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n")) == 414);
  CHECK(status_of(s.play(std::string(2000, 'a'))) == 414);
  CHECK(status_of(s.play("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(2000, 'a') + "\r\n\r\n")) == 431);
  CHECK(status_of(s.play("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(2000, 'a'))) == 431);
  CHECK(status_of(s.play(post("/small", "1234"))) == 200);
  CHECK(status_of(s.play(post("/small", "12345"))) == 413);
  CHECK(status_of(s.play(
            "POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n")) == 413);
  CHECK(
      status_of(s.play(
          "POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n123\r\n3\r\n123\r\n0\r\n\r\n")) ==
      413);
  CHECK(status_of(s.play(post("/large", std::string(300'000, 'x')))) == 200);
}

TEST_CASE("too many header fields are refused") {
  std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 200; ++i) many += "X: y\r\n";

  CHECK(status_of(echoing().play(many + "\r\n")) == 431);
}

TEST_CASE("chunk extensions and trailers cannot grow without end") {
  std::string const head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

  CHECK(status_of(echoing().play(head + "1;" + std::string(200'000, 'x') + "\r\na\r\n0\r\n\r\n")) == 400);
  CHECK(status_of(echoing().play(head + "1\r\na\r\n0\r\nX: " + std::string(200'000, 'x') + "\r\n\r\n")) == 400);
}

TEST_CASE("a head that comes too slowly is 408, however steadily it drips") {
  auto const written = echoing().play(byte_by_byte("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n", 500ms));

  CHECK(status_of(written) == 408);
}

TEST_CASE("a body that comes too slowly is 408") {
  std::vector<arrival> script{{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60\r\n\r\n"}};
  for (int i = 0; i < 60; ++i) script.push_back({"x", 1s});

  CHECK(status_of(echoing().play(script)) == 408);
}

TEST_CASE("a body that is large but quick enough may take longer than the grace") {
  std::vector<arrival> script{{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n"}};
  for (int i = 0; i < 30; ++i) script.push_back({std::string(10'000, 'x'), 1s});

  CHECK(status_of(echoing().play(script)) == 200);
}

TEST_CASE("silence after a large beginning of a body is ended after the grace") {
  auto s = echoing();
  s.around.limits.body_bytes = 8'000'000;
  std::vector<arrival> const script{
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4000001\r\n\r\n" + std::string(4'000'000, 'x')}, {"x", 1h}};

  CHECK(status_of(s.play(script)) == 408);
  CHECK(s.ticks.now() - ehds::instant{} <= 12s);  // and the time to read the refusal
}

TEST_CASE("an idle connection is closed without a word") {
  CHECK(echoing().play({{"GET / HTTP/1.1\r\nHost: h\r\n\r\n", 61s}}).empty());
  CHECK(echoing().play("").empty());
}

TEST_CASE("a request that is cut off is not answered") {
  CHECK(echoing().play("GET / HTTP/1.1\r\nHos").empty());
  CHECK(echoing().play("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc").empty());
}

TEST_CASE("what a handler throws is a 500 that says nothing, and the connection lives on") {
  auto s = echoing();
  std::string logged;
  s.around.failed = [&](std::string const& what) { logged = what; };

  auto const written = s.play("GET /throw HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");

  CHECK(status_of(written) == 500);
  CHECK(written.find("secret") == std::string::npos);
  CHECK(written.ends_with(answer_text("GET /next")));
  CHECK(logged == "secret");
}

TEST_CASE("a handler for which there is no memory is 503 with Retry-After, and the connection goes on") {
  auto s = echoing();
  std::string logged;
  s.around.failed = [&](std::string const& what) { logged = what; };

  auto const written = s.play("GET /no-memory HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");

  CHECK(status_of(written) == 503);
  CHECK(written.find("Retry-After: 1\r\n") != std::string::npos);
  CHECK(written.ends_with(answer_text("GET /next")));
  CHECK(logged == "no memory");
}

TEST_CASE("a full queue is 503 with Retry-After") {
  auto s = echoing();
  s.around.offload = [](std::function<void()> const&) { return false; };

  auto const written = s.play("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

  CHECK(status_of(written) == 503);
  CHECK(written.find("Retry-After: 1\r\n") != std::string::npos);
}

TEST_CASE("bodies that together fill the memory allowed are 503, and what was held is given back") {
  auto s = echoing();
  http::byte_ledger held(100, 100);
  s.around.held = &held;
  std::string const head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ";

  CHECK(status_of(s.play(head + "100\r\n\r\n" + std::string(100, 'x'))) == 200);
  CHECK(status_of(s.play(head + "101\r\n\r\n" + std::string(101, 'x'))) == 503);
  CHECK(held.held() == 0);
}

TEST_CASE("where too much is held, a request without a body is answered still") {
  auto s = echoing();
  http::byte_ledger held(100, 100);
  s.around.held = &held;
  http::byte_holding others(&held, "192.0.2.8");
  others.keep(200);

  CHECK(status_of(s.play("GET / HTTP/1.1\r\nHost: h\r\n\r\n")) == 200);
  CHECK(status_of(s.play("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")) == 503);
  others.keep(0);
  CHECK(status_of(s.play("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")) == 200);
}

TEST_CASE("a refused body is let go of before the refusal is written") {
  auto s = echoing();
  s.around.limits.body_bytes = 8'000'000;
  std::vector<arrival> script{{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"}};
  std::string const piece = "10000\r\n" + std::string(65'536, 'x') + "\r\n";
  for (int i = 0; i < 130; ++i) script.push_back({piece});
  auto const in_use = [] {
    auto const seen = ::mallinfo2();  // 0 under a sanitizer, whose allocator it is not
    return seen.uordblks + seen.hblkhd;
  };
  auto const before = in_use();
  std::size_t then = 0;
  s.before_write = [&] { then = in_use(); };

  CHECK(status_of(s.play(std::move(script))) == 413);
  CHECK(then <= before);  // the script has gone by, and the body with it
}

TEST_CASE("a stopping server answers what was asked and closes") {
  auto s = echoing();
  bool stopping = false;
  s.around.stopping = [&] { return stopping; };
  s.around.application.answer = [&](request const& r) {
    stopping = true;
    return echo(r);
  };

  auto const written = s.play("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");

  CHECK(written == answer_text("GET /1", "Connection: close\r\n"));
}

TEST_CASE("a value with line breaks cannot start a header field of its own") {
  played_session s([](request const&) {
    auto answer = http::text("x");
    answer.headers.add("X-Name", "a\r\nSet-Cookie: b=c");
    return answer;
  });

  CHECK(s.play("GET / HTTP/1.1\r\nHost: h\r\n\r\n").find("X-Name: a  Set-Cookie: b=c\r\n") != std::string::npos);
}

TEST_CASE("a connection carries only so many requests") {
  auto s = echoing();
  s.around.limits.requests_per_connection = 2;
  std::string three;
  for (int i = 0; i < 3; ++i) three += "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  CHECK(s.play(three) == answer_text("GET /") + answer_text("GET /", "Connection: close\r\n"));
}
