// The published schema and the reader take and refuse the same P-Modes, of an ordinary node and of one behind a
// Domibus.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "edelivery/messaging/published_form.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/pmode/read_pmodes.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;
using nlohmann::json;

namespace {

json smallest_mode() {
  return json::parse(R"({
    "id": "star", "service": {"value": "urn:service"}, "us": {"id": "FR"}, "partner": {"id": "EU"},
    "address": "https://eu.example/as4",
    "certificates": {"partner_signing": ["eu.pem"], "partner_encryption": "eu.pem"}})");
}

bool reader_takes(json const& mode, spoken_by whose) {
  auto const pem = [](std::string const&) { return eu_keys().cert.pem(); };
  return read_pmodes(json{{"pmodes", json::array({mode})}}.dump(), pem, whose).has_value();
}

bool schema_takes(json const& mode, spoken_by whose) {
  static published_form const form(json::parse(pmode_schema()));
  json const file{{"pmodes", json::array({mode})}};
  return whose == spoken_by::this_node ? form.admits(file) : form.admits_as("behind_domibus", file);
}

json with_change(json const& change) {
  auto mode = smallest_mode();
  mode.merge_patch(change);
  return mode;
}

json looked_up(json const& change) {
  auto mode = with_change(json::parse(R"({"address": null,
    "discovery": {"smp": "https://smp.example", "document": {"value": "d"}, "authorities": ["ca.pem"]},
    "certificates": {"partner_signing": null, "partner_encryption": null, "authorities": ["ca.pem"]}})"));
  mode.merge_patch(change);
  return mode;
}

struct agreed_mode {
  json mode;
  bool by_this_node;  // taken of a node that speaks AS4 itself
  bool behind_domibus;
};

agreed_mode agreed_when(char const* change, bool by_this_node, bool behind_domibus) {
  return {with_change(json::parse(change)), by_this_node, behind_domibus};
}
agreed_mode looked_up_when(char const* change, bool good) { return {looked_up(json::parse(change)), good, good}; }

std::vector<agreed_mode> agreed_modes() {
  return {
      agreed_when("{}", true, true),
      agreed_when(R"({"certificates": null})", false, true),
      agreed_when(R"({"address": null})", false, true),
      agreed_when(R"({"address": null, "direction": "receive"})", true, true),
      agreed_when(R"({"address": null, "direction": "send"})", false, true),
      agreed_when(R"({"certificates": null, "direction": "receive"})", false, true),
      agreed_when(R"({"certificates": {"partner_signing": null}})", false, false),
      agreed_when(R"({"certificates": {"partner_signing": []}})", false, false),
      agreed_when(R"({"certificates": {"partner_signing": [""]}})", false, false),
      agreed_when(R"({"certificates": {"partner_signing": ["eu.pem", ""]}})", false, false),
      agreed_when(R"({"certificates": {"partner_encryption": [""]}})", false, false),
      agreed_when(R"({"address": ""})", false, true),
      agreed_when(R"({"address": "ftp://eu.example"})", false, false),
      agreed_when(R"({"certificates": {"partner_signing": null, "authorities": ["ca.pem"]}})", false, false),
      agreed_when(R"({"certificates": {"partner_signing": null, "authorities": ["ca.pem"], "subject": ""}})", false,
                  false),
      agreed_when(R"({"certificates": {"partner_signing": null, "authorities": ["ca.pem"], "subject": "CN=EU"}})", true,
                  true),
      agreed_when(R"({"certificates": {"partner_signing": null, "authorities": [], "subject": "CN=EU"}})", false,
                  false),
      agreed_when(R"({"certificates": {"partner_signing": null, "subject": "CN=EU"}})", false, false),
      agreed_when(R"({"certificates": {"authorities": ["ca.pem"]}})", true, true),
      agreed_when(R"({"certificates": {"partner_encryption": null}})", false, false),
      agreed_when(R"({"certificates": {"partner_encryption": null}, "direction": "receive"})", true, true),
      agreed_when(R"({"certificates": {"partner_encryption": null}, "security": {"encryption": "none"}})", true, true),
      agreed_when(R"({"certificates": {"partner_encryption": null}, "security": {"encryption": "required"}})", false,
                  false),
      agreed_when(R"({"certificates": {"revocation": {"lists": ["l"]}}})", false, false),
      agreed_when(R"({"certificates": {"revocation": {"lists": ["l"]}, "authorities": ["ca.pem"]}})", true, true),
      agreed_when(R"({"certificates": {"updates_accepted_by": "authority"}})", false, false),
      agreed_when(R"({"certificates": {"updates_accepted_by": "authority", "authorities": ["ca.pem"]}})", true, true),
      agreed_when(R"({"certificates": {"updates_accepted_by": "operator"}})", true, true),
      agreed_when(R"({"binding": "pull"})", false, false),
      agreed_when(R"({"binding": "pull", "direction": "send"})", false, false),
      agreed_when(R"({"binding": "pull", "direction": "both", "mpc": "urn:m"})", false, false),
      agreed_when(R"({"binding": "pull", "direction": "send", "mpc": "urn:m"})", true, true),
      agreed_when(R"({"binding": "pull", "direction": "send", "mpc": "urn:m", "address": null})", true, true),
      agreed_when(R"({"binding": "pull", "direction": "receive", "mpc": "urn:m", "address": null})", false, true),
      agreed_when(R"({"binding": "pull", "direction": "receive", "mpc": ""})", false, false),
      agreed_when(R"({"binding": "push", "direction": "receive", "address": null})", true, true),
      looked_up_when("{}", true),
      looked_up_when(R"({"address": ""})", true),
      looked_up_when(R"({"address": "https://eu.example/as4"})", false),
      looked_up_when(R"({"certificates": {"partner_signing": ["eu.pem"]}})", false),
      looked_up_when(R"({"certificates": {"partner_encryption": "eu.pem"}})", false),
      looked_up_when(R"({"certificates": {"authorities": []}})", false),
      looked_up_when(R"({"certificates": {"authorities": null, "subject": "CN=EU"}})", false),
      looked_up_when(R"({"discovery": {"authorities": []}})", false),
      looked_up_when(R"({"direction": "receive"})", false),
      looked_up_when(R"({"binding": "pull", "direction": "send", "mpc": "urn:m"})", false),
      looked_up_when(R"({"discovery": {"by": "final_recipient"}})", false),
      looked_up_when(R"({"discovery": {"by": "final_recipient", "publisher": {"subject": "CN=S"}}})", false),
      looked_up_when(
          R"({"discovery": {"by": "final_recipient", "publisher": {"subject": "CN=S"}}, "direction": "send"})", true),
  };
}

}  // namespace

TEST_CASE("the published schema and the reader agree on what a P-Mode may leave out, beside what and for whom") {
  for (auto const& one : agreed_modes()) {
    CAPTURE(one.mode.dump());
    CHECK(reader_takes(one.mode, spoken_by::this_node) == one.by_this_node);
    CHECK(schema_takes(one.mode, spoken_by::this_node) == one.by_this_node);
    CHECK(reader_takes(one.mode, spoken_by::another) == one.behind_domibus);
    CHECK(schema_takes(one.mode, spoken_by::another) == one.behind_domibus);
  }
}

TEST_CASE("each member of a P-Mode left out or of another kind is taken by both or by none") {
  auto const whole = with_change(json::parse(R"({
    "direction": "both", "binding": "push", "pull_interval_seconds": 30, "actions": ["a"], "mpc": "urn:m",
    "agreement": {"value": "urn:a", "type": "t"}, "roles": {"initiator": "i", "responder": "r"},
    "security": {"profile": "edelivery-1.15-rsa", "encryption": "required", "signing_token": "thumbprint",
                 "encryption_token": "thumbprint"},
    "certificates": {"authorities": ["ca.pem"], "subject": "CN=EU", "certificate_policies": ["1.2.3"],
                     "updates_accepted_by": "authority", "revocation": {"lists": ["l"], "policy": "soft"}},
    "required_properties": ["p"], "four_corners": {"ours": "C1", "theirs": "C4"}, "payload_names": ["m"],
    "compress": true, "limits": {"parts": 3, "ratio": 5}, "retry": {"max_attempts": 3, "factor": 2.5, "jitter": 0.1},
    "duplicate_window_days": 30, "duplicate_error_acknowledges": false, "partner_errors": {"later": ["EBMS:0003"]}})"));
  REQUIRE(reader_takes(whole, spoken_by::this_node));
  for (auto const& [place, ignored] : whole.flatten().items()) {
    for (json::json_pointer at{place}; !at.empty(); at.pop_back()) {
      if (whole.at(at.parent_pointer()).is_array()) continue;
      auto without = whole;
      without.at(at.parent_pointer()).erase(at.back());
      std::vector<json> variants{without};
      for (json const& value : {json(nullptr), json(-1), json("wrong"), json(""), json(true), json::array({1}),
                                json::array(), json{{"wrong", 1}}}) {
        variants.push_back(whole);
        variants.back()[at] = value;
      }
      for (auto const& one : variants)
        for (auto const whose : {spoken_by::this_node, spoken_by::another}) {
          INFO(at.to_string() << " in " << one.dump());
          CHECK(reader_takes(one, whose) == schema_takes(one, whose));
        }
    }
  }
}
