#pragma once
// When agreements end for want of a valid certificate: for alarms before it happens.
#include <string>
#include <vector>

#include "base/time.hpp"
#include "edelivery/pmode/pmode_book.hpp"

namespace ehds::edelivery {

struct certificate_end {
  std::string pmode_id;
  std::string partner;  // its party id
  std::string what;     // "signing", "encryption"
  std::string subject;
  instant at;

  bool operator==(certificate_end const&) const = default;
};

// Of each P-Mode: the last end among the certificates the partner may sign with, and among those we encrypt for (while
// a rollover lasts there are several). Soonest first. Where authorities are trusted no signer is known beforehand, so
// nothing is said of it.
std::vector<certificate_end> certificate_ends(pmode_book const& book);

}  // namespace ehds::edelivery
