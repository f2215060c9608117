#include "edelivery/security/chain_memory.hpp"

#include <algorithm>

namespace ehds::edelivery {

good_chain const* chain_memory::find(certificate const& signer, std::vector<certificate> const& between,
                                     std::vector<certificate> const& authorities, instant now,
                                     std::vector<std::string> const& policies) const {
  auto const found = std::ranges::find_if(chains_, [&](good_chain const& each) {
    return each.from < now && now < each.until && each.signer == signer && each.between == between &&
           each.authorities == authorities && each.policies == policies;
  });
  return found == chains_.end() ? nullptr : &*found;
}

bool chain_memory::holds(certificate const& signer, std::vector<certificate> const& between,
                         std::vector<certificate> const& authorities, instant now,
                         std::vector<std::string> const& policies) const {
  std::scoped_lock const lock(guard_);
  return find(signer, between, authorities, now, policies) != nullptr;
}

std::vector<certificate> chain_memory::path_of(certificate const& signer, std::vector<certificate> const& between,
                                               std::vector<certificate> const& authorities, instant now,
                                               std::vector<std::string> const& policies) const {
  std::scoped_lock const lock(guard_);
  auto const* const found = find(signer, between, authorities, now, policies);
  return found == nullptr ? std::vector<certificate>{} : found->path;
}

void chain_memory::keep(good_chain chain) {
  std::scoped_lock const lock(guard_);
  // Another thread may have found the same at the same time.
  auto const same = std::ranges::find_if(chains_, [&](good_chain const& each) {
    return each.signer == chain.signer && each.between == chain.between && each.authorities == chain.authorities &&
           each.policies == chain.policies;
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
