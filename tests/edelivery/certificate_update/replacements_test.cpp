// What the shelf changes: whose signature counts, for whom is encrypted, what the agreement is called.
#include "edelivery/security/replacements.hpp"

#include <catch2/catch.hpp>

#include "edelivery/certificate_update/updates.hpp"
#include "edelivery/pmode/certificate_ends.hpp"
#include "edelivery/pmode/pmode_book.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

credentials const& next_receiver() {
  static credentials const made =
      issued("receiver", certificate_use::signing_and_encryption, &authority(), at("2026-12-06T00:00:00Z"));
  return made;
}

// Active on the 7th, the one before ends on the 21st of December.
replacement both_uses() {
  return {receiver().cert, next_receiver().cert, at("2026-12-07T00:00:00Z"), at("2026-12-21T00:00:00Z"), true, true};
}

pmode with_receiver() {
  pmode mode;
  mode.id = "one";
  mode.partner.id = "EU";
  mode.us.id = "FR";
  mode.agreement = "first";
  mode.trust.pinned = {receiver().cert};
  mode.partner_encryption = {receiver().cert};
  return mode;
}

std::string signer_code(pmode const& mode, certificate const& signer, std::string const& when) {
  auto const checked = check_signer(signer, {}, mode.trust, at(when));
  return checked ? "" : checked.error().code;
}

std::string sealed_for(pmode const& mode, std::string const& when) {
  auto const found = encryption_certificate(mode, at(when));
  if (!found) return found.error().code;
  return *found == next_receiver().cert ? "next" : "before";
}

}  // namespace

TEST_CASE("both certificates sign until the end of the one before, also through a copy of the P-Mode") {
  auto const mode = with_receiver();
  auto const copy = mode;
  CHECK(signer_code(mode, next_receiver().cert, "2026-12-08T00:00:00Z") == "edelivery.authentication.not_partner");
  mode.trust.replacements->put(both_uses());
  CHECK(signer_code(copy, next_receiver().cert, "2026-12-05T00:00:00Z") == "edelivery.authentication.expired");
  CHECK(signer_code(copy, next_receiver().cert, "2026-12-06T00:00:00Z").empty());
  CHECK(signer_code(copy, receiver().cert, "2026-12-20T23:59:59Z").empty());
  CHECK(signer_code(copy, receiver().cert, "2026-12-21T00:00:00Z") == "edelivery.authentication.expired");
  CHECK(signer_code(copy, next_receiver().cert, "2027-06-01T00:00:00Z").empty());
  CHECK(signer_code(copy, stranger().cert, "2026-12-08T00:00:00Z") == "edelivery.authentication.not_partner");
}

TEST_CASE("where an authority is trusted, the one before still ends") {
  auto mode = with_receiver();
  mode.trust.pinned.clear();
  mode.trust.authorities = {authority().cert};
  mode.trust.subject = "CN=receiver,O=Tests,C=EU";
  mode.trust.replacements->put(both_uses());
  CHECK(signer_code(mode, receiver().cert, "2026-12-20T00:00:00Z").empty());
  CHECK(signer_code(mode, next_receiver().cert, "2026-12-20T00:00:00Z").empty());
  CHECK(signer_code(mode, receiver().cert, "2026-12-21T00:00:00Z") == "edelivery.authentication.expired");
}

TEST_CASE("encryption moves to the next certificate on its day") {
  auto const mode = with_receiver();
  mode.trust.replacements->put(both_uses());
  CHECK(sealed_for(mode, "2026-12-06T12:00:00Z") == "before");
  CHECK(sealed_for(mode, "2026-12-07T00:00:00Z") == "next");
  CHECK(sealed_for(mode, "2026-12-30T00:00:00Z") == "next");
}

TEST_CASE("the one before is encrypted for as long as the next is not fit, and not beyond its end") {
  auto const mode = with_receiver();
  auto early = both_uses();
  early.active_from = at("2026-12-01T00:00:00Z");  // before the next one is valid
  early.ends = at("2026-12-03T00:00:00Z");
  mode.trust.replacements->put(early);
  CHECK(sealed_for(mode, "2026-12-02T00:00:00Z") == "before");
  CHECK(sealed_for(mode, "2026-12-04T00:00:00Z") == "edelivery.encrypt.expired");
  CHECK(sealed_for(mode, "2026-12-06T00:00:01Z") == "next");
}

TEST_CASE("a replacement for one use changes nothing in the other") {
  auto const mode = with_receiver();
  auto one = both_uses();
  one.for_encryption = false;
  mode.trust.replacements->put(one);
  CHECK(sealed_for(mode, "2026-12-25T00:00:00Z") == "before");
  CHECK(signer_code(mode, receiver().cert, "2026-12-25T00:00:00Z") == "edelivery.authentication.expired");
}

TEST_CASE("what is put on the shelf again is there once") {
  replacement_shelf shelf;
  for (int n = 0; n < 3; ++n) {
    shelf.put(both_uses());
    shelf.put(updated_agreement{"second", "", at("2026-12-07T00:00:00Z")});
  }
  CHECK(shelf.held()->replacements.size() == 1);
  CHECK(shelf.held()->agreements.size() == 1);
}

TEST_CASE("an agreement has its next name from the day of the update on, and is known by both before and after") {
  auto const mode = with_receiver();
  mode.trust.replacements->put(updated_agreement{"second", "", at("2026-12-07T00:00:00Z")});
  CHECK(agreement_of(mode, at("2026-12-06T23:59:59Z")).value == "first");
  CHECK(agreement_of(mode, at("2026-12-07T00:00:00Z")).value == "second");
  for (auto const* const name : {"first", "second", ""}) CHECK(is_agreed(mode, name, ""));
  CHECK(!is_agreed(mode, "third", ""));
  CHECK(!is_agreed(mode, "second", "of another type"));
  user_message header;
  header.from = {"EU", std::string(unregistered_party_type), mode.initiator_role};
  header.to = {"FR", std::string(unregistered_party_type), mode.responder_role};
  header.agreement = "second";
  CHECK(pmode_book({mode}).for_received(header));
  CHECK(!pmode_book({with_receiver()}).for_received(header));
}

TEST_CASE("an agreement ends with the last certificate that follows") {
  auto const mode = with_receiver();
  mode.trust.replacements->put(both_uses());
  auto const ends = certificate_ends(pmode_book({mode}));
  REQUIRE(ends.size() == 2);
  for (auto const& each : ends) CHECK(each.at == next_receiver().cert.not_after());
}
