// Raw MIME bodies from the file beside this one.
#include "case_file.hpp"
#include "edelivery/mime/multipart.hpp"

using namespace ehds;
using namespace ehds::edelivery;

namespace {

std::string shown(mime_part const& part) {
  std::string body;
  for (char const c : part.body) {
    if (c == '\r') {
      body += "\\r";
    } else if (c == '\n') {
      body += "\\n";
    } else if (c == '\0') {
      body += "\\0";
    } else {
      body += c;
    }
  }
  return part.content_id + " " + part.media_type + " " + body + "\n";
}

}  // namespace

TEST_CASE("every raw MIME body comes apart as written down, or is refused with its code") {
  for (auto const& c : ehds::tests::read_cases(EHDS_TEST_DIR "/mime.cases")) {
    INFO(c.title + " (line " + std::to_string(c.line) + ")");
    auto const body = ehds::tests::unescaped(c.text("body"));
    auto const message = parse_mime(c.line_of("type"), std::string_view{body});
    if (c.has("problem")) {
      CHECK((message ? "accepted" : message.error().code) == "edelivery.mime." + c.line_of("problem"));
      continue;
    }
    if (!message) FAIL_CHECK(to_text(message.error()));
    if (!message) continue;
    auto parts = shown(message->root);
    for (auto const& part : message->parts) parts += shown(part);
    CHECK(parts == c.text("parts"));
  }
}
