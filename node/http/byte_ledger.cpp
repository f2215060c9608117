#include "node/http/byte_ledger.hpp"

namespace ehds::node::http {

bool byte_ledger::change(std::string const& address, std::uint64_t from, std::uint64_t to) {
  if (from == 0 && to == 0) return true;
  auto const here = by_address_.try_emplace(address).first;
  here->second += to;
  here->second -= from;
  held_ += to;
  held_ -= from;
  auto const of_address = here->second;
  if (of_address == 0) by_address_.erase(here);
  return to == 0 || (held_ <= together_ && (of_address <= per_address_ || of_address == to));
}

bool byte_holding::keep(std::uint64_t bytes) {
  if (ledger_ == nullptr) return true;
  auto const fits = ledger_->change(network_, bytes_, bytes);
  bytes_ = bytes;
  return fits;
}

}  // namespace ehds::node::http
