// The published schema and the reader know the same keys.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "edelivery/message/open.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/pmode/read_pmodes.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;
using nlohmann::json;

namespace {

// "remove it, or use one of: a, b" as the reader says it of an unknown key at this place.
std::set<std::string> known_to_reader(json::json_pointer const& place) {
  json file{{"pmodes", json::array({json::object()})}};
  file[place]["unknown"] = 1;
  auto const book = read_pmodes(file.dump(), [](std::string const&) { return eu_keys().cert.pem(); });
  REQUIRE_FALSE(book);
  std::set<std::string> names;
  for (auto const& each : book.error()) {
    if (each.where != (place / "unknown").to_string()) continue;
    auto rest = each.mend.substr(each.mend.find(": ") + 2) + ", ";
    for (auto at = rest.find(", "); at != std::string::npos; at = rest.find(", ")) {
      names.insert(rest.substr(0, at));
      rest.erase(0, at + 2);
    }
  }
  return names;
}

std::set<std::string> known_to_schema(json const& object) {
  std::set<std::string> names;
  for (auto const& [key, value] : object.at("properties").items()) names.insert(key);
  return names;
}

}  // namespace

TEST_CASE("the published schema names exactly the keys that the reader takes") {
  auto const schema = json::parse(pmode_schema());
  auto const& mode = schema.at("$defs").at("pmode");
  CHECK(known_to_schema(schema) == known_to_reader(json::json_pointer{""}));
  CHECK(known_to_schema(mode) == known_to_reader(json::json_pointer{"/pmodes/0"}));
  for (auto const& [key, value] : mode.at("properties").items()) {
    if (!value.contains("properties")) continue;
    INFO(key);
    CHECK(value.at("additionalProperties") == false);
    CHECK(known_to_schema(value) == known_to_reader(json::json_pointer{"/pmodes/0/" + key}));
  }
  json::json_pointer const publisher{"/properties/discovery/properties/publisher"};
  CHECK(known_to_schema(mode.at(publisher)) == known_to_reader(json::json_pointer{"/pmodes/0/discovery/publisher"}));
  json::json_pointer const revocation{"/pmodes/0/certificates/revocation"};
  CHECK(known_to_schema(schema.at("$defs").at("revocation")) == known_to_reader(revocation));
  CHECK(known_to_schema(schema.at("$defs").at("party")) == known_to_reader(json::json_pointer{"/pmodes/0/us"}));
}

TEST_CASE("the published schema lists the profiles and the key references that the reader takes") {
  auto const security =
      json::parse(pmode_schema()).at("$defs").at("pmode").at("properties").at("security").at("properties");
  CHECK(security.at("profile").at("enum") == json(security_profile_ids()));
  for (std::string const key : {"profile", "signing_token", "encryption_token"}) {
    for (auto const& word : security.at(key).at("enum")) {
      json const file{{"pmodes", {{{"security", {{key, word}}}}}}};
      auto const book = read_pmodes(file.dump(), [](std::string const&) { return eu_keys().cert.pem(); });
      REQUIRE_FALSE(book);
      for (auto const& each : book.error()) CHECK(each.where != "/pmodes/0/security/" + key);
    }
  }
}

TEST_CASE("a file of P-Modes is bounded in size, depth and repetition") {
  auto const code_of = [](std::string const& text) {
    auto const book = read_pmodes(text, [](std::string const&) { return eu_keys().cert.pem(); });
    return book ? std::string{"accepted"} : book.error().front().code + " " + book.error().front().detail;
  };
  using Catch::Matchers::Contains;
  CHECK_THAT(code_of(std::string(17 * 1024 * 1024, ' ')), Contains("16 MiB"));
  CHECK_THAT(code_of(std::string(1'000'000, '[')), Contains("16 levels"));
  CHECK_THAT(code_of(R"({"pmodes": [], "pmodes": []})"), Contains("\"pmodes\" stands in one object twice"));
  CHECK_THAT(code_of("{"), Contains("not readable JSON"));
  CHECK(code_of(R"(/* none yet */ {"$schema": "pmode.schema.json", "pmodes": []})") == "accepted");
}

TEST_CASE("required properties bind what we send and what we take") {
  auto us = fr();
  auto them = eu();
  auto ours = us.mode();
  ours.required_properties = {"originalSender", "finalRecipient"};
  auto theirs = them.mode();
  theirs.required_properties = {"originalSender", "trackingIdentifier"};

  outgoing_message bare{.action = "createDataset"};
  auto const refused = pack(bare, ours, us.point, noon());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "edelivery.pmode.property");
  CHECK(pack_test(ours, us.point, noon()));

  auto const packed = pack(two_payloads(), ours, us.point, noon());
  REQUIRE(packed);
  auto const wire = seal(*packed, ours, noon());
  auto const seen = open_message(wire->content_type, wire->body, pmode_book{{theirs}}, them.point, noon());
  REQUIRE_FALSE(seen);
  CHECK(seen.error().code == "EBMS:0010");
  CHECK(seen.error().diagnosis.detail.find("trackingIdentifier") != std::string::npos);
  theirs.required_properties.pop_back();
  CHECK(open_message(wire->content_type, wire->body, pmode_book{{theirs}}, them.point, noon()));
}

TEST_CASE("four corners are agreed in the P-Mode: ours and theirs when we send, the other way round when we receive") {
  struct row {
    char const* what;
    std::vector<message_property> given;
    bool good;
  };
  auto us = fr();
  auto them = eu();
  auto ours = us.mode();
  ours.four_corners = corner_names{"C1", "C4"};
  auto theirs = them.mode();
  theirs.four_corners = corner_names{"C4", "C1"};
  for (auto const& one : std::vector<row>{
           {"as agreed", {{"originalSender", "C1", ""}, {"finalRecipient", "C4", ""}}, true},
           {"with more", {{"x", "y", ""}, {"finalRecipient", "C4", ""}, {"originalSender", "C1", "t"}}, true},
           {"none", {}, false},
           {"half", {{"originalSender", "C1", ""}}, false},
           {"another recipient", {{"originalSender", "C1", ""}, {"finalRecipient", "C5", ""}}, false},
           {"another sender", {{"originalSender", "c1", ""}, {"finalRecipient", "C4", ""}}, false},
           {"turned round", {{"originalSender", "C4", ""}, {"finalRecipient", "C1", ""}}, false},
       }) {
    CAPTURE(one.what);
    auto message = two_payloads();
    message.properties = one.given;
    auto const packed = pack(message, ours, us.point, noon());
    CHECK(packed.has_value() == one.good);
    auto free = ours;
    free.four_corners.reset();
    auto const wire = seal(pack(message, free, us.point, noon()).value(), free, noon());
    auto const seen = open_message(wire->content_type, wire->body, pmode_book{{theirs}}, them.point, noon());
    CHECK(seen.has_value() == one.good);
    if (!seen) CHECK(seen.error().code == "EBMS:0010");
  }
  CHECK(pack_test(ours, us.point, noon()));
}

TEST_CASE("meanings of a partner's errors are codes, each in one list") {
  auto const told = [](json const& meanings) {
    json const file{{"pmodes", {{{"partner_errors", meanings}}}}};
    auto const book = read_pmodes(file.dump(), [](std::string const&) { return eu_keys().cert.pem(); });
    std::string all;
    for (auto const& each : book.error())
      if (each.where.find("partner_errors") != std::string::npos) all += each.where.substr(9) + " ";
    return all;
  };
  CHECK(told({{"later", {"EBMS:0003"}}, {"already_received", {"EBMS:0004", "EBMS:4001"}}}).empty());
  CHECK(told(json::object()).empty());
  CHECK(told({{"later", {"0003"}}}) == "/partner_errors/later ");
  CHECK(told({{"later", {"EBMS:00030"}}}) == "/partner_errors/later ");
  CHECK(told({{"already_received", {"EBMS:000x"}}}) == "/partner_errors/already_received ");
  CHECK(told({{"already_received", {""}}}) == "/partner_errors/already_received ");
  CHECK(told({{"later", {"EBMS:0004"}}, {"already_received", {"EBMS:0004"}}}) == "/partner_errors/later ");
}
