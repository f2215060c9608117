// What a back end writes when it hands a message over.
#include "node/api/submission_words.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::node::api;

namespace {

std::string const related_type = "multipart/related; boundary=B; type=\"application/json\"";

std::string body_of(std::string const& json, std::vector<std::string> const& parts) {
  auto body = "--B\r\nContent-Type: application/json\r\n\r\n" + json + "\r\n";
  for (auto const& part : parts) body += "--B\r\n" + part + "\r\n";
  return body + "--B--\r\n";
}

std::string said(std::string const& type, std::string const& body) {
  memory_source const source(body);
  auto const read = read_submitted(type, source);
  if (read) return "read";
  std::string all;
  for (auto const& one : read.error()) all += (all.empty() ? "" : "; ") + one.code + " " + one.where;
  return all;
}

}  // namespace

TEST_CASE("a message alone is JSON; with payloads it is the first part") {
  std::string const alone = R"({"pmode": "P", "action": "A", "message_id": "m@x", "conversation_id": "c",
    "ref_to_message_id": "r@x", "properties": [{"name": "n", "value": "v"}, {"name": "o", "value": "w", "type": "t"}]})";
  memory_source const source(alone);
  auto const read = read_submitted("application/json; charset=utf-8", source);
  REQUIRE(read);
  auto const& message = read->message;
  CHECK(message.pmode_id == "P");
  CHECK(message.action == "A");
  CHECK(message.message_id == "m@x");
  CHECK(message.conversation_id == "c");
  CHECK(message.ref_to_message_id == "r@x");
  CHECK(message.properties == std::vector<edelivery::message_property>{{"n", "v", ""}, {"o", "w", "t"}});
  CHECK(message.parts.empty());

  auto const whole = body_of(
      R"({"pmode": "P", "parts": [{"content_id": "b", "character_set": "utf-8", "properties": [{"name": "n", "value": "v"}]},
          {"content_id": "a", "mime_type": "application/xml"}]})",
      {"Content-Type: text/plain; charset=latin1\r\nContent-ID: <a>\r\n\r\none",
       "Content-ID: <b>\r\nContent-Type: TEXT/CSV\r\nContent-Transfer-Encoding: base64\r\n\r\ndHdv", "\r\nthree"});
  memory_source const several(whole);
  auto const parts = read_submitted(related_type, several);
  REQUIRE(parts);
  REQUIRE(parts->message.parts.size() == 3);
  auto const text = [&](std::size_t n) {
    string_sink all;
    REQUIRE(each_piece(*parts->message.parts[n].bytes, [&](auto piece) { return all.add(piece); }));
    return all.text;
  };
  CHECK(text(0) == "one");
  CHECK(text(1) == "two");
  CHECK(text(2) == "three");
  CHECK(parts->message.parts[0].mime_type == "application/xml");
  CHECK(parts->message.parts[1].mime_type == "text/csv");
  CHECK(parts->message.parts[1].character_set == "utf-8");
  CHECK(parts->message.parts[1].properties.at(0).name == "n");
  CHECK(parts->message.parts[2].mime_type == "application/octet-stream");
}

TEST_CASE("what cannot be read is named with its place") {
  auto const part = std::string("Content-ID: <a>\r\n\r\nx");
  struct {
    std::string type, body, said;
  } const cases[] = {
      {"text/plain", "{}", "api.media_type Content-Type"},
      {"application/json", "[]", "api.json "},
      {"application/json", "{\n \"pmode\": }", "api.json line 2, column 11"},
      {"application/json", std::string(100, '['), "api.json "},
      {"application/json", "{}", "api.json /pmode"},
      {"application/json", R"({"pmode": 7, "prpoerties": []})",
       "api.json /pmode; api.json /pmode; api.json /prpoerties"},
      {"application/json", R"({"pmode": "P", "properties": {"a": 1}})", "api.json /properties"},
      {"application/json", R"({"pmode": "P", "properties": [5, {"name": 1, "val": ""}]})",
       "api.json /properties/0; api.json /properties/1/name; api.json /properties/1/val"},
      {"application/json", R"({"pmode": "P", "parts": [{"content_id": "a"}]})", "api.json /parts/0/content_id"},
      {related_type, body_of(R"({"pmode": "P", "parts": [{}]})", {part}), "api.json /parts/0/content_id"},
      {related_type,
       body_of(R"({"pmode": "P", "parts": [{"content_id": "a", "character_set": "x"}, {"content_id": "a"}]})", {part}),
       "api.json /parts/1/content_id"},
      {related_type, body_of("{}", {part, part}), "edelivery.mime.duplicate_content_id MIME body"},
      {related_type, "--B\r\n\r\n{}", "edelivery.mime.truncated MIME body"},
      {related_type, body_of(R"({"pmode": "P"})", std::vector<std::string>(200, "\r\nx")),
       "edelivery.mime.too_many_parts MIME body"},
      {related_type, body_of("{\"pmode\": \"" + std::string(300'000, 'x') + "\"}", {}),
       "edelivery.mime.too_large MIME body"},
  };
  for (auto const& [type, body, wanted] : cases) {
    INFO(body.substr(0, 300));
    CHECK(said(type, body) == wanted);
  }
}

TEST_CASE("a form is refused with what to send instead") {
  memory_source const form(
      std::string_view("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{}\r\n--B--\r\n"));
  auto const read = read_submitted("multipart/form-data; boundary=B", form);
  REQUIRE_FALSE(read);
  CHECK(read.error().front().code == "api.media_type");
  CHECK(read.error().front().mend.find("multipart/related; boundary=..; type=\"application/json\": the JSON first") !=
        std::string::npos);
}

TEST_CASE("a small message cannot make a large report") {
  std::string parts;
  for (int n = 0; n < 60'000; ++n) parts += n == 0 ? "1" : ",1";
  auto const body = R"({"pmode": "P", "parts": [)" + parts + "]}";
  auto const read = read_submitted("application/json", memory_source(body));
  REQUIRE_FALSE(read);
  CHECK(read.error().size() == 100);
}

TEST_CASE("a member of no known name is told with the one that was meant, at every level") {
  struct {
    char const *body, *mend;
  } const cases[] = {
      {R"({"pmode": "P", "actoin": "x"})",
       "did you mean action? the members are pmode, action, message_id, conversation_id, ref_to_message_id, "
       "properties, parts"},
      {R"({"pmode": "P", "nation": "x"})",
       "the members are pmode, action, message_id, conversation_id, ref_to_message_id, properties, parts"},
      {R"({"pmode": "P", "properties": [{"nmae": "x"}]})", "did you mean name? the members are name, value, type"},
  };
  for (auto const& [body, mend] : cases) {
    INFO(body);
    memory_source const source{std::string_view(body)};
    auto const read = read_submitted("application/json", source);
    REQUIRE_FALSE(read);
    REQUIRE(read.error().size() == 1);
    CHECK(read.error()[0].mend == mend);
  }
}
