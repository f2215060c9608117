#include "node/exchange/test_message.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/slips.hpp"
#include "edelivery/message/open.hpp"
#include "node/exchange/discovered_partners.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/ledger.hpp"
#include "node/exchange/tables.hpp"

namespace ehds::node::exchange {
namespace {

using nlohmann::json;

problem no_such_pmode(edelivery::pmode_book const& book, std::string_view asked) {
  std::vector<std::string> ids;
  for (auto const& mode : book.all()) ids.push_back(mode.id);
  auto const near = nearest_word(asked, ids);
  std::string first;
  constexpr std::size_t enough = 10;
  for (std::size_t i = 0; i < std::min(ids.size(), enough); ++i) first += (i == 0 ? "" : ", ") + ids[i];
  return {"exchange.pmode.unknown", "This node has no P-Mode of that id.", "/pmode",
          (near ? "Did you mean " + *near + "? " : "") +
              (ids.empty() ? "It has none at all." : "Name one of " + first + (ids.size() > enough ? ", .." : "."))};
}

std::string certificate_in_words(edelivery::certificate const& one) {
  return one.described() + ", SHA-256 " + one.fingerprint() + ", valid to " + to_rfc3339(one.not_after());
}

problem cannot_test(edelivery::pmode const& mode, std::string detail, std::string mend) {
  return {"exchange.test.direction", "The P-Mode '" + mode.id + "' " + std::move(detail), "/pmode", std::move(mend)};
}

void describe_agreement(test_outcome& told, edelivery::pmode const& mode, edelivery::access_point const& us) {
  told.us = mode.us.id;
  told.partner = mode.partner.id;
  told.address = mode.address;
  told.service = mode.service;
  told.agreement = mode.agreement;
  told.profile = mode.security.id;
  told.our_certificate = certificate_in_words(us.signing_for(mode.security).cert);
  for (auto const& one : known_signers(mode.trust)) told.partner_certificates.push_back(certificate_in_words(one));
  if (mode.trust.pinned.empty() && !mode.trust.subject.empty())
    told.partner_certificates.push_back(mode.trust.subject + " under an authority of the P-Mode");
}

// The receipt was verified when it came; here it is read again for its names, at that time.
void describe_receipt(test_outcome& told, edelivery::outbound const& sending, edelivery::pmode const& mode) {
  auto const read =
      edelivery::open_signal(sending.receipt_type, sending.receipt, mode, told.settled_at.value_or(told.posted_at));
  if (!read) return;
  told.receipt_signer = certificate_in_words(read->signer);
  if (auto const* const got = std::get_if<edelivery::receipt>(&read->content)) told.receipt_id = got->message_id;
}

json json_or_null(std::string const& text) { return text.empty() ? json(nullptr) : json(text); }

}  // namespace

bool is_test_message(std::string_view service, std::string_view action) {
  return service == edelivery::test_service && action == edelivery::test_action;
}

result<std::string> post_test(store::transaction& tx, dispatcher const& from, std::string_view pmode_id) {
  auto const* const mode = from.book().by_id(pmode_id);
  if (mode == nullptr) return no_such_pmode(from.book(), pmode_id);
  if (mode->way == edelivery::direction::receive)
    return cannot_test(*mode, "is for receiving only.", "Name the P-Mode under which this node sends.");
  if (mode->is_pulled_by_partner())
    return cannot_test(*mode, "is for messages that the partner fetches.", "Ask the partner to fetch.");
  auto const nation = from.nation_of(mode->partner.id);
  if (nation.empty())
    return problem{"exchange.partner.unknown", "No nation stands for the access point '" + mode->partner.id + "'.", "",
                   "Add it to the partners of this node."};
  auto const now = from.time().now();
  auto const id = edelivery::new_message_id(from.us());
  ledger_row entry;
  entry.message_id = id;
  entry.conversation_id = random_uuid();
  entry.service = edelivery::test_service;
  entry.action = edelivery::test_action;
  entry.nation_id = nation;
  entry.party_id = mode->partner.id;
  entry.at = now;
  auto const seq = add_to_ledger(tx, entry);
  add_to_outbox(tx, {seq, mode->partner.id, "", edelivery::enqueue(id, *mode, now)});
  return id;
}

result<test_outcome> outcome_of_test(dispatcher const& from, std::string_view message_id,
                                     silence_lookup const& silence_of) {
  std::optional<outbox_row> row;
  std::vector<ledger_entry> found;
  from.database().read([&](store::reading& now) {
    row = find_in_outbox(now, message_id);
    found = find_message(now, message_id);
  });
  if (!row || found.empty() || !is_test_message(found.front().service, found.front().action))
    return problem{"exchange.test.unknown", "No test message with this id was sent.", "/message",
                   "It has the message_id that POST /api/test-messages answered."};
  auto const& entry = found.front();
  test_outcome told;
  told.message_id = entry.message_id;
  told.pmode_id = row->sending.pmode_id;
  told.status = entry.status;
  told.attempts = entry.attempts;
  told.code = entry.code;
  told.reason = entry.reason;
  told.posted_at = entry.at;
  told.settled_at = entry.settled_at;
  if (!told.settled_at && silence_of) told.silence = silence_of(row->party_id);
  auto const* const agreed = from.book().by_id(told.pmode_id);
  if (agreed == nullptr) return told;
  // Where the partner is looked up: as it was found last.
  auto const found_last = judging_pmode(from.database(), *agreed, from.time().now());
  auto const& mode = found_last ? *found_last : *agreed;
  describe_agreement(told, mode, from.us());
  if (entry.has_receipt) describe_receipt(told, row->sending, mode);
  return told;
}

std::string to_json(test_outcome const& told) {
  json out{{"message_id", told.message_id},
           {"pmode", told.pmode_id},
           {"us", told.us},
           {"partner", told.partner},
           {"address", told.address},
           {"service", told.service},
           {"agreement", json_or_null(told.agreement)},
           {"profile", told.profile},
           {"our_certificate", told.our_certificate},
           {"partner_certificates", told.partner_certificates},
           {"status", told.status},
           {"attempts", told.attempts},
           {"code", json_or_null(told.code)},
           {"reason", json_or_null(told.reason)},
           {"posted_at", to_rfc3339(told.posted_at)}};
  out["settled_at"] = told.settled_at ? json(to_rfc3339(*told.settled_at)) : json(nullptr);
  out["pause"] = told.silence ? json{{"unanswered_calls", told.silence->unanswered_calls},
                                     {"until", to_rfc3339(told.silence->next_try)}}
                              : json(nullptr);
  out["receipt_id"] = json_or_null(told.receipt_id);
  out["receipt_signer"] = json_or_null(told.receipt_signer);
  return one_line(out);
}

}  // namespace ehds::node::exchange
