#include "edelivery/security/chain_memory.hpp"

#include <algorithm>

namespace ehds::edelivery {

bool chain_memory::holds(certificate const& signer, std::vector<certificate> const& between,
                         std::vector<certificate> const& authorities, instant now) const {
  std::scoped_lock const lock(guard_);
  return std::ranges::any_of(chains_, [&](good_chain const& each) {
    return each.from < now && now < each.until && each.signer == signer && each.between == between &&
           each.authorities == authorities;
  });
}

void chain_memory::keep(good_chain chain) {
  std::scoped_lock const lock(guard_);
  // Another thread may have found the same at the same time.
  auto const same = std::ranges::find_if(chains_, [&](good_chain const& each) {
    return each.signer == chain.signer && each.between == chain.between && each.authorities == chain.authorities;
  });
  if (same != chains_.end()) {
    *same = std::move(chain);
    return;
  }
  if (chains_.size() < most) {
    chains_.push_back(std::move(chain));
    return;
  }
  chains_[oldest_] = std::move(chain);
  oldest_ = (oldest_ + 1) % most;
}

std::vector<certificate> chain_memory::signers() const {
  std::scoped_lock const lock(guard_);
  std::vector<certificate> all;
  for (auto const& each : chains_) all.push_back(each.signer);
  return all;
}

}  // namespace ehds::edelivery
