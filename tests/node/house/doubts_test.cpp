// What config check and serve warn of: P-Modes, certificates and passwords that are hardly meant so.
#include <catch2/catch.hpp>
#include <fstream>

#include "base/clock.hpp"
#include "edelivery/certificate_update/agreement_update.hpp"
#include "edelivery/pmode/find_doubts.hpp"
#include "node/house/one_house.hpp"
#include "node/house/partners.hpp"
#include "node/house/surroundings.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;

namespace {

// FR with the centre as partner, as it should be.
struct doubted {
  fresh_folder folder;
  node::config::configuration settings = settings_for("FR", folder.path());
  json mode;

  doubted() {
    know_the_centre(settings);
    mode = json::parse(text_of_file(folder / "pmodes/eu.json"))["pmodes"][0];
  }
  void agree(std::vector<json> const& modes) const { write_json(folder / "pmodes/eu.json", {{"pmodes", modes}}); }
  json with(json const& changes) const {
    auto changed = mode;
    changed.update(changes);
    return changed;
  }
  problems found(instant now = system_clock{}.now()) const { return node::house::find_doubts(settings, now); }
  std::string said(instant now = system_clock{}.now()) const {
    std::string text;
    for (auto const& one : found(now)) text += one.code + " " + one.where + "\n";
    return text;
  }
};

json service(std::string_view value) { return {{"value", value}}; }

}  // namespace

TEST_CASE("config check and serve doubt all that pmode check doubts") {
  doubted one;
  CHECK(one.said().empty());
  auto const later = system_clock{}.now() + std::chrono::days{3650};
  one.agree({one.mode, one.with({{"id", "again"}})});
  auto const book = node::house::load_pmodes(one.settings).value();
  auto const of_pmodes = edelivery::find_doubts(book, later);
  REQUIRE(of_pmodes.size() == 3);  // two certificates that ended, and the pair
  auto const found = one.found(later);
  for (auto const& each : of_pmodes) {
    auto placed = each;
    placed.where = "/partners/pmodes (" + each.where + ")";
    CHECK(std::ranges::find(found, placed) != found.end());
  }
  CHECK(one.said() == "edelivery.pmode.same_messages /partners/pmodes (FR-EU, again)\n");
}

TEST_CASE("P-Modes that fit the same message are doubted across the files of the folder, in the order of their names") {
  doubted const one;
  write_json(one.folder / "pmodes/de.json", {{"pmodes", json::array({one.with({{"id", "earlier"}})})}});
  CHECK(one.said() == "edelivery.pmode.same_messages /partners/pmodes (earlier, FR-EU)\n");
}

TEST_CASE("a certificate of ours as a partner's is doubted, unless we write to ourselves") {
  doubted one;
  auto const ours = keys_of("FR").string();
  auto const eu = keys_of("EU").string();
  std::string const doubt = "config.pmode.own_certificate /partners/pmodes (FR-EU)\n";
  one.agree({one.with(
      {{"certificates", {{"partner_signing", {eu + "/sign.pem"}}, {"partner_encryption", ours + "/encrypt.pem"}}}})});
  CHECK(one.said() == doubt);
  CHECK(one.found().front().detail.find("encrypt.pem") != std::string::npos);
  json const both{{"partner_signing", {ours + "/sign.pem"}}, {"partner_encryption", ours + "/encrypt.pem"}};
  one.agree({one.with({{"certificates", both}})});
  CHECK(one.said() == doubt + doubt);
  one.settings.access_point.kind = node::config::access_point_kind::domibus;  // which has the keys
  CHECK(one.said().empty());
  one.settings.access_point.kind = node::config::access_point_kind::own;
  write_json(one.folder / "partners.json", {{"partners", {{{"nation_id", "FR"}, {"party_id", "FR"}}}}});
  one.agree({one.with({{"certificates", both}, {"partner", {{"id", "FR"}}}})});
  CHECK(one.said().empty());
}

TEST_CASE("a P-Mode whose messages nobody takes is doubted") {
  doubted one;
  std::string const doubt = "config.pmode.untaken /partners/pmodes (FR-EU)\n";
  json orders{{"service", service("urn:orders")}, {"actions", {"order", "invoice", "validationResult"}}};
  one.agree({one.with(orders)});
  CHECK(one.said() == doubt);

  one.settings.back_ends = {{"erp", {{"urn:orders", {"order"}}}, "", ""}};
  CHECK(one.said() == doubt);
  CHECK(one.found().front().detail.find("invoice") != std::string::npos);
  CHECK(one.found().front().detail.find("validationResult") == std::string::npos);
  one.settings.back_ends.push_back({"books", {{"urn:orders", {"invoice"}}}, "", ""});
  CHECK(one.said().empty());

  orders["actions"] = json::array();  // any: which come nobody knows
  one.agree({one.with(orders)});
  CHECK(one.said().empty());
  one.settings.back_ends.clear();
  CHECK(one.said() == doubt);
  orders["direction"] = "send";
  one.agree({one.with(orders)});
  CHECK(one.said().empty());
}

TEST_CASE("services that the node itself takes are not doubted, and those of other kinds of nodes are") {
  doubted one;
  auto const is_doubted = [&](std::string_view value) {
    one.agree({one.with({{"service", service(value)}})});
    return one.said().find("config.pmode.untaken") != std::string::npos;
  };
  CHECK_FALSE(is_doubted("urn:healthdata-eu:secondary-use"));
  CHECK_FALSE(is_doubted("urn:ehds:federated-query"));
  CHECK_FALSE(is_doubted(edelivery::certificate_update_service));
  CHECK(is_doubted("urn:ehds:federated-queries"));
  one.settings.node.role = node::config::node_role::central;
  CHECK_FALSE(is_doubted("urn:healthdata-eu:secondary-use"));
  CHECK(is_doubted("urn:ehds:federated-query"));
  one.settings.access_point.kind = node::config::access_point_kind::domibus;
  CHECK(is_doubted(edelivery::certificate_update_service));
}

TEST_CASE("a password that goes over http to another machine is doubted, at each place that has one") {
  doubted one;
  one.agree({one.with({{"service", service("urn:orders")}})});
  auto const& [host, plain] = GENERATE(table<std::string, bool>({
      {"http://erp.example/in", true},
      {"http://10.0.0.7:8080/in", true},
      {"http://127.example/in", true},
      {"http://[fd00::1]/in", true},
      {"https://erp.example/in", false},
      {"http://localhost:8080/in", false},
      {"http://127.0.0.2/in", false},
      {"http://[::1]/in", false},
  }));
  CAPTURE(host);
  auto const said = [&](std::string const& place) { return plain ? "config.secret.plain " + place + "\n" : ""; };

  one.settings.back_ends = {{"erp", {{"urn:orders", {}}}, host, "secret"}};
  CHECK(one.said().empty());  // it signs events and is not sent
  one.settings.back_ends[0].webhook = node::config::webhook_kind::domibus;
  CHECK(one.said() == said("/back_ends/0/webhook/url"));
  if (plain) CHECK(to_text(one.found().front()).find("secret") == std::string::npos);
  one.settings.back_ends[0].webhook_secret.clear();
  CHECK(one.said().empty());

  one.settings.access_point.url = host;
  one.settings.access_point.password = "secret";
  CHECK(one.said().empty());
  one.settings.access_point.kind = node::config::access_point_kind::domibus;
  CHECK(one.said() == said("/access_point/url"));
  one.settings.access_point.password.clear();

  one.settings.platform.url = host;
  CHECK(one.said().empty());
  one.settings.platform.token = "secret";
  CHECK(one.said() == said("/platform/url"));
}
