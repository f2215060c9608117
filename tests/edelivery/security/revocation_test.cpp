// Revocation lists made by OpenSSL's program: read, believed or not, and what follows for a partner's certificates.
#include "edelivery/security/revocation.hpp"

#include <catch2/catch.hpp>

#include "edelivery/keys.hpp"
#include "edelivery/pmode/pmode.hpp"
#include "edelivery/revoking_authority.hpp"
#include "edelivery/security/trust.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

revoking_authority const& lists() {
  static revoking_authority const made(authority());
  return made;
}
std::string const& plain_list() {
  static std::string const made = lists().list({.revoked = {stranger().cert}});
  return made;
}
instant day(std::string const& text) { return parse_rfc3339(text + "T12:00:00Z").value(); }

std::string problem_of(std::string_view bytes) {
  auto const read = revocation_list::read(bytes);
  return read ? "" : read.error().code;
}

// A partner whose certificates come from `ca`, with these lists at hand.
partner_trust asking(std::vector<std::string> const& bytes, revocation_policy policy = revocation_policy::hard,
                     credentials const& ca = authority()) {
  partner_trust trust{{}, {ca.cert}, "CN=sender,O=Tests,C=EU"};
  trust.revocation.policy = policy;
  trust.revocation.shelf = std::make_shared<revocation_shelf>();
  for (auto const& each : bytes) {
    auto const place = "http://lists.example/" + std::to_string(trust.revocation.lists.size());
    trust.revocation.lists.push_back(place);
    if (!each.empty()) trust.revocation.shelf->put(place, revocation_list::read(each).value());
  }
  return trust;
}

std::string code_of_revocation(certificate const& signer, partner_trust trust, instant now = noon(),
                               std::vector<certificate> const& chain = {}) {
  trust.subject = signer.subject();
  auto const checked = check_signer(signer, chain, trust, now);
  return checked ? "accepted" : checked.error().code.substr(std::string{"edelivery.authentication."}.size());
}

}  // namespace

TEST_CASE("a revocation list tells its issuer, its times and whom it names") {
  auto const list = revocation_list::read(plain_list()).value();

  CHECK(list.issuer() == authority().cert.subject());
  CHECK(to_rfc3339(list.this_update()) == "2026-11-01T00:00:00.000Z");
  CHECK(to_rfc3339(list.next_update()) == "2026-12-01T00:00:00.000Z");
  CHECK(list.size() == 1);
  CHECK(list.names(stranger().cert));
  CHECK_FALSE(list.names(sender().cert));
  CHECK(list.is_current(noon()));
  CHECK_FALSE(list.is_current(day("2026-10-31")));
  CHECK_FALSE(list.is_current(day("2026-12-02")));
  CHECK(list.is_from(authority().cert));
  CHECK(list.der() == plain_list());
  CHECK(revocation_list::read(lists().list({.pem = true}))->size() == 0);
}

TEST_CASE("a list is believed only from the authority itself") {
  auto const list = revocation_list::read(plain_list()).value();
  auto const namesake = issued("Test CA", certificate_use::authority, nullptr);
  CHECK_FALSE(list.is_from(namesake.cert));
  CHECK_FALSE(list.is_from(sender().cert));
  // Of the right name, with the right key, but without cRLSign.
  auto const may_not = issued("may not", certificate_use::signing, nullptr);
  auto const by_it = revocation_list::read(revoking_authority(may_not).list({})).value();
  CHECK_FALSE(by_it.is_from(may_not.cert));
  // One octet of the signature changed.
  auto bent = plain_list();
  bent.back() = static_cast<char>(bent.back() ^ 1);
  CHECK_FALSE(revocation_list::read(bent)->is_from(authority().cert));
}

TEST_CASE("what is no whole list is refused, each with its own word") {
  struct row {
    std::string bytes, code;
  };
  auto const with = [](std::string const& extensions) { return lists().list({.extensions = extensions}); };
  std::vector<row> const table{
      {"", "unreadable"},
      {"rubbish", "unreadable"},
      {plain_list().substr(0, plain_list().size() - 1), "unreadable"},
      {plain_list() + "x", "unreadable"},
      {authority().cert.der(), "unreadable"},
      {"-----BEGIN X509 CRL-----\nrubbish\n-----END X509 CRL-----\n", "unreadable"},
      {std::string(largest_revocation_list + 1, '\0'), "too_large"},
      {with("2.5.29.27=critical,DER:02:01:01\n"), "delta"},
      {with("2.5.29.27=DER:02:01:01\n"), "delta"},
      {with("issuingDistributionPoint=critical,@p\n[p]\nindirectCRL=TRUE\n"), "partial"},
      {with("issuingDistributionPoint=critical,@p\n[p]\nonlyAA=TRUE\n"), "partial"},
      {with("issuingDistributionPoint=critical,@p\n[p]\nonlysomereasons=keyCompromise\n"), "partial"},
      {with("issuingDistributionPoint=critical,DER:04:00\n"), "unreadable"},
      {with("1.2.3.4=critical,DER:05:00\n"), "critical"},
      {with("1.2.3.4=DER:05:00\n"), ""},
      {with("issuingDistributionPoint=critical,@p\n[p]\nfullname=URI:http://lists.example/a\n"), ""},
  };
  for (auto const& [bytes, code] : table) {
    INFO(bytes.substr(0, 40) << " " << code);
    CHECK(problem_of(bytes) == (code.empty() ? "" : "edelivery.revocation." + code));
  }
}

TEST_CASE("a list for authorities alone says nothing of others, and the other way round") {
  auto const of_authorities = lists().list({.extensions = "issuingDistributionPoint=critical,@p\n[p]\nonlyCA=TRUE\n"});
  auto const of_others = lists().list({.extensions = "issuingDistributionPoint=critical,@p\n[p]\nonlyuser=TRUE\n"});
  CHECK(code_of_revocation(sender().cert, asking({of_authorities})) == "revocation_unknown");
  CHECK(code_of_revocation(sender().cert, asking({of_others})) == "accepted");
  CHECK(revocation_list::read(of_authorities)->covers(authority().cert));
  CHECK_FALSE(revocation_list::read(of_others)->covers(authority().cert));
}

TEST_CASE("who signs is looked up: revoked is refused, whatever the policy, and so is unknown under hard") {
  struct row {
    std::string what;
    certificate signer;
    std::vector<std::string> at_hand;
    std::string when, hard, soft;
  };
  auto const other = issued("Other CA", certificate_use::authority, nullptr);
  auto const by_other = revoking_authority(other).list({.revoked = {sender().cert}});
  auto const held = lists().list({.revoked = {stranger().cert}, .reason = "certificateHold"});
  auto const empty = lists().list({});
  std::vector<row> const table{
      {"named by no list", sender().cert, {plain_list()}, "2026-11-22", "accepted", "accepted"},
      {"revoked", stranger().cert, {plain_list()}, "2026-11-22", "revoked", "revoked"},
      {"on hold", stranger().cert, {held}, "2026-11-22", "revoked", "revoked"},
      {"of two lists one names it", stranger().cert, {empty, plain_list()}, "2026-11-22", "revoked", "revoked"},
      {"a list that is not there", sender().cert, {""}, "2026-11-22", "revocation_unknown", "accepted"},
      {"one of two is there", sender().cert, {"", plain_list()}, "2026-11-22", "accepted", "accepted"},
      {"the list is over", sender().cert, {plain_list()}, "2026-12-02", "revocation_unknown", "accepted"},
      {"the list has not begun", sender().cert, {plain_list()}, "2026-10-02", "revocation_unknown", "accepted"},
      {"revoked by a list that is over", stranger().cert, {plain_list()}, "2026-12-02", "revoked", "revoked"},
      {"a list of another authority", sender().cert, {by_other}, "2026-11-22", "revocation_unknown", "accepted"},
  };
  for (auto const& each : table) {
    INFO(each.what);
    CHECK(code_of_revocation(each.signer, asking(each.at_hand, revocation_policy::hard), day(each.when)) == each.hard);
    CHECK(code_of_revocation(each.signer, asking(each.at_hand, revocation_policy::soft), day(each.when)) == each.soft);
  }
}

TEST_CASE("every certificate of a chain below the authority is looked up") {
  auto const between = issued("Between", certificate_use::authority, &authority());
  auto const leaf = issued("leaf", certificate_use::signing, &between);
  auto const of_leaves = revoking_authority(between).list({});
  auto const root = lists().list({});
  auto const root_revokes = lists().list({.revoked = {between.cert}});
  CHECK(code_of_revocation(leaf.cert, asking({root, of_leaves}), noon(), {between.cert}) == "accepted");
  CHECK(code_of_revocation(leaf.cert, asking({root}), noon(), {between.cert}) == "revocation_unknown");
  CHECK(code_of_revocation(leaf.cert, asking({of_leaves}), noon(), {between.cert}) == "revocation_unknown");
  CHECK(code_of_revocation(leaf.cert, asking({root_revokes, of_leaves}), noon(), {between.cert}) == "revoked");
  CHECK(code_of_revocation(leaf.cert, asking({of_leaves}, revocation_policy::hard, between)) == "accepted");
  // Itself named as an authority: nobody could revoke it.
  CHECK(code_of_revocation(leaf.cert, asking({root}, revocation_policy::hard, leaf)) == "revocation_unknown");
}

TEST_CASE("a list that comes later counts for chains that were found good before, and so does one that ends") {
  auto trust = asking({""}, revocation_policy::soft);
  auto const code = [&](certificate const& signer, instant now) {
    trust.subject = signer.subject();
    auto const checked = check_signer(signer, {}, trust, now);
    return checked ? "" : checked.error().code;
  };
  for (auto const& signer : {stranger().cert, sender().cert}) {
    CHECK(code(signer, noon()).empty());
    CHECK(trust.remembered->holds(signer, {}, trust.authorities, noon()));
  }
  trust.revocation.shelf->put(trust.revocation.lists[0], revocation_list::read(plain_list()).value());
  CHECK(code(stranger().cert, noon()) == "edelivery.authentication.revoked");
  trust.revocation.policy = revocation_policy::hard;
  CHECK(code(sender().cert, noon()).empty());
  CHECK(code(sender().cert, day("2026-12-02")) == "edelivery.authentication.revocation_unknown");
}

TEST_CASE("the operator reads which list is late, and which certificate was revoked") {
  auto trust = asking({plain_list()});
  auto late = standing_of(sender().cert, {}, trust, day("2026-12-24"));
  CHECK(late.what == standing::unknown);
  CHECK(late.why.find("http://lists.example/0 was current from 2026-11-01") != std::string::npos);
  auto const gone = standing_of(stranger().cert, {}, trust, noon());
  CHECK(gone.what == standing::revoked);
  CHECK(gone.why.find("CN=stranger") != std::string::npos);
  trust.revocation.lists.clear();
  CHECK(standing_of(stranger().cert, {}, trust, noon()).what == standing::good);
}

TEST_CASE("nothing is encrypted for a revoked certificate while there is another, or while it is not known") {
  pmode mode;
  mode.id = "m";
  mode.partner_encryption = {receiver().cert, stranger().cert};
  mode.trust = asking({plain_list()});
  CHECK(encryption_certificate(mode, noon()).value() == receiver().cert);
  mode.partner_encryption = {stranger().cert};
  CHECK(encryption_certificate(mode, noon()).error().code == "edelivery.encrypt.revoked");
  mode.partner_encryption = {receiver().cert};
  mode.trust = asking({""});
  CHECK(encryption_certificate(mode, noon()).error().code == "edelivery.encrypt.revocation_unknown");
  mode.trust = asking({""}, revocation_policy::soft);
  CHECK(encryption_certificate(mode, noon()));
}
