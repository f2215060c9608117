#include "edelivery/certificate_update/plan_update.hpp"

#include <algorithm>
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
                         encryption.has_value(),
                         {update.certificates.begin() + 1, update.certificates.end()}};
  return planned_replacement{mode.id, update.id, what};
}

}  // namespace

update_plan plan_update(agreement_update_request const& request, update_origin const& origin, pmode_book const& book) {
  update_plan plan{{}, {}, request.head.activate_by.value_or(origin.at), origin.signer};
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
