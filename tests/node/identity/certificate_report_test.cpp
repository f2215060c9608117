#include "node/identity/certificate_report.hpp"

#include <catch2/catch.hpp>

#include "edelivery/keys.hpp"
#include "edelivery/revoking_authority.hpp"

using namespace ehds;
using namespace ehds::node::identity;
using edelivery::certificate_use;
using edelivery::tests::authority;
using edelivery::tests::issued;
using edelivery::tests::noon;

namespace {

// Ends after 825 days.
edelivery::credentials ending(std::string const& name, certificate_use use, instant when) {
  return issued(name, use, &authority(), when - std::chrono::days{825});
}

edelivery::pmode mode_with(edelivery::certificate const& sign, std::vector<edelivery::certificate> encrypt) {
  edelivery::pmode mode;
  mode.partner.id = "EU";
  mode.trust.pinned = {sign};
  mode.partner_encryption = std::move(encrypt);
  return mode;
}

}  // namespace

TEST_CASE("the alarm grows as the end comes nearer") {
  using std::chrono::days;
  auto const now = noon();
  CHECK(alarm_for(now + days{30}, now) == end_alarm::none);
  CHECK(alarm_for(now + days{30} - std::chrono::seconds{1}, now) == end_alarm::soon);
  CHECK(alarm_for(now + days{7}, now) == end_alarm::soon);
  CHECK(alarm_for(now + days{7} - std::chrono::seconds{1}, now) == end_alarm::urgent);
  CHECK(alarm_for(now, now) == end_alarm::urgent);
  CHECK(alarm_for(now - std::chrono::seconds{1}, now) == end_alarm::ended);
}

TEST_CASE("the report lists each certificate once for each use, the first to end first, and which one is in use") {
  auto const now = noon();
  auto const sign = ending("sign", certificate_use::signing, now + std::chrono::days{400});
  auto const old = ending("old", certificate_use::encryption, now + std::chrono::days{3});
  auto const next = ending("next", certificate_use::encryption, now + std::chrono::days{800});
  edelivery::access_point us{sign, {old, next}, "as4.fr.example"};
  edelivery::pmode_book const book(
      {mode_with(sign.cert, {old.cert, next.cert}), mode_with(sign.cert, {old.cert, next.cert})});

  auto const report = report_certificates(us, {sign.cert}, book, {}, now);

  REQUIRE(report.ours.size() == 4);
  CHECK(report.ours[0].subject == old.cert.subject());
  CHECK(report.ours[0].alarm == end_alarm::urgent);
  CHECK(report.ours[1].use == "signing");
  CHECK(report.ours[2].use == "tls");
  REQUIRE(report.partners.size() == 3);
  CHECK(report.partners[0].party == "EU");
  CHECK_FALSE(report.partners[0].in_use);
  CHECK(report.partners[2].in_use);
  CHECK(report.partners[2].key == "RSA");
  // What another one follows is no alarm.
  CHECK(report.alarms() == 0);
}

TEST_CASE("what a partner could only be sent under another P-Mode is not reported for one that receives") {
  auto const now = noon();
  auto const sign = ending("sign", certificate_use::signing, now + std::chrono::days{400});
  auto const ended = ending("old", certificate_use::encryption, now - std::chrono::days{3});
  auto mode = mode_with(sign.cert, {ended.cert});
  auto const alarms = [&] {
    return report_certificates({sign, {sign}, "as4.fr.example"}, {}, edelivery::pmode_book({mode}), {}, now).alarms();
  };
  CHECK(alarms() == 1);
  mode.way = edelivery::direction::receive;
  CHECK(alarms() == 0);
  mode.way = edelivery::direction::send;
  mode.security.encryption = edelivery::payload_encryption::none;
  CHECK(alarms() == 0);
}

TEST_CASE("an end that nothing follows is counted, and so is what was revoked") {
  auto const now = noon();
  auto const sign = ending("sign", certificate_use::signing, now + std::chrono::days{20});
  auto const encrypt = ending("encrypt", certificate_use::encryption, now - std::chrono::days{1});
  auto const later = ending("later", certificate_use::encryption, now + std::chrono::days{700});
  auto mode = mode_with(sign.cert, {encrypt.cert, later.cert});
  mode.trust.authorities = {authority().cert};
  mode.trust.revocation.lists = {"list"};
  mode.trust.revocation.shelf = std::make_shared<edelivery::revocation_shelf>();
  edelivery::access_point us{sign, {encrypt}, "as4.fr.example"};
  auto const report = [&] { return report_certificates(us, {}, edelivery::pmode_book{{mode}}, {}, now); };

  auto seen = report();
  CHECK(seen.alarms() == 3);  // both of ours, the partner's for signing
  CHECK(seen.revoked() == 0);
  CHECK(seen.partners[1].finding.find("is not known") != std::string::npos);

  auto const list = edelivery::tests::revoking_authority(authority()).list({.revoked = {later.cert}});
  mode.trust.revocation.shelf->put("list", edelivery::revocation_list::read(list).value());
  seen = report();
  CHECK(seen.revoked() == 1);
  CHECK(seen.partners[2].revoked);
  CHECK(seen.partners[2].finding.find("was revoked") != std::string::npos);
  CHECK(seen.alarms() == 4);  // what was revoked follows nothing
}

TEST_CASE("whom only an authority vouches for is in the report once he has signed") {
  auto const now = noon();
  auto const sign = ending("sign", certificate_use::signing, now + std::chrono::days{20});
  edelivery::pmode mode;
  mode.partner.id = "EU";
  mode.trust.authorities = {authority().cert};
  mode.trust.subject = sign.cert.subject();
  edelivery::access_point us{sign, {}, "as4.fr.example"};
  edelivery::pmode_book const book({mode});
  CHECK(report_certificates(us, {}, book, {}, now).partners.empty());

  REQUIRE(edelivery::check_signer(sign.cert, {}, book.all().front().trust, now));

  auto const seen = report_certificates(us, {}, book, {}, now).partners;
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].use == "signing");
  CHECK(seen[0].alarm == end_alarm::soon);
  for (auto const& [name, count] : {std::pair{"sign", 1}, std::pair{"somebody else", 0}}) {
    mode.trust.subject.clear();
    mode.trust.common_name = name;
    CHECK(report_certificates(us, {}, edelivery::pmode_book{{mode}}, {}, now).partners.size() ==
          static_cast<std::size_t>(count));
  }
}
