#include <algorithm>

#include "edelivery/pmode/pmode.hpp"

namespace ehds::edelivery {

result<certificate> encryption_certificate(pmode const& mode, instant now) {
  certificate const* newest = nullptr;
  for (auto const& each : mode.partner_encryption)
    if (each.valid_at(now) && (newest == nullptr || newest->not_before() < each.not_before())) newest = &each;
  if (newest != nullptr) return *newest;
  if (mode.partner_encryption.empty())
    return problem{"edelivery.encrypt.key", "the P-Mode \"" + mode.id + "\" has no certificate to encrypt for", mode.id,
                   "name the partner's encryption certificate in the P-Mode"};
  auto const& last = *std::ranges::max_element(mode.partner_encryption, {}, &certificate::not_after);
  return problem{"edelivery.encrypt.expired",
                 "no certificate to encrypt for is valid now under the P-Mode \"" + mode.id + "\"; the last of them, " +
                     last.described() + ", is valid from " + to_rfc3339(last.not_before()) + " to " +
                     to_rfc3339(last.not_after()),
                 mode.id, "ask the partner for its present encryption certificate and add it to the P-Mode"};
}

}  // namespace ehds::edelivery
