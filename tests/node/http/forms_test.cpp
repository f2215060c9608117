// Submitted forms, content negotiation, addresses, and the pool of workers.
#include "node/http/forms.hpp"

#include <catch2/catch.hpp>
#include <future>

#include "node/http/kept_connections.hpp"
#include "node/http/media_type.hpp"
#include "node/http/negotiation.hpp"
#include "node/http/url.hpp"
#include "node/http/worker_pool.hpp"

using namespace ehds::node::http;

namespace {

request submitted(std::string type, std::string body) {
  request r;
  r.headers = {{"Content-Type", std::move(type)}};
  r.body = std::move(body);
  return r;
}

request multipart(std::string body) { return submitted("multipart/form-data; boundary=ZZ", std::move(body)); }

std::string const two_parts =
    "--ZZ\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nDiab\xc3\xa8te\r\n--ZZ\r\n"
    "Content-Disposition: form-data; name=\"protocol\"; filename=\"C:\\\\docs\\\\plan %22b%22.pdf\"\r\n"
    "Content-Type: application/pdf\r\n\r\n%PDF\r\n--X\r\n\r\n--ZZ--\r\n";

}  // namespace

TEST_CASE("an urlencoded form is read, whatever the charset parameter says") {
  auto const read = form_fields(submitted("Application/X-WWW-Form-Urlencoded; charset=UTF-8", "a=1&b=%C3%A9+x"));

  REQUIRE(read);
  CHECK(read->fields.value("b") == "\xc3\xa9 x");
  CHECK(read->files.empty());
}

TEST_CASE("a multipart form is read with its files, byte for byte") {
  auto const read = form_fields(multipart(two_parts));

  REQUIRE(read);
  CHECK(read->fields.value("title") == "Diab\xc3\xa8te");
  REQUIRE(read->files.size() == 1);
  CHECK(read->files[0].field == "protocol");
  CHECK(read->files[0].file_name == "plan \"b\".pdf");
  CHECK(read->files[0].media_type == "application/pdf");
  CHECK(read->files[0].bytes == "%PDF\r\n--X\r\n");
}

TEST_CASE("an empty multipart form has no fields") { CHECK(form_fields(multipart("--ZZ--\r\n"))->fields.empty()); }

TEST_CASE("a form that cannot be read says why") {
  struct row {
    std::string type, body, code;
  };
  auto const wrong = GENERATE(values<row>({
      {"", "a=1", "form.media_type"},
      {"application/json", "{}", "form.media_type"},
      {"application/x-www-form-urlencoded", "a=%zz", "form.syntax"},
      {"application/x-www-form-urlencoded", "a=%ff", "form.syntax"},
      {"application/x-www-form-urlencoded", "a=" + std::string(300'000, 'x'), "form.field_too_large"},
      {"multipart/form-data", "--ZZ--", "form.syntax"},
      {"multipart/form-data; boundary=\"\"", "----", "form.syntax"},
      {"multipart/form-data; boundary=" + std::string(71, 'b'), "", "form.syntax"},
      {"multipart/form-data; boundary=ZZ", "", "form.syntax"},
      {"multipart/form-data; boundary=ZZ", "preamble\r\n--ZZ--", "form.syntax"},
      {"multipart/form-data; boundary=ZZ", "--ZZ", "form.syntax"},
      {"multipart/form-data; boundary=ZZ", "--ZZQ", "form.syntax"},
      {"multipart/form-data; boundary=ZZ", "--ZZ\r\n", "form.syntax"},
      {"multipart/form-data; boundary=ZZ", "--ZZ\r\n\r\nno header\r\n--ZZ--", "form.syntax"},
      {"multipart/form-data; boundary=ZZ", "--ZZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx",
       "form.syntax"},
      {"multipart/form-data; boundary=ZZ", "--ZZ\r\nContent-Disposition: form-data\r\n\r\nx\r\n--ZZ--", "form.syntax"},
      {"multipart/form-data; boundary=ZZ", "--ZZ\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--ZZ--",
       "form.syntax"},
      {"multipart/form-data; boundary=ZZ", "--ZZ\r\nX: " + std::string(5000, 'x') + "\r\n\r\nx\r\n--ZZ--",
       "form.syntax"},
      {"multipart/form-data; boundary=ZZ", "--ZZ\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--ZZ--",
       "form.syntax"},
  }));

  auto const read = form_fields(submitted(wrong.type, wrong.body));

  INFO(wrong.type << "\n" << wrong.body.substr(0, 100));
  REQUIRE_FALSE(read);
  CHECK(read.error().code == wrong.code);
}

TEST_CASE("more fields than allowed are refused in both forms") {
  form_limits const two{.fields = 2};
  std::string parts;
  for (int i = 0; i < 3; ++i) parts += "--ZZ\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n";

  CHECK(form_fields(multipart(parts + "--ZZ--"), two).error().code == "form.too_many_fields");
  CHECK(form_fields(submitted("application/x-www-form-urlencoded", "a&b&c"), two).error().code ==
        "form.too_many_fields");
}

TEST_CASE("a media type is read with quoted and plain parameters") {
  auto const read = parse_media_type(R"(Multipart/Related; TYPE="a;b\"c"; start=<x>;)");

  REQUIRE(read);
  CHECK(read->essence == "multipart/related");
  CHECK(read->parameter("type") == "a;b\"c");
  CHECK(read->parameter("start") == "<x>");
  CHECK_FALSE(parse_media_type(""));
  CHECK_FALSE(parse_media_type("a/b; c"));
  CHECK_FALSE(parse_media_type("a/b; c=\"open"));
}

TEST_CASE("the best of our forms is chosen as the asker weighs them") {
  struct row {
    std::string accept, best;
  };
  auto const r = GENERATE(values<row>({
      {"", "text/turtle"},
      {"*/*", "text/turtle"},
      {"application/ld+json", "application/ld+json"},
      {"text/turtle;q=0.5, application/ld+json;q=0.8", "application/ld+json"},
      {"application/*;q=0.9, text/turtle;q=0.1", "application/ld+json"},
      {"text/html,application/xhtml+xml,*/*;q=0.8", "text/html"},
      {"*/*, text/turtle;q=0", "application/ld+json"},
      {"TEXT/HTML", "text/html"},
      {"image/png", "none"},
      {"text/turtle;q=0", "none"},
      {"text/turtle;q=nonsense", "none"},
  }));

  INFO(r.accept);
  CHECK(best_media_type(r.accept, {"text/turtle", "application/ld+json", "text/html"}).value_or("none") == r.best);
}

TEST_CASE("the best language is looked up from the exact tag to the bare one") {
  std::vector<std::string> const offers{"en", "fr", "pt-BR"};

  CHECK(best_language("fr-CH, fr;q=0.9, en;q=0.8", offers) == "fr");
  CHECK(best_language("en;q=0.5, fr;q=0.9", offers) == "fr");
  CHECK(best_language("pt-br", offers) == "pt-BR");
  CHECK(best_language("de, *;q=0.5", offers) == "en");
  CHECK(best_language("", offers) == "en");
  CHECK(best_language("fr;q=0", offers) == "en");
}

TEST_CASE("an ETag matches itself, weakly too, and any with a star") {
  auto const tag = strong_etag("bytes");
  request r;
  CHECK_FALSE(has_current(r, tag));
  for (auto const& held : {tag, "W/" + tag, "\"x\", " + tag, std::string{"*"}}) {
    r.headers = {{"If-None-Match", held}};
    CHECK(has_current(r, tag));
  }
  r.headers = {{"If-None-Match", "\"x\""}};
  CHECK_FALSE(has_current(r, tag));
  CHECK(strong_etag("other") != tag);
}

TEST_CASE("addresses are taken apart") {
  struct row {
    std::string text, scheme, host;
    std::uint16_t port;
    std::string target, authority;
  };
  auto const r = GENERATE(values<row>({
      {"http://a.example", "http", "a.example", 80, "/", "a.example"},
      {"HTTPS://a.example/x?y=1#z", "https", "a.example", 443, "/x?y=1", "a.example"},
      {"https://127.0.0.2:8443/as4", "https", "127.0.0.2", 8443, "/as4", "127.0.0.2:8443"},
      {"http://[::1]:80/", "http", "::1", 80, "/", "[::1]"},
      {"http://[::1]:81?q", "http", "::1", 81, "/?q", "[::1]:81"},
  }));

  auto const read = parse_url(r.text);

  REQUIRE(read);
  CHECK(read->scheme == r.scheme);
  CHECK(read->host == r.host);
  CHECK(read->port == r.port);
  CHECK(read->target == r.target);
  CHECK(read->authority() == r.authority);
}

TEST_CASE("what is no address is refused") {
  auto const text = GENERATE(as<std::string>{}, "", "a.example", "ftp://a", "http://", "http://:80", "http://a:0",
                             "http://a:x", "http://a:99999", "http://u:p@a/", "http://a b/", "http://a/b c",
                             "http://[::1", "http://[x]/", "http://a/\r\nX: y", "http://a\r\n/", "file:///etc/passwd");

  INFO(text);
  REQUIRE_FALSE(parse_url(text));
  CHECK(parse_url(text).error().code == "http.url");
}

TEST_CASE("a pool runs what it takes, refuses what is too much, and finishes what is queued") {
  std::promise<void> release;
  auto const released = release.get_future().share();
  std::atomic<int> done{0};
  worker_pool pool(2, 3);
  int taken = 0;
  for (int i = 0; i < 10; ++i) {
    taken += pool.try_run([&done, released] {
      released.wait();
      ++done;
    })
                 ? 1
                 : 0;
  }
  CHECK(taken == 5);

  release.set_value();
  pool.finish();

  CHECK(done == 5);
  CHECK_FALSE(pool.try_run([] {}));
}
