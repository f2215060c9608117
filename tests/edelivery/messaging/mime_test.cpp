#include "edelivery/mime/multipart.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edelivery/mime/write_multipart.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace std::string_literals;

namespace {

constexpr char const* type = "multipart/related; boundary=b; type=\"application/soap+xml\"";

std::string soap_part(std::string const& id = "<root@x>") {
  return "--b\r\nContent-Type: application/soap+xml\r\n" + (id.empty() ? "" : "Content-ID: " + id + "\r\n") +
         "\r\n<soap/>\r\n";
}

std::string part(std::string const& id, std::string const& body, std::string const& more = {}) {
  return "--b\r\nContent-Type: application/gzip\r\nContent-ID: <" + id + ">\r\n" + more + "\r\n" + body + "\r\n";
}

std::string const end = "--b--\r\n";

// Bodies outlive what points into them.
std::string_view kept_body(std::string body) {
  static std::deque<std::string> all;
  return all.emplace_back(std::move(body));
}

std::string code_of_mime(std::string const& content_type, std::string const& body, mime_limits const& limits = {}) {
  auto const parsed = parse_mime(content_type, body, limits);
  return parsed ? "accepted" : parsed.error().code;
}

}  // namespace

TEST_CASE("a body is taken apart into root and parts, in order") {
  auto const body = soap_part() + part("one@x", "1") + part("two@x", "22") + end;

  auto const parsed = parse_mime(type, body);

  REQUIRE(parsed);
  CHECK(parsed->root.body == "<soap/>");
  CHECK(parsed->root.content_id == "root@x");
  REQUIRE(parsed->parts.size() == 2);
  CHECK(parsed->parts[0].content_id == "one@x");
  CHECK(parsed->parts[0].media_type == "application/gzip");
  CHECK(parsed->parts[1].body == "22");
}

TEST_CASE("a bare SOAP body is a message without parts") {
  for (std::string const spelling : {"application/soap+xml", "application/soap+xml;charset=UTF-8",
                                     "Application/SOAP+XML ; charset=\"utf-8\";", "application/soap+xml; action=x"}) {
    auto const parsed = parse_mime(spelling, "<soap/>");
    REQUIRE(parsed);
    CHECK(parsed->root.body == "<soap/>");
    CHECK(parsed->parts.empty());
  }
}

TEST_CASE("what peers do differently is accepted") {
  SECTION("no start, root without Content-ID") {
    auto const parsed = parse_mime(type, kept_body(soap_part("") + part("one@x", "1") + end));
    REQUIRE(parsed);
    CHECK(parsed->root.body == "<soap/>");
  }
  SECTION("start names a part that is not the first") {
    auto const parsed =
        parse_mime(std::string{type} + "; start=\"<root@x>\"", kept_body(part("one@x", "1") + soap_part() + end));
    REQUIRE(parsed);
    CHECK(parsed->root.body == "<soap/>");
    CHECK(parsed->parts.front().content_id == "one@x");
  }
  SECTION("preamble and epilogue") {
    auto const parsed = parse_mime(type, kept_body("this is MIME\r\n\r\n" + soap_part() + end + "goodbye --b\r\n"));
    REQUIRE(parsed);
    CHECK(parsed->root.body == "<soap/>");
  }
  SECTION("folded headers and odd case") {
    auto const body =
        "--b\r\ncontent-type: application/soap+xml;\r\n\tcharset=utf-8\r\nCONTENT-ID:\r\n <root@x>\r\n\r\n<soap/>\r\n" +
        end;
    auto const parsed = parse_mime(type, body);
    REQUIRE(parsed);
    CHECK(parsed->root.content_id == "root@x");
  }
  SECTION("LF line ends") {
    auto const parsed = parse_mime(type, "--b\nContent-Type: application/soap+xml\n\n<soap/>\n--b--\n");
    REQUIRE(parsed);
    CHECK(parsed->root.body == "<soap/>");
  }
  SECTION("blanks after the boundary, none at the end of the body") {
    auto const parsed = parse_mime(type, "--b  \r\nContent-Type: application/soap+xml\r\n\r\n<soap/>\r\n--b--");
    REQUIRE(parsed);
    CHECK(parsed->root.body == "<soap/>");
  }
  SECTION("a boundary of 70 characters, quoted, with other parameters around") {
    std::string const boundary(70, 'x');
    auto const parsed =
        parse_mime("multipart/related; start-info=\"a;b\"; boundary=\"" + boundary + "\" ; charset=utf-8",
                   kept_body("--" + boundary + "\r\n\r\n<soap/>\r\n--" + boundary + "--"));
    REQUIRE(parsed);
    CHECK(parsed->root.body == "<soap/>");
  }
}

TEST_CASE("transfer encodings are undone") {
  auto const encoded = [](std::string const& how, std::string const& body) {
    auto const parsed = parse_mime(
        type, kept_body(soap_part() + part("one@x", body, "Content-Transfer-Encoding: " + how + "\r\n") + end));
    return parsed ? std::string{parsed->parts.front().body} : parsed.error().code;
  };

  CHECK(encoded("binary", "a=3D") == "a=3D");
  CHECK(encoded("8bit", "\xff\x01") == "\xff\x01");
  CHECK(encoded("BASE64", "aGVs\r\nbG8=") == "hello");
  CHECK(encoded("quoted-printable", "a=3Db=\r\nc=c3=A9") == "a=bc\xc3\xa9");
  CHECK(encoded("base64", "!!") == "edelivery.mime.transfer_encoding");
  CHECK(encoded("quoted-printable", "=G1") == "edelivery.mime.transfer_encoding");
  CHECK(encoded("quoted-printable", "=4") == "edelivery.mime.transfer_encoding");
  CHECK(encoded("x-uuencode", "a") == "edelivery.mime.transfer_encoding");
}

TEST_CASE("a boundary inside a part is content unless it fills its line start") {
  auto const body = soap_part() + part("one@x", "a--b\r\n--bc\r\n --b\r\nz") + end;

  auto const parsed = parse_mime(type, body);

  REQUIRE(parsed);
  CHECK(parsed->parts.front().body == "a--b\r\n--bc\r\n --b\r\nz");
}

TEST_CASE("empty parts and parts that end in line breaks keep their bytes") {
  auto const parsed = parse_mime(type, kept_body(soap_part() + part("one@x", "") + part("two@x", "x\r\n\r\n") + end));

  REQUIRE(parsed);
  CHECK(parsed->parts[0].body.empty());
  CHECK(parsed->parts[1].body == "x\r\n\r\n");
}

TEST_CASE("damaged packaging is refused and named") {
  struct example {
    std::string name;
    std::string content_type;
    std::string body;
    std::string code;
  };
  std::vector<example> const examples{
      {"no content type", "", "x", "edelivery.mime.content_type"},
      {"half a type", "multipart", "x", "edelivery.mime.content_type"},
      {"no subtype", "multipart/; boundary=b", "x", "edelivery.mime.content_type"},
      {"open quote", "multipart/related; boundary=\"b", "x", "edelivery.mime.content_type"},
      {"parameter twice", "multipart/related; boundary=a; boundary=b", "x", "edelivery.mime.content_type"},
      {"parameter without value", "multipart/related; boundary", "x", "edelivery.mime.content_type"},
      {"junk after the type", "multipart/related boundary=b", "x", "edelivery.mime.content_type"},
      {"endless type", "multipart/related; a=" + std::string(5000, 'x'), "x", "edelivery.mime.content_type"},
      {"HTML", "text/html", "<html/>", "edelivery.mime.not_soap"},
      {"SOAP 1.1", "text/xml", "<soap/>", "edelivery.mime.not_soap"},
      {"root of another type", type, part("one@x", "1") + end, "edelivery.mime.not_soap"},
      {"no boundary named", "multipart/related", "--b--", "edelivery.mime.boundary"},
      {"boundary too long", "multipart/related; boundary=" + std::string(71, 'b'), "x", "edelivery.mime.boundary"},
      {"boundary not there", type, "nothing", "edelivery.mime.boundary"},
      {"empty body", type, "", "edelivery.mime.boundary"},
      {"no closing boundary", type, soap_part() + part("one@x", "1"), "edelivery.mime.truncated"},
      {"cut inside a part", type, soap_part() + "--b\r\nContent-", "edelivery.mime.truncated"},
      {"no parts", type, end, "edelivery.mime.no_parts"},
      {"two parts of one name", type, soap_part() + part("a@x", "1") + part("a@x", "2") + end,
       "edelivery.mime.duplicate_content_id"},
      {"nested", type, "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\nx\r\n" + end, "edelivery.mime.nested"},
      {"start names nothing", std::string{type} + "; start=\"<other@x>\"", soap_part() + end, "edelivery.mime.start"},
      {"header without colon", type, "--b\r\nnonsense\r\n\r\nx\r\n" + end, "edelivery.mime.headers"},
      {"no empty line", type, "--b\r\nContent-Type: a/b\r\n" + end, "edelivery.mime.headers"},
      {"header twice", type, "--b\r\nContent-ID: <a@x>\r\nContent-ID: <b@x>\r\n\r\nx\r\n" + end,
       "edelivery.mime.headers"},
      {"NUL in a header", type, "--b\r\nContent-ID: <a\0@x>\r\n\r\nx\r\n"s + end, "edelivery.mime.headers"},
      {"unreadable type of a part", type, "--b\r\nContent-Type: ;\r\n\r\nx\r\n" + end, "edelivery.mime.content_type"},
  };
  for (auto const& each : examples) {
    INFO(each.name);
    CHECK(code_of_mime(each.content_type, each.body) == each.code);
  }
}

TEST_CASE("every limit is one byte or one part wide") {
  auto const body = soap_part() + part("one@x", "1") + end;

  CHECK(code_of_mime(type, body, {.bytes = body.size()}) == "accepted");
  CHECK(code_of_mime(type, body, {.bytes = body.size() - 1}) == "edelivery.mime.too_large");
  CHECK(code_of_mime(type, body, {.parts = 2}) == "accepted");
  CHECK(code_of_mime(type, body, {.parts = 1}) == "edelivery.mime.too_many_parts");
  CHECK(code_of_mime(type, body, {.header_bytes = 64}) == "accepted");
  CHECK(code_of_mime(type, body, {.header_bytes = 40}) == "edelivery.mime.headers");
  CHECK(code_of_mime(type, body, {.boundary = 0}) == "edelivery.mime.boundary");
}

TEST_CASE("a million empty parts cost no more than the limit of parts") {
  std::string body;
  for (int i = 0; i < 1'000'000; ++i) body += "--b\r\n\r\n\r\n";

  CHECK(code_of_mime(type, body + end) == "edelivery.mime.too_many_parts");
}

TEST_CASE("every cut of a body is refused or is still the whole message") {
  auto const body = soap_part() + part("one@x", "1") + end;
  auto const whole = body.rfind("--b--") + 5;
  for (std::size_t length = 0; length < body.size(); ++length) {
    std::string const cut{body, 0, length};
    INFO(length);
    CHECK((code_of_mime(type, cut) == "accepted") == (length >= whole));
  }
}

TEST_CASE("what is written is read back") {
  std::string const binary{"\0\r\n--x\xff\r\n", 9};
  auto const written = write_mime("<soap/>", {{"a-1.x_y@z", "application/gzip", binary}, {"b@z", "text/plain", ""}});

  REQUIRE(written);
  auto const parsed = parse_mime(written->content_type, written->body);
  REQUIRE(parsed);
  CHECK(parsed->root.body == "<soap/>");
  REQUIRE(parsed->parts.size() == 2);
  CHECK(parsed->parts[0].body == binary);
  CHECK(parsed->parts[0].content_id == "a-1.x_y@z");
  CHECK(parsed->parts[1].media_type == "text/plain");
}

TEST_CASE("a message without parts is written as bare SOAP") {
  auto const written = write_mime("<soap/>", {});

  REQUIRE(written);
  CHECK(written->content_type == "application/soap+xml;charset=UTF-8");
  CHECK(written->body == "<soap/>");
}

TEST_CASE("names that a peer could misread are not written") {
  for (std::string const id : {"", "a+b@x", "a b@x", "a/b@x", "<a@x>", "a\r\nb", "é@x"}) {
    INFO(id);
    CHECK_FALSE(is_safe_content_id(id));
    CHECK_FALSE(write_mime("<soap/>", {{id, "a/b", ""}}));
  }
}
