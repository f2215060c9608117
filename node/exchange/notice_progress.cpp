#include "node/exchange/notice_progress.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include "node/exchange/kept_message.hpp"
#include "node/exchange/notice_worker.hpp"
#include "node/exchange/set_aside.hpp"

namespace ehds::node::exchange {
namespace {

std::vector<std::string> words_in(std::string const& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

template <class Words>
std::string in_one(Words const& words) {
  std::string text;
  for (auto const& word : words) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

}  // namespace

store::migration notice_words() {
  return {"exchange_back_end", 3,
          "ALTER TABLE exchange_notice ADD COLUMN said TEXT NOT NULL DEFAULT '';"
          "ALTER TABLE exchange_notice ADD COLUMN kinds TEXT NOT NULL DEFAULT ''"};
}

bool notice_progress::has_said(domibus_push push) const { return std::ranges::find(said, push) != said.end(); }

void notice_progress::say(domibus_push push) {
  said.push_back(push);
  attempts = 0;
  refusals = 0;
  due = {};
  reason.clear();
}

void notice_progress::pass(std::int64_t event) {
  *this = {};
  told = event;
}

notice_progress find_progress(store::reading& now, std::string_view back_end) {
  notice_progress found;
  auto const row =
      now.first("SELECT told, attempts, due, reason, said, refusals FROM exchange_notice WHERE back_end = ?", back_end);
  if (!row) return found;
  found.told = row->integer(0);
  found.attempts = row->integer(1);
  found.due = row->time(2);
  found.reason = row->text(3);
  found.refusals = row->integer(5);
  for (auto const& word : words_in(row->text(4)))
    if (auto const push = parse_domibus_push(word)) found.said.push_back(*push);
  return found;
}

void keep_progress(store::transaction& tx, std::string_view back_end, notice_progress const& progress,
                   std::vector<std::string> const& kinds) {
  std::vector<std::string_view> said;
  for (auto const push : progress.said) said.push_back(to_text(push));
  tx.run(
      "INSERT INTO exchange_notice (back_end, told, attempts, due, reason, said, kinds, refusals) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (back_end) DO UPDATE SET told = ?2, attempts = ?3, due = "
      "?4, "
      "reason = ?5, said = ?6, kinds = ?7, refusals = ?8",
      back_end, progress.told, progress.attempts, progress.due, progress.reason, in_one(said), in_one(kinds),
      progress.refusals);
}

std::optional<std::string> refused_notice(store::reading& now, std::string_view back_end) {
  auto const row = now.first("SELECT reason FROM exchange_notice WHERE back_end = ? AND attempts > 0", back_end);
  return row ? std::optional(row->text(0)) : std::nullopt;
}

std::vector<std::string> untold_messages(store::reading& now, std::string_view back_end, std::size_t most) {
  auto ids = set_aside_messages(now, back_end, most);
  auto const row = now.first("SELECT told, kinds FROM exchange_notice WHERE back_end = ? AND attempts > 0", back_end);
  if (!row) return ids;
  auto kinds = words_in(row->text(1));
  if (kinds.empty())
    for (auto const kind : {event_kind::arrived, event_kind::delivered, event_kind::failed})
      kinds.emplace_back(to_text(kind));
  std::erase(kinds, to_text(event_kind::refused));
  if (kinds.empty()) return ids;
  std::set<std::string> seen(ids.begin(), ids.end());
  for (auto const& event : events_after(
           now, {.back_end = std::string(back_end), .after = row->integer(0), .count = most, .kinds = in_one(kinds)}))
    if (ids.size() < most && seen.insert(event.message_id).second) ids.push_back(event.message_id);
  return ids;
}

void tell_again(store::transaction& tx, std::string_view back_end, std::vector<std::string> const& message_ids,
                instant now) {
  if (push_again(tx, back_end, message_ids, now) == message_ids.size()) return;
  tx.run("UPDATE exchange_notice SET due = ? WHERE back_end = ? AND attempts > 0", now, back_end);
}

}  // namespace ehds::node::exchange
