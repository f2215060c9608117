#include "node/exchange/retrieve_worker.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "base/bytes.hpp"
#include "node/exchange/incoming_payloads.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::exchange {
namespace {

namespace plugin = edelivery::backend;
using edelivery::remembered;

// One payload on its way: small ones stay in memory, large ones go to a private file.
class arriving_part final : public byte_sink {
 public:
  arriving_part(incoming_payloads& into, edelivery::received_part& part) : into_(into), part_(part) {}

  result<void> add(std::string_view bytes) override {
    digest_.add(bytes);
    part_.size += bytes.size();
    if (file_ == nullptr && part_.size > store::payload_row_limit) {
      auto placed = into_.place(part_.content_id);
      if (!placed) return std::move(placed).error();
      file_ = *placed;
      part_.is_shelved = true;
      auto const held = std::exchange(part_.bytes, {});
      if (auto kept = file_->add(held); !kept) return kept;
    }
    if (file_ != nullptr) return file_->add(bytes);
    part_.bytes.append(bytes);
    return {};
  }
  std::string sha256_hex() { return to_hex(digest_.finish()); }

 private:
  incoming_payloads& into_;
  edelivery::received_part& part_;
  sha256_stream digest_;
  byte_sink* file_ = nullptr;
};

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
  auto const said = line_.ask(plugin::write_pending_question(), settings_.patience);
  auto const* const pending = said ? std::get_if<plugin::pending_answer>(&*said) : nullptr;
  if (pending == nullptr) {
    auto const* const fault = said ? std::get_if<plugin::plugin_fault>(&*said) : nullptr;
    tell_line(!said              ? said.error()
              : fault != nullptr ? fault_of(*fault)
                                 : problem{"exchange.plugin.answer", "It answered another question.", "", ""});
    return 0;
  }
  line_trouble_.clear();
  std::set<std::string_view> const waiting(pending->message_ids.begin(), pending->message_ids.end());
  std::erase_if(put_off_, [&](auto const& each) { return !waiting.contains(each.first); });
  std::size_t came = 0;
  std::size_t tried = 0;
  for (auto const& id : pending->message_ids) {
    auto const later = put_off_.find(id);
    if (later != put_off_.end() && now < later->second.due && later->second.due <= now + settings_.longest_put_off)
      continue;
    if (++tried > settings_.messages_a_round) {
      wake();  // the rest at once, in a round of its own
      break;
    }
    auto const how = take(id, now);
    if (how == taken::line_is_down) break;
    if (how == taken::is_new) ++came;
    if (how == taken::not_now) wait_with(id, now);
  }
  return came;
}

void retrieve_worker::wait_with(std::string const& id, instant now) {
  auto& one = put_off_[id];
  one.pause = std::clamp(2 * one.pause, settings_.first_put_off, settings_.longest_put_off);
  one.due = now + one.pause;
}

// Two megabytes a second at least, as for what is pulled.
std::chrono::milliseconds retrieve_worker::patience_for_message() const {
  constexpr std::size_t bytes_a_millisecond = 2'000;
  return settings_.patience + std::chrono::milliseconds{line_.terms().message_bytes / bytes_a_millisecond};
}

retrieve_worker::taken retrieve_worker::take(std::string const& id, instant now) {
  auto const said = line_.retrieve(id, patience_for_message());
  if (!said && said.error().code.starts_with("http_call.") && said.error().code != "http_call.too_large") {
    tell_line(said.error());
    return taken::line_is_down;
  }
  if (!said) return tell(id, said.error());
  if (auto const* const fault = std::get_if<plugin::plugin_fault>(&*said)) return tell(id, fault_of(*fault));
  store::fail_point("exchange.retrieved");
  auto const& answer = *std::get<std::unique_ptr<retrieved_answer>>(*said);
  auto const& header = answer.message().header;
  if (header.message_id != id)
    return tell(id, {"exchange.plugin.answer", "The access point handed over another message than was asked for.", id,
                     "Look for the message in Domibus."});
  if (header.is_test()) return mark(id) ? taken::known : taken::not_now;
  incoming_payloads payloads(dispatcher_.database().payloads());
  auto const message = unpack(answer, now, payloads);
  if (!message) return tell(id, message.error());
  auto const stored = dispatcher_.take_vouched(*message, payloads);
  if (!stored) return tell(id, stored.error());
  if (*stored == remembered::verdict::different)
    return tell(id, {"edelivery.duplicate.different",
                     "Another message with this id was taken before; that one stays as it was.", id,
                     "Ask the partner which of the two is meant; an id is used once."});
  bool const marked = mark(id);
  store::fail_point("exchange.downloaded");
  if (!marked) return taken::not_now;
  return *stored == remembered::verdict::is_new ? taken::is_new : taken::known;
}

result<vouched_message> retrieve_worker::unpack(retrieved_answer const& answer, instant now,
                                                incoming_payloads& payloads) const {
  vouched_message message;
  message.header = answer.message().header;
  if (message.header.timestamp == instant{}) message.header.timestamp = now;
  for (auto const& payload : answer.message().payloads) {
    edelivery::received_part part;
    part.content_id = payload.payload_id;
    part.mime_type = payload.mime_type;
    part.character_set = payload.character_set;
    part.properties = payload.properties;
    arriving_part into(payloads, part);
    if (auto const copied = answer.copy(payload, into); !copied) return copied.error();
    message.sha256_hex.push_back(into.sha256_hex());
    message.parts.push_back(std::move(part));
  }
  return message;
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
  auto refused = edelivery::refused_for(why);
  refused.message_id = id;
  dispatcher_.tell_refusal(refused);
  return taken::not_now;
}

// Once, until it is over or another.
void retrieve_worker::tell_line(problem const& why) {
  if (std::exchange(line_trouble_, why.code) != why.code) dispatcher_.tell_refusal({"EBMS:0005", why, "", "", {}});
}

}  // namespace ehds::node::exchange
