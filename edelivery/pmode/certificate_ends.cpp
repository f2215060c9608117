#include "edelivery/pmode/certificate_ends.hpp"

#include <algorithm>
#include <tuple>

namespace ehds::edelivery {

std::vector<certificate_end> certificate_ends(pmode_book const& book) {
  std::vector<certificate_end> ends;
  for (auto const& mode : book.all()) {
    auto const last = std::ranges::max_element(mode.trust.pinned, {}, &certificate::not_after);
    if (last != mode.trust.pinned.end())
      ends.push_back({mode.id, mode.partner.id, "signing", last->subject(), last->not_after()});
    auto const target = std::ranges::max_element(mode.partner_encryption, {}, &certificate::not_after);
    if (target != mode.partner_encryption.end())
      ends.push_back({mode.id, mode.partner.id, "encryption", target->subject(), target->not_after()});
  }
  std::ranges::sort(ends, {}, [](certificate_end const& each) { return std::tie(each.at, each.pmode_id, each.what); });
  return ends;
}

}  // namespace ehds::edelivery
