// What must not be accepted because the partner could not be reached afterwards, or is not the one who asks.
#include <catch2/catch.hpp>

#include "edelivery/certificate_update/plan_update.hpp"
#include "edelivery/certificate_update/updates.hpp"
#include "edelivery/revoking_authority.hpp"
#include "edelivery/security/key_strength.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

pmode mode_of(std::string id, certificate const& signs, certificate const& opens) {
  pmode mode;
  mode.id = std::move(id);
  mode.agreement = "urn:example:agreement:1";
  mode.us.id = "FR";
  mode.partner.id = "EU";
  mode.trust.pinned = {signs};
  mode.partner_encryption = {opens};
  return mode;
}
pmode plain_mode() { return mode_of("one", sender().cert, receiver().cert); }

// Only the authority's word counts, and what its list says.
pmode vouched_mode() {
  auto mode = plain_mode();
  mode.trust.pinned.clear();
  mode.trust.authorities = {authority().cert};
  mode.trust.subject = "CN=sender,O=Tests,C=EU";
  return mode;
}

judged_update verdict_on(agreement_update_request const& request, pmode_book const& book, instant now = noon()) {
  return judge_update(request, plan_update(request, {"EU", sender().cert, noon()}, book), book, now);
}
std::vector<std::string> codes_judged(judged_update const& found) {
  std::vector<std::string> all;
  for (auto const& each : found.errors) all.push_back(each.code);
  return all;
}
using texts = std::vector<std::string>;

credentials of_curve(std::string const& name, std::string const& curve, instant from) {
  certificate_request request;
  request.common_name = name;
  request.organization = "Tests";
  request.country = "EU";
  request.not_before = from;
  request.key = key_kind::elliptic_curve;
  request.curve = curve;
  return issue_certificate(request, &authority()).value();
}

}  // namespace

TEST_CASE("a key that the profile could not use afterwards is not accepted") {
  auto const current = of_curve("sender", "P-256", at("2026-01-01T00:00:00Z"));
  auto mode = mode_of("one", current.cert, receiver().cert);
  mode.security = edelivery_2_0_ecdsa();
  pmode_book const book({mode});
  auto const from = at("2026-12-06T00:00:00Z");
  auto const with = [&](std::string const& curve) {
    return verdict_on(announced(current.cert, {of_curve("sender", curve, from).cert}), book);
  };
  CHECK(codes_judged(with("P-256")).empty());
  auto const small = with("secp256k1");
  REQUIRE(codes_judged(small) == texts{std::string(au_certificate_rejected)});
  CHECK(small.errors.front().description.find("cannot be used here") != std::string::npos);
}

TEST_CASE("RSA below 2048 bits, and curves of no profile, are keys that cannot be used") {
  scratch_folder const folder;
  auto const file = (folder / "weak.pem").string();
  REQUIRE(std::system(("openssl req -x509 -newkey rsa:1024 -nodes -subj /CN=weak -keyout /dev/null -out " + file +
                       " >/dev/null 2>&1")
                          .c_str()) == 0);
  CHECK_FALSE(is_strong_enough(certificate::load(file).value()));
  CHECK_FALSE(is_strong_enough(of_curve("weak", "secp256k1", noon()).cert));
  CHECK(is_strong_enough(sender().cert));
  CHECK(is_strong_enough(of_curve("good", "P-256", noon()).cert));
}

TEST_CASE("no day may lie between the end of the current encryption certificate and the beginning of the next") {
  certificate_request request;
  request.common_name = "receiver";
  request.organization = "Tests";
  request.country = "EU";
  request.use = certificate_use::encryption;
  request.rsa_bits = 2048;
  request.not_before = at("2026-01-01T00:00:00Z");
  request.lifetime = std::chrono::floor<std::chrono::days>(at("2026-12-05T00:00:00Z") - request.not_before);
  auto const current = issue_certificate(request, &authority()).value();
  request.lifetime = std::chrono::days{800};
  auto const next = issue_certificate(request, &authority()).value();
  pmode_book const book({mode_of("one", sender().cert, current.cert)});
  auto late = announced(current.cert, {next.cert});  // active on the 7th, and the current one promised until the 21st
  CHECK(codes_judged(verdict_on(late, book)) == texts{std::string(au_expire_by_rejected)});
  late.head.expire_by.reset();
  CHECK(codes_judged(verdict_on(late, book)) == texts{std::string(au_expire_by_rejected)});
  // Once the gap is over, to accept it is what ends it.
  CHECK(codes_judged(verdict_on(late, book, at("2026-12-08T00:00:00Z"))).empty());
  late.head.activate_by = at("2026-12-04T00:00:00Z");
  CHECK(codes_judged(verdict_on(late, book)).empty());
}

TEST_CASE("another subject is told with the key, what the certificate has, and what was expected") {
  auto const from = at("2026-12-06T00:00:00Z");
  auto const why = [&](pmode const& mode, std::string const& name, certificate_use use, certificate const& current) {
    pmode_book const book({mode});
    auto const found = verdict_on(announced(current, {issued(name, use, &authority(), from).cert}), book);
    return found.errors.empty() ? "" : found.errors.front().description;
  };
  auto const signs = [&](pmode const& mode, std::string const& name) {
    return why(mode, name, certificate_use::signing, sender().cert);
  };
  std::string const begins = " has another subject than the current one, or its parts in another order: it has ";
  CHECK(signs(plain_mode(), "sender").empty());
  CHECK(signs(plain_mode(), "other") == "The new certificate for signing" + begins +
                                            "\"CN=other,O=Tests,C=EU\", expected is \"CN=sender,O=Tests,C=EU\".");
  CHECK(why(plain_mode(), "other", certificate_use::encryption, receiver().cert) ==
        "The new certificate for encryption" + begins +
            "\"CN=other,O=Tests,C=EU\", expected is \"CN=receiver,O=Tests,C=EU\".");
  auto by_name = plain_mode();
  by_name.trust.common_name = "sender";
  CHECK(signs(by_name, "sender").empty());
  CHECK(signs(by_name, "other") == "The new certificate for signing" + begins +
                                       "\"CN=other,O=Tests,C=EU\", expected is the common name \"sender\".");
  // It travels in our answer, and an answer that is no XML would be none.
  CHECK(signs(plain_mode(), "a\xEF\xBF\xBE").find("it has (unreadable), expected") != std::string::npos);
  CHECK(signs(plain_mode(), "\xC3\xA9" + std::string(61, 'x')).find("CN=\xC3\xA9xx") != std::string::npos);
}

TEST_CASE("a certificate behind an authority that came with it is believed afterwards without it") {
  pmode_book const book({vouched_mode()});
  auto const& mode = book.all().front();
  auto const from = at("2026-12-06T00:00:00Z");
  auto const between = issued("Between", certificate_use::authority, &authority());
  auto const next = issued("sender", certificate_use::signing, &between, from);
  auto const request = announced(sender().cert, {next.cert, between.cert});
  REQUIRE(codes_judged(verdict_on(request, book)).empty());
  auto const later = at("2026-12-08T00:00:00Z");
  CHECK(check_signer(next.cert, {}, mode.trust, later).error().code == "edelivery.authentication.untrusted");
  apply_update(request.head, plan_update(request, {"EU", sender().cert, noon()}, book), book);
  CHECK(check_signer(next.cert, {}, mode.trust, later));
  // It is offered, not trusted: nobody else is believed because of it.
  auto const other = issued("sender", certificate_use::signing, &between, from);
  CHECK(check_signer(other.cert, {}, mode.trust, later).error().code == "edelivery.authentication.untrusted");
}

TEST_CASE("what a certificate announced that was revoked since is not accepted") {
  auto mode = vouched_mode();
  mode.trust.revocation.lists = {"http://lists.example/0"};
  mode.trust.revocation.shelf = std::make_shared<revocation_shelf>();
  pmode_book const book({mode});
  revoking_authority const keeper(authority());
  auto const put = [&](list_order const& order) {
    mode.trust.revocation.shelf->put(mode.trust.revocation.lists[0], revocation_list::read(keeper.list(order)).value());
  };
  put({});
  // The list is of today, whenever the next certificate begins.
  auto const before = verdict_on(announced(), book);
  CHECK(codes_judged(before).empty());
  CHECK(before.waits.empty());
  put({.revoked = {sender().cert}, .from = "20261102000000Z"});
  auto const after = verdict_on(announced(), book);
  REQUIRE(codes_judged(after) == texts{std::string(au_certificate_rejected)});
  CHECK(after.errors.front().description.find("signer") != std::string::npos);
  put({.revoked = {next_sender().cert}, .from = "20261103000000Z"});
  CHECK(codes_judged(verdict_on(announced(), book)) == texts{std::string(au_certificate_rejected)});
}

TEST_CASE("an agreement is not renamed to what another agreement with the partner is called") {
  auto other = plain_mode();
  other.id = "other";
  other.agreement = "urn:example:agreement:2";  // what the request asks for
  CHECK(codes_judged(verdict_on(announced(), pmode_book({plain_mode(), other}))) == texts{std::string(au_name_in_use)});
  auto strange = other;
  strange.partner.id = "DE";
  CHECK(codes_judged(verdict_on(announced(), pmode_book({plain_mode(), strange}))).empty());
  auto unchanged = announced();
  unchanged.head.updated = unchanged.head.current;
  CHECK(codes_judged(verdict_on(unchanged, pmode_book({plain_mode(), other}))).empty());
}
