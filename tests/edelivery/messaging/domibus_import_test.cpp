// P-Modes out of a Domibus configuration: what comes over, what is listed, what is refused.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/pmode/import_domibus.hpp"
#include "edelivery/pmode/read_pmodes.hpp"
#include "shared_samples.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;
using nlohmann::json;

namespace {

std::string text_of(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string small() { return text_of(EHDS_SOURCE_DIR "/tests/fuzz/corpus/domibus_pmode/small.xml"); }

std::string replaced(std::string text, std::string const& from, std::string const& to) {
  auto const at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string codes(problems const& found) {
  std::string all;
  for (auto const& each : found) {
    CHECK_FALSE(each.detail.empty());
    CHECK_FALSE(each.mend.empty());
    CHECK_FALSE(each.where.empty());
    all += each.code.substr(std::string{"edelivery.pmode.import."}.size()) + " ";
  }
  return all;
}

struct import_outcome {
  json modes;
  std::string told;
};

import_outcome import(std::string const& xml, std::string const& party = {}) {
  auto const made = import_domibus(xml, party);
  REQUIRE(made);
  auto modes = json::parse(made->json).at("pmodes");
  CHECK(modes.size() == made->count);
  return {modes, codes(made->not_carried)};
}

std::expected<pmode_book, problems> read_back(json const& modes) {
  return read_pmodes(json{{"pmodes", modes}}.dump(),
                     [](std::string const&) -> result<std::string> { return eu_keys().cert.pem(); });
}

}  // namespace

TEST_CASE("a process becomes a P-Mode with each partner, in our words") {
  auto const made = import(small());

  REQUIRE(made.modes.size() == 1);
  CHECK(made.modes[0] == json::parse(R"({
    "id": "x-r", "direction": "both", "us": {"id": "B", "type": "urn:t"}, "partner": {"id": "R", "type": "urn:t"},
    "agreement": {"value": "A"}, "service": {"value": "urn:v", "type": "tc"}, "actions": ["C"],
    "roles": {"initiator": "urn:i", "responder": "urn:i"}, "mpc": "urn:m", "address": "http://r/as4",
    "security": {"profile": "edelivery-1.15-rsa", "encryption": "required"},
    "certificates": {"partner_signing": ["r.pem"], "partner_encryption": "r.pem"}, "compress": true,
    "retry": {"max_attempts": 5, "initial_delay_seconds": 180, "factor": 1, "max_delay_seconds": 180}})"));
  CHECK(made.told == "certificate retention ");
  CHECK(read_back(made.modes));
}

TEST_CASE("the same file from the other side, by name or by identifier") {
  for (auto const* us : {"r", "R"}) {
    auto const made = import(small(), us);
    REQUIRE(made.modes.size() == 1);
    CHECK(made.modes[0].at("us").at("id") == "R");
    CHECK(made.modes[0].at("partner").at("id") == "B");
    CHECK(made.modes[0].at("address") == "http://b/as4");
  }
}

TEST_CASE("who may begin decides the direction") {
  auto const initiator = std::string{R"(<initiatorParty name="r"/>)"};
  auto const made = import(replaced(small(), initiator, ""));
  CHECK(made.modes[0].at("direction") == "send");
  CHECK(import(replaced(small(), initiator, ""), "r").modes[0].at("direction") == "receive");
  CHECK_FALSE(import(replaced(small(), initiator, ""), "r").modes[0].at("certificates").contains("partner_encryption"));
}

TEST_CASE("what has no place here is listed with its place and its mend") {
  struct row {
    std::string from, to, told;
    std::size_t modes;
  };
  for (auto const& each : std::vector<row>{
           {"CONSTANT", "PROGRESSIVE", "retry ", 1},
           {"12;4;CONSTANT", "12;4", "retry ", 1},
           {"12;4;CONSTANT", "0;0;CONSTANT", "retry ", 1},
           {"duplicateDetection=\"true\"", "duplicateDetection=\"false\"", "duplicates ", 1},
           {"nonRepudiation=\"true\"", "nonRepudiation=\"false\"", "receipts ", 1},
           {"replyPattern=\"response\"", "replyPattern=\"callback\"", "receipts ", 1},
           {"eDeliveryAS4Policy.xml", "doNothingPolicy.xml", "unsigned ", 0},
           {"RSA_SHA256", "RSA_SHA1", "algorithms ", 0},
           {"signatureMethod=", "profile=\"ECC\" signatureMethod=", "algorithms ", 0},
           {"eDeliveryAS4Policy.xml", "ourOwn.xml", "policy ", 1},
           {"urn:/push", "urn:/sync", "exchange_pattern ", 0},
           {"urn:/push", "urn:/pull", "certificate ", 2},
           {"mep=\"o\"", "mep=\"two\"", "dangling ", 0},
           {"urn:/oneWay", "urn:/twoWay", "exchange_pattern ", 0},
           {"<leg name=\"g\"/>", "<leg name=\"gone\"/>", "dangling ", 0},
           {"service=\"v\"", "service=\"gone\"", "dangling ", 0},
           {"initiatorRole=\"i\"", "initiatorRole=\"gone\"", "dangling ", 1},
           {"<initiatorParty name=\"r\"/>", "<initiatorParty name=\"gone\"/>", "dangling ", 1},
           {"endpoint=\"http://r/as4\"", "endpoint=\"jms:r\"", "address ", 1},
           {"endpoint=\"http://r/as4\"", "userName=\"u\" password=\"p\" endpoint=\"http://r/as4\"", "user_name ", 1},
           {"<identifier partyId=\"R\" partyIdType=\"t\"/>", "<identifier partyId=\"R\"/><identifier partyId=\"S\"/>",
            "identifiers ", 1},
           {"compressPayloads", "splitting=\"s\" compressPayloads", "splitting ", 1},
           {"value=\"urn:v\"", "value=\"http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/service\"",
            "test_service ", 0},
           {"<service name=\"v\"", "<service/><service name=\"v\"", "unnamed ", 1},
           {"<service name=\"v\"", "<service name=\"v\" value=\"urn:v\"/><service name=\"v\"", "twice ", 1},
       }) {
    auto const made = import(replaced(small(), each.from, each.to));
    INFO(each.from << " -> " << each.to << ": " << made.told);
    CHECK(made.told.find(each.told) != std::string::npos);
    CHECK(made.modes.size() == each.modes);
  }
}

TEST_CASE("a payload profile gives the parts their names, as far as they can be sent so") {
  auto const with = [](std::string const& payloads, std::string const& profile) {
    auto xml = replaced(small(), "<securities>",
                        "<payloadProfiles>" + payloads + "<payloadProfile name=\"f\" maxSize=\"1000\">" + profile +
                            "</payloadProfile></payloadProfiles><securities>");
    return import(replaced(xml, "compressPayloads", "payloadProfile=\"f\" compressPayloads")).modes.at(0);
  };
  auto const named = [](std::string const& name, std::string const& rest) {
    return "<payload name=\"" + name + "\" " + rest + "/>";
  };
  std::string const both = R"(<attachment name="one"/><attachment name="two"/>)";
  auto const full =
      with(named("one", R"(cid="cid:message" required="true")") + named("two", R"(cid="cid:attachment")"), both);
  CHECK(full.at("payload_names") == json::array({"message", "attachment"}));
  CHECK(read_back(json::array({full})));
  CHECK(with(named("one", R"(cid="cid:message")") + named("two", R"(cid="cid:x" inBody="true")"), both)
            .at("payload_names") == json::array({"message"}));
  CHECK(with(named("one", R"(cid="cid:message")") + named("two", R"(cid="cid:message")"), both).at("payload_names") ==
        json::array({"message"}));
  for (auto const* cid : {"", "cid=\"\"", "cid=\"cid:a b\"", "cid=\"cid:m\" inBody=\"true\""})
    CHECK_FALSE(with(named("one", cid), both).contains("payload_names"));
  CHECK_FALSE(with("", both).contains("payload_names"));
}

TEST_CASE("who pulls receives, from a channel of its own; the default channel cannot be pulled from") {
  auto const pull = replaced(replaced(small(), "urn:/push", "urn:/pull"), R"(<initiatorParty name="b"/>)", "");
  auto const theirs = import(pull);
  REQUIRE(theirs.modes.size() == 1);
  CHECK(theirs.modes[0].at("binding") == "pull");
  CHECK(theirs.modes[0].at("direction") == "send");
  CHECK(read_back(theirs.modes));
  auto const ours = import(pull, "r");
  REQUIRE(ours.modes.size() == 1);
  CHECK(ours.modes[0].at("direction") == "receive");
  auto const common = replaced(pull, "qualifiedName=\"urn:m\"", "qualifiedName=\"" + std::string{default_mpc} + "\"");
  CHECK(import(common).modes.empty());
  CHECK(import(common).told.starts_with("channel "));
}

TEST_CASE("the second leg of a two-way process goes the other way") {
  auto two = replaced(replaced(small(), "urn:/oneWay", "urn:/twoWay"), "urn:/push", "urn:/pushAndPush");
  two = replaced(two, R"(<initiatorParty name="r"/>)", "");
  two = replaced(two, R"(<responderParty name="b"/>)", "");
  auto const leg = two.find("<legConfiguration ");
  auto const end = two.find("/>", leg) + 2;
  two.insert(end, replaced(two.substr(leg, end - leg), "\"g\"", "\"h\""));
  two = replaced(two, "<leg name=\"g\"/>", "<leg name=\"g\"/><leg name=\"h\"/>");
  auto const made = import(two);
  REQUIRE(made.modes.size() == 2);
  CHECK(made.modes[0].at("direction") == "send");
  CHECK(made.modes[1].at("direction") == "receive");
  CHECK(made.told.find("answers ") != std::string::npos);
}

TEST_CASE("a process without parties is dynamic, one between others is not ours") {
  auto const open =
      small().substr(0, small().find("<initiatorParties>")) + small().substr(small().find("<responderParties>"));
  CHECK(import(open).told == "dynamic retention ");
  auto xml = replaced(small(), "<party name=\"b\"", "<party name=\"c\" endpoint=\"http://c/\"/><party name=\"b\"");
  CHECK(import(xml, "c").modes.empty());
}

TEST_CASE("a password in the file is never repeated") {
  auto const made = import_domibus(
      replaced(small(), "endpoint=\"http://r/as4\"", "userName=\"u\" password=\"S3cret\" endpoint=\"http://r/as4\""),
      {});
  REQUIRE(made);
  CHECK(made->json.find("S3cret") == std::string::npos);
  for (auto const& each : made->not_carried) CHECK(to_text(each).find("S3cret") == std::string::npos);
}

TEST_CASE("what is no Domibus configuration is refused") {
  auto const code_of = [](std::string const& xml, std::string const& us) {
    return import_domibus(xml, us).error().code;
  };

  CHECK(code_of("<a/>", "") == "edelivery.pmode.import.root");
  CHECK(code_of(small(), "nobody") == "edelivery.pmode.import.party");
  CHECK(code_of("<!DOCTYPE a><a/>", "").starts_with("edelivery.header."));
  CHECK(code_of("{}", "").starts_with("edelivery.header."));
  CHECK(code_of(std::string(17 * 1024 * 1024, ' '), "") == "edelivery.header.size");
  std::string deep;
  for (int i = 0; i < 20; ++i) deep += "<a>";
  CHECK(code_of(deep, "") == "edelivery.header.depth");
}

TEST_CASE("configurations of real products come over, and are read back", "[samples]") {
  for (auto const* name : {"domibus-configuration-blue-pull.xml", "domibus-configuration-splitting-valid.xml",
                           "domibus-configuration-valid-testservice.xml", "domibus-configuration-valid.xml",
                           "domibus-configuration-xsd-not-compliant.xml"}) {
    auto const file = ehds::tests::shared_sample(std::string{"as4-samples/domibus/pmodes/"} + name);
    if (!file) return;
    auto const made = import_domibus(text_of(*file), {});
    INFO(name);
    REQUIRE(made);
    CHECK((made->count >= 1 || std::string_view{name}.find("not-compliant") != std::string_view::npos));
    codes(made->not_carried);
    auto const back = read_back(json::parse(made->json).at("pmodes"));
    if (!back)
      for (auto const& each : back.error()) INFO(to_text(each));
    CHECK(back);
  }
}
