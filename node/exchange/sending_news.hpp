#pragma once
// What the log is told of a message on its way: the first attempt that fails, each time when the error becomes another,
// the end without a receipt, and a receipt after trouble. Names, codes and numbers only: what the partner said in words
// may be about people, and stands in the ledger.
#include <optional>
#include <string>
#include <string_view>

#include "edelivery/sender/outbound.hpp"

namespace ehds::node::exchange {

struct sending_news {
  std::string message_id;
  std::string party_id;
  edelivery::outbound_status status = edelivery::outbound_status::waiting;  // or failed: dead letter; or delivered
  std::string code;                                                         // EBMS; empty when delivered
  std::string says;     // the name of the code; why there is no answer, where there is none
  int http_status = 0;  // of the answer; 0: there is none, or it came over another access point
  int attempts = 0;
  instant next_try;       // for waiting
  std::string mark = {};  // kept beside the message as what was told last
};

// `told`: the mark of what was told last, empty: nothing yet. The row forgets its trouble when it is over, and another
// attempt has a row of its own; the mark stays. Empty: nothing new. `http_status` as above; empty: no answer came, and
// the reason is in words of ours.
std::optional<sending_news> news_of(std::string_view told, edelivery::outbound const& after, std::string_view party_id,
                                    std::optional<int> http_status);

// The same of what keeps the message here, for which no attempt was made: the row's code is not about it.
std::optional<sending_news> news_of_our_own(std::string_view told, edelivery::outbound const& after,
                                            std::string_view party_id, std::string_view problem_code);

}  // namespace ehds::node::exchange
