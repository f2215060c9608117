// The published schema and the reader know the same keys.
#include <algorithm>
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

TEST_CASE("the published schema demands of a P-Mode what every reader demands, and describes what one alone demands") {
  auto const demanded = [](spoken_by whose) {
    std::set<std::string> names;
    auto const book = read_pmodes(R"({"pmodes": [{}]})", [](std::string const&) { return std::string{}; }, whose);
    REQUIRE_FALSE(book);
    for (auto const& each : book.error())
      if (each.code == "edelivery.pmode.missing" && std::ranges::count(each.where, '/') == 3) names.insert(each.where);
    return names;
  };
  auto const mode = json::parse(pmode_schema()).at("$defs").at("pmode");
  std::set<std::string> required;
  for (auto const& name : mode.at("required")) required.insert("/pmodes/0/" + name.get<std::string>());
  CHECK(demanded(spoken_by::another) == required);
  auto const own = json::parse(pmode_schema()).at("$defs").at("own_pmode");
  CHECK(own.at("required") == json::array({"certificates"}));
  auto by_this_node = demanded(spoken_by::this_node);
  for (std::string const name : {"certificates", "address"}) {
    INFO(name);
    CHECK(by_this_node.erase("/pmodes/0/" + name) == 1);
    CHECK(mode.at("properties").at(name).at("description").get<std::string>().find("Domibus") != std::string::npos);
  }
}

TEST_CASE("a misspelt key is told the one that was meant, another the keys that are known") {
  auto const mend_of = [](std::string const& text, std::string const& place) {
    auto const book = read_pmodes(text, [](std::string const&) { return std::string{}; });
    REQUIRE_FALSE(book);
    for (auto const& each : book.error())
      if (each.where == place) return each.mend;
    return std::string{"nothing"};
  };
  CHECK(mend_of(R"({"pmodes": [{"adress": "x"}]})", "/pmodes/0/adress") == "did you mean \"address\"?");
  CHECK(mend_of(R"({"pmodes": [{"us": {"idd": "x"}}]})", "/pmodes/0/us/idd") == "did you mean \"id\"?");
  CHECK(mend_of(R"({"pmodes": [{"us": {"colour": "x"}}]})", "/pmodes/0/us/colour") ==
        "remove it, or use one of: id, type");
}

TEST_CASE("a certificate that is not there is told with the path that was tried") {
  json const file{{"pmodes", {{{"certificates", {{"partner_signing", {"keys/sign.pem"}}}}}}}};
  auto const told = [&](read_certificate_file const& from) {
    auto const book = read_pmodes(file.dump(), from);
    for (auto const& each : book.error())
      if (each.code == "edelivery.pmode.certificate") return each.detail;
    return std::string{"nothing"};
  };
  std::string const begin = "the certificate \"keys/sign.pem\" cannot be read";
  CHECK(told([](auto const& path) -> result<std::string> { return problem{"x", "", "/etc/node/" + path, ""}; }) ==
        begin + ": there is no readable file /etc/node/keys/sign.pem");
  CHECK(told([](auto const& path) -> result<std::string> { return problem{"x", "", path, ""}; }) == begin);
  CHECK(told([](auto const&) -> result<std::string> { return "no certificate"; }) == begin);
}

TEST_CASE("what is no JSON is told with its line, in a file of any shape") {
  auto const place_of = [](std::string const& text) {
    auto const book = read_pmodes(text, [](std::string const&) { return std::string{}; });
    REQUIRE_FALSE(book);
    CHECK(book.error().size() == 1);
    CHECK(book.error().front().code == "edelivery.pmode.json");
    return book.error().front().where;
  };
  CHECK(place_of("{\n  \"pmodes\": [\n    {\"id\": \"a\",, }\n]}") == "line 3, column 16");
  CHECK(place_of("").starts_with("line 1, "));
  CHECK(place_of("{} x").starts_with("line 1, "));
  CHECK(place_of("\"\xff\"").starts_with("line 1, "));
  CHECK(place_of(R"({"pmodes": 1e999999})").empty());
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
  CHECK(refused.error().mend ==
        "give the message this property; its value is the id of who sends, behind the sender's access point");
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
    if (!packed)
      CHECK(
          packed.error().mend ==
          R"(write the properties originalSender "C1" and finalRecipient "C4", as four_corners of the P-Mode has them)");
    auto free = ours;
    free.four_corners.reset();
    auto const wire = seal(pack(message, free, us.point, noon()).value(), free, noon());
    auto const seen = open_message(wire->content_type, wire->body, pmode_book{{theirs}}, them.point, noon());
    CHECK(seen.has_value() == one.good);
    if (!seen) CHECK(seen.error().code == "EBMS:0010");
    if (!seen) CHECK(seen.error().diagnosis.mend == "give the message the corners of four_corners");
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
