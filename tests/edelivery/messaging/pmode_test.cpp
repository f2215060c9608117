#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/pmode/read_pmodes.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;
using nlohmann::json;

namespace {

result<std::string> read_file(std::string const& path) {
  if (path == "eu.pem") return eu_keys().cert.pem();
  if (path == "eu.der") return eu_keys().cert.der();
  if (path == "bad.pem") return std::string{"no certificate"};
  return problem{"file.missing", "there is no such file", path, ""};
}

json full() {
  return json::parse(R"({
    "id": "star", "direction": "both",
    "agreement": {"value": "urn:agreement", "type": "urn:type"},
    "service": {"value": "urn:healthdata-eu:secondary-use", "type": "urn:ehds:service"},
    "actions": ["createDataset", "validationResult"],
    "us": {"id": "FR"}, "partner": {"id": "EU", "type": "urn:party"},
    "roles": {"initiator": "urn:i", "responder": "urn:r"},
    "mpc": "urn:mpc", "address": "https://eu.example/as4",
    "security": {"encryption": "required", "signing_token": "issuer_serial",
                 "encryption_token": "binary_security_token"},
    "certificates": {"partner_signing": ["eu.pem", "eu.der"], "partner_encryption": "eu.pem"},
    "compress": false,
    "limits": {"parts": 3, "message_bytes": 1000, "part_bytes": 2000, "ratio": 50},
    "retry": {"max_attempts": 4, "initial_delay_seconds": 5, "factor": 3, "max_delay_seconds": 60, "jitter": 0.1,
              "answer_timeout_seconds": 30},
    "duplicate_window_days": 30, "duplicate_error_acknowledges": true})");
}

std::expected<pmode_book, problems> read_mode(json const& one) {
  return read_pmodes(json{{"pmodes", {one}}}.dump(), read_file);
}

std::string trouble(json const& one) {
  auto const book = read_mode(one);
  if (book) return "accepted";
  std::string all;
  for (auto const& each : book.error()) {
    CHECK_FALSE(each.detail.empty());
    CHECK_FALSE(each.mend.empty());
    all += each.code.substr(std::string{"edelivery.pmode."}.size()) + " " + each.where + "; ";
  }
  return all;
}

user_message header() {
  user_message message;
  message.from = {"EU", std::string{unregistered_party_type}, std::string{default_initiator_role}};
  message.to = {"FR", std::string{unregistered_party_type}, std::string{default_responder_role}};
  message.agreement = "urn:example:agreement:1";
  message.service = "urn:healthdata-eu:secondary-use";
  message.service_type = "urn:ehds:service";
  message.action = "createDataset";
  return message;
}

std::string miss(user_message const& message) {
  static auto const node = fr();
  auto const found = node.book.for_received(message);
  return found ? (*found)->id : found.error().detail;
}

}  // namespace

TEST_CASE("a P-Mode with everything said is read") {
  auto const book = read_mode(full());

  REQUIRE(book);
  auto const& mode = book->all().front();
  CHECK(mode.id == "star");
  CHECK(mode.agreement_type == "urn:type");
  CHECK(mode.actions.size() == 2);
  CHECK(mode.us == party_name{"FR", std::string{unregistered_party_type}});
  CHECK(mode.partner == party_name{"EU", "urn:party"});
  CHECK(mode.initiator_role == "urn:i");
  CHECK(mode.security.signing_token == token_reference::issuer_serial);
  CHECK(mode.security.encryption_token == token_reference::binary_security_token);
  CHECK(mode.trust.pinned.size() == 2);
  CHECK(mode.partner_encryption.size() == 1);
  CHECK_FALSE(mode.compress);
  CHECK(mode.limits.unpacked.ratio == 50);
  CHECK(mode.retry.max_attempts == 4);
  CHECK(mode.retry.answer_timeout == std::chrono::seconds{30});
  CHECK(mode.duplicate_window == std::chrono::days{30});
  CHECK(mode.duplicate_error_acknowledges);
}

TEST_CASE("the example of the format's description is read") {
  std::ifstream in{EHDS_SOURCE_DIR "/edelivery/pmode/README.md"};
  std::string const page{std::istreambuf_iterator<char>{in}, {}};
  auto const start = page.find("```json\n") + 8;

  auto const book = read_pmodes(page.substr(start, page.find("```", start) - start),
                                [](std::string const&) -> result<std::string> { return eu_keys().cert.pem(); });

  REQUIRE(book);
  CHECK(book->all().front().id == "star-eu");
}

TEST_CASE("a P-Mode may leave out what has a default") {
  auto const book = read_mode(json::parse(R"({"id": "ear", "direction": "receive", "service": {"value": "urn:s"},
    "us": {"id": "FR"}, "partner": {"id": "EU"},
    "certificates": {"authorities": ["eu.pem"], "subject": "CN=eu"}})"));

  REQUIRE(book);
  auto const& mode = book->all().front();
  CHECK(mode.compress);
  CHECK(mode.initiator_role == default_initiator_role);
  CHECK(mode.security.encryption == payload_encryption::required);
  CHECK(mode.trust.subject == "CN=eu");
}

TEST_CASE("what is wrong with a P-Mode is said with its place, all at once") {
  auto const with = [](char const* patch) {
    auto one = full();
    one.merge_patch(json::parse(patch));
    return trouble(one);
  };

  CHECK(with(R"({"colour": 1})") == "unknown_key /pmodes/0/colour; ");
  CHECK(with(R"({"retry": {"retries": 1}})") == "unknown_key /pmodes/0/retry/retries; ");
  CHECK(with(R"({"id": null})") == "missing /pmodes/0/id; ");
  CHECK(with(R"({"id": ""})") == "value /pmodes/0/id; ");
  CHECK(with(R"({"id": 7})") == "wrong_type /pmodes/0/id; ");
  CHECK(with(R"({"service": null})") == "missing /pmodes/0/service; missing /pmodes/0/service/value; ");
  CHECK(with(R"({"us": "FR"})") == "wrong_type /pmodes/0/us; missing /pmodes/0/us/id; ");
  CHECK(with(R"({"actions": "createDataset"})") == "wrong_type /pmodes/0/actions; ");
  CHECK(with(R"({"direction": "sideways"})") == "value /pmodes/0/direction; ");
  CHECK(with(R"({"address": "ftp://x"})") == "value /pmodes/0/address; ");
  CHECK(with(R"({"address": null})") == "missing /pmodes/0/address; ");
  CHECK(with(R"({"compress": "yes"})") == "wrong_type /pmodes/0/compress; ");
  CHECK(with(R"({"limits": {"parts": 0}})") == "wrong_type /pmodes/0/limits/parts; ");
  CHECK(with(R"({"limits": {"parts": -1}})") == "wrong_type /pmodes/0/limits/parts; ");
  CHECK(with(R"({"retry": {"factor": 0.5}})") == "wrong_type /pmodes/0/retry/factor; ");
  CHECK(with(R"({"security": {"profile": "rot13"}})") == "value /pmodes/0/security/profile; ");
  CHECK(with(R"({"certificates": {"partner_encryption": "bad.pem"}})") ==
        "certificate /pmodes/0/certificates/partner_encryption; ");
  CHECK(with(R"({"certificates": {"partner_encryption": null}})") ==
        "missing /pmodes/0/certificates/partner_encryption; ");
  CHECK(with(R"({"certificates": {"partner_signing": ["gone.pem"]}})") ==
        "certificate /pmodes/0/certificates/partner_signing; ");
  CHECK(with(R"({"certificates": {"partner_signing": null}})") == "missing /pmodes/0/certificates/partner_signing; ");
  CHECK(with(R"({"payload_names": ["message", "plan-1_a.b@x"]})") == "accepted");
  CHECK(with(R"({"payload_names": "message"})") == "wrong_type /pmodes/0/payload_names; ");
  for (auto const* names : {R"(["cid:message"])", R"([""])", R"(["a b"])", R"(["soap@root"])", R"(["a", "b", "a"])"})
    CHECK(with(("{\"payload_names\": " + std::string(names) + "}").c_str()) == "value /pmodes/0/payload_names; ");
  CHECK(with(R"({"binding": "carry"})") == "value /pmodes/0/binding; ");
  CHECK(with(R"({"binding": "pull"})") == "value /pmodes/0/direction; ");
  CHECK(with(R"({"binding": "pull", "direction": "send"})") == "accepted");
  CHECK(with(R"({"binding": "pull", "direction": "send", "address": null})") == "accepted");
  CHECK(with(R"({"binding": "pull", "direction": "receive", "address": null})") == "missing /pmodes/0/address; ");
  CHECK(with(R"({"binding": "pull", "direction": "send", "mpc": null})") == "missing /pmodes/0/mpc; ");
  CHECK(with(R"({"answers": "nobody"})") == "value /pmodes/0/answers; ");
  CHECK(with(R"({"id": null, "colour": 1})") == "missing /pmodes/0/id; unknown_key /pmodes/0/colour; ");
}

TEST_CASE("where another access point speaks, its address and the partner's certificates may be left out") {
  auto one = full();
  one.merge_patch(json::parse(R"({"address": null, "certificates": null})"));
  auto const text = json{{"pmodes", json::array({one})}}.dump();
  CHECK_FALSE(read_pmodes(text, read_file));
  auto const book = read_pmodes(text, read_file, spoken_by::another);
  REQUIRE(book);
  CHECK(book->all().front().address.empty());
  CHECK(book->all().front().trust.pinned.empty());
  // What is there is read as ever.
  one["certificates"] = {{"partner_signing", {"gone.pem"}}};
  CHECK_FALSE(read_pmodes(json{{"pmodes", json::array({one})}}.dump(), read_file, spoken_by::another));
}

TEST_CASE("a two-way exchange is two P-Modes of the same partners, one each way") {
  auto const code = [](std::string_view there, std::string_view back, char const* partner) {
    auto request = full();
    auto answer = full();
    request["direction"] = there;
    answer.merge_patch({{"id", "answer"}, {"direction", back}, {"answers", "star"}, {"partner", {{"id", partner}}}});
    auto const book = read_pmodes(json{{"pmodes", {request, answer}}}.dump(), read_file);
    return book ? std::string{"accepted"} : book.error().front().where;
  };
  CHECK(code("send", "receive", "EU") == "accepted");
  CHECK(code("receive", "send", "EU") == "accepted");
  CHECK(code("send", "send", "EU") == "/pmodes/1/answers");
  CHECK(code("both", "receive", "EU") == "/pmodes/1/answers");
  CHECK(code("send", "receive", "DK") == "/pmodes/1/answers");
}

TEST_CASE("a file that is no list of P-Modes is refused") {
  auto const code_of = [](std::string_view text) { return read_pmodes(text, read_file).error().front().code; };

  CHECK(code_of("{") == "edelivery.pmode.json");
  CHECK(code_of("[]") == "edelivery.pmode.wrong_type");
  CHECK(code_of("{}") == "edelivery.pmode.missing");
  CHECK(code_of(R"({"pmodes": [], "x": 1})") == "edelivery.pmode.unknown_key");
  CHECK(code_of(json{{"pmodes", {full(), full()}}}.dump()) == "edelivery.pmode.duplicate");
}

TEST_CASE("a received message finds its P-Mode, or hears what is different") {
  CHECK(miss(header()) == "secondary-use-EU");

  auto message = header();
  message.agreement.clear();
  CHECK(miss(message) == "secondary-use-EU");

  message = header();
  message.service = test_service;
  message.service_type.clear();
  message.action = test_action;
  CHECK(miss(message) == "secondary-use-EU");

  message = header();
  message.mpc = default_mpc;
  CHECK(miss(message) == "secondary-use-EU");
}

TEST_CASE("the nearest P-Mode is named with the thing that differs") {
  auto const differs = [](auto change) {
    auto message = header();
    change(message);
    return miss(message);
  };
  using Catch::Matchers::Contains;

  CHECK_THAT(differs([](auto& m) { m.from.id = "XX"; }), Contains("the sender (From/PartyId and its type)"));
  CHECK_THAT(differs([](auto& m) { m.from.type = "x"; }), Contains("the sender (From/PartyId and its type)"));
  CHECK_THAT(differs([](auto& m) { m.to.id = "DK"; }), Contains("the receiver (To/PartyId and its type)"));
  CHECK_THAT(differs([](auto& m) { m.service = "x"; }), Contains("the service or its type"));
  CHECK_THAT(differs([](auto& m) { m.service_type = "x"; }), Contains("the service or its type"));
  CHECK_THAT(differs([](auto& m) { m.action = "x"; }),
             Contains("the action: the message says \"x\", agreed is \"createDataset, validationResult\""));
  CHECK_THAT(differs([](auto& m) { m.agreement = "x"; }), Contains("the agreement"));
  CHECK_THAT(differs([](auto& m) { m.from.role = "x"; }), Contains("the role of the sender"));
  CHECK_THAT(differs([](auto& m) { m.to.role = "x"; }), Contains("the role of the receiver"));
  CHECK_THAT(differs([](auto& m) { m.mpc = "x"; }),
             Contains("the message partition channel: the message says \"x\", agreed is \"\""));
}

TEST_CASE("direction is kept") {
  auto mode = make_pmode("FR", "EU", eu_keys());
  mode.way = direction::send;
  pmode_book const book{{mode}};

  CHECK_FALSE(book.for_received(header()));
  CHECK(book.for_sending("EU", mode.service, "createDataset"));
  CHECK_FALSE(book.for_sending("EU", mode.service, "decision"));
  CHECK_FALSE(book.for_sending("DK", mode.service, "createDataset"));
  CHECK(book.by_id(mode.id) != nullptr);
  CHECK(book.by_id("none") == nullptr);
  CHECK_FALSE(pmode_book{}.for_received(header()));
}

TEST_CASE("what a program hands over finds the P-Mode of its parties, service, action and agreement") {
  auto const sending = [](std::string const& id, auto change) {
    auto mode = make_pmode("FR", "EU", eu_keys());
    mode.id = id;
    mode.agreement = "urn:a";
    mode.agreement_type = "urn:at";
    mode.actions = {"createDataset"};
    change(mode);
    return mode;
  };
  pmode_book const book{{sending("first", [](auto&) {}), sending("second", [](auto& m) { m.agreement = "urn:b"; }),
                         sending("none agreed", [](auto& m) { m.agreement = {}, m.actions = {"updateDataset"}; }),
                         sending("received", [](auto& m) { m.way = direction::receive, m.actions = {"decision"}; })}};
  auto const given = [&](auto change) {
    user_message header;
    header.from.id = "FR";
    header.to.id = "EU";
    header.service = book.all().front().service;
    header.action = "createDataset";
    change(header);
    auto const found = book.for_submitted(header);
    return found ? (*found)->id : found.error().where + ": " + found.error().detail + " | " + found.error().code;
  };
  CHECK(given([](auto&) {}) == "first");
  CHECK(given([](auto& m) { m.agreement = "urn:a"; }) == "first");
  CHECK(given([](auto& m) { m.agreement = "urn:b", m.agreement_type = "urn:at"; }) == "second");
  CHECK(given([](auto& m) { m.action = "updateDataset"; }) == "none agreed");
  CHECK(given([](auto& m) { m.from.role = "any", m.mpc = "any"; }) == "first");
  using Catch::Matchers::Contains;
  auto const differs = [&](auto change, std::string const& where, std::string const& what, std::string const& code) {
    auto const said = given(change);
    CHECK_THAT(said, Contains(where + ": no P-Mode fits the message; "));
    CHECK_THAT(said, Contains(what) && Contains(" | edelivery.pmode." + code));
  };
  std::string const about = "UserMessage/CollaborationInfo/";
  differs(
      [](auto& m) { m.agreement = "urn:c"; }, about + "AgreementRef",
      R"x("first" comes nearest and differs in the agreement: the message says "urn:c (type urn:at)", agreed is "urn:a)x",
      "none");
  differs([](auto& m) { m.agreement = "urn:a", m.agreement_type = "x"; }, about + "AgreementRef", "urn:a (type x)",
          "none");
  differs([](auto& m) { m.agreement = "urn:a", m.action = "updateDataset"; }, about + "AgreementRef",
          R"("none agreed" comes nearest)", "none");
  differs([](auto& m) { m.action = "decision"; }, about + "Action",
          R"(the message says "decision", agreed is "createDataset")", "none");
  differs([](auto& m) { m.service = "urn:x"; }, about + "Service", R"(the message says "urn:x)", "none");
  differs([](auto& m) { m.service_type = "urn:x"; }, about + "Service", "(type urn:x)", "none");
  differs([](auto& m) { m.service = test_service, m.action = test_action; }, about + "Service", test_service.data(),
          "none");
  differs([](auto& m) { m.to.id = "DK"; }, "UserMessage/PartyInfo/To/PartyId", "the receiver", "none");
  differs([](auto& m) { m.from.id = "DK"; }, "UserMessage/PartyInfo/From/PartyId", "the sender", "party");
  CHECK_FALSE(pmode_book{}.for_submitted({}));
}
