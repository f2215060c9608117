// Every key of a P-Mode in turn left out, of each wrong type, or misspelt: what is said, and where.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/pmode/read_pmodes.hpp"
#include "edelivery/sender/outbound.hpp"
#include "golden_file.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;
using nlohmann::ordered_json;

namespace {

result<std::string> read_key_file(std::string const& path) {
  if (path == "eu.pem") return eu_keys().cert.pem();
  return problem{"file.missing", "there is no such file", path, ""};
}

ordered_json mode_with_keys() {
  return ordered_json::parse(R"({
    "id": "star", "direction": "both",
    "agreement": {"value": "urn:agreement", "type": "urn:type"},
    "service": {"value": "urn:service", "type": "urn:type"},
    "actions": ["createDataset"],
    "us": {"id": "FR"}, "partner": {"id": "EU", "type": "urn:party"},
    "roles": {"initiator": "urn:i", "responder": "urn:r"},
    "mpc": "urn:mpc", "address": "https://eu.example/as4",
    "security": {"encryption": "required", "signing_token": "issuer_serial",
                 "encryption_token": "binary_security_token"},
    "certificates": {"partner_signing": ["eu.pem"], "authorities": ["eu.pem"], "subject": "CN=eu",
                     "certificate_policies": ["1.2.3"], "partner_encryption": "eu.pem",
                     "updates_accepted_by": "authority",
                     "revocation": {"lists": ["http://eu.example/list"], "policy": "soft"}},
    "binding": "push", "pull_interval_seconds": 30, "answers": "",
    "required_properties": ["originalSender"], "payload_names": ["message"], "compress": false,
    "limits": {"parts": 3, "message_bytes": 1000, "part_bytes": 2000, "ratio": 50},
    "retry": {"max_attempts": 4, "initial_delay_seconds": 5, "factor": 3, "max_delay_seconds": 60, "jitter": 0.1,
              "answer_timeout_seconds": 30},
    "duplicate_window_days": 30, "duplicate_error_acknowledges": true,
    "four_corners": {"ours": "C1", "theirs": "C4"},
    "partner_errors": {"later": ["EBMS:0003"], "already_received": ["EBMS:0004"]}})");
}

std::string told(ordered_json const& one) {
  auto const book = read_pmodes(ordered_json{{"pmodes", ordered_json::array({one})}}.dump(), read_key_file);
  if (book) return "accepted";
  std::string all;
  for (auto const& each : book.error()) {
    CHECK_FALSE(each.detail.empty());
    CHECK_FALSE(each.mend.empty());
    all += (all.empty() ? "" : "; ") + each.code + " " + each.where;
  }
  return all;
}

std::vector<ordered_json::json_pointer> places(ordered_json const& value, ordered_json::json_pointer const& at) {
  std::vector<ordered_json::json_pointer> all;
  for (auto const& [key, member] : value.items()) {
    all.push_back(at / key);
    if (member.is_object())
      for (auto& below : places(member, at / key)) all.push_back(std::move(below));
  }
  return all;
}

}  // namespace

TEST_CASE("every key of a P-Mode left out, mistyped or misspelt is told with its place") {
  REQUIRE(told(mode_with_keys()) == "accepted");
  std::vector<std::pair<std::string, ordered_json>> const wrong{{"null", nullptr},
                                                                {"a number", -1},
                                                                {"a text", "wrong"},
                                                                {"an empty text", ""},
                                                                {"true", true},
                                                                {"a list", ordered_json::array({1})},
                                                                {"an object", {{"wrong", 1}}}};
  std::string now;
  for (auto const& place : places(mode_with_keys(), ordered_json::json_pointer{})) {
    now += place.to_string() + "\n";
    auto without = mode_with_keys();
    without.at(place.parent_pointer()).erase(place.back());
    now += "  left out: " + told(without) + "\n";
    auto misspelt = without;
    misspelt[place.parent_pointer() / (place.back() + "_")] = mode_with_keys().at(place);
    now += "  misspelt: " + told(misspelt) + "\n";
    for (auto const& [name, value] : wrong) {
      auto changed = mode_with_keys();
      changed[place] = value;
      now += "  " + name + ": " + told(changed) + "\n";
    }
  }
  ehds::tests::check_golden(std::string(EHDS_TEST_DIR) + "/golden/pmode_keys.txt", now);
}

TEST_CASE("a certificate whose key no profile can use is found when the P-Mode is read") {
  auto one = mode_with_keys();
  one["security"] = {{"profile", "edelivery-2.0-ecdsa"}};
  one["certificates"] = {{"partner_signing", ordered_json::array({"key.pem"})}, {"partner_encryption", "key.pem"}};
  auto const with = [&](std::string const& curve) {
    certificate_request request;
    request.common_name = "eu";
    request.use = certificate_use::signing_and_encryption;
    request.not_before = noon();
    request.key = key_kind::elliptic_curve;
    request.curve = curve;
    auto const pem = issue_certificate(request).value().cert.pem();
    return read_pmodes(ordered_json{{"pmodes", ordered_json::array({one})}}.dump(),
                       [&](auto const&) { return result<std::string>(pem); });
  };
  CHECK(with("P-256"));
  auto const small = with("secp256k1");
  REQUIRE_FALSE(small);
  REQUIRE(small.error().size() == 2);
  for (auto const& each : small.error()) {
    CHECK(each.code == "edelivery.pmode.certificate");
    CHECK(each.detail.find("secp256k1") != std::string::npos);
  }
}

TEST_CASE("numbers of a P-Mode hold their bounds to the last unit") {
  struct bound {
    std::string place;
    ordered_json value;
    bool good;
  };
  std::vector<bound> const table{
      {"/limits/parts", 1, true},
      {"/limits/parts", 0, false},
      {"/limits/parts", 1.5, false},
      {"/limits/ratio", 0, false},
      {"/retry/factor", 1, true},
      {"/retry/factor", 0.5, false},
      {"/retry/jitter", 0, true},
      {"/retry/jitter", -0.1, false},
      {"/retry/max_attempts", 1, true},
      {"/retry/max_attempts", 0, false},
      {"/retry/initial_delay_seconds", 0, false},
      {"/duplicate_window_days", 1, true},
      {"/duplicate_window_days", 0, false},
  };
  for (auto const& row : table) {
    auto changed = mode_with_keys();
    changed[ordered_json::json_pointer{row.place}] = row.value;
    INFO(row.place + " " + row.value.dump());
    CHECK((told(changed) == "accepted") == row.good);
  }
}

TEST_CASE("delays follow the policy: doubled up to the longest, moved by at most the jitter") {
  using std::chrono::milliseconds;
  struct delay {
    int attempts;
    double random;
    milliseconds least, most;
  };
  retry_policy policy;
  policy.initial_delay = std::chrono::seconds{10};
  policy.factor = 2;
  policy.max_delay = std::chrono::seconds{100};
  policy.jitter = 0.2;
  for (auto const& row : std::vector<delay>{
           {1, 0.0, milliseconds{8000}, milliseconds{8000}},
           {1, 0.5, milliseconds{9999}, milliseconds{10001}},
           {1, 0.999, milliseconds{11900}, milliseconds{12000}},
           {2, 0.5, milliseconds{19999}, milliseconds{20001}},
           {3, 0.5, milliseconds{39999}, milliseconds{40001}},
           {4, 0.5, milliseconds{79999}, milliseconds{80001}},
           {5, 0.5, milliseconds{99999}, milliseconds{100001}},
           {200, 0.5, milliseconds{99999}, milliseconds{100001}},
           {1'000'000, 0.0, milliseconds{80000}, milliseconds{80000}},
       }) {
    INFO(row.attempts << " attempts, random " << row.random);
    auto const got = retry_delay(policy, row.attempts, row.random);
    CHECK(got >= row.least);
    CHECK(got <= row.most);
  }
}
