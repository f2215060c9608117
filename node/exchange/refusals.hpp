#pragma once
// Messages and signals that were refused at the door, each with its explanation: for the operator alone. The bytes
// themselves are not kept, since anybody may send them. Bounded: the newest are kept, and only so many a minute are
// looked at again; the others are counted. The log has a line of each that is answered by a signed error
// (unproven_limit.hpp).
//
// Whoever sends most must not decide what an operator sees. So what is bounded is bounded for each origin apart:
//   strangers      no partner is named, or none that we know: all of them together
//   claims         a partner is named (eb:From, or the P-Mode that the header fits) and its signature was not good.
//                  Anybody can write a name, so this may be the partner with a damaged message or a stranger, and the
//                  latter can at most fill what is kept of claims of that one name.
//   proven         the partner signed the SOAP part, and something else was wrong: a payload, a property, an id used
//                  before, a receipt for something else than was sent. Nobody else can cause it who has not caught a
//                  message of the partner and sends it again, with a part changed; so no flood pushes such a row out.
// A pair of budgets for each party and not each P-Mode: a partner has many of those, and a flood would fill them all.
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_source.hpp"
#include "base/clock.hpp"
#include "edelivery/message/open.hpp"
#include "node/store/database.hpp"

namespace ehds::node::exchange {

// Rows.
inline constexpr std::int64_t kept_of_strangers = 200;
inline constexpr std::int64_t kept_of_claims = 100;  // for each party
inline constexpr std::int64_t kept_of_partner = 200;
// Looks at a message, for each origin. A look costs about what refusing the message did.
inline constexpr int looks_a_minute = 30;

struct refusal_origin {
  std::string party;  // of a P-Mode; empty: a stranger
  bool is_proven = false;
  auto operator<=>(refusal_origin const&) const = default;
};

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
  refusal_origin origin = {};
};

enum class refusals_of { anybody, parties };  // parties: those that name one we know

// Newest first, with a smaller number than `before` (0: from the newest).
std::vector<kept_refusal> list_refusals(store::reading& now, std::int64_t before, std::size_t count,
                                        refusals_of whom = refusals_of::anybody);
std::optional<kept_refusal> find_refusal(store::reading& now, std::int64_t number);

class refusal_keeper {
 public:
  // References outlive the keeper.
  refusal_keeper(store::database& db, edelivery::pmode_book const& book, edelivery::access_point const& us,
                 clock const& time);

  // Looks at the message again, without using our secret keys for what is not proven, and keeps what it found. Counts
  // it alone when too many of its origin came within a minute or the store takes nothing.
  void keep(std::string_view content_type, byte_source const& body, edelivery::refusal const& why);

  // How many of each origin were refused and not kept, since the start; only origins that have some.
  std::vector<std::pair<refusal_origin, std::uint64_t>> not_kept() const;

 private:
  struct budget {
    instant minute;     // when the present one began
    int looked_at = 0;  // in it
    std::uint64_t not_kept = 0;
  };

  refusal_origin origin_of(edelivery::refusal const& why) const;
  bool may_look(refusal_origin const& origin, instant now);

  store::database& db_;
  edelivery::pmode_book const& book_;
  edelivery::access_point const& us_;
  clock const& clock_;
  mutable std::mutex guard_;
  std::map<refusal_origin, budget> budgets_;  // at most two for each party of the book, and one
};

// Migrations of the table: internal to the room.
store::migration refusal_origin_columns();

}  // namespace ehds::node::exchange
