// France rolls its keys over by messages: announced, accepted at the centre, confirmed, in use; the old ones end.
#include <catch2/catch.hpp>

#include "edelivery/certificate_update/agreement_update.hpp"
#include "edelivery/security/issue.hpp"
#include "node/house/two_houses.hpp"
#include "node/identity/joining.hpp"
#include "node/identity/private_file.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;
namespace fs = std::filesystem;

namespace {

// What the authority sent for a key that was asked for, as `keys import` leaves it.
void bring_next(fs::path const& folder, std::string const& name, edelivery::certificate_use use) {
  auto const ca = keys_of("FR").parent_path() / "ca";
  auto const authority = edelivery::load_credentials(ca / "ca.pem", ca / "ca.key").value();
  edelivery::certificate_request request;
  request.common_name = "FR " + name;
  request.country = "FR";
  request.use = use;
  request.not_before = system_clock{}.now() - std::chrono::hours{1};
  auto const made = edelivery::issue_certificate(request, &authority).value();
  REQUIRE(node::identity::write_private_file(folder / (name + ".next.pem"), made.cert.pem()));
  REQUIRE(node::identity::write_private_file(folder / (name + ".next.key"), made.key.pem()));
}

// The same agreement, for the messages about certificates.
void carry_updates(node::config::configuration const& settings) {
  auto modes = json::parse(text_of_file(settings.partners.pmodes / "one.json"));
  auto& mode = modes["pmodes"][0];
  mode["id"] = mode["id"].get<std::string>() + "-updates";
  mode["service"] = {{"value", edelivery::certificate_update_service}};
  write_json(settings.partners.pmodes / "updates.json", modes);
}

struct rollover {
  fresh_folder keys;
  two_houses net;

  rollover() : net(changing()) {}
  std::function<void(node::config::configuration&)> changing() {
    fs::copy(keys_of("FR"), keys / "FR");
    bring_next(keys / "FR", "sign", edelivery::certificate_use::signing);
    bring_next(keys / "FR", "encrypt", edelivery::certificate_use::encryption);
    return [this](node::config::configuration& settings) {
      carry_updates(settings);
      if (settings.node.id == "FR") settings.keys = keys / "FR";
    };
  }

  json newest(one_house& house) {
    auto const all = json_of(house.as({role::operator_}, "GET", "/api/certificate-updates")).at("certificate_updates");
    return all.empty() ? json{{"status", "none"}} : all.at(0);
  }
  bool stands(one_house& house, std::string const& status) {
    return soon([&] { return newest(house).at("status") == status; });
  }
  void announce() {
    auto const now = system_clock{}.now();
    auto const posted = net.fr().as({role::operator_}, "POST", "/api/certificate-updates",
                                    {{"keys", {"sign", "encrypt"}},
                                     {"activate_by", to_rfc3339(now + std::chrono::hours{1})},
                                     {"expire_by", to_rfc3339(now + std::chrono::hours{2})}});
    INFO(posted.body);
    REQUIRE(posted.status == 202);
    REQUIRE(json_of(posted).at("announced").size() == 1);
  }
  // How a test message of one to the other ended.
  std::string ping(one_house& from, std::string const& pmode) {
    auto const posted = json_of(from.as({role::operator_}, "POST", "/api/test-messages", {{"pmode", pmode}}));
    auto const path = "/api/test-messages/" + posted.at("message_id").get<std::string>();
    json told;
    soon([&] {
      told = json_of(from.as({role::operator_}, "GET", path));
      return told.at("attempts") != 0 && told.at("status") != "in_flight";
    });
    return told.at("status").get<std::string>() + " " + told.value("our_certificate", std::string());
  }
  void restart(std::string const& id) {
    net.stop(id);
    net.start(id);
  }
  void later(int seconds) {
    for (auto* const house : {&net.fr(), &net.eu()})
      REQUIRE(house->as({role::operator_}, "POST", "/api/rehearsal/clock", {{"advance_seconds", seconds}}).status ==
              200);
  }
};

}  // namespace

TEST_CASE("two nodes roll keys over by messages from the announcement to the end of the old ones") {
  rollover a;
  auto const before = edelivery::certificate::load(a.keys / "FR/sign.pem").value();
  auto const next = edelivery::certificate::load(a.keys / "FR/sign.next.pem").value();
  a.announce();
  REQUIRE(a.stands(a.net.eu(), "pending"));
  auto const shown = a.newest(a.net.eu());
  CHECK(shown.at("changes").size() == 2);
  CHECK(shown.at("changes").at(0).at("next").at("sha256") == next.fingerprint());
  auto const number = std::to_string(shown.at("number").get<int>());
  REQUIRE(a.net.eu().as({role::operator_}, "POST", "/api/certificate-updates/" + number + "/acceptance").status == 204);
  REQUIRE(a.stands(a.net.fr(), "confirmed"));

  // France signs with the new key from now on; the centre knows it also after a start.
  REQUIRE(node::identity::roll_key(a.keys / "FR", "sign", system_clock{}.now()));
  a.restart("FR");
  a.restart("EU");
  auto const by_next = a.ping(a.net.fr(), "FR-EU");
  CHECK(by_next.starts_with("delivered"));
  CHECK(by_next.find(next.fingerprint()) != std::string::npos);
  CHECK(a.ping(a.net.eu(), "EU-FR").starts_with("delivered"));  // its receipt is signed by the new one

  // The day has come: the centre's answers are encrypted for the new certificate, and France opens them.
  a.later(5'400);
  a.net.publish("FR-SNDS");

  // Its end has come: the old key is nobody's any more.
  a.later(3'600);
  CHECK(a.ping(a.net.fr(), "FR-EU").starts_with("delivered"));
  for (auto const* const kind : {".pem", ".key"})
    fs::copy_file(a.keys.path() / ("FR/sign.old" + std::string(kind)), a.keys.path() / ("FR/sign" + std::string(kind)),
                  fs::copy_options::overwrite_existing);
  a.restart("FR");
  auto const by_old = a.ping(a.net.fr(), "FR-EU");
  CHECK_FALSE(by_old.starts_with("delivered"));
  CHECK(by_old.find(before.fingerprint()) != std::string::npos);
  auto const refused = json_of(a.net.eu().as({role::auditor}, "GET", "/api/refusals")).at("refusals");
  REQUIRE_FALSE(refused.empty());
  CHECK(refused.at(0).at("problem") == "edelivery.authentication.expired");
}

TEST_CASE("what the partner's operator rejects is told to ours with the reason, and the old keys stay in use") {
  rollover a;
  a.announce();
  REQUIRE(a.stands(a.net.eu(), "pending"));
  auto const number = std::to_string(a.newest(a.net.eu()).at("number").get<int>());
  REQUIRE(a.net.eu()
              .as({role::operator_}, "POST", "/api/certificate-updates/" + number + "/rejection",
                  {{"reason", "Not before the audit."}})
              .status == 204);
  REQUIRE(a.stands(a.net.fr(), "refused"));
  CHECK(a.newest(a.net.fr()).at("reason") == "Not before the audit.");
  CHECK(a.ping(a.net.fr(), "FR-EU").starts_with("delivered"));
}
