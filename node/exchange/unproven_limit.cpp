#include "node/exchange/unproven_limit.hpp"

#include <algorithm>

#include "base/peer_address.hpp"

namespace ehds::node::exchange {
namespace {

constexpr double all_together = 10;  // times what one address has

}  // namespace

// A clock that was set back fills nothing, and goes on from there.
void unproven_limit::bucket::fill(double most, double per_second, instant now) {
  auto const passed = std::chrono::duration<double>(now - filled_at).count();
  if (passed > 0) tokens = std::min(most, tokens + passed * per_second);
  filled_at = now;
}

unproven_limit::bucket& unproven_limit::bucket_of(std::string key, instant now) {
  auto const found = known_.find(key);
  if (found != known_.end()) {
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return found->second->second;
  }
  while (by_use_.size() >= std::max<std::size_t>(settings_.addresses, 1)) {
    known_.erase(by_use_.back().first);
    by_use_.pop_back();
  }
  by_use_.emplace_front(key, bucket{static_cast<double>(settings_.at_once), now});
  known_.emplace(std::move(key), by_use_.begin());
  return by_use_.front().second;
}

hearing unproven_limit::take(std::string_view address, instant now) {
  if (address.empty()) return hearing::full;
  auto const most = static_cast<double>(settings_.at_once);
  auto const rate = static_cast<double>(settings_.per_second);
  std::scoped_lock const lock(guard_);
  if (!all_) all_ = bucket{most * all_together, now};
  all_->fill(most * all_together, rate * all_together, now);
  auto& own = bucket_of(peer_network(address), now);
  own.fill(most, rate, now);
  bool const has_own = own.tokens >= 1;
  bool const is_full = has_own && all_->tokens >= 1;
  if (has_own) own.tokens -= 1;
  if (is_full)
    all_->tokens -= 1;
  else
    ++refused_;
  return is_full ? hearing::full : has_own ? hearing::a_row : hearing::counted;
}

std::uint64_t unproven_limit::refused() const {
  std::scoped_lock const lock(guard_);
  return refused_;
}

std::size_t unproven_limit::remembered() const {
  std::scoped_lock const lock(guard_);
  return by_use_.size();
}

}  // namespace ehds::node::exchange
