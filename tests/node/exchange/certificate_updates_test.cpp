// Certificates rolled over between two nodes by messages: announced, decided, answered, and what counts afterwards.
#include "node/exchange/certificate_updates.hpp"

#include <catch2/catch.hpp>

#include "node/exchange/rollover.hpp"

using namespace ehds;
using namespace ehds::tests;

TEST_CASE("an announced certificate waits for the operator, counts once he accepts it, and the partner is told") {
  rollover a;
  auto const& next = next_of_eu().cert;
  auto const old = keys_of("EU").cert;
  a.announce(next_of_eu());
  REQUIRE(status_of(a.of_fr) == "pending");
  CHECK(status_of(a.of_eu) == "announced");
  CHECK(a.of_eu.all().front().delivery == "delivered");
  CHECK(signing(a.fr, next, a.time.now()) == "edelivery.authentication.not_partner");
  auto const entry = a.of_fr.all().front();
  CHECK(entry.row.party_id == "EU");
  CHECK(entry.row.nation_id == "EU");
  CHECK(entry.request.updates.front().next() == next);

  REQUIRE(a.of_fr.accept(entry.row.number, "otto"));
  CHECK(signing(a.fr, next, a.time.now()).empty());
  CHECK(signing(a.fr, old, noon() + 13 * 24h).empty());
  CHECK(signing(a.fr, old, noon() + 14 * 24h) == "edelivery.authentication.expired");
  CHECK(*encryption_certificate(star_of(a.fr), noon() + 6 * 24h) == old);
  CHECK(*encryption_certificate(star_of(a.fr), noon() + 7 * 24h) == next);

  a.deliver();
  CHECK(status_of(a.of_fr) == "accepted");
  CHECK(a.of_fr.all().front().row.decided_by == "otto");
  CHECK(status_of(a.of_eu) == "confirmed");
  CHECK(a.of_eu.all().front().row.decided_by == "partner:FR");
  CHECK(a.fr.audit_is_whole());
  CHECK(a.eu.audit_is_whole());
}

TEST_CASE("accepted again, or told twice, is accepted once") {
  rollover a;
  a.wire.script = {mishap::send_twice};
  a.announce(next_of_eu());
  REQUIRE(a.of_fr.all().size() == 1);
  auto const number = a.of_fr.all().front().row.number;
  for (int n = 0; n < 3; ++n) CHECK(a.of_fr.accept(number, "otto"));
  a.deliver();
  // The announcement and one answer.
  CHECK(a.fr.ledger().size() == 2);
  CHECK(a.of_fr.reject(number, "otto", "not asked for").error().code == "exchange.update.decided");
  CHECK(a.of_fr.accept(77, "otto").error().code == "exchange.update.unknown");
}

TEST_CASE("an announcement that comes again in a new message is answered again, and stays as it is") {
  rollover a;
  a.announce(next_of_eu());
  auto const xml = a.of_eu.all().front().row.document;
  a.send(edelivery::update_certificate, xml);
  CHECK(a.of_fr.all().size() == 1);
  REQUIRE(a.of_fr.accept(a.of_fr.all().front().row.number, "otto"));
  a.send(edelivery::update_certificate, xml);
  CHECK(a.fr.ledger({.direction = "out"}).size() == 2);
  CHECK(a.of_fr.all().size() == 1);
  CHECK(status_of(a.of_eu) == "confirmed");
}

TEST_CASE("what the operator rejects changes nothing, and the partner reads why") {
  rollover a;
  a.announce(next_of_eu());
  auto const number = a.of_fr.all().front().row.number;
  REQUIRE(a.of_fr.reject(number, "otto", "Call us first."));
  REQUIRE(a.of_fr.reject(number, "otto", "Call us first."));
  a.deliver();
  CHECK(status_of(a.of_fr) == "rejected");
  auto const told = a.of_eu.all().front().row;
  CHECK(told.status == "refused");
  CHECK(told.code == edelivery::au_declined);
  CHECK(told.reason == "Call us first.");
  CHECK(signing(a.fr, next_of_eu().cert, a.time.now()) == "edelivery.authentication.not_partner");
  CHECK(a.of_fr.accept(number, "otto").error().code == "exchange.update.decided");
}

TEST_CASE("a certificate that cannot be the partner's is refused without asking anybody") {
  rollover a;
  a.announce(made("somebody else"));
  CHECK(status_of(a.of_fr) == "rejected");
  CHECK(a.of_fr.all().front().row.decided_by == "node:FR");
  CHECK(status_of(a.of_eu) == "refused");
  CHECK(a.of_eu.all().front().row.code == edelivery::au_certificate_rejected);
  auto const told = a.of_eu.all().front().row.reason;
  INFO(told);
  CHECK(told.find("for signing and encryption has another subject") != std::string::npos);
  CHECK(told.find("it has \"CN=somebody else,O=Tests,C=EU\", expected is \"CN=EU,O=Tests,C=EU\"") != std::string::npos);
}

TEST_CASE("without being asked only what an authority vouches for is accepted, where the P-Mode says so") {
  rollover trusting(trust_authority);
  trusting.announce(next_of_eu());
  REQUIRE(status_of(trusting.of_fr) == "pending");
  while (trusting.of_fr.run_once(trusting.time.now())) {
  }
  trusting.deliver();
  CHECK(status_of(trusting.of_fr) == "accepted");
  CHECK(trusting.of_fr.all().front().row.decided_by == "node:FR");
  CHECK(status_of(trusting.of_eu) == "confirmed");
  CHECK(signing(trusting.fr, keys_of("EU").cert, noon() + 14 * 24h) == "edelivery.authentication.expired");

  rollover asking([](edelivery::pmode& mode) {
    trust_authority(mode);
    mode.accepts_updates_of_authority = false;
  });
  asking.announce(next_of_eu());
  CHECK_FALSE(asking.of_fr.run_once(asking.time.now()));
  CHECK(status_of(asking.of_fr) == "pending");
}

TEST_CASE("what is no agreement update, or not what its action says, is noted and changes nothing") {
  rollover a;
  a.announce(next_of_eu());
  auto const xml = a.of_eu.all().front().row.document;
  auto const about = a.of_eu.all().front().request.head;
  struct row {
    std::string_view action;
    std::string xml;
  };
  edelivery::agreement_update_response unrelated{about, "never announced"};
  unrelated.head.respond_by.reset();
  auto other = a.of_eu.all().front().request;
  other.head.expire_by.reset();
  for (auto const& [action, text] :
       std::vector<row>{{edelivery::update_certificate, "<a/>"},
                        {edelivery::update_certificate, "no XML"},
                        {edelivery::confirm_certificate_update, xml},
                        {edelivery::confirm_certificate_update, write_agreement_update(unrelated)},
                        {edelivery::update_certificate, write_agreement_update(other)}}) {
    INFO(text.substr(0, 200));
    a.send(action, text);
    CHECK(a.newest_at_fr() == "not_valid");
  }
  CHECK(a.of_fr.all().size() == 1);
  CHECK(a.of_fr.all().front().row.document == xml);
}

TEST_CASE("where no P-Mode carries the answer the update stays open, and the operator reads why") {
  rollover a([](edelivery::pmode& mode) {
    if (mode.service == edelivery::certificate_update_service) mode.way = edelivery::direction::receive;
  });
  a.announce(made("somebody else"));
  a.announce(next_of_eu());
  auto const all = a.of_fr.all();
  REQUIRE(all.size() == 2);
  CHECK(a.of_fr.accept(all[1].row.number, "otto").error().code == "exchange.update.unfit");
  CHECK(a.of_fr.accept(all[0].row.number, "otto").error().code == "edelivery.pmode.none");
  CHECK(status_of(a.of_fr) == "pending");
  CHECK(signing(a.fr, next_of_eu().cert, a.time.now()) == "edelivery.authentication.not_partner");
}

TEST_CASE("an update that is accepted too late is not accepted") {
  rollover a;
  a.announce(next_of_eu());
  a.time.advance(24h * 30);
  CHECK(a.of_fr.accept(a.of_fr.all().front().row.number, "otto").error().code == "exchange.update.unfit");
}

TEST_CASE("an announcement is refused where it could only end badly") {
  rollover a;
  auto const code = [&](announcement const& what) {
    auto const done = a.of_eu.announce(what, "olga");
    return done ? "" : done.error().code;
  };
  auto what = a.about(next_of_eu().cert);
  what.activate_by = noon() - 1h;
  CHECK(code(what) == "exchange.update.times");
  auto const mend = [&] { return a.of_eu.announce(what, "olga").error().mend; };
  CHECK(mend().find("in the future") != std::string::npos);
  what.activate_by = noon() + 15 * 24h;  // the current one would have ended
  CHECK(code(what) == "exchange.update.times");
  CHECK(mend().find("earlier") != std::string::npos);
  what.activate_by = next_of_eu().cert.not_after();
  CHECK(mend().find(to_rfc3339(next_of_eu().cert.not_before())) != std::string::npos);
  what = a.about(next_of_eu().cert);
  what.party_id = "DE";
  CHECK(code(what) == "edelivery.pmode.none");
  what = a.about(next_of_eu().cert);
  what.changes.front().current = made("unused").cert;
  CHECK(code(what) == "exchange.update.agreement");
  CHECK(a.of_eu.all().empty());
}

TEST_CASE("each agreement is updated by a message of its own, and has its next name from that day on") {
  auto const named = [](edelivery::pmode& mode) {
    mode.agreement = mode.service == exchange::star_service ? "urn:a" : "urn:b";
  };
  rollover a(named, named);
  a.announce(next_of_eu());
  auto const all = a.of_fr.all();
  REQUIRE(all.size() == 2);
  for (auto const& each : all) REQUIRE(a.of_fr.accept(each.row.number, "otto"));
  a.deliver();
  a.of_eu.run_once(a.time.now());
  auto const day = noon() + 7 * 24h;
  CHECK(agreement_of(star_of(a.eu), day - 1s).value == "urn:a");
  CHECK(agreement_of(star_of(a.eu), day).value.starts_with("urn:a#"));
  CHECK(agreement_of(star_of(a.fr), day).value == agreement_of(star_of(a.eu), day).value);
  a.time.set(day + 1h);
  a.eu.post("createDataset");
  a.deliver();
  CHECK(a.fr.got() == std::vector<std::string>{"createDataset"});
  CHECK(a.fr.refusals.empty());
}
