#pragma once
// The P-Modes of a node and how one is found.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "edelivery/pmode/pmode.hpp"

namespace ehds::edelivery {

class pmode_book {
 public:
  pmode_book() = default;
  explicit pmode_book(std::vector<pmode> pmodes) : pmodes_(std::move(pmodes)) {}

  std::vector<pmode> const& all() const { return pmodes_; }
  pmode const* by_id(std::string_view id) const;  // nullptr when there is none

  // The P-Mode a received message claims to follow; its header need not be verified yet, so the answer only says
  // under which rules to verify. A test message (service and action of ebMS 3.0 core 5.2.2) fits every
  // P-Mode of its sender. Problem edelivery.pmode.none, naming the nearest miss.
  result<pmode const*> for_received(user_message const& header) const;

  // The first P-Mode for sending this service and action to a partner. Problem edelivery.pmode.none.
  result<pmode const*> for_sending(std::string_view partner_id, std::string_view service,
                                   std::string_view action) const;

  // The P-Mode for a message that a program of ours hands over, by all that its header says: parties, service, action,
  // agreement. A type that it leaves out is the agreed one; an agreement that it leaves out is any; roles and channel
  // are not looked at. Problems edelivery.pmode.none, edelivery.pmode.party (the sender is another): the nearest
  // miss at its element, with what is agreed.
  result<pmode const*> for_submitted(user_message const& header) const;

  // The P-Mode that a message of ours, header at hand, was sent under. Problem edelivery.pmode.none.
  result<pmode const*> for_sent(user_message const& header) const;

 private:
  std::vector<pmode> pmodes_;
};

}  // namespace ehds::edelivery
