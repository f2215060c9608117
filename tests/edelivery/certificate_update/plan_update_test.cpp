#include "edelivery/certificate_update/plan_update.hpp"

#include <catch2/catch.hpp>

#include "edelivery/certificate_update/updates.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

pmode signed_by_sender(std::string id, std::string agreement = "urn:example:agreement:1") {
  pmode mode;
  mode.id = std::move(id);
  mode.agreement = std::move(agreement);
  mode.us.id = "FR";
  mode.partner.id = "EU";
  mode.trust.pinned = {sender().cert};
  mode.partner_encryption = {receiver().cert};
  return mode;
}

update_plan planned(agreement_update_request const& request, pmode_book const& book, std::string partner = "EU") {
  return plan_update(request, {std::move(partner), sender().cert, noon()}, book);
}

std::vector<std::string> judged(agreement_update_request const& request, pmode_book const& book, instant now = noon()) {
  std::vector<std::string> codes;
  for (auto const& each : judge_update(request, planned(request, book), book, now).errors) {
    CHECK(!each.description.empty());
    CHECK(each.severity == "Failure");
    codes.push_back(each.code);
  }
  return codes;
}

using codes = std::vector<std::string>;
codes const rejected{std::string(au_certificate_rejected)};

}  // namespace

TEST_CASE("an update is for the P-Modes of this partner under this agreement in which the certificate is in use") {
  auto other_partner = signed_by_sender("other partner");
  other_partner.partner.id = "DE";
  auto other_key = signed_by_sender("other key");
  other_key.trust.pinned = {stranger().cert};
  auto looked_up = signed_by_sender("looked up");
  looked_up.discovery.emplace();
  pmode_book const book({signed_by_sender("one"), signed_by_sender("unnamed", ""),
                         signed_by_sender("other agreement", "urn:example:agreement:9"), other_partner, other_key,
                         looked_up});
  auto const plan = planned(announced(), book);
  CHECK(plan.pmodes == std::vector<std::string>{"one", "unnamed", "other key"});
  REQUIRE(plan.replacements.size() == 2);
  CHECK(plan.replacements[0].pmode_id == "one");
  CHECK(plan.replacements[1].pmode_id == "unnamed");
  auto const& what = plan.replacements[0].what;
  CHECK(what.replaced == sender().cert);
  CHECK(what.next == next_sender().cert);
  CHECK((what.for_signing && !what.for_encryption));
  CHECK(what.active_from == at("2026-12-07T00:00:00Z"));
  CHECK(what.ends == at("2026-12-21T00:00:00Z"));
}

TEST_CASE("without its times an update is active at once, and the current certificate lasts to its own end") {
  pmode_book const book({signed_by_sender("one")});
  auto request = announced();
  request.head.activate_by.reset();
  request.head.expire_by.reset();
  auto const what = planned(request, book).replacements.at(0).what;
  CHECK(what.active_from == noon());
  CHECK(what.ends == sender().cert.not_after());
  // Nobody lengthens the life of a certificate.
  request.head.expire_by = at("2099-01-01T00:00:00Z");
  CHECK(planned(request, book).replacements.at(0).what.ends == sender().cert.not_after());
}

TEST_CASE("a good update is found good, and only what is wrong is named") {
  pmode_book const book({signed_by_sender("one")});
  CHECK(judged(announced(), book).empty());
  auto elsewhere = announced();
  elsewhere.head.current.value = "urn:example:agreement:7";
  CHECK(judged(elsewhere, book) == codes{std::string(au_agreement_unknown)});
  CHECK(judged(announced(stranger().cert, {next_sender().cert}), book) == codes{std::string(au_certificate_unknown)});
  CHECK(judge_update(announced(), planned(announced(), book, "DE"), book, noon()).errors.size() == 1);
}

TEST_CASE("the times of an update must leave no gap") {
  pmode_book const book({signed_by_sender("one")});
  auto request = announced();
  request.head.activate_by = at("2026-12-05T00:00:00Z");  // before the new certificate begins
  CHECK(judged(request, book) == codes{"AU:0006"});
  CHECK(judge_update(request, planned(request, book), book, noon()).errors.front().short_description ==
        "ActivateByRejected");
  request.head.activate_by = at("2099-12-05T00:00:00Z");  // after it ends
  request.head.expire_by.reset();
  CHECK(judged(request, book) == codes{"AU:0006"});
  request = announced();
  request.head.expire_by = at("2026-12-06T12:00:00Z");  // the current one would end a day too early
  CHECK(judged(request, book) == codes{std::string(au_expire_by_rejected)});
  request.head.expire_by = at("2026-11-01T00:00:00Z");
  CHECK(judged(request, book) == codes{std::string(au_expire_by_rejected)});
  // All that is wrong: it has ended.
  CHECK(judged(announced(), book, at("2050-01-01T00:00:00Z")) ==
        codes{std::string(au_certificate_rejected), std::string(au_expire_by_rejected)});
}

TEST_CASE("the new certificate is of the partner, and fit for what the current one does") {
  pmode_book const book({signed_by_sender("one")});
  auto const with = [&](credentials const& next) { return judged(announced(sender().cert, {next.cert}), book); };
  auto const from = at("2026-12-06T00:00:00Z");
  CHECK(with(sender()) == rejected);
  CHECK(with(issued("somebody", certificate_use::signing, &authority(), from)) == rejected);
  CHECK(with(issued("sender", certificate_use::encryption, &authority(), from)) == rejected);
  certificate_request other_kind;
  other_kind.common_name = "sender";
  other_kind.organization = "Tests";
  other_kind.country = "EU";
  other_kind.not_before = from;
  other_kind.key = key_kind::ed25519;
  CHECK(with(issue_certificate(other_kind, &authority()).value()) == rejected);
}

TEST_CASE("a certificate for both uses is replaced in both, and the next must be fit for both") {
  auto mode = signed_by_sender("one");
  mode.trust.pinned = {receiver().cert};
  pmode_book const book({mode});
  auto const from = at("2026-12-06T00:00:00Z");
  auto const both = issued("receiver", certificate_use::signing_and_encryption, &authority(), from);
  auto const one = issued("receiver", certificate_use::signing, &authority(), from);
  auto const request = announced(receiver().cert, {both.cert});
  auto const what = planned(request, book).replacements.at(0).what;
  CHECK((what.for_signing && what.for_encryption));
  CHECK(judged(request, book).empty());
  CHECK(judged(announced(receiver().cert, {one.cert}), book) == rejected);
}

TEST_CASE("where authorities are named the new certificate leads to one of them") {
  auto mode = signed_by_sender("one");
  mode.trust.pinned.clear();
  mode.trust.authorities = {authority().cert};
  mode.trust.subject = "CN=sender,O=Tests,C=EU";
  pmode_book const book({mode});
  CHECK(judged(announced(), book).empty());
  auto const from = at("2026-12-06T00:00:00Z");
  auto const other_authority = issued("Other CA", certificate_use::authority, nullptr);
  auto const imitation = issued("sender", certificate_use::signing, &other_authority, from);
  CHECK(judged(announced(sender().cert, {imitation.cert}), book) == rejected);
  auto const between = issued("Between", certificate_use::authority, &authority());
  auto const through = issued("sender", certificate_use::signing, &between, from);
  CHECK(judged(announced(sender().cert, {through.cert}), book) == rejected);
  CHECK(judged(announced(sender().cert, {through.cert, between.cert}), book).empty());
  auto const namesake = issued("other", certificate_use::signing, &authority(), from);
  CHECK(judged(announced(sender().cert, {namesake.cert}), book) == rejected);
}

TEST_CASE("while it is not known whether the new certificate was revoked, the update waits") {
  auto mode = signed_by_sender("one");
  mode.trust.authorities = {authority().cert};
  mode.trust.revocation.lists = {"https://crl.example/ca.crl"};
  pmode_book const book({mode});
  auto const found = judge_update(announced(), planned(announced(), book), book, noon());
  CHECK(found.errors.empty());
  REQUIRE(found.waits.size() == 1);
  CHECK(found.waits.front().code == "edelivery.authentication.revocation_unknown");
}

TEST_CASE("an update that is applied is there for the next one to follow") {
  pmode_book const book({signed_by_sender("one")});
  auto const request = announced();
  for (int n = 0; n < 2; ++n) apply_update(request.head, planned(request, book), book);
  auto const& mode = book.all().front();
  CHECK(mode.trust.replacements->held()->replacements.size() == 1);
  CHECK(agreement_of(mode, at("2026-12-08T00:00:00Z")).value == "urn:example:agreement:2");
  auto const third = issued("sender", certificate_use::signing, &authority(), at("2027-12-06T00:00:00Z"));
  auto again = announced(next_sender().cert, {third.cert});
  again.head.current = request.head.updated;
  again.head.updated = {"urn:example:agreement:3"};
  again.head.activate_by = at("2027-12-07T00:00:00Z");
  again.head.expire_by = at("2027-12-21T00:00:00Z");
  CHECK(judged(again, book).empty());
  apply_update(again.head, planned(again, book), book);
  CHECK(check_signer(third.cert, {}, mode.trust, at("2027-12-08T00:00:00Z")));
}
