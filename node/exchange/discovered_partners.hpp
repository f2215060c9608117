#pragma once
// Partners whose access point is looked up: what was found last is remembered durably and used until it ends or was not
// confirmed for a week, so that neither DNS nor a publisher that is down stops a message; it is looked up again long
// before.
//
//   partner_search search(db, book, dns, wire);  // one background job: while (search.run_once(clock.now())) {}
//   auto const mode = ready_pmode(db, agreed, now);  // what a message is sent under
//   auto const judging = judging_pmode(db, agreed, now);  // what a signal about one is judged under
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/http_call.hpp"
#include "edelivery/discovery/find_partner.hpp"
#include "edelivery/pmode/pmode_book.hpp"
#include "node/store/database.hpp"

namespace ehds::node::exchange {

// A record that is withdrawn, forged or gone says nothing about why; the last good one counts no longer than this.
inline constexpr std::chrono::days longest_unconfirmed{7};

struct search_pauses {
  std::chrono::minutes after_found{60};    // before the next look
  std::chrono::seconds after_trouble{60};  // then doubled up to the one above
};

class partner_search {
 public:
  // References outlive the search.
  partner_search(store::database& db, edelivery::pmode_book const& book, edelivery::naptr_question ask, http_call& wire,
                 search_pauses pauses = {});

  // Looks up one partner whose time has come; true when another's has come too. For one thread.
  bool run_once(instant now);
  // Told of each look that ended badly.
  void on_trouble(std::function<void(std::string const& pmode_id, problem const& why)> listen);

 private:
  struct next_look {
    instant at;
    std::chrono::seconds pause{0};  // after trouble
  };
  void look(edelivery::pmode const& mode, next_look& next, instant now);

  store::database& db_;
  edelivery::pmode_book const& book_;
  edelivery::naptr_question ask_;
  http_call& wire_;
  search_pauses const pauses_;
  std::map<std::string, next_look, std::less<>> looks_;  // by P-Mode; all are due at the start
  std::function<void(std::string const&, problem const&)> on_trouble_;
};

// The P-Mode itself, or with what was found. What the partner signed with a certificate that its newest record does not
// name any more is accepted until longest_unconfirmed after a record last named it: receipts signed before go on
// coming. Problem exchange.partner.not_found: nothing was found under these terms yet, or what was found has ended.
result<edelivery::pmode> ready_pmode(store::database const& db, edelivery::pmode const& agreed, instant now);

// The same to judge what the partner signed about messages sent to it: also when what was found has ended, until
// longest_unconfirmed after it was confirmed. Nothing is to be sent under it. Same problem.
result<edelivery::pmode> judging_pmode(store::database const& db, edelivery::pmode const& agreed, instant now);

// How many P-Modes have no partner to send to now.
std::size_t partners_not_found(store::database const& db, edelivery::pmode_book const& book, instant now);

}  // namespace ehds::node::exchange
