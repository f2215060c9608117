#include "node/exchange/partner_slots.hpp"

namespace ehds::node::exchange {

// A pause that ends later than any can was begun by a clock that has been set back since.
bool partner_slots::is_paused(circuit const& one, instant now) const {
  return one.failures >= limits_.failures_to_open && now < one.paused_until && one.paused_until <= now + limits_.pause;
}

std::optional<partner_slots::slot> partner_slots::take(std::string_view party, instant now) {
  std::scoped_lock const lock(guard_);
  auto& one = circuits_[std::string(party)];
  if (is_paused(one, now)) return std::nullopt;
  if (one.calls > 0) {
    bool const is_suspect = one.failures > 0;
    if (is_suspect || one.calls >= limits_.calls_a_partner || shared_in_use_ >= limits_.shared_calls)
      return std::nullopt;
    ++shared_in_use_;
  }
  ++one.calls;
  return slot(*this, std::string(party));
}

void partner_slots::give_back(std::string const& party) {
  std::scoped_lock const lock(guard_);
  auto& one = circuits_[party];
  if (--one.calls > 0) --shared_in_use_;
}

void partner_slots::note_call(std::string_view party, bool answered, instant now) {
  std::scoped_lock const lock(guard_);
  auto& one = circuits_[std::string(party)];
  one.failures = answered ? 0 : one.failures + 1;
  one.paused_until = now + limits_.pause;
}

std::optional<instant> partner_slots::paused_until(std::string_view party, instant now) const {
  std::scoped_lock const lock(guard_);
  auto const found = circuits_.find(party);
  if (found == circuits_.end() || !is_paused(found->second, now)) return std::nullopt;
  return found->second.paused_until;
}

std::optional<partner_slots::silence> partner_slots::silence_of(std::string_view party, instant now) const {
  std::scoped_lock const lock(guard_);
  auto const found = circuits_.find(party);
  if (found == circuits_.end() || found->second.failures < limits_.failures_to_open) return std::nullopt;
  auto const& one = found->second;
  return silence{one.failures, is_paused(one, now) ? one.paused_until : now};
}

}  // namespace ehds::node::exchange
