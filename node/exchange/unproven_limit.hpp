#pragma once
// How often messages that prove nothing are answered at length. Whoever can reach the door can send them, and each
// signed error costs an operation with our private key, a second look and a row. So each address has a bucket of such
// answers that fills with time (IPv4: the address; IPv6: its /64, which one customer has whole), and all addresses
// together have one of ten times its size. Good messages never come here, nor do user messages whose SOAP part a
// partner signed: behind an address that floods (a proxy, a NAT) partners are heard as ever. What a partner signed and
// anybody may have caught, a pull request that is old or was heard before, does.
//
// Bounded: the addresses seen last are remembered. One that is forgotten begins anew with a full bucket, so nobody
// loses by it; what a flood from many addresses gains by it, the bucket of all ends.
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/time.hpp"

namespace ehds::node::exchange {

struct unproven_settings {
  std::size_t at_once = 20;
  std::size_t per_second = 2;
  std::size_t addresses = 4096;  // remembered at most
};

enum class hearing {
  full,     // a signed error, a row for the operator, a line in the log
  a_row,    // others have used up what all have: 503, but the operator still sees what comes from here
  counted,  // 503, and a number
};

class unproven_limit {
 public:
  explicit unproven_limit(unproven_settings settings) : settings_(settings) {}

  // How one more is heard; all but `full` are counted. An empty address, of what we fetched ourselves, has no limit.
  hearing take(std::string_view address, instant now);

  std::uint64_t refused() const;
  std::size_t remembered() const;

 private:
  struct bucket {
    double tokens = 0;
    instant filled_at;
    void fill(double most, double per_second, instant now);
  };
  using entry = std::pair<std::string, bucket>;

  bucket& bucket_of(std::string key, instant now);

  unproven_settings const settings_;
  mutable std::mutex guard_;
  std::list<entry> by_use_;  // the latest first
  std::unordered_map<std::string, std::list<entry>::iterator> known_;
  std::optional<bucket> all_;
  std::uint64_t refused_ = 0;
};

}  // namespace ehds::node::exchange
