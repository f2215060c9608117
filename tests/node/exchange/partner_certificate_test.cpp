// A partner whose encryption certificate has ended: its messages wait, and leave when the next one begins.
#include <catch2/catch.hpp>

#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

edelivery::pmode with_certificates(std::vector<edelivery::certificate> certificates) {
  auto mode = pmode_between("FR", "EU", std::string(exchange::star_service));
  mode.retry = {};
  mode.partner_encryption = std::move(certificates);
  return mode;
}

edelivery::credentials const& of_tomorrow() {
  static auto const made = edelivery::tests::issued("EU tomorrow", edelivery::certificate_use::encryption,
                                                    &edelivery::tests::authority(), noon() + std::chrono::days{1});
  return made;
}
edelivery::certificate long_ended() {
  return edelivery::tests::issued("EU before", edelivery::certificate_use::encryption, &edelivery::tests::authority(),
                                  noon() - std::chrono::days{2000})
      .cert;
}

}  // namespace

TEST_CASE("while no certificate of the partner is valid a message waits, says why, and leaves when one begins") {
  manual_clock time{noon()};
  memory_wire wire;
  test_node fr("FR", "EU", wire, time, nullptr, {with_certificates({long_ended(), of_tomorrow().cert})});
  test_node eu("EU", "FR", wire, time);
  fr.post("createDataset");

  fr->sender.run_once(time.now());

  CHECK(wire.calls == 0);
  CHECK(fr.outbox().open == 1);
  CHECK(fr.outbox().dead_letters == 0);
  auto const attempts =
      fr->db.read([&](store::reading& now) { return exchange::attempts_of(now, fr.ledger().at(0).seq); });
  REQUIRE(attempts.size() == 1);
  CHECK(attempts[0].reason.find("CN=EU tomorrow") != std::string::npos);

  time.advance(std::chrono::hours{25});
  fr->sender.run_once(time.now());

  // EU has no key for it yet: refused, but it was sent.
  CHECK(wire.calls == 1);
  REQUIRE(eu.refusals.size() == 1);
  CHECK(eu.refusals[0].code == "EBMS:0102");
}

TEST_CASE("a P-Mode without any certificate to encrypt for gives the message up at once") {
  manual_clock time{noon()};
  memory_wire wire;
  test_node fr("FR", "EU", wire, time, nullptr, {with_certificates({})});
  fr.post("createDataset");

  fr->sender.run_once(time.now());

  CHECK(fr.outbox().dead_letters == 1);
}
