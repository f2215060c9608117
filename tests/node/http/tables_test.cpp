// Tables after RFC 9110, RFC 6265 and RFC 9112: what is offered, what is asked, what is answered.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "node/http/forms.hpp"
#include "node/http/framing.hpp"
#include "node/http/media_type.hpp"
#include "node/http/negotiation.hpp"
#include "node/http/router.hpp"
#include "node/http/url.hpp"

using namespace ehds;
using namespace ehds::node::http;

namespace {

struct choice {
  std::string accept;
  std::vector<std::string> offers;
  std::string chosen;  // empty: none
};

struct head_case {
  std::string rule, head;
  bool good;
};

}  // namespace

TEST_CASE("the media type is chosen as RFC 9110 12.5.1 weighs it") {
  std::vector<choice> const table{
      {"", {"text/html", "application/json"}, "text/html"},
      {"*/*", {"text/html", "application/json"}, "text/html"},
      {"application/json", {"text/html", "application/json"}, "application/json"},
      {"APPLICATION/JSON", {"text/html", "application/json"}, "application/json"},
      {"audio/*; q=0.2, audio/basic", {"audio/ogg", "audio/basic"}, "audio/basic"},
      {"text/plain; q=0.5, text/html, text/x-dvi; q=0.8, text/x-c", {"text/plain", "text/x-dvi"}, "text/x-dvi"},
      {"text/*, text/plain, text/plain;format=flowed, */*", {"image/png", "text/plain"}, "image/png"},
      {"text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5",
       {"text/html", "image/jpeg", "text/plain;format=fixed"},
       "image/jpeg"},
      {"text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, */*;q=0.5",
       {"image/jpeg", "text/plain;format=flowed"},
       "text/plain;format=flowed"},
      {"text/html;q=0, */*", {"text/html", "application/json"}, "application/json"},
      {"text/html;q=0", {"text/html"}, ""},
      {"image/png", {"text/html"}, ""},
      {"text/html;q=0.001, application/json;q=0.002", {"text/html", "application/json"}, "application/json"},
      {"text/html;q=1.", {"text/html"}, "text/html"},
      {"text/html;q=1.001, application/json;q=0.1", {"text/html", "application/json"}, "application/json"},
      {"text/html;q=-1, application/json;q=0.1", {"text/html", "application/json"}, "application/json"},
      {"text/html;q=0.1234, application/json;q=0.1", {"text/html", "application/json"}, "application/json"},
      {" , ,application/json, ", {"text/html", "application/json"}, "application/json"},
      {"text/turtle, application/ld+json;q=0.9", {"application/ld+json", "text/turtle"}, "text/turtle"},
      {"*/*;q=0.1, text/*;q=0.2", {"application/json", "text/csv"}, "text/csv"},
  };
  for (auto const& row : table) {
    INFO(row.accept);
    CHECK(best_media_type(row.accept, row.offers).value_or("") == row.chosen);
  }
  CHECK_FALSE(best_media_type("*/*", {}));
}

TEST_CASE("the language is looked up as RFC 4647 3.4 says") {
  std::vector<choice> const table{
      {"", {"en", "fr"}, "en"},
      {"fr", {"en", "fr"}, "fr"},
      {"FR", {"en", "fr"}, "fr"},
      {"fr-CH", {"en", "fr"}, "fr"},
      {"fr-CH, en;q=0.9", {"en", "fr"}, "fr"},
      {"da, en-gb;q=0.8, en;q=0.7", {"en", "fr"}, "en"},
      {"da;q=0, en;q=0.1", {"da", "en"}, "en"},
      {"de, fr;q=0.5", {"en", "fr"}, "fr"},
      {"de", {"en", "fr"}, "en"},
      {"*", {"en", "fr"}, "en"},
      {"fr;q=0.5, en;q=0.5", {"en", "fr"}, "fr"},
      {"zh-Hant-TW", {"en", "zh-Hant"}, "zh-Hant"},
      {"frs", {"en", "fr"}, "en"},
  };
  for (auto const& row : table) {
    INFO(row.accept);
    CHECK(best_language(row.accept, row.offers) == row.chosen);
  }
}

TEST_CASE("cookies are taken from the header as RFC 6265 5.4 writes them, and no part of another name") {
  struct jar {
    std::string header, name, value;
  };
  std::vector<jar> const table{
      {"SID=31d4d96e407aad42", "SID", "31d4d96e407aad42"},
      {"SID=1; lang=en-US", "lang", "en-US"},
      {"SID=1; lang=en-US", "ang", ""},
      {"SID=1; lang=en-US", "lan", ""},
      {"SID=1; lang=en-US", "sid", ""},
      {"a=b=c", "a", "b=c"},
      {"a=", "a", ""},
      {"a", "a", ""},
      {"a=1; a=2", "a", "1"},
      {"", "a", ""},
      {"a=1;b=2", "b", "2"},
      {" a=1 ;  b=2 ", "b", "2"},
  };
  for (auto const& row : table) {
    request asked;
    if (!row.header.empty()) asked.headers.add("Cookie", row.header);
    INFO(row.header + " / " + row.name);
    CHECK(asked.cookie(row.name) == row.value);
  }
}

TEST_CASE("percent-encoding and urlencoded forms are read field by field") {
  struct coded {
    std::string text, names, values;
  };
  std::vector<coded> const table{
      {"", "", ""},
      {"a=1", "a|", "1|"},
      {"a=1&b=2", "a|b|", "1|2|"},
      {"a=1&&b=2", "a|b|", "1|2|"},
      {"a", "a|", "|"},
      {"a=", "a|", "|"},
      {"a=b+c", "a|", "b c|"},
      {"a=b%2Bc", "a|", "b+c|"},
      {"a%3D=%26", "a=|", "&|"},
      {"a=1=2", "a|", "1=2|"},
      {"a=%C3%A9", "a|", "é|"},
  };
  for (auto const& row : table) {
    auto const read = parse_urlencoded(row.text);
    INFO(row.text);
    REQUIRE(read);
    std::string names, values;
    for (auto const& f : *read) {
      names += f.name + "|";
      values += f.value + "|";
    }
    CHECK(names == row.names);
    CHECK(values == row.values);
  }
  for (std::string const bad : {"a=%", "a=%2", "a=%zz", "%"}) {
    INFO(bad);
    CHECK(parse_urlencoded(bad).error().code == "percent.malformed");
  }
}

TEST_CASE("media types are read as RFC 9110 8.3.1 writes them or not at all") {
  for (std::string const good :
       {"text/html", "text/html;charset=utf-8", "text/html; charset=\"utf-8\"", "Text/HTML;Charset=\"utf-8\"",
        "application/ld+json;profile=\"a b\"", "a/b;c=\"\\\"\""}) {
    INFO(good);
    CHECK(parse_media_type(good));
  }
  for (std::string const bad : {"", "/html", "a/b/c", "text/", "text /html", "text/html;charset", "text/html;=x",
                                "text/html;a=\"b", "te xt/html", "text/html x"}) {
    INFO(bad);
    CHECK_FALSE(parse_media_type(bad));
  }
  CHECK(parse_media_type("Text/HTML;Charset=\"UTF-8\"")->parameter("charset") == "UTF-8");
}

TEST_CASE("a head that two servers could read in two ways is refused") {
  std::string const host = "Host: x\r\n";
  std::vector<head_case> const table{
      {"a plain request", "GET / HTTP/1.1\r\n" + host + "\r\n", true},
      {"a query", "GET /a?b=c HTTP/1.1\r\n" + host + "\r\n", true},
      {"a bare LF", "GET / HTTP/1.1\nHost: x\r\n\r\n", false},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", false},
      {"two Hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", false},
      {"HTTP/2 in words", "GET / HTTP/2.0\r\n" + host + "\r\n", false},
      {"a folded line", "GET / HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n", false},
      {"a blank before the colon", "GET / HTTP/1.1\r\n" + host + "X : a\r\n\r\n", false},
      {"a name with a blank", "GET / HTTP/1.1\r\n" + host + "X Y: a\r\n\r\n", false},
      {"an empty name", "GET / HTTP/1.1\r\n" + host + ": a\r\n\r\n", false},
      {"two lengths that agree", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
       false},
      {"a list of lengths", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1, 1\r\n\r\n", false},
      {"a signed length", "POST / HTTP/1.1\r\n" + host + "Content-Length: +1\r\n\r\n", false},
      {"a negative length", "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", false},
      {"a hexadecimal length", "POST / HTTP/1.1\r\n" + host + "Content-Length: 0x1\r\n\r\n", false},
      {"a length beyond every number", "POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n",
       false},
      {"length beside chunked",
       "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", false},
      {"gzip, chunked", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n", false},
      {"chunked", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n", true},
      {"identity", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: identity\r\n\r\n", false},
      {"dot segments", "GET /a/../b HTTP/1.1\r\n" + host + "\r\n", false},
      {"encoded dot segments", "GET /a/%2e%2e/b HTTP/1.1\r\n" + host + "\r\n", false},
      {"an encoded NUL", "GET /a%00 HTTP/1.1\r\n" + host + "\r\n", false},
      {"a NUL in a value", std::string("GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n", 35), false},
      {"no target", "GET HTTP/1.1\r\n" + host + "\r\n", false},
      {"two blanks", "GET  / HTTP/1.1\r\n" + host + "\r\n", false},
  };
  for (auto const& row : table) {
    INFO(row.rule);
    auto const refused = unsafe_head(row.head, {8192, 16384});
    CHECK(refused.has_value() != row.good);
    if (refused) CHECK(refused->status >= 400);
  }
}

TEST_CASE("the router takes the most exact pattern, whatever the order of the table") {
  struct asked_for {
    std::string method, path, pattern;
    int status;
  };
  std::vector<std::string> patterns{"/", "/a", "/{x}", "/a/b", "/a/{y}", "/{x}/b", "/files/{rest...}"};
  std::vector<asked_for> const table{
      {"GET", "/", "/", 200},         {"GET", "/a", "/a", 200},
      {"GET", "/z", "/{x}", 200},     {"GET", "/a/b", "/a/b", 200},
      {"GET", "/a/z", "/a/{y}", 200}, {"GET", "/z/b", "/{x}/b", 200},
      {"GET", "/z/z", "", 404},       {"HEAD", "/a", "/a", 200},
      {"POST", "/a", "", 405},        {"GET", "/files/a/b/c", "/files/{rest...}", 200},
      {"GET", "/a/b/c", "", 404},     {"GET", "/A", "/{x}", 200},
      {"GET", "/a%2Fb", "/{x}", 200}, {"DELETE", "/nowhere/at/all", "", 404},
  };
  for (int turn = 0; turn < 2; ++turn) {
    router r;
    for (auto const& pattern : patterns) r.add("GET", pattern, [pattern](request const&) { return text(pattern); });
    for (auto const& row : table) {
      request asked;
      asked.method = row.method;
      asked.path = asked.target = row.path;
      INFO(row.method + " " + row.path + " turn " + std::to_string(turn));
      auto const got = r.answer(asked);
      CHECK(got.status == row.status);
      if (row.status == 200) CHECK(got.body == row.pattern);
      if (row.status == 405) CHECK(got.headers.get("Allow").find("GET") != std::string_view::npos);
    }
    std::reverse(patterns.begin(), patterns.end());
  }
}

TEST_CASE("addresses are taken apart or refused") {
  struct address {
    std::string text, authority, target;
  };
  std::vector<address> const table{
      {"http://x", "x", "/"},
      {"https://x:443/a", "x", "/a"},
      {"https://x:8443/a?b=c", "x:8443", "/a?b=c"},
      {"http://[::1]:80/", "[::1]", "/"},
      {"http://x?y=1", "x", "/?y=1"},
      {"http://x/a#part", "x", "/a"},
  };
  for (auto const& row : table) {
    auto const read = parse_url(row.text);
    INFO(row.text);
    REQUIRE(read);
    CHECK(read->authority() == row.authority);
    CHECK(read->target == row.target);
  }
  for (std::string const bad : {"", "x", "/a", "ftp://x/", "http://", "http:///a", "http://u:p@x/", "http://x:0/",
                                "http://x:65536/", "http://x:a/", "http://[::1/", "http://x y/", "http://x/\r\nA: b"}) {
    INFO(bad);
    CHECK_FALSE(parse_url(bad));
  }
}
