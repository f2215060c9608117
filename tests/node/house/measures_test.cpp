// The measures that ask an operator to act, each from nothing to its alarm and back.
#include <catch2/catch.hpp>

#include "edelivery/certificate_update/agreement_update.hpp"
#include "edelivery/security/issue.hpp"
#include "node/exchange/update_rows.hpp"
#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::tests;
using namespace ehds::node;

namespace {

std::string measure_of(one_house& node, std::string const& name) {
  auto const text = node.ask_inside(request_of("GET", "/metrics")).body;
  auto const at = text.find("\n" + name + " ");
  if (at == std::string::npos) return "none";
  return text.substr(at + name.size() + 2, text.find('\n', at + 1) - at - name.size() - 2);
}

// Two programs of the country; where they are called nobody listens.
void with_back_ends(config::configuration& settings) {
  know_the_centre(settings);
  for (std::string const name : {"registry", "archive"}) {
    config::back_end_section one;
    one.name = name;
    one.takes = {{"urn:" + name, {}}};
    one.webhook_url = "http://127.0.0.1:1/events";
    one.webhook_secret = "a secret";
    settings.back_ends.push_back(one);
  }
}

// An update of the centre's, as it is stored when it came.
void announce(one_house& node, std::string const& id, std::chrono::days lead) {
  auto const now = node.parts().wall.now();
  auto const current = edelivery::certificate::load(keys_of("EU") / "sign.pem").value();
  edelivery::agreement_update_request const request{
      {id, now, {}, now + lead, now + lead + std::chrono::days{9}, {"urn:a"}, {"urn:b"}},
      {{"c", edelivery::sha256_digest_of(current), {current}}}};
  REQUIRE(node.parts().db->commit([&](store::transaction& tx) -> result<void> {
    exchange::add_update(tx, {0, true, "EU", "EU", "m-" + id + "@eu", "c-1", id, write_agreement_update(request),
                              current.pem(), "pending", now});
    return {};
  }));
}

}  // namespace

TEST_CASE("a webhook that does not take its next event is counted, and no other") {
  one_house node("FR", with_back_ends);
  CHECK(measure_of(node, "ehds_webhooks_refused") == "0");
  auto& p = node.parts();
  REQUIRE(p.notices.size() == 2);
  REQUIRE(p.db->commit([&](store::transaction& tx) -> result<void> {
    tx.run(
        "INSERT INTO exchange_event (id, back_end, kind, message_id, at) VALUES (1, 'registry', 'message.arrived', "
        "'m-1@eu', ?)",
        p.wall.now());
    return {};
  }));
  for (auto const& one : p.notices) CHECK_FALSE(one->run_once());
  CHECK(measure_of(node, "ehds_webhooks_refused") == "1");
  node.build_again();
  CHECK(measure_of(node, "ehds_webhooks_refused") == "1");
  // It is taken after all.
  REQUIRE(node.parts().db->commit([](store::transaction& tx) -> result<void> {
    tx.run("UPDATE exchange_notice SET told = 1, attempts = 0, reason = ''");
    return {};
  }));
  CHECK(measure_of(node, "ehds_webhooks_refused") == "0");
}

TEST_CASE("messages that a webhook set aside are counted") {
  one_house node("FR", with_back_ends);
  CHECK(measure_of(node, "ehds_webhooks_set_aside") == "0");
  REQUIRE(node.parts().db->commit([](store::transaction& tx) -> result<void> {
    tx.run(
        "INSERT INTO exchange_back_end (seq, back_end, pmode_id, header, incoming, processed_at) "
        "VALUES (1, 'registry', '', '{}', 1, NULL), (2, 'registry', '', '{}', 1, NULL), (3, 'registry', '', '{}', 1, "
        "0)");
    tx.run("INSERT INTO exchange_set_aside (seq) VALUES (1), (2), (3)");
    return {};
  }));
  CHECK(measure_of(node, "ehds_webhooks_set_aside") == "2");
}

TEST_CASE("a stored payload that the disk changed is counted each time it is read") {
  one_house node("FR", [](auto& settings) { know_the_centre(settings); });
  auto& db = *node.parts().db;
  auto const kept = db.payloads().prepare("a small payload").value();
  REQUIRE(db.commit([&](store::transaction& tx) -> result<void> {
    store::payload_store::put(tx, kept);
    tx.run("UPDATE store_payload SET bytes = ? WHERE id = ?", store::blob{"a smell payload"}, kept.id);
    return {};
  }));
  CHECK(measure_of(node, "ehds_damaged_payloads_total") == "0");
  CHECK_FALSE(db.read([&](store::reading& now) { return db.payloads().get(now, kept.id); }));
  CHECK(measure_of(node, "ehds_damaged_payloads_total") == "1");
}

TEST_CASE("announced certificates are counted while they wait, and those that press") {
  one_house node("FR", [](auto& settings) { know_the_centre(settings); });
  CHECK(measure_of(node, "ehds_certificate_updates_waiting") == "0");
  CHECK(measure_of(node, "ehds_certificate_updates_urgent") == "0");
  announce(node, "u-1", std::chrono::days{30});
  CHECK(measure_of(node, "ehds_certificate_updates_waiting") == "1");
  CHECK(measure_of(node, "ehds_certificate_updates_urgent") == "0");
  announce(node, "u-2", std::chrono::days{2});
  CHECK(measure_of(node, "ehds_certificate_updates_waiting") == "2");
  CHECK(measure_of(node, "ehds_certificate_updates_urgent") == "1");
}

TEST_CASE("the days until the first partner's certificate ends follow what was accepted since the start") {
  one_house node("FR", [](auto& settings) { know_the_centre(settings); });
  auto const days = [&] { return std::stod(measure_of(node, "ehds_partner_certificate_days")); };
  auto const before = days();
  CHECK(before > 20);
  auto const& p = node.parts();
  auto const& mode = p.book.all().front();
  auto const old = edelivery::lasting_signers(mode.trust).at(0).cert;
  auto const end = p.wall.now() + std::chrono::days{10};
  // The one that follows ends first.
  edelivery::certificate_request request;
  request.common_name = "EU sign";
  request.country = "EU";
  request.not_before = p.wall.now() - std::chrono::hours{1};
  request.lifetime = std::chrono::days{5};
  auto const next = edelivery::issue_certificate(request).value();
  mode.trust.replacements->put(edelivery::replacement{old, next.cert, p.wall.now(), end, true, false});
  CHECK(days() < 11);
}
