#include "node/exchange/refusals.hpp"

#include "edelivery/explain/explain_message.hpp"

namespace ehds::node::exchange {
namespace {

constexpr int most_a_minute = 30;
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
  return found;
}

}  // namespace

std::vector<kept_refusal> list_refusals(store::reading& now, std::int64_t before, std::size_t count) {
  std::vector<kept_refusal> all;
  now.each(
      "SELECT number, at, code, message_id, pmode_id, problem, detail, bytes FROM exchange_refusal "
      "WHERE ?1 = 0 OR number < ?1 ORDER BY number DESC LIMIT ?2",
      [&](store::row const& one) { all.push_back(refusal_of(one)); }, before, count);
  return all;
}

std::optional<kept_refusal> find_refusal(store::reading& now, std::int64_t number) {
  auto const found = now.first(
      "SELECT number, at, code, message_id, pmode_id, problem, detail, bytes, explanation FROM exchange_refusal "
      "WHERE number = ?",
      number);
  if (!found) return std::nullopt;
  auto refusal = refusal_of(*found);
  refusal.explanation = found->text(8);
  return refusal;
}

refusal_keeper::refusal_keeper(store::database& db, edelivery::pmode_book const& book,
                               edelivery::access_point const& us, clock const& time)
    : db_(db), book_(book), us_(us), clock_(time) {}

bool refusal_keeper::may_look(instant now) {
  std::scoped_lock const lock(guard_);
  // A clock that was set back begins a new minute too.
  if (now < minute_ || now >= minute_ + std::chrono::minutes{1}) {
    minute_ = now;
    looked_at_ = 0;
  }
  return looked_at_++ < most_a_minute;
}

void refusal_keeper::keep(std::string_view content_type, byte_source const& body, edelivery::refusal const& why) {
  auto const now = clock_.now();
  if (!may_look(now)) return;
  edelivery::explanation told;
  if (body.size() <= most_body_bytes)
    told = edelivery::explain_message(content_type, body, book_, us_, now, {.most_payload_bytes = most_payload_bytes});
  edelivery::conclude(told, why.code, why.diagnosis);
  auto const text = edelivery::to_json(told);
  auto const cut = [](std::string const& given) { return given.substr(0, longest_text); };
  static_cast<void>(db_.commit([&](store::transaction& tx) -> result<void> {
    auto const number = tx.next_number("exchange_refusal");
    tx.run(
        "INSERT INTO exchange_refusal (number, at, code, message_id, pmode_id, problem, detail, bytes, explanation) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        number, now, why.code, cut(why.message_id), cut(why.pmode_id), why.diagnosis.code, cut(why.diagnosis.detail),
        static_cast<std::int64_t>(body.size()), text);
    tx.run("DELETE FROM exchange_refusal WHERE number <= ?", number - kept_refusals);
    return {};
  }));
}

}  // namespace ehds::node::exchange
