#include "node/exchange/retrieve_worker.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "node/exchange/time_for_bytes.hpp"
#include "node/exchange/vouched_intake.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::exchange {
namespace {

namespace plugin = edelivery::backend;
using edelivery::remembered;

problem fault_of(plugin::plugin_fault const& fault) {
  return {"exchange.plugin.fault", "The access point answered " + fault.code + ": " + fault.message, "",
          "Look for the message in Domibus."};
}

}  // namespace

bool retrieve_worker::is_time(instant now) {
  auto const pause = is_woken_ ? settings_.least_pause : settings_.pause;
  // A clock that was set back does not put the next look off.
  if (asked_ && *asked_ <= now && now < *asked_ + pause) return false;
  is_woken_ = false;
  asked_ = now;
  return true;
}

std::size_t retrieve_worker::run_once(instant now) {
  if (!is_time(now)) return 0;
  auto const pending = ask_pending({});
  if (!pending) return 0;
  // What is gone is not asked for any more, and not kept in mind for long.
  std::erase_if(put_off_, [&](auto const& each) { return each.second.due + settings_.longest_put_off < now; });
  auto const in_vain =
      static_cast<std::size_t>(std::ranges::count_if(*pending, [&](auto const& id) { return waits(id, now); }));
  round so_far;
  take_each(*pending, now, so_far);
  if (in_vain >= settings_.crowd && !so_far.is_over) look_behind(pending->size(), now, so_far);
  return so_far.came;
}

std::optional<message_ids> retrieve_worker::ask_pending(std::optional<plugin::received_window> const& window) {
  auto said = line_.ask(plugin::write_pending_question(window), settings_.patience);
  if (auto* const pending = said ? std::get_if<plugin::pending_answer>(&*said) : nullptr) {
    line_trouble_.clear();
    return std::move(pending->message_ids);
  }
  auto const* const fault = said ? std::get_if<plugin::plugin_fault>(&*said) : nullptr;
  tell_once(line_trouble_, "EBMS:0005",
            !said              ? said.error()
            : fault != nullptr ? fault_of(*fault)
                               : problem{"exchange.plugin.answer", "It answered another question.", "", ""});
  return std::nullopt;
}

// A clock that was set back does not put it off any longer.
bool retrieve_worker::waits(std::string const& id, instant now) const {
  auto const later = put_off_.find(id);
  return later != put_off_.end() && now < later->second.due && later->second.due <= now + settings_.longest_put_off;
}

void retrieve_worker::take_each(message_ids const& ids, instant now, round& so_far) {
  for (auto const& id : ids) {
    if (waits(id, now)) continue;
    if (so_far.tried == settings_.messages_a_round) {
      wake();  // the rest at once, in a round of its own
      so_far.is_over = true;
    }
    if (so_far.is_over) return;
    ++so_far.tried;
    auto const how = take(id, now);
    so_far.is_over = how == taken::stop || how == taken::cut_off;
    if (how == taken::is_new) ++so_far.came;
    if (how == taken::is_new || how == taken::known) put_off_.erase(id);
    bool const waits_now = how == taken::not_now || how == taken::not_marked || how == taken::cut_off;
    if (waits_now) wait_with(id, now, how == taken::not_marked);
  }
}

// Those that cannot be taken may be all that the list has room for: one partner must not keep out what others send.
void retrieve_worker::look_behind(std::size_t full, instant now, round& so_far) {
  if (looked_behind_ && *looked_behind_ <= now && now < *looked_behind_ + settings_.pause_behind) return;
  auto const found = ids_behind([&](auto const& window) { return ask_pending(window); },
                                [&](auto const& id) { return !waits(id, now); }, full, now);
  looked_behind_ = found.empty() ? std::optional(now) : std::nullopt;
  if (found.empty()) return;
  take_each(found, now, so_far);
  wake();  // there may be more
}

void retrieve_worker::wait_with(std::string const& id, instant now, bool only_mark) {
  constexpr std::size_t most_in_mind = 50'000;  // further ones are tried every round
  if (put_off_.size() >= most_in_mind && !put_off_.contains(id)) return;
  auto& one = put_off_[id];
  one.pause = std::clamp(2 * one.pause, settings_.first_put_off, settings_.longest_put_off);
  one.due = now + one.pause;
  one.only_mark = only_mark;
}

std::chrono::milliseconds retrieve_worker::patience_for_message() const {
  return settings_.patience + time_for_bytes(line_.terms().message_bytes);
}

retrieve_worker::taken retrieve_worker::take(std::string const& id, instant now) {
  auto const before = put_off_.find(id);
  if (before != put_off_.end() && before->second.only_mark) return mark(id) ? taken::known : taken::not_marked;
  auto const said = line_.retrieve(id, patience_for_message(), dispatcher_.database().payloads());
  if (!said && said.error().code.starts_with("http_call.") && said.error().code != "http_call.too_large") {
    // Twice running at the same message: it is this one that the Domibus cannot give, and others wait behind it.
    if (std::exchange(cut_at_, id) == id) {
      tell(id, said.error());
      return taken::cut_off;
    }
    tell_once(line_trouble_, "EBMS:0005", said.error());
    return taken::stop;
  }
  cut_at_.clear();
  if (!said) return tell(id, said.error());
  if (auto const* const fault = std::get_if<plugin::plugin_fault>(&*said)) return tell(id, fault_of(*fault));
  store::fail_point("exchange.retrieved");
  auto const& answer = *std::get<std::unique_ptr<retrieved_answer>>(*said);
  auto const& header = answer.message().header;
  if (header.message_id != id)
    return tell(id, {"exchange.plugin.answer", "The access point handed over another message than was asked for.", id,
                     "Look for the message in Domibus."});
  if (header.is_test()) return mark(id) ? taken::known : taken::not_marked;
  return store_message(id, answer, now);
}

retrieve_worker::taken retrieve_worker::store_message(std::string const& id, retrieved_answer const& answer,
                                                      instant now) {
  auto const stored = take_handed(dispatcher_, answer, now);
  if (!stored) return tell(id, stored.error());
  disk_trouble_.clear();
  bool const marked = mark(id);
  store::fail_point("exchange.downloaded");
  if (!marked) return taken::not_marked;
  return *stored == remembered::verdict::is_new ? taken::is_new : taken::known;
}

// Not marked: it stays in the list, comes again and is known then.
bool retrieve_worker::mark(std::string const& id) {
  auto const said = line_.ask(plugin::write_downloaded_mark(id), settings_.patience);
  if (said && std::holds_alternative<plugin::downloaded_answer>(*said)) return true;
  auto const* const fault = said ? std::get_if<plugin::plugin_fault>(&*said) : nullptr;
  tell(id, !said ? said.error() : fault != nullptr ? fault_of(*fault) : problem{"exchange.plugin.answer", "", id, ""});
  return false;
}

retrieve_worker::taken retrieve_worker::tell(std::string const& id, problem const& why) {
  if (is_of_disk(why)) {
    tell_once(disk_trouble_, "EBMS:0202", why);
    return taken::stop;
  }
  auto refused = edelivery::refused_for(why);
  refused.message_id = id;
  dispatcher_.tell_refusal(refused);
  return taken::not_now;
}

// Until it is over or another.
void retrieve_worker::tell_once(std::string& told, std::string const& code, problem const& why) const {
  if (std::exchange(told, why.code) != why.code) dispatcher_.tell_refusal({code, why, "", "", {}});
}

}  // namespace ehds::node::exchange
