#include "node/exchange/refusals.hpp"

#include <algorithm>

#include "edelivery/explain/explain_message.hpp"

namespace ehds::node::exchange {
namespace {

// What a second look may cost: larger bodies are kept without their explanation, larger parts are not opened.
constexpr std::uint64_t most_body_bytes = 64 * 1024 * 1024;
constexpr std::uint64_t most_payload_bytes = 1024 * 1024;
constexpr std::size_t longest_text = 500;

kept_refusal refusal_of(store::row const& one) {
  kept_refusal found;
  found.number = one.integer(0);
  found.at = one.time(1);
  found.code = one.text(2);
  found.message_id = one.text(3);
  found.pmode_id = one.text(4);
  found.problem = one.text(5);
  found.detail = one.text(6);
  found.bytes = static_cast<std::uint64_t>(one.integer(7));
  found.origin = {one.text(8), one.integer(9) != 0};
  return found;
}

std::int64_t most_rows(refusal_origin const& origin) {
  if (origin.party.empty()) return kept_of_strangers;
  return origin.is_proven ? kept_of_partner : kept_of_claims;
}

}  // namespace

store::migration refusal_origin_columns() {
  // Of the rows of before nobody knows: they go as those of strangers do.
  return {"exchange_refusal_origin", 1,
          "ALTER TABLE exchange_refusal ADD COLUMN party TEXT NOT NULL DEFAULT '';"
          "ALTER TABLE exchange_refusal ADD COLUMN proven INTEGER NOT NULL DEFAULT 0;"
          "CREATE INDEX exchange_refusal_origin ON exchange_refusal (party, proven, number)"};
}

std::vector<kept_refusal> list_refusals(store::reading& now, std::int64_t before, std::size_t count, refusals_of whom) {
  std::vector<kept_refusal> all;
  now.each(
      "SELECT number, at, code, message_id, pmode_id, problem, detail, bytes, party, proven FROM exchange_refusal "
      "WHERE (?1 = 0 OR number < ?1) AND (?3 = 0 OR party <> '') ORDER BY number DESC LIMIT ?2",
      [&](store::row const& one) { all.push_back(refusal_of(one)); }, before, count, whom == refusals_of::parties);
  return all;
}

std::optional<kept_refusal> find_refusal(store::reading& now, std::int64_t number) {
  auto const found = now.first(
      "SELECT number, at, code, message_id, pmode_id, problem, detail, bytes, party, proven, explanation "
      "FROM exchange_refusal WHERE number = ?",
      number);
  if (!found) return std::nullopt;
  auto refusal = refusal_of(*found);
  refusal.explanation = found->text(10);
  return refusal;
}

refusal_keeper::refusal_keeper(store::database& db, edelivery::pmode_book const& book,
                               edelivery::access_point const& us, clock const& time)
    : db_(db), book_(book), us_(us), clock_(time) {}

refusal_origin refusal_keeper::origin_of(edelivery::refusal const& why) const {
  if (auto const* const mode = book_.by_id(why.pmode_id)) return {mode->partner.id, why.is_proven};
  auto const is_known = std::ranges::any_of(book_.all(), [&](auto const& mode) {
    return !why.claimed_party.empty() && mode.partner.id == why.claimed_party;
  });
  return {is_known ? why.claimed_party : std::string(), false};
}

bool refusal_keeper::may_look(refusal_origin const& origin, instant now) {
  std::scoped_lock const lock(guard_);
  auto& one = budgets_[origin];
  // A clock that was set back begins a new minute too.
  if (now < one.minute || now >= one.minute + std::chrono::minutes{1}) {
    one.minute = now;
    one.looked_at = 0;
  }
  if (one.looked_at++ < looks_a_minute) return true;
  ++one.not_kept;
  return false;
}

std::vector<std::pair<refusal_origin, std::uint64_t>> refusal_keeper::not_kept() const {
  std::scoped_lock const lock(guard_);
  std::vector<std::pair<refusal_origin, std::uint64_t>> all;
  for (auto const& [origin, one] : budgets_)
    if (one.not_kept > 0) all.emplace_back(origin, one.not_kept);
  return all;
}

void refusal_keeper::keep(std::string_view content_type, byte_source const& body, edelivery::refusal const& why) {
  auto const now = clock_.now();
  auto const origin = origin_of(why);
  if (!may_look(origin, now)) return;
  edelivery::explanation told;
  if (body.size() <= most_body_bytes)
    told = edelivery::explain_message(
        content_type, body, book_, us_, now,
        {.signal_mode = book_.by_id(why.pmode_id), .most_payload_bytes = most_payload_bytes});
  edelivery::conclude(told, why.code, why.diagnosis);
  auto const text = edelivery::to_json(told);
  auto const cut = [](std::string const& given) { return given.substr(0, longest_text); };
  auto const kept = db_.commit([&](store::transaction& tx) -> result<void> {
    tx.run(
        "INSERT INTO exchange_refusal (number, at, code, message_id, pmode_id, problem, detail, bytes, explanation, "
        "party, proven) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        tx.next_number("exchange_refusal"), now, why.code, cut(why.message_id), cut(why.pmode_id), why.diagnosis.code,
        cut(why.diagnosis.detail), static_cast<std::int64_t>(body.size()), text, origin.party, origin.is_proven);
    tx.run(
        "DELETE FROM exchange_refusal WHERE party = ?1 AND proven = ?2 AND number <= (SELECT number FROM "
        "exchange_refusal WHERE party = ?1 AND proven = ?2 ORDER BY number DESC LIMIT 1 OFFSET ?3)",
        origin.party, origin.is_proven, most_rows(origin));
    return {};
  });
  if (kept) return;
  std::scoped_lock const lock(guard_);
  ++budgets_[origin].not_kept;
}

}  // namespace ehds::node::exchange
