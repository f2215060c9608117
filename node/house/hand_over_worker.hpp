#pragma once
// Takes permits and revocations from the queue of the permit book to the local platform, until there is proof.
#include "base/clock.hpp"
#include "connectors/platform/local_platform.hpp"
#include "node/access/permits/permit_book.hpp"

namespace ehds::node::house {

class hand_over_worker {
 public:
  hand_over_worker(access::permit_book& book, connectors::local_platform& platform, clock const& wall)
      : book_(book), platform_(platform), wall_(wall) {}

  // One attempt for everything that is due. True when something was delivered.
  bool run_once();

 private:
  bool attempt(access::handover_entry const& entry);

  access::permit_book& book_;
  connectors::local_platform& platform_;
  clock const& wall_;
};

}  // namespace ehds::node::house
