#pragma once
// Back ends (corners one and four of eDelivery): programs of the country that send and receive messages through this
// node's access point. Which messages are theirs, in both directions, the operator says; all others are the node's own.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"

namespace ehds::node::exchange {

struct back_end {
  struct claim {
    std::string service;
    std::vector<std::string> actions = {};  // empty: all of the service
  };
  std::string name;
  std::vector<claim> takes;
};

// What the exchange and the rooms above it take themselves, of some nodes not each of them.
bool is_own_service(std::string_view service);

class back_end_list {
 public:
  back_end_list() = default;
  explicit back_end_list(std::vector<back_end> all) : all_(std::move(all)) {}

  std::vector<back_end> const& all() const { return all_; }
  // Null when the message is nobody's, or the node's own.
  back_end const* taker_of(std::string_view service, std::string_view action) const;

  // Every finding: a service that the node itself handles, two who take the same, the same name twice. `where` is a
  // JSON pointer below `place`. Problem code exchange.back_end.
  problems check(std::string_view place) const;

 private:
  std::vector<back_end> all_;
};

}  // namespace ehds::node::exchange
