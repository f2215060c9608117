#include "edelivery/pmode/certificate_ends.hpp"

#include <algorithm>
#include <tuple>

namespace ehds::edelivery {

namespace {

void add_last(std::vector<certificate_end>& ends, pmode const& mode, char const* what,
              std::vector<lasting_certificate> const& all) {
  auto const last = std::ranges::max_element(all, {}, &lasting_certificate::until);
  if (last != all.end()) ends.push_back({mode.id, mode.partner.id, what, last->cert.subject(), last->until});
}

}  // namespace

std::vector<certificate_end> certificate_ends(pmode_book const& book) {
  std::vector<certificate_end> ends;
  for (auto const& mode : book.all()) {
    if (!mode.trust.pinned.empty()) add_last(ends, mode, "signing", lasting_signers(mode.trust));
    if (mode.encrypts()) add_last(ends, mode, "encryption", recipients(mode));
  }
  std::ranges::sort(ends, {}, [](certificate_end const& each) { return std::tie(each.at, each.pmode_id, each.what); });
  return ends;
}

}  // namespace ehds::edelivery
