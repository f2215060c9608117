#pragma once
// The errors of ebMS 3.0 core 6.7 and AS4 3.2 to 3.4 as data, and which of them our own problems are.
#include <span>
#include <string_view>

#include "base/problem.hpp"

namespace ehds::edelivery {

struct ebms_code {
  std::string_view code;
  std::string_view short_description;
  std::string_view severity;
  std::string_view category;
  std::string_view told;  // what the peer is told: never more than the code already says
  bool passing = false;   // may the same message succeed later? if not, retrying is pointless
};

std::span<ebms_code const> ebms_codes();

// nullptr when unknown.
ebms_code const* find_ebms_code(std::string_view code);

// By the first words of the problem's code: edelivery.mime.* is EBMS:0007, edelivery.policy.* EBMS:0103 and
// so on; EBMS:0004 for everything else.
ebms_code const& ebms_code_of(problem const& p);

}  // namespace ehds::edelivery
