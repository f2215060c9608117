#include "edelivery/certificate_update/plan_update.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ehds::edelivery {

namespace {

bool is_called(pmode const& mode, std::string const& agreement) {
  if (mode.agreement.empty() || mode.agreement == agreement) return true;
  return mode.trust.replacements &&
         std::ranges::find(mode.trust.replacements->held()->agreements, agreement, &updated_agreement::value) !=
             mode.trust.replacements->held()->agreements.end();
}

std::optional<certificate> named_by(certificate_digest const& digest, std::vector<lasting_certificate> const& known) {
  auto const found = std::ranges::find_if(known, [&](auto const& each) { return digest.is_of(each.cert); });
  return found == known.end() ? std::nullopt : std::optional(found->cert);
}

std::optional<certificate> signer_named(pmode const& mode, certificate_digest const& digest,
                                        certificate const& signer) {
  if (auto found = named_by(digest, lasting_signers(mode.trust))) return found;
  auto const& trust = mode.trust;
  bool const is_his = trust.pinned.empty() && (trust.subject.empty() || signer.has_subject(trust.subject)) &&
                      (trust.common_name.empty() || signer.common_name() == trust.common_name);
  return is_his && digest.is_of(signer) ? std::optional(signer) : std::nullopt;
}

std::optional<planned_replacement> planned(pmode const& mode, certificate_update const& update,
                                           update_origin const& origin, agreement_update_head const& head) {
  auto const signing = signer_named(mode, update.current, origin.signer);
  auto const encryption = named_by(update.current, recipients(mode));
  if (!signing && !encryption) return std::nullopt;
  auto const replaced = signing ? *signing : *encryption;
  replacement const what{replaced,
                         update.next(),
                         head.activate_by.value_or(origin.at),
                         std::min(head.expire_by.value_or(replaced.not_after()), replaced.not_after()),
                         signing.has_value(),
                         encryption.has_value()};
  return planned_replacement{mode.id, update.id, {update.certificates.begin() + 1, update.certificates.end()}, what};
}

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
  if (head.expire_by && (*head.expire_by <= now || *head.expire_by < what.active_from))
    found.push_back({au_expire_by_rejected, "The current certificate would end before the new one is active."});
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
  bool const by_name = what.for_signing && (!mode.trust.subject.empty() || !mode.trust.common_name.empty());
  bool const is_his = by_name ? (mode.trust.subject.empty() || next.has_subject(mode.trust.subject)) &&
                                    (mode.trust.common_name.empty() || next.common_name() == mode.trust.common_name)
                              : next.has_subject(what.replaced.subject());
  if (!is_his) reject("The new certificate has another subject than the current one.");
  return found;
}

// Nothing, a finding, or a problem that may pass.
void check_issuer(planned_replacement const& one, pmode const& mode, instant now, std::vector<finding>& found,
                  problems& waits) {
  if (mode.trust.authorities.empty()) return;
  auto const good = check_chain(one.what.next, one.issuers, mode.trust, std::max(now, one.what.next.not_before()));
  if (good) return;
  if (good.error().code == "edelivery.authentication.revocation_unknown")
    waits.push_back(good.error());
  else
    found.push_back({au_certificate_rejected, good.error().detail + "."});
}

// A finding is the same for all P-Modes of the partner, mostly.
void add_once(std::vector<update_error>& errors, update_error one) {
  if (std::ranges::find(errors, one) == errors.end()) errors.push_back(std::move(one));
}

}  // namespace

update_plan plan_update(agreement_update_request const& request, update_origin const& origin, pmode_book const& book) {
  update_plan plan{{}, {}, request.head.activate_by.value_or(origin.at)};
  for (auto const& mode : book.all()) {
    bool const is_meant =
        mode.partner.id == origin.partner_id && !mode.discovery && is_called(mode, request.head.current.value);
    if (!is_meant) continue;
    plan.pmodes.push_back(mode.id);
    for (auto const& update : request.updates)
      if (auto one = planned(mode, update, origin, request.head)) plan.replacements.push_back(*std::move(one));
  }
  return plan;
}

update_error make_update_error(std::string_view code, std::string update_id, std::string description) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> names{
      {{au_activate_by_rejected, "ActivateByRejected"},
       {au_agreement_unknown, "AgreementUnknown"},
       {au_certificate_unknown, "CertificateUnknown"},
       {au_certificate_rejected, "CertificateRejected"},
       {au_expire_by_rejected, "ExpireByRejected"},
       {au_declined, "Declined"}}};
  auto const* const found = std::ranges::find(names, code, &std::pair<std::string_view, std::string_view>::first);
  auto const name = found == names.end() ? std::string_view("Other") : found->second;
  return {std::string(code), "Failure", std::string(name), std::move(update_id), std::move(description)};
}

judged_update judge_update(agreement_update_request const& request, update_plan const& plan, pmode_book const& book,
                           instant now) {
  judged_update judged;
  if (plan.pmodes.empty()) {
    judged.errors.push_back(
        make_update_error(au_agreement_unknown, {}, "There is no such agreement, or it is not changed by messages."));
    return judged;
  }
  for (auto const& update : request.updates)
    if (std::ranges::find(plan.replacements, update.id, &planned_replacement::update_id) == plan.replacements.end())
      judged.errors.push_back(
          make_update_error(au_certificate_unknown, update.id, "The digest names no certificate that is in use."));
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

void apply_update(agreement_update_head const& head, update_plan const& plan, pmode_book const& book) {
  for (auto const& one : plan.replacements)
    if (auto const* const mode = book.by_id(one.pmode_id); mode != nullptr && mode->trust.replacements)
      mode->trust.replacements->put(one.what);
  if (head.updated.value == head.current.value) return;
  for (auto const& id : plan.pmodes) {
    auto const* const mode = book.by_id(id);
    if (mode == nullptr || mode->agreement.empty() || !mode->trust.replacements) continue;
    auto const& type = head.updated.type.empty() ? mode->agreement_type : head.updated.type;
    mode->trust.replacements->put(updated_agreement{head.updated.value, type, plan.active_from});
  }
}

}  // namespace ehds::edelivery
