// What is decided about announced certificates when nobody decides, when it is too much, and what the partner is told.
#include "node/exchange/rollover.hpp"

#include "base/bytes.hpp"
#include "edelivery/revoking_authority.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

std::string pmode_of_newest(test_node& node) {
  return node->db.read([](store::reading& now) {
    return now.first("SELECT pmode_id FROM exchange_outbox ORDER BY seq DESC LIMIT 1")->text(0);
  });
}

}  // namespace

TEST_CASE("whatever the operator writes as reason, the partner reads it") {
  struct row {
    std::string written, read;
  };
  std::string const euro = "\xE2\x82\xAC";
  std::string many;
  for (int n = 0; n < 400; ++n) many += euro;  // 1,200 bytes: the limit goes through one of them
  for (auto const& [written, read] : std::vector<row>{{many, many.substr(0, 341 * euro.size())},
                                                      {"bell\x07 and\ttab", "bell  and tab"},
                                                      {"not \xEF\xBF\xBF in XML", "not  in XML"}}) {
    rollover a;
    a.announce(next_of_eu());
    REQUIRE(a.of_fr.reject(a.of_fr.all().front().row.number, "otto", written));
    a.deliver();
    CHECK(status_of(a.of_eu) == "refused");
    CHECK(a.of_eu.all().front().row.reason == read);
  }
  rollover a;
  a.announce(next_of_eu());
  auto const number = a.of_fr.all().front().row.number;
  for (auto const* const nothing : {"", " \n ", "\x01\x7f", "\xEF\xBF\xBF", "\xFF\xFE"}) {
    auto const refused = a.of_fr.reject(number, "otto", nothing);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "exchange.update.reason");
    CHECK(refused.error().where == "/reason");
  }
  CHECK(status_of(a.of_fr) == "pending");
}

TEST_CASE("an encryption certificate is not announced before the node opens what is encrypted for it") {
  rollover a;
  auto const what = a.about(next_of_eu().cert);
  auto const refused = a.of_eu.announce(what, "olga");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "exchange.update.key");
  CHECK_FALSE(refused.error().mend.empty());
  CHECK(a.of_eu.all().empty());
  a.hold(next_of_eu());
  CHECK(a.of_eu.announce(what, "olga"));
}

TEST_CASE("a current certificate that ends before the next is active is found before it is announced") {
  rollover a;
  a.hold(next_of_eu());
  auto what = a.about(next_of_eu().cert);
  what.activate_by = keys_of("EU").cert.not_after() + 24h;
  what.expire_by = what.activate_by + 24h;  // promises more than the certificate can hold
  CHECK(next_of_eu().cert.not_after() > what.activate_by);
  CHECK(a.of_eu.announce(what, "olga").error().code == "exchange.update.times");
}

TEST_CASE("only so many of a partner's updates wait, and what waits is shown first") {
  rollover a;
  for (std::size_t n = 0; n < certificate_updates::most_waiting; ++n) a.announce(next_of_eu());
  CHECK(a.of_fr.waiting(a.time.now()).of_partners == certificate_updates::most_waiting);
  CHECK(status_of(a.of_eu) == "announced");
  a.announce(next_of_eu());
  CHECK(a.of_fr.all().size() == certificate_updates::most_waiting);
  auto const refused = a.of_eu.all().front();
  CHECK(refused.row.status == "refused");
  CHECK(refused.row.code == edelivery::au_too_many_wait);
  // Room again: the same is taken, and what was decided gives way to what waits.
  auto const newest = a.of_fr.all().front().row.number;
  REQUIRE(a.of_fr.reject(newest, "otto", "not asked for"));
  a.send(edelivery::update_certificate, refused.row.document);
  auto const all = a.of_fr.all();
  REQUIRE(all.size() == certificate_updates::most_waiting + 1);
  CHECK(all.front().row.update_id == refused.row.update_id);
  CHECK(all.front().row.status == "pending");
  CHECK(all.back().row.number == newest);
}

TEST_CASE("what nobody decided until its end is rejected, and the partner is told") {
  rollover a;
  a.announce(next_of_eu());
  CHECK_FALSE(a.of_fr.run_once(a.time.now()));
  a.time.set(noon() + 14 * 24h - 1min);
  CHECK_FALSE(a.of_fr.run_once(a.time.now()));
  CHECK(status_of(a.of_fr) == "pending");
  a.time.set(noon() + 14 * 24h);
  CHECK(a.of_fr.run_once(a.time.now()));
  CHECK_FALSE(a.of_fr.run_once(a.time.now()));
  a.deliver();
  CHECK(status_of(a.of_fr) == "rejected");
  CHECK(a.of_fr.all().front().row.decided_by == "node:FR");
  CHECK(status_of(a.of_eu) == "refused");
  CHECK(a.of_eu.all().front().row.code == edelivery::au_expire_by_rejected);
}

TEST_CASE("what may be accepted once it is known that it was not revoked is looked at again, not all the time") {
  auto const shelf = std::make_shared<edelivery::revocation_shelf>();
  rollover a([&](edelivery::pmode& mode) {
    trust_authority(mode);
    mode.trust.revocation = {{"http://lists.example/0"}, edelivery::revocation_policy::soft, shelf};
  });
  a.announce(next_of_eu());
  REQUIRE(status_of(a.of_fr) == "pending");
  auto& mode = const_cast<edelivery::pmode&>(star_of(a.fr));  // as if it had said so from the beginning
  mode.trust.revocation.policy = edelivery::revocation_policy::hard;
  CHECK_FALSE(a.of_fr.run_once(a.time.now()));
  edelivery::tests::revoking_authority const keeper(edelivery::tests::authority());
  shelf->put("http://lists.example/0", edelivery::revocation_list::read(keeper.list({})).value());
  CHECK_FALSE(a.of_fr.run_once(a.time.now() + 59s));
  CHECK(status_of(a.of_fr) == "pending");
  CHECK(a.of_fr.run_once(a.time.now() + 60s));
  CHECK(status_of(a.of_fr) == "accepted");
}

TEST_CASE("a yes to other agreements is no yes") {
  rollover a;
  a.announce(next_of_eu());
  auto const asked = a.of_eu.all().front().request.head;
  edelivery::agreement_update_response yes{asked, asked.id};
  yes.head.respond_by.reset();
  yes.head.updated.value = "urn:another";
  auto const posted = a.fr->db.commit([&](store::transaction& tx) -> result<void> {
    auto const id = exchange::post_document(
        tx, a.fr->desk, {"EU", edelivery::confirm_certificate_update, write_agreement_update(yes), ""});
    return id ? result<void>{} : id.error();
  });
  REQUIRE(posted);
  a.deliver();
  CHECK(a.eu.ledger().front().status == "not_valid");
  CHECK(status_of(a.of_eu) == "announced");
}

TEST_CASE("an announcement that comes again is taken where its answer cannot be sent any more") {
  rollover a([](edelivery::pmode& mode) {
    if (mode.service == edelivery::certificate_update_service) mode.way = edelivery::direction::receive;
  });
  a.announce(next_of_eu());
  auto decided = a.of_fr.all().front().row;
  decided.status = "accepted";
  decided.decided_at = a.time.now();
  REQUIRE(a.fr->db.commit([&](store::transaction& tx) -> result<void> {
    change_update(tx, decided);
    return {};
  }));
  a.send(edelivery::update_certificate, decided.document);
  CHECK(a.eu.ledger().front().status == "delivered");
  CHECK(a.fr.audit_is_whole());
}

TEST_CASE("a request travels under the agreement that it is about, and so does its answer") {
  auto const agreements = [](std::string const& us, std::string const& partner) {
    auto all = modes(us, partner, [](auto& mode) { mode.agreement = "urn:a"; });
    all.push_back(all.back());
    all.back().id += "/b";
    all.back().agreement = "urn:b";
    std::swap(all[1], all[2]);  // the other one is found first
    return all;
  };
  rollover a(agreements("FR", "EU"), agreements("EU", "FR"));
  a.hold(next_of_eu());
  auto const numbers = a.of_eu.announce(a.about(next_of_eu().cert), "olga");
  REQUIRE(numbers);
  CHECK(numbers->size() == 2);  // one for each agreement
  a.deliver();
  for (auto const& one : a.of_fr.all()) {
    REQUIRE(a.of_fr.accept(one.row.number, "otto"));
    auto const about_b = one.request.head.current.value == "urn:b";
    CHECK(pmode_of_newest(a.fr).ends_with("/b") == about_b);
  }
  auto const carried = a.eu->db.read([](store::reading& now) {
    std::vector<std::string> all;
    now.each("SELECT pmode_id FROM exchange_outbox ORDER BY seq", [&](auto const& one) { all.push_back(one.text(0)); });
    return all;
  });
  REQUIRE(carried.size() == 2);
  CHECK(carried[0].ends_with("/b") != carried[1].ends_with("/b"));
}

TEST_CASE("what waits is counted, and urgent a week before it is active or when nobody answered in time") {
  rollover a;
  a.hold(next_of_eu());
  auto what = a.about(next_of_eu().cert);
  what.activate_by = noon() + 10 * 24h;
  REQUIRE(a.of_eu.announce(what, "olga"));
  a.deliver();
  auto const at_fr = [&](instant now) { return a.of_fr.waiting(now); };
  CHECK(at_fr(noon()).of_partners == 1);
  CHECK(at_fr(noon() + 3 * 24h).urgent == 0);
  CHECK(at_fr(noon() + 3 * 24h + 1s).urgent == 1);
  CHECK(is_urgent(a.of_fr.all().front(), noon() + 4 * 24h));
  // Ours was to be answered within a week.
  CHECK(a.of_eu.waiting(noon() + 6 * 24h).of_partners == 0);
  CHECK(a.of_eu.waiting(noon() + 6 * 24h).urgent == 0);
  CHECK(a.of_eu.waiting(noon() + 7 * 24h).urgent == 1);
  CHECK(a.of_eu.waiting(noon() + 14 * 24h).urgent == 0);  // its end has come: the answer would change nothing
  REQUIRE(a.of_fr.accept(a.of_fr.all().front().row.number, "otto"));
  a.deliver();
  CHECK(at_fr(noon() + 9 * 24h).urgent == 0);
  CHECK(at_fr(noon() + 9 * 24h).of_partners == 0);
  CHECK(a.of_eu.waiting(noon() + 9 * 24h).urgent == 0);
}
