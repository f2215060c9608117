#include <algorithm>
#include <functional>
#include <optional>

#include "edelivery/pmode/pmode.hpp"

namespace ehds::edelivery {

namespace {

problem waits(char const* what, std::string detail, pmode const& mode) {
  return {std::string{"edelivery.encrypt."} + what, std::move(detail), mode.id,
          "ask the partner for its present encryption certificate and add it to the P-Mode"};
}

problem none_valid(pmode const& mode) {
  auto const& last = *std::ranges::max_element(mode.partner_encryption, {}, &certificate::not_after);
  return waits("expired",
               "no certificate to encrypt for is valid now under the P-Mode \"" + mode.id + "\"; the last of them, " +
                   last.described() + ", is valid from " + to_rfc3339(last.not_before()) + " to " +
                   to_rfc3339(last.not_after()),
               mode);
}

}  // namespace

result<certificate> encryption_certificate(pmode const& mode, instant now) {
  if (mode.partner_encryption.empty())
    return problem{"edelivery.encrypt.key", "the P-Mode \"" + mode.id + "\" has no certificate to encrypt for", mode.id,
                   "name the partner's encryption certificate in the P-Mode"};
  std::vector<certificate const*> valid;
  for (auto const& each : mode.partner_encryption)
    if (each.valid_at(now)) valid.push_back(&each);
  if (valid.empty()) return none_valid(mode);
  std::ranges::sort(valid, std::greater{}, [](auto const* each) { return each->not_before(); });
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
