#pragma once
// Messages that were refused at the door, each with its explanation: for the operator alone. The bytes themselves are
// not kept, since anybody may send them. Bounded: the newest are kept, and only so many a minute are looked at again.
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.hpp"
#include "base/clock.hpp"
#include "edelivery/message/open.hpp"
#include "node/store/database.hpp"

namespace ehds::node::exchange {

inline constexpr std::int64_t kept_refusals = 500;

struct kept_refusal {
  std::int64_t number = 0;
  instant at;
  std::string code;        // told to the peer
  std::string message_id;  // as the message says, unproven; empty when it could not be read
  std::string pmode_id;
  std::string problem;  // code of the diagnosis
  std::string detail;   // in words
  std::uint64_t bytes = 0;
  std::string explanation;  // JSON of edelivery/explain; empty in lists
};

// Newest first, with a smaller number than `before` (0: from the newest).
std::vector<kept_refusal> list_refusals(store::reading& now, std::int64_t before, std::size_t count);
std::optional<kept_refusal> find_refusal(store::reading& now, std::int64_t number);

class refusal_keeper {
 public:
  // References outlive the keeper.
  refusal_keeper(store::database& db, edelivery::pmode_book const& book, edelivery::access_point const& us,
                 clock const& time);

  // Looks at the message again, without using our secret keys for what is not proven, and keeps what it found. Does
  // nothing when too many came within a minute or the store takes nothing.
  void keep(std::string_view content_type, byte_source const& body, edelivery::refusal const& why);

 private:
  bool may_look(instant now);

  store::database& db_;
  edelivery::pmode_book const& book_;
  edelivery::access_point const& us_;
  clock const& clock_;
  std::mutex guard_;
  instant minute_;     // when the present one began
  int looked_at_ = 0;  // in it
};

}  // namespace ehds::node::exchange
