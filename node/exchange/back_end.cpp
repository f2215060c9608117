#include "node/exchange/back_end.hpp"

#include <algorithm>

#include "edelivery/certificate_update/agreement_update.hpp"
#include "edelivery/ebms/user_message.hpp"
#include "node/exchange/business_message.hpp"

namespace ehds::node::exchange {
namespace {

bool takes(back_end::claim const& claim, std::string_view service, std::string_view action) {
  return claim.service == service &&
         (claim.actions.empty() || std::ranges::find(claim.actions, action) != claim.actions.end());
}

bool overlap(back_end::claim const& one, back_end::claim const& other) {
  if (one.service != other.service) return false;
  if (one.actions.empty() || other.actions.empty()) return true;
  return std::ranges::any_of(one.actions, [&](auto const& action) { return takes(other, one.service, action); });
}

problem finding(std::string detail, std::string where, std::string mend) {
  return {"exchange.back_end", std::move(detail), std::move(where), std::move(mend)};
}

}  // namespace

bool is_own_service(std::string_view service) {
  return service == star_service || service == partners_service || service == edelivery::test_service ||
         service == edelivery::certificate_update_service;
}

back_end const* back_end_list::taker_of(std::string_view service, std::string_view action) const {
  for (auto const& one : all_)
    for (auto const& claim : one.takes)
      if (takes(claim, service, action)) return &one;
  return nullptr;
}

problems back_end_list::check(std::string_view place) const {
  problems found;
  std::vector<back_end::claim const*> before;
  for (std::size_t i = 0; i < all_.size(); ++i) {
    auto const here = std::string(place) + "/" + std::to_string(i);
    auto const same = [&](back_end const& other) { return other.name == all_[i].name; };
    if (std::find_if(all_.begin(), all_.begin() + static_cast<std::ptrdiff_t>(i), same) !=
        all_.begin() + static_cast<std::ptrdiff_t>(i))
      found.push_back(finding("Two back ends have this name.", here + "/name", "Give each its own."));
    for (std::size_t n = 0; n < all_[i].takes.size(); ++n) {
      auto const& claim = all_[i].takes[n];
      auto const at = here + "/takes/" + std::to_string(n);
      if (is_own_service(claim.service))
        found.push_back(finding("The node itself takes the messages of this service.", at + "/service",
                                "Leave it out; its messages are in the ledger."));
      if (std::ranges::any_of(before, [&](auto const* other) { return overlap(*other, claim); }))
        found.push_back(finding("Another entry takes these messages already.", at, "Name each action once."));
      before.push_back(&claim);
    }
  }
  return found;
}

}  // namespace ehds::node::exchange
