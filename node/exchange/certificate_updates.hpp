#pragma once
// Certificates rolled over by messages (ebCore Certificate Update): what partners announce waits durably for the
// operator, or is accepted at once where the P-Mode says so and an authority it names vouches; what we announce waits
// for the partner's answer. What was accepted counts beside the P-Modes (edelivery/security/replacements.hpp).
//
//   certificate_updates updates(desk);                       // takes the messages of the service from now on
//   updates.announce({"EU", {{ours, next}}, activate_by}, "operator");
//   for (auto const& one : updates.all()) ...
//   updates.accept(number, "operator");                      // the answer is in the outbox
//   while (updates.run_once(clock.now())) {}                 // one background job
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edelivery/certificate_update/plan_update.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/update_rows.hpp"

namespace ehds::node::exchange {

struct update_entry {
  update_row row;
  edelivery::agreement_update_request request;
  std::string delivery;  // of our announcement: as in the ledger
};

// A partner's that waits and is active within a week; ours that nobody answered in time.
bool is_urgent(update_entry const& one, instant now);

struct waiting_updates {
  std::size_t of_partners = 0;  // for the operator
  std::size_t urgent = 0;
};

// Ours, with the one that follows and its chain.
struct announced_change {
  edelivery::certificate current;
  std::vector<edelivery::certificate> next;
};

struct announcement {
  std::string party_id;
  std::vector<announced_change> changes;
  instant activate_by;
  std::optional<instant> expire_by = std::nullopt;  // left out: the end of the current one
};

class certificate_updates {
 public:
  // Of one partner; what comes beyond is refused, and may come again later.
  static constexpr std::size_t most_waiting = 16;

  // The dispatcher outlives this. Puts what was accepted in earlier runs where it counts.
  explicit certificate_updates(dispatcher& desk);

  std::vector<update_entry> all(std::size_t count = 100) const;  // what waits first, then the newest
  waiting_updates waiting(instant now) const;

  // The partner's certificate counts when this returns, and he will be told. Accepted again: nothing is done. Problems
  // exchange.update.{unknown, decided, unfit, reason}, edelivery.authentication.revocation_unknown,
  // edelivery.pmode.none (no P-Mode for the answer), those of the store.
  result<void> accept(std::int64_t number, std::string_view who);
  result<void> reject(std::int64_t number, std::string_view who, std::string const& reason);

  // One message for each agreement in which one of the certificates is in use; their numbers. Problems
  // exchange.partner.unknown, exchange.update.{agreement, times, key (we do not open with it yet)},
  // edelivery.pmode.none, those of the store.
  result<std::vector<std::int64_t>> announce(announcement const& what, std::string_view who);

  // Accepts one that may be accepted without being asked, or rejects one that nobody can accept any more; true when
  // there may be more.
  bool run_once(instant now);

 private:
  struct decision {
    std::string status;  // "accepted", "rejected"
    std::string_view who;
    std::vector<edelivery::update_error> errors;
  };
  result<verdict> take(store::transaction& tx, business_message const& message) const;
  result<verdict> take_request(store::transaction& tx, business_message const& message,
                               edelivery::agreement_update_request const& request) const;
  result<verdict> refuse_one_more(store::transaction& tx, business_message const& message, update_row const& row,
                                  edelivery::agreement_update_request const& request) const;
  // Without errors: the partner says yes.
  result<verdict> take_answer(store::transaction& tx, business_message const& message, std::string const& reference,
                              edelivery::agreement_update_head const& head,
                              std::vector<edelivery::update_error> const& errors) const;
  // An answer could not be sent: for the audit log.
  void note_silence(store::transaction& tx, business_message const& message, std::string const& id,
                    problem const& why) const;
  edelivery::update_plan plan_of(update_row const& row, edelivery::agreement_update_request const& request,
                                 instant at) const;
  result<void> decide(store::transaction& tx, update_row row, edelivery::agreement_update_request const& request,
                      decision const& how) const;
  result<void> answer(store::transaction& tx, update_row const& row, edelivery::agreement_update_request const& request,
                      std::vector<edelivery::update_error> errors) const;
  result<void> reject_outlived(std::int64_t number);
  void note_pending(std::vector<update_row> const& pending, instant now);
  bool may_accept(update_row const& row, instant now) const;
  void shelve();  // what was decided since the last time

  dispatcher& desk_;
  std::mutex guard_;
  std::set<std::pair<std::int64_t, std::string>> shelved_;  // number and status
  struct look {
    instant ends;   // nobody can accept it any more
    instant again;  // the job looks at it
  };
  static constexpr std::size_t most_at_a_time = 10'000;
  std::map<std::int64_t, look> looks_;  // at pending ones; touched by the job alone
};

}  // namespace ehds::node::exchange
