// What anybody can send is answered at length only so often to each address; whoever floods takes nothing from a
// partner, not even from one behind his own address.
#include "node/exchange/unproven_limit.hpp"

#include <catch2/catch.hpp>

#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/message/pack.hpp"
#include "node/exchange/pulling.hpp"

using namespace ehds;
using namespace ehds::tests;
using exchange::hearing;
using exchange::unproven_limit;
using namespace std::chrono_literals;

namespace {

int taken(unproven_limit& limit, std::string const& address, instant now, int tries) {
  int good = 0;
  for (int n = 0; n < tries; ++n) good += limit.take(address, now) == hearing::full ? 1 : 0;
  return good;
}

// A message that says it is from `sender` to EU, signed by `signer`.
edelivery::wire_message claim_of(std::string const& sender, std::string const& signer) {
  auto const mode = pmode_between(sender, "EU", std::string(exchange::star_service));
  edelivery::access_point const point{keys_of(signer), {keys_of(signer)}, sender + ".example"};
  edelivery::outgoing_message message;
  message.action = "createDataset";
  message.payloads = {{"application/json", "{}", "", {}, nullptr}};
  return edelivery::seal(edelivery::pack(message, mode, point, noon()).value(), mode, noon()).value();
}

struct flooded {
  two_nodes both;
  test_node& eu = both.eu;

  edelivery::reply receive(edelivery::wire_message const& wire, std::string const& from) {
    return eu->desk.receive(wire.content_type, wire.body, from);
  }
  std::size_t rows() {
    return eu->db.read([](store::reading& now) { return exchange::list_refusals(now, 0, 10'000).size(); });
  }
};

bool is_signed_error(edelivery::reply const& answer) {
  return answer.status == 200 && answer.body.find("<eb:Error") != std::string::npos &&
         answer.body.find("<ds:SignatureValue>") != std::string::npos;
}

constexpr char const* stranger = "192.0.2.7";

}  // namespace

TEST_CASE("a bucket gives what is in it, fills with time and never overflows") {
  unproven_limit limit({.at_once = 5, .per_second = 2});
  auto now = noon();
  CHECK(taken(limit, stranger, now, 8) == 5);
  CHECK(limit.refused() == 3);
  CHECK(taken(limit, stranger, now + 499ms, 1) == 0);
  CHECK(taken(limit, stranger, now + 500ms, 2) == 1);
  CHECK(taken(limit, stranger, now + 2s, 9) == 3);
  CHECK(taken(limit, stranger, now + 1h, 9) == 5);
}

TEST_CASE("a clock that is set back fills no bucket, and stops none") {
  unproven_limit limit({.at_once = 2, .per_second = 1});
  CHECK(taken(limit, stranger, noon(), 3) == 2);
  CHECK(taken(limit, stranger, noon() - 24h, 3) == 0);
  CHECK(taken(limit, stranger, noon() - 24h + 1s, 3) == 1);
}

TEST_CASE("each address has its bucket, an IPv6 customer one for all his /64, and IPv4 is the same in both spellings") {
  unproven_limit limit({.at_once = 1, .per_second = 1});
  CHECK(taken(limit, "192.0.2.7", noon(), 1) == 1);
  CHECK(taken(limit, "192.0.2.8", noon(), 1) == 1);
  CHECK(taken(limit, "::ffff:192.0.2.7", noon(), 1) == 0);
  CHECK(taken(limit, "2001:db8:1:2::1", noon(), 1) == 1);
  CHECK(taken(limit, "2001:db8:1:2:ffff::9", noon(), 1) == 0);
  CHECK(taken(limit, "2001:db8:1:3::1", noon(), 1) == 1);
  CHECK(taken(limit, "::1", noon(), 1) == 1);
  CHECK(taken(limit, "::1", noon(), 1) == 0);
  // What we fetched ourselves comes from no address.
  CHECK(taken(limit, "", noon(), 100) == 100);
}

TEST_CASE("a fixed number of addresses is remembered: the one not seen for longest begins anew, and full") {
  unproven_limit limit({.at_once = 2, .per_second = 1, .addresses = 3});
  CHECK(taken(limit, "192.0.2.1", noon(), 3) == 2);
  CHECK(taken(limit, "192.0.2.2", noon(), 1) == 1);
  CHECK(taken(limit, "192.0.2.3", noon(), 1) == 1);
  CHECK(taken(limit, "192.0.2.1", noon(), 1) == 0);  // still known, and seen again
  CHECK(taken(limit, "192.0.2.4", noon(), 1) == 1);  // .2 goes
  CHECK(limit.remembered() == 3);
  CHECK(taken(limit, "192.0.2.1", noon(), 1) == 0);
  CHECK(taken(limit, "192.0.2.2", noon(), 3) == 2);
  CHECK(limit.remembered() == 3);
}

TEST_CASE("many addresses together get ten times what one gets, whoever is forgotten meanwhile") {
  unproven_limit limit({.at_once = 5, .per_second = 2, .addresses = 16});
  auto const flood = [&](instant now) {
    int good = 0;
    for (int n = 0; n < 1000; ++n) good += taken(limit, "2001:db8:0:" + std::to_string(n) + "::1", now, 1);
    return good;
  };
  CHECK(flood(noon()) == 50);
  CHECK(flood(noon() + 1s) == 20);
  CHECK(limit.remembered() == 16);
  CHECK(limit.refused() == 1930);
}

TEST_CASE("while a flood from many addresses has used up what all have, one that is quiet still leaves its row") {
  flooded a;
  auto const lie = claim_of("FR", "nobody");
  for (int n = 0; n < 10; ++n)
    for (int times = 0; times < 20; ++times) a.receive({"text/plain", "rubbish"}, "198.51.100." + std::to_string(n));
  auto const rows = a.rows();
  auto const told = a.eu.refusals.size();
  CHECK(a.receive(lie, stranger).status == 503);
  CHECK(a.rows() == rows + 1);  // the operator sees the claim of the partner's name
  CHECK(a.eu.refusals.size() == told);
  CHECK(a.receive({"text/plain", "rubbish"}, "198.51.100.1").status == 503);
  CHECK(a.rows() == rows + 1);
}

TEST_CASE("a user message that the partner signed proves something, however it cannot be opened") {
  flooded a;
  // Sealed for somebody else: a partner who missed that our key was rolled over.
  auto const mode = pmode_between("FR", "EU", std::string(exchange::star_service));
  edelivery::access_point const point{keys_of("FR"), {keys_of("FR")}, "FR.example"};
  edelivery::outgoing_message message;
  message.action = "createDataset";
  message.payloads = {{"application/json", "{}", "", {}, nullptr}};
  auto late = mode;
  late.partner_encryption = {keys_of("nobody").cert};
  auto const wire = edelivery::seal(edelivery::pack(message, mode, point, noon()).value(), late, noon()).value();
  for (int n = 0; n < 25; ++n) CHECK(is_signed_error(a.receive(wire, stranger)));
  CHECK(a.eu->desk.unproven_refused() == 0);
}

TEST_CASE("a flood gets its errors, then 503; a partner behind the same address is heard, and so is another address") {
  flooded a;
  auto const lie = claim_of("FR", "nobody");
  for (int n = 0; n < 20; ++n) CHECK(is_signed_error(a.receive(lie, stranger)));
  auto const rows = a.rows();
  auto const told = a.eu.refusals.size();
  for (int n = 0; n < 30; ++n) {
    auto const answer = a.receive(n % 2 == 0 ? lie : edelivery::wire_message{"text/plain", "rubbish"}, stranger);
    CHECK(answer.status == 503);
    CHECK(answer.body.find('<') == std::string::npos);
  }
  CHECK(a.eu->desk.unproven_refused() == 30);
  CHECK(a.rows() == rows);
  CHECK(a.eu.refusals.size() == told);  // no line in the log either

  // Good, and by the same way.
  auto const good = a.receive(claim_of("FR", "FR"), stranger);
  CHECK(good.status == 200);
  CHECK(good.body.find("<eb:Receipt>") != std::string::npos);
  CHECK(a.eu.ledger({.direction = "in"}).size() == 1);
  // What the partner itself signed and spoilt is its own doing.
  auto spoilt = claim_of("FR", "FR");
  spoilt.body[spoilt.body.rfind("\r\n--") - 20] ^= 1;
  CHECK(is_signed_error(a.receive(spoilt, stranger)));
  CHECK(a.rows() == rows + 1);
  // The partner elsewhere.
  CHECK(is_signed_error(a.receive(lie, "192.0.2.8")));

  a.both.time.advance(1s);
  CHECK(is_signed_error(a.receive(lie, stranger)));
  CHECK(is_signed_error(a.receive(lie, stranger)));
  CHECK(a.receive(lie, stranger).status == 503);
}

TEST_CASE("good messages take nothing out of the bucket") {
  flooded a;
  for (int n = 0; n < 30; ++n) CHECK(a.receive(claim_of("FR", "FR"), stranger).status == 200);
  for (int n = 0; n < 20; ++n) CHECK(is_signed_error(a.receive(claim_of("FR", "nobody"), stranger)));
  CHECK(a.eu->desk.unproven_refused() == 0);
}

TEST_CASE("a large message that proves nothing leaves no file, with its error or without") {
  flooded a;
  auto lie = claim_of("FR", "nobody");
  for (int n = 0; n < 22; ++n) {
    auto spool = a.eu->db.payloads().begin();
    REQUIRE(spool);
    REQUIRE((*spool)->add(lie.body));
    auto const answer = a.eu->desk.receive(lie.content_type, *std::move(spool), stranger);
    CHECK(answer.status == (n < 20 ? 200 : 503));
  }
  CHECK(a.eu.payload_files() == 0);
}

TEST_CASE("pull requests, receipts and errors of strangers are of the same bucket, and a good request passes") {
  puller_and_pulled both;
  both.eu.post("createDataset");
  auto const now = both.time.now();
  edelivery::access_point const thief{keys_of("DK"), {keys_of("DK")}, "DK.example"};
  auto const forged = edelivery::make_pull_request(agreed("FR", "EU")[1], thief, now).value();
  auto const mode = agreed("FR", "EU")[1];
  auto const receipt =
      edelivery::sign(edelivery::write_receipt({now, "1@DK.example", "none@EU", {{"#x", "AAAA", "<ds:Reference/>"}}}),
                      {}, mode.security, keys_of("DK"));
  auto const receive = [&](std::string const& type, std::string const& body) {
    return both.eu->desk.receive(type, body, stranger);
  };
  for (int n = 0; n < 10; ++n) {
    CHECK(is_signed_error(receive(forged.content_type, forged.body)));
    CHECK(is_signed_error(receive("application/soap+xml", receipt->soap)));
  }
  CHECK(receive(forged.content_type, forged.body).status == 503);
  CHECK(receive("application/soap+xml", receipt->soap).status == 503);
  CHECK(both.eu->desk.unproven_refused() == 2);
  auto const caught = both.asked(now);
  CHECK(receive(caught.content_type, caught.body).body.find("createDataset") != std::string::npos);
  CHECK(receive(caught.content_type, caught.body).status == 503);  // by now anybody may have it
}
