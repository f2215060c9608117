// Why an announced certificate cannot be accepted.
#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/bytes.hpp"
#include "edelivery/certificate_update/plan_update.hpp"
#include "edelivery/ebms/identifiers.hpp"
#include "edelivery/security/key_strength.hpp"

namespace ehds::edelivery {

namespace {

struct finding {
  std::string_view code;
  std::string why;
};

std::vector<finding> check_times(replacement const& what, agreement_update_head const& head, instant now) {
  std::vector<finding> found;
  auto const& next = what.next;
  if (next.not_after() <= now)
    found.push_back({au_certificate_rejected, "The new certificate ended on " + to_rfc3339(next.not_after()) + "."});
  else if (what.active_from < next.not_before() || next.not_after() <= what.active_from)
    found.push_back({au_activate_by_rejected, "The new certificate is not valid when it is to become active."});
  bool const ends_early = head.expire_by && (*head.expire_by <= now || *head.expire_by < what.active_from);
  // Its own end counts too: in between nothing could be encrypted for the partner.
  bool const leaves_gap = what.for_encryption && what.ends < what.active_from && now < what.active_from;
  if (ends_early || leaves_gap)
    found.push_back({au_expire_by_rejected, "The current certificate would end before the new one is active."});
  return found;
}

// Subjects are public; they travel in our answer, which has to stay XML that the partner takes.
std::string told(std::string text) {
  constexpr std::size_t enough = 200;
  if (text.size() > enough) text.resize(enough);
  while (!text.empty() && !is_utf8(text)) text.pop_back();
  return is_xml_text(text) ? "\"" + text + "\"" : "(unreadable)";
}

std::string key_of(replacement const& what) {
  if (what.for_signing && what.for_encryption) return "signing and encryption";
  return what.for_signing ? "signing" : "encryption";
}

std::string other_subject(replacement const& what, std::string const& expected) {
  return "The new certificate for " + key_of(what) + " has another subject than the current one, or its parts in " +
         "another order: it has " + told(what.next.subject()) + ", expected is " + expected + ".";
}

// Where a P-Mode says by what it knows a signer, that counts; otherwise the subject before.
std::vector<finding> check_subject(replacement const& what, pmode const& mode) {
  std::vector<finding> found;
  auto const demand = [&](bool is_so, std::string const& expected) {
    if (!is_so) found.push_back({au_certificate_rejected, other_subject(what, expected)});
  };
  auto const& [subject, name] = std::tie(mode.trust.subject, mode.trust.common_name);
  bool const by_name = what.for_signing && (!subject.empty() || !name.empty());
  auto const before = what.replaced.subject();
  if (!by_name) demand(what.next.has_subject(before), told(before));
  if (by_name && !subject.empty()) demand(what.next.has_subject(subject), told(subject));
  if (by_name && !name.empty()) demand(what.next.common_name() == name, "the common name " + told(name));
  return found;
}

std::vector<finding> check_use(replacement const& what, pmode const& mode) {
  std::vector<finding> found;
  auto const reject = [&](std::string why) { found.push_back({au_certificate_rejected, std::move(why)}); };
  auto const& next = what.next;
  if (next == what.replaced) reject("The new certificate is the current one.");
  if (what.for_signing && (next.key() != mode.security.signing_key || !next.may_sign()))
    reject("The new certificate has not the kind of key, or not the key usage, for signing.");
  if (what.for_encryption && (next.key() != mode.security.encryption_key || !next.may_encipher_keys()))
    reject("The new certificate has not the kind of key, or not the key usage, for encryption.");
  if (!is_strong_enough(next)) reject("The new certificate's key cannot be used here: " + next.key_text() + ".");
  for (auto& each : check_subject(what, mode)) found.push_back(std::move(each));
  return found;
}

// Nothing, a finding, or a problem that may pass.
void check_issuer(planned_replacement const& one, pmode const& mode, instant now, std::vector<finding>& found,
                  problems& waits) {
  if (mode.trust.authorities.empty()) return;
  auto const when = std::max(now, one.what.next.not_before());
  auto const good = check_chain(one.what.next, one.what.issuers, mode.trust, when, now);
  if (good) return;
  if (good.error().code == "edelivery.authentication.revocation_unknown")
    waits.push_back(good.error());
  else
    found.push_back({au_certificate_rejected, good.error().detail + "."});
}

// Days may pass before an operator decides, and a stolen key announces its own successor.
bool was_revoked(certificate const& signer, pmode const& mode, instant now) {
  return standing_of(signer, {}, mode.trust, now).what == standing::revoked;
}

// Which of several P-Modes a message follows is told by the name of its agreement.
bool is_name_of_another(agreement_name const& next, update_plan const& plan, pmode const& one_of_plan,
                        pmode_book const& book) {
  return std::ranges::any_of(book.all(), [&](pmode const& mode) {
    bool const is_other = mode.partner.id == one_of_plan.partner.id && !mode.agreement.empty() &&
                          std::ranges::find(plan.pmodes, mode.id) == plan.pmodes.end();
    return is_other && is_agreed(mode, next.value, next.type.empty() ? mode.agreement_type : next.type);
  });
}

// A finding is the same for all P-Modes of the partner, mostly.
void add_once(std::vector<update_error>& errors, update_error one) {
  if (std::ranges::find(errors, one) == errors.end()) errors.push_back(std::move(one));
}

}  // namespace

update_error make_update_error(std::string_view code, std::string update_id, std::string description) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> names{
      {{au_activate_by_rejected, "ActivateByRejected"},
       {au_agreement_unknown, "AgreementUnknown"},
       {au_certificate_unknown, "CertificateUnknown"},
       {au_certificate_rejected, "CertificateRejected"},
       {au_expire_by_rejected, "ExpireByRejected"},
       {au_declined, "Declined"},
       {au_name_in_use, "AgreementNameInUse"},
       {au_too_many_wait, "TooManyWait"}}};
  auto const* const found = std::ranges::find(names, code, &std::pair<std::string_view, std::string_view>::first);
  auto const name = found == names.end() ? std::string_view("Other") : found->second;
  return {std::string(code), "Failure", std::string(name), std::move(update_id), std::move(description)};
}

namespace {

void judge_request(agreement_update_request const& request, update_plan const& plan, pmode_book const& book,
                   instant now, std::vector<update_error>& errors) {
  for (auto const& update : request.updates)
    if (std::ranges::find(plan.replacements, update.id, &planned_replacement::update_id) == plan.replacements.end())
      errors.push_back(
          make_update_error(au_certificate_unknown, update.id, "The digest names no certificate that is in use."));
  for (auto const& id : plan.pmodes) {
    auto const* const mode = book.by_id(id);
    if (mode == nullptr) continue;
    if (was_revoked(plan.signer, *mode, now))
      add_once(errors, make_update_error(au_certificate_rejected, {}, "The signer of the request was revoked."));
    auto const& updated = request.head.updated;
    if (updated.value != request.head.current.value && is_name_of_another(updated, plan, *mode, book))
      add_once(errors, make_update_error(au_name_in_use, {}, "Another agreement is called by the updated identifier."));
  }
}

}  // namespace

judged_update judge_update(agreement_update_request const& request, update_plan const& plan, pmode_book const& book,
                           instant now) {
  judged_update judged;
  if (plan.pmodes.empty()) {
    judged.errors.push_back(
        make_update_error(au_agreement_unknown, {}, "There is no such agreement, or it is not changed by messages."));
    return judged;
  }
  judge_request(request, plan, book, now, judged.errors);
  for (auto const& one : plan.replacements) {
    auto const* const mode = book.by_id(one.pmode_id);
    if (mode == nullptr) continue;
    auto found = check_times(one.what, request.head, now);
    for (auto& each : check_use(one.what, *mode)) found.push_back(std::move(each));
    // About one that has ended there is no more to say.
    if (now < one.what.next.not_after()) check_issuer(one, *mode, now, found, judged.waits);
    for (auto& each : found) add_once(judged.errors, make_update_error(each.code, one.update_id, std::move(each.why)));
  }
  return judged;
}

}  // namespace ehds::edelivery
