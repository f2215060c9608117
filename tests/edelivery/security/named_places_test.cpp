// What a certificate names is never asked: neither for its revocation list, nor about its standing, nor for its issuer.
#include <catch2/catch.hpp>

#include "edelivery/pmode/pmode.hpp"
#include "edelivery/pointing_certificate.hpp"
#include "edelivery/revoking_authority.hpp"
#include "edelivery/security/message.hpp"
#include "edelivery/security/revocation.hpp"
#include "edelivery/security/trust.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

std::string const allowed = "http://allowed.example/ca.crl";

// A partner known by its authority, which the operator allows one list for.
partner_trust trust_of(certificate const& signer, revocation_policy policy, std::vector<std::string> const& at_hand) {
  partner_trust trust{{}, {authority().cert}, signer.subject()};
  trust.revocation.policy = policy;
  trust.revocation.lists = {allowed};
  trust.revocation.shelf = std::make_shared<revocation_shelf>();
  for (auto const& each : at_hand) trust.revocation.shelf->put(allowed, revocation_list::read(each).value());
  return trust;
}

// A whole message from that signer, opened.
std::string code_when_opened(credentials const& signer, partner_trust const& trust) {
  auto const message = secure(header_text, two_parts(), edelivery_1_15_rsa(), signer, receiver().cert).value();
  auto how = terms();
  how.trust = trust;
  return refusal(message, how);
}

}  // namespace

TEST_CASE("a place sees who comes: else the tests below would say nothing") {
  watched_place const place;
  CHECK_FALSE(place.was_visited());
  place.visit();
  CHECK(place.was_visited());
}

TEST_CASE("a signer's certificate that names a list, a responder and its issuer has none of them asked") {
  watched_place const place;
  auto const signer = pointing_to(place.address(), sender(), authority());
  auto const lists = revoking_authority(authority());
  auto const clean = lists.list({});
  auto const revoking = lists.list({.revoked = {signer.cert}});
  using enum revocation_policy;
  // What counts is what the operator allowed, whether it is there, and what it says.
  CHECK(code_when_opened(signer, trust_of(signer.cert, hard, {clean})).empty());
  CHECK(code_when_opened(signer, trust_of(signer.cert, hard, {revoking})) == "edelivery.authentication.revoked");
  CHECK(code_when_opened(signer, trust_of(signer.cert, hard, {})) == "edelivery.authentication.revocation_unknown");
  CHECK(code_when_opened(signer, trust_of(signer.cert, soft, {})).empty());
  auto no_lists = trust_of(signer.cert, hard, {});
  no_lists.revocation = {};
  CHECK(code_when_opened(signer, no_lists).empty());
  CHECK_FALSE(place.was_visited());
}

TEST_CASE("an issuer that did not come with the message is not fetched") {
  watched_place const place;
  auto const between = issued("between", certificate_use::authority, &authority());
  auto const signer = pointing_to(place.address(), issued("far", certificate_use::signing, &between), between);
  auto trust = trust_of(signer.cert, revocation_policy::soft, {});
  CHECK(code_when_opened(signer, trust) == "edelivery.authentication.untrusted");
  CHECK(check_signer(signer.cert, {between.cert}, trust, noon()));
  CHECK_FALSE(check_chain(signer.cert, {}, trust, noon()));
  CHECK_FALSE(place.was_visited());
}

TEST_CASE("nor is anything asked about a certificate that we encrypt for") {
  watched_place const place;
  auto const partner = pointing_to(place.address(), receiver(), authority());
  pmode mode;
  mode.partner_encryption = {partner.cert};
  mode.trust = trust_of(partner.cert, revocation_policy::hard, {});
  CHECK(encryption_certificate(mode, noon()).error().code == "edelivery.encrypt.revocation_unknown");
  mode.trust.revocation.policy = revocation_policy::soft;
  CHECK(encryption_certificate(mode, noon()).value() == partner.cert);
  CHECK(standing_of(partner.cert, {}, mode.trust, noon()).what == standing::unknown);
  CHECK_FALSE(place.was_visited());
}
