// FR finds EU by DNS and a publisher, sends, and goes on sending when both are down.
#include "node/exchange/discovered_partners.hpp"

#include <catch2/catch.hpp>

#include "edelivery/discovery/records.hpp"
#include "edelivery/revoking_authority.hpp"
#include "edelivery/security/trust.hpp"
#include "node/exchange/kept_bytes.hpp"
#include "node/exchange/pull.hpp"
#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

edelivery::pmode looked_up(std::string const& partner = "EU") {
  auto mode = pmode_between("FR", partner, std::string(exchange::star_service));
  mode.id = "dynamic";
  auto const with = edelivery::tests::looking_up();
  mode.discovery = with.discovery;
  mode.discovery->process = {"", mode.service};
  mode.address.clear();
  mode.trust = with.trust;
  mode.trust.common_name = "EU";
  mode.partner_encryption.clear();
  return mode;
}

edelivery::pmode answering() {
  auto mode = pmode_between("EU", "FR", std::string(exchange::star_service));
  mode.retry.max_attempts = 1;
  return mode;
}

std::string record_of(edelivery::certificate const& cert, std::string const& address = "https://EU.example/as4") {
  auto text = edelivery::tests::smp1_record({{.address = address, .cert = to_base64(cert.der())}});
  text = edelivery::tests::replaced(text, ">urn:service<", ">" + std::string(exchange::star_service) + "<");
  return edelivery::tests::signed_by(edelivery::tests::publisher_keys(), text);
}

struct network {
  manual_clock time{noon()};
  memory_wire wire;
  edelivery::tests::publisher_wire publisher;
  bool dns_is_down = false;
  edelivery::pmode agreed;
  test_node fr;
  test_node eu;
  std::vector<std::string> troubles;
  std::unique_ptr<exchange::partner_search> search;
  std::string const url;

  explicit network(edelivery::pmode mode = looked_up())
      : agreed(mode),
        fr("FR", mode.partner.id, wire, time, nullptr, {mode}),
        eu("EU", "FR", wire, time, nullptr, {answering()}),
        url(edelivery::service_metadata_url("https://smp.example", edelivery::smp_version::v1_0,
                                            mode.discovery->participant, mode.discovery->document)) {
    publisher.pages[url] = record_of(keys_of("EU").cert);
    restart();
  }
  void restart() {
    fr.start();
    search = std::make_unique<exchange::partner_search>(
        fr->db, fr->desk.book(),
        [this](std::string const& name) -> result<std::string> {
          if (dns_is_down) return problem{"dns.unreachable", "silence", name, ""};
          return edelivery::tests::dns_answer(
              {{35, edelivery::tests::naptr_data(1, 1, "U", "Meta:SMP", "!^.*$!https://smp.example!")}});
        },
        publisher);
    search->on_trouble(
        [this](std::string const& mode, problem const& why) { troubles.push_back(mode + " " + why.code); });
  }
  bool look() {
    search->run_once(time.now());
    return exchange::ready_pmode(fr->db, agreed, time.now()).has_value();
  }
  void pass(std::chrono::seconds by) { time.advance(by); }
  std::string send(std::string const& id = "d1") {
    fr.post("createDataset", R"({"identifier":")" + id + "\"}");
    fr->sender.run_once(time.now());
    return fr.ledger({.direction = "out"}).at(0).status;
  }
  std::size_t not_found() { return exchange::partners_not_found(fr->db, fr->desk.book(), time.now()); }
};

}  // namespace

TEST_CASE("a partner that is looked up gets its messages at the address and for the certificate that were found") {
  network n;
  CHECK(n.not_found() == 1);
  CHECK(n.look());
  CHECK(n.not_found() == 0);
  CHECK(n.send() == "delivered");
  CHECK(n.eu.got() == std::vector<std::string>{"createDataset"});
  CHECK(n.troubles.empty());
}

TEST_CASE("a message waits until its partner is found") {
  network n;
  CHECK(n.send() == "waiting");
  CHECK(n.wire.calls == 0);
  CHECK(n.fr.ledger({.direction = "out"}).at(0).reason.find("was not found yet") != std::string::npos);
  n.look();
  n.pass(std::chrono::minutes(1));
  n.fr->sender.run_once(n.time.now());
  CHECK(n.fr.ledger({.direction = "out"}).at(0).status == "delivered");
}

TEST_CASE("what was found outlives the process, DNS and the publisher, until it ends") {
  network n;
  n.look();
  n.dns_is_down = true;
  n.publisher.is_down = true;
  n.restart();
  CHECK(n.look());
  CHECK(n.troubles == std::vector<std::string>{"dynamic dns.unreachable"});
  CHECK(n.send() == "delivered");
}

TEST_CASE("what was found ends with its registration, and when a week confirmed nothing of it") {
  network n;
  n.look();
  auto const found_at = n.time.now();
  n.publisher.pages.clear();  // withdrawn
  n.time.set(found_at + std::chrono::days{7} - std::chrono::milliseconds{1});
  CHECK(n.look());
  n.pass(std::chrono::hours{1});
  CHECK_FALSE(n.look());
  CHECK(n.not_found() == 1);
  CHECK(n.send() == "waiting");
  n.publisher.pages[n.url] = record_of(keys_of("EU").cert);
  n.time.set(parse_rfc3339("2026-12-31T12:00:00Z").value());
  CHECK(n.look());
  n.time.set(parse_rfc3339("2026-12-31T23:59:59Z").value());
  CHECK(n.not_found() == 0);
  n.time.set(parse_rfc3339("2027-01-01T00:00:00Z").value());  // the registered endpoint ends with the year
  CHECK(n.not_found() == 1);
}

TEST_CASE("one partner is looked up at a time, so that the others and the end of the node wait for one only") {
  network n;
  auto second = n.agreed;
  second.id = "second";
  auto third = n.agreed;
  third.id = "third";
  edelivery::pmode_book const book({n.agreed, second, third});
  exchange::partner_search search(
      n.fr->db, book, [](std::string const& name) -> result<std::string> { return problem{"silent", "", name, ""}; },
      n.publisher);
  std::vector<std::string> looked;
  search.on_trouble([&](std::string const& mode, problem const&) { looked.push_back(mode); });
  std::vector<bool> more;
  for (int n_th = 0; n_th < 4; ++n_th) more.push_back(search.run_once(n.time.now()));
  CHECK(more == std::vector<bool>{true, true, false, false});
  CHECK(looked == std::vector<std::string>{"dynamic", "second", "third"});
}

TEST_CASE("partners are looked up again long before, and after trouble more and more seldom") {
  network n;
  n.look();
  n.look();
  CHECK(n.publisher.asked.size() == 1);
  n.pass(std::chrono::minutes(60));
  CHECK(n.look());
  CHECK(n.publisher.asked.size() == 2);
  n.publisher.is_down = true;
  n.pass(std::chrono::minutes(60));
  std::vector<int> pauses;
  for (int minute = 0, last = 0; minute < 250; ++minute, n.pass(std::chrono::minutes(1))) {
    auto const before = n.troubles.size();
    n.look();
    if (n.troubles.size() == before) continue;
    pauses.push_back(minute - last);
    last = minute;
  }
  CHECK(pauses == std::vector<int>{0, 1, 2, 4, 8, 16, 32, 60, 60, 60});
}

TEST_CASE("a partner that moved and took a new certificate is found at its new place") {
  network n;
  n.look();
  CHECK(n.send() == "delivered");
  n.wire.endpoints["https://moved.example/as4"] = n.wire.endpoints["https://EU.example/as4"];
  n.wire.endpoints["https://EU.example/as4"] = nullptr;
  n.publisher.pages[n.url] = record_of(keys_of("EU").cert, "https://moved.example/as4");
  n.pass(std::chrono::minutes(60));
  CHECK(n.look());
  CHECK(n.send("d2") == "delivered");
}

TEST_CASE("a receipt of somebody else than the registered certificate is no receipt") {
  network n;
  auto const registered = edelivery::tests::issued("EU", edelivery::certificate_use::signing_and_encryption,
                                                   &edelivery::tests::authority());
  n.publisher.pages[n.url] = record_of(registered.cert);
  n.look();
  CHECK(n.send() != "delivered");
  CHECK(n.eu.got().empty());  // what is encrypted for another key cannot be opened either
}

namespace {

edelivery::credentials const& new_keys() {
  static auto const made = edelivery::tests::issued("EU", edelivery::certificate_use::signing_and_encryption,
                                                    &edelivery::tests::authority());
  return made;
}

// EU has new keys, keeps the old ones to read what was sealed for them, and registers.
void roll_over(network& n) {
  n.publisher.pages[n.url] = record_of(new_keys().cert);
  n.eu.point() = {new_keys(), {new_keys(), keys_of("EU")}, "EU.example"};
  n.pass(std::chrono::minutes(60));
  n.look();
}

std::string old_signer_counts(network& n) {
  auto const mode = exchange::judging_pmode(n.fr->db, n.agreed, n.time.now());
  if (!mode) return mode.error().code;
  return edelivery::tests::code_of(edelivery::check_signer(keys_of("EU").cert, {}, mode->trust, n.time.now()));
}

// What EU answered when the message came, as a request of its own.
edelivery::reply receipt_comes_late(network& n) {
  exchange::pull_answers const listens(n.fr->desk, n.fr->sender, n.time);
  auto const kept = n.eu->db.read([&](store::reading& now) {
    return texts_of(now, n.eu->db.payloads(), n.eu.ledger({.direction = "in"}).at(0).seq).value();
  });
  return n.fr->desk.receive(kept.receipt_type, kept.receipt);
}

std::string status(network& n) { return n.fr.ledger({.direction = "out"}).at(0).status; }

}  // namespace

TEST_CASE("a receipt that the partner signed before it took new keys counts when it comes after") {
  network n;
  n.look();
  n.wire.script = {mishap::lose_answer};
  CHECK(n.send() == "waiting");
  CHECK(n.eu.got().size() == 1);
  roll_over(n);
  n.restart();  // what is remembered is in the store
  n.fr->sender.run_once(n.time.now());
  CHECK(status(n) == "delivered");
  CHECK(n.eu.got().size() == 1);
  CHECK(n.send("d2") == "delivered");  // signed with the new ones
}

TEST_CASE("an earlier signer counts for a week after a record last named it, and no longer") {
  network n;
  n.look();
  auto const confirmed_at = n.time.now();
  roll_over(n);
  CHECK(old_signer_counts(n) == "good");
  for (int day = 1; day < 7; ++day) {
    n.time.set(confirmed_at + std::chrono::days{day});
    n.look();
  }
  n.time.set(confirmed_at + std::chrono::days{7} - std::chrono::milliseconds{1});
  CHECK(old_signer_counts(n) == "good");
  n.pass(std::chrono::seconds{1});
  CHECK(old_signer_counts(n) == "edelivery.authentication.not_partner");
  auto const rows = [&] {
    return n.fr->db.read(
        [](store::reading& now) { return now.first("SELECT count(*) FROM exchange_earlier_signer")->integer(0); });
  };
  CHECK(rows() == 1);
  REQUIRE(n.look());
  CHECK(rows() == 0);
}

TEST_CASE("a signer that is named again is none of the earlier ones, and counts as before") {
  network n;
  n.look();
  roll_over(n);
  n.publisher.pages[n.url] = record_of(keys_of("EU").cert);
  n.pass(std::chrono::minutes(60));
  n.look();
  auto const mode = exchange::ready_pmode(n.fr->db, n.agreed, n.time.now());
  REQUIRE(mode);
  CHECK(mode->trust.pinned == std::vector{keys_of("EU").cert, new_keys().cert});
}

TEST_CASE("an earlier signer that was revoked or has expired does not count, nor one found under other terms") {
  auto const place = std::string("http://lists.example/ca.crl");
  auto mode = looked_up();
  mode.trust.revocation.lists = {place};
  mode.trust.revocation.policy = edelivery::revocation_policy::soft;
  mode.trust.revocation.shelf = std::make_shared<edelivery::revocation_shelf>();
  network n(mode);
  n.look();
  roll_over(n);
  CHECK(old_signer_counts(n) == "good");
  SECTION("revoked") {
    edelivery::tests::revoking_authority const lists(edelivery::tests::authority());
    mode.trust.revocation.shelf->put(
        place, edelivery::revocation_list::read(lists.list({.revoked = {keys_of("EU").cert}})).value());
    CHECK(old_signer_counts(n) == "edelivery.authentication.revoked");
  }
  SECTION("expired") {
    auto const ready = exchange::judging_pmode(n.fr->db, n.agreed, n.time.now()).value();
    auto const end = keys_of("EU").cert.not_after() + std::chrono::seconds{1};
    CHECK(edelivery::tests::code_of(edelivery::check_signer(keys_of("EU").cert, {}, ready.trust, end)) ==
          "edelivery.authentication.expired");
  }
  SECTION("other terms") {
    n.agreed.discovery->document.value = "urn:other";
    CHECK(old_signer_counts(n) == "exchange.partner.not_found");
  }
}

TEST_CASE(
    "a receipt in a request of its own counts when what was found has ended since, for as long as it is confirmed") {
  network n;
  bool const is_confirmed = GENERATE(true, false);
  n.time.set(parse_rfc3339("2026-12-31T12:00:00Z").value());
  n.look();
  n.wire.script = {mishap::lose_answer};
  CHECK(n.send() == "waiting");
  // The registered endpoint ends with the year.
  n.time.set(parse_rfc3339(is_confirmed ? "2027-01-02T00:00:00Z" : "2027-01-08T00:00:00Z").value());
  CHECK_FALSE(exchange::ready_pmode(n.fr->db, n.agreed, n.time.now()));
  CHECK(receipt_comes_late(n).status == (is_confirmed ? 204 : 200));  // 200: a signed error
  CHECK(status(n) == (is_confirmed ? "delivered" : "waiting"));
}

TEST_CASE("what was found under other terms does not count") {
  network n;
  n.look();
  auto other = n.agreed;
  other.discovery->document.value = "urn:other";
  CHECK(exchange::ready_pmode(n.fr->db, n.agreed, n.time.now()));
  auto const none = exchange::ready_pmode(n.fr->db, other, n.time.now());
  REQUIRE_FALSE(none);
  CHECK(none.error().code == "exchange.partner.not_found");
}

TEST_CASE("an access point is found by the final recipient, and the message goes to it by its own name") {
  auto mode = looked_up("C4");
  mode.way = edelivery::direction::send;
  mode.discovery->by = edelivery::looked_up_by::final_recipient;
  mode.trust.common_name.clear();
  network n(mode);
  n.look();
  CHECK(n.send() == "delivered");
  CHECK(n.eu.got() == std::vector<std::string>{"createDataset"});
}

TEST_CASE("a record that is forged changes nothing") {
  network n;
  n.look();
  auto const stranger = edelivery::tests::issued("publisher", edelivery::certificate_use::signing, nullptr);
  n.publisher.pages[n.url] =
      edelivery::tests::signed_by(stranger, edelivery::tests::smp1_record({{.address = "https://thief.example/as4"}}));
  n.pass(std::chrono::minutes(60));
  CHECK(n.look());
  CHECK(n.troubles == std::vector<std::string>{"dynamic edelivery.authentication.untrusted"});
  CHECK(n.send() == "delivered");
}
