#include "node/http/byte_ledger.hpp"

namespace ehds::node::http {

bool byte_ledger::change(std::string const& network, std::uint64_t from, std::uint64_t to) {
  if (from == 0 && to == 0) return true;
  auto const here = by_network_.try_emplace(network).first;
  here->second += to;
  here->second -= from;
  held_ += to;
  held_ -= from;
  auto const of_network = here->second;
  if (of_network == 0) by_network_.erase(here);
  return to == 0 || (held_ <= together_ && (of_network <= per_network_ || of_network == to));
}

bool byte_holding::keep(std::uint64_t bytes) {
  if (ledger_ == nullptr) return true;
  auto const fits = ledger_->change(network_, bytes_, bytes);
  bytes_ = bytes;
  return fits;
}

}  // namespace ehds::node::http
