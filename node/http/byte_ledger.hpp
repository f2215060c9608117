#pragma once
// What the connections of a server hold together, and which address (base/peer_address.hpp) holds how much of it: one
// that holds much must not leave nothing to all others. Known to the I/O thread alone, and inside node/http.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/peer_address.hpp"

namespace ehds::node::http {

class byte_ledger {
 public:
  byte_ledger(std::uint64_t together, std::uint64_t per_network) : together_(together), per_network_(per_network) {}
  byte_ledger(byte_ledger const&) = delete;
  byte_ledger& operator=(byte_ledger const&) = delete;

  std::uint64_t held() const { return held_; }

 private:
  friend class byte_holding;
  // Counts in any case. False when one or all hold too much.
  bool change(std::string const& network, std::uint64_t from, std::uint64_t to);

  std::uint64_t together_;
  std::uint64_t per_network_;
  std::uint64_t held_ = 0;
  std::map<std::string, std::uint64_t> by_network_{};
};

// What one connection holds; nothing from its end on. Without a ledger nothing is counted.
class byte_holding {
 public:
  byte_holding(byte_ledger* ledger, std::string_view address) : ledger_(ledger), network_(peer_network(address)) {}
  ~byte_holding() { keep(0); }
  byte_holding(byte_holding const&) = delete;
  byte_holding& operator=(byte_holding const&) = delete;

  std::uint64_t bytes() const { return bytes_; }
  // So many from now on. False when that is too much; they count nevertheless, until they are given up.
  // Nothing is never too much, nor for its address's share is what alone it holds.
  bool keep(std::uint64_t bytes);
  bool still_fits() { return keep(bytes_); }

 private:
  byte_ledger* ledger_;
  std::string network_;
  std::uint64_t bytes_ = 0;
};

}  // namespace ehds::node::http
