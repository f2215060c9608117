#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "edelivery/pmode/pmode.hpp"

namespace ehds::edelivery {

namespace {

problem waits(char const* what, std::string detail, pmode const& mode) {
  return {std::string{"edelivery.encrypt."} + what, std::move(detail), mode.id,
          "ask the partner for its present encryption certificate and add it to the P-Mode"};
}

problem none_valid(pmode const& mode, std::vector<lasting_certificate> const& all) {
  auto const& last = std::ranges::max_element(all, {}, &lasting_certificate::until)->cert;
  return waits("expired",
               "no certificate to encrypt for is valid now under the P-Mode \"" + mode.id + "\"; the last of them, " +
                   last.described() + ", is valid from " + to_rfc3339(last.not_before()) + " to " +
                   to_rfc3339(last.not_after()),
               mode);
}

// Those that may be taken now: what was replaced last, then the one that began last.
std::vector<lasting_certificate const*> in_order(std::vector<lasting_certificate> const& all, instant now) {
  std::vector<lasting_certificate const*> fit;
  for (auto const& each : all)
    if (each.cert.valid_at(now) && each.from <= now && (now < each.until || each.until == each.cert.not_after()))
      fit.push_back(&each);
  std::ranges::sort(fit, std::greater{}, [&](auto const* each) {
    bool const is_replaced = each->replaced_from && *each->replaced_from <= now;
    return std::pair{!is_replaced, each->cert.not_before()};
  });
  return fit;
}

}  // namespace

std::vector<lasting_certificate> recipients(pmode const& mode) {
  auto const since = mode.trust.replacements ? mode.trust.replacements->held() : nullptr;
  return with_replacements(mode.partner_encryption, since ? *since : replacement_shelf::content{},
                           certificate_purpose::encryption);
}

agreement_in_force agreement_of(pmode const& mode, instant now) {
  agreement_in_force named{mode.agreement, mode.agreement_type};
  if (mode.agreement.empty() || !mode.trust.replacements) return named;
  for (auto const& each : mode.trust.replacements->held()->agreements)
    if (each.active_from <= now) named = {each.value, each.type};
  return named;
}

bool is_agreed(pmode const& mode, std::string_view value, std::string_view type) {
  if (value.empty() || mode.agreement.empty()) return true;
  if (value == mode.agreement && type == mode.agreement_type) return true;
  return mode.trust.replacements &&
         std::ranges::any_of(mode.trust.replacements->held()->agreements,
                             [&](auto const& each) { return each.value == value && each.type == type; });
}

result<certificate> encryption_certificate(pmode const& mode, instant now) {
  if (mode.partner_encryption.empty())
    return problem{"edelivery.encrypt.key", "the P-Mode \"" + mode.id + "\" has no certificate to encrypt for", mode.id,
                   "name the partner's encryption certificate in the P-Mode"};
  auto const all = recipients(mode);
  std::vector<certificate const*> valid;
  for (auto const* const each : in_order(all, now)) valid.push_back(&each->cert);
  if (valid.empty()) return none_valid(mode, all);
  std::optional<problem> why;
  for (auto const* each : valid) {
    auto const found = standing_of(*each, {}, mode.trust, now);
    bool const refuses = mode.trust.revocation.policy == revocation_policy::hard;
    if (found.what == standing::good || (found.what == standing::unknown && !refuses)) return *each;
    if (!why) why = waits(found.what == standing::revoked ? "revoked" : "revocation_unknown", found.why, mode);
  }
  return *std::move(why);
}

}  // namespace ehds::edelivery
