#include "edelivery/security/attachment.hpp"

#include "base/bytes.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::edelivery;

TEST_CASE("what is digested of a payload depends on its media type") {
  struct rule {
    char const* mime_type;
    char const* body;
    char const* digested;
  };
  static constexpr rule rules[] = {
      {"application/gzip", "a\nb", "a\nb"},
      {"application/json", "{\n}", "{\n}"},
      {"", "a\nb", "a\nb"},
      {"text/plain", "", ""},
      {"text/plain", "a\nb", "a\r\nb"},
      {"text/plain", "a\r\nb", "a\r\nb"},
      {"text/plain", "a\rb", "a\r\nb"},
      {"text/plain", "\n\r\r\n\n", "\r\n\r\n\r\n\r\n"},
      {"TEXT/Plain; charset=UTF-8", "a\n", "a\r\n"},
      {"text/csv", "a\r", "a\r\n"},
      {"text/xml", "<a  b='1'/>", "<a b=\"1\"></a>"},
      {"text/xml;charset=utf-8", "<a/>", "<a></a>"},
      {"application/xml", "<?xml version='1.0'?>\n<a>\n</a>\n", "<a>\n</a>"},
      {"application/rdf+xml", "<a><!-- c --></a>", "<a></a>"},
      {"image/svg+xml", "<a/>", "<a></a>"},
      {"text/turtle+xml", "<a/>\n", "<a/>\r\n"},
      {"application/xml", "<?p q?><a/>", "<?p q?>\n<a></a>"},
      {"application/xml-dtd", "<a/>", "<a/>"},
  };
  for (auto const& each : rules) {
    INFO(each.mime_type << " " << each.body);
    CHECK(attachment_digest(each.mime_type, each.body).value() == sha256(each.digested));
  }
}

TEST_CASE("a part that claims to be XML and cannot be read as such has no digest") {
  for (auto const* body :
       {"", "{}", "<a>", "<!DOCTYPE a><a/>", "<a>&b;</a>", "<?xml version='1.0' encoding='latin1'?><a/>"}) {
    INFO(body);
    auto const digest = attachment_digest("application/xml", body);
    REQUIRE_FALSE(digest);
    CHECK(digest.error().code == "edelivery.policy.payload_xml");
    CHECK_FALSE(digest.error().mend.empty());
  }
}

TEST_CASE("a large XML payload is canonicalised, a deep one is refused") {
  std::string large = "<a>";
  for (int i = 0; i < 50'000; ++i) large += "<row n='" + std::to_string(i) + "'/>";
  CHECK(attachment_digest("text/xml", large + "</a>"));
  std::string deep;
  for (int i = 0; i < 300; ++i) deep += "<a>";
  for (int i = 0; i < 300; ++i) deep += "</a>";
  CHECK_FALSE(attachment_digest("text/xml", deep));
}
