// Inside the effect: is it new, whose is it, what does its consumer find, what is answered.
#include <nlohmann/json.hpp>

#include "node/audit/log.hpp"
#include "node/exchange/tables.hpp"
#include "node/exchange/taken_in.hpp"

namespace ehds::node::exchange {
namespace {

// The thing a message is about, for the ledger: what most contents name.
std::string subject_of(std::string const& content) {
  auto const read = nlohmann::json::parse(content, nullptr, false);
  if (!read.is_object()) return {};
  for (auto const* name : {"application_id", "identifier", "query_id"}) {
    auto const found = read.find(name);
    if (found != read.end() && found->is_string()) return found->get<std::string>();
  }
  return {};
}

// "" when there is no payload.
std::string put(store::transaction& tx, std::optional<store::prepared_payload> const& payload) {
  if (!payload) return {};
  store::payload_store::put(tx, *payload);
  return payload->id;
}

}  // namespace

result<void> dispatcher::accept_once(store::transaction& tx, taken_in& got) const {
  using verdict = edelivery::remembered::verdict;
  got.known = enter(tx, got.inbox, got.message.received_at);
  auto const& seen = got.known.seen;
  if (!got.known.is_damaged && seen.seen == verdict::is_new) return deliver(tx, got);
  audit::append(tx, got.message.received_at,
                {"partner:" + got.message.nation_id, "message.repeat", got.message.message_id,
                 got.known.is_damaged              ? "not answered: the stored receipt is damaged"
                 : seen.seen == verdict::different ? "refused: other content"
                 : seen.stored_receipt.empty()     ? "known"
                                                   : "receipt repeated"});
  return {};
}

// No verdict and no answer: what the message means is the back end's affair.
void dispatcher::hand_to_back_end(store::transaction& tx, taken_in& got) const {
  auto const& message = got.message;
  for (auto const& part : got.parts) store::payload_store::put(tx, part);
  auto const raw = put(tx, got.raw);
  auto kept = *got.kept;
  kept.seq = add_to_ledger(
      tx, {true, message.message_id, message.original_message_id, message.conversation_id, message.service,
           message.action, message.nation_id, message.access_point_id, "", message.received_at, true, "", "", raw,
           got.raw_type, got.raw ? got.raw->sha256_hex : std::string(), got.content_sha256, got.inbox.duplicate_key});
  keep_message(tx, kept);
  note_event(tx, kept.seq, message.message_id, event_kind::arrived, message.received_at);
  audit::append(tx, message.received_at,
                {"partner:" + message.nation_id,
                 "message.received",
                 message.message_id,
                 "for " + kept.back_end,
                 {{"action", message.action}, {"sha256", got.content_sha256}}});
}

result<void> dispatcher::deliver(store::transaction& tx, taken_in& got) const {
  auto const& message = got.message;
  if (got.kept) {
    hand_to_back_end(tx, got);
    return {};
  }
  auto const found_route = routes_.find(message.service);
  verdict found{got.of_envelope, {}};
  // Who it is from decides whose things it may touch: from nobody it touches nothing.
  if (message.nation_id.empty())
    found.found.push_back({"exchange.partner.unlisted", "This node does not know which nation the access point is.",
                           message.access_point_id, "Its operator lists the access point in the partners file."});
  if (found_route == routes_.end())
    found.found.push_back({std::string(unserved), "This node does nothing with messages of this service.",
                           message.service + " " + message.action,
                           R"(Add them to the "takes" of a back end, or leave them out of the P-Modes.)"});
  if (found.found.empty()) {
    auto judged = found_route->second.take(tx, message);
    if (!judged) return std::move(judged).error();
    found = *std::move(judged);
  }
  if (found.subject.empty()) found.subject = subject_of(message.content);
  ledger_row entry{true,
                   message.message_id,
                   message.original_message_id,
                   message.conversation_id,
                   message.service,
                   message.action,
                   message.nation_id,
                   message.access_point_id,
                   found.subject,
                   message.received_at,
                   found.found.empty(),
                   put(tx, got.envelope),
                   put(tx, got.attachments),
                   put(tx, got.raw),
                   got.raw_type,
                   got.raw ? got.raw->sha256_hex : std::string(),
                   got.content_sha256,
                   got.inbox.duplicate_key};
  add_to_ledger(tx, entry);
  audit::append(tx, message.received_at,
                {"partner:" + message.nation_id,
                 "message.received",
                 message.message_id,
                 found.found.empty() ? "valid" : "not valid",
                 {{"action", message.action}, {"subject", found.subject}, {"sha256", entry.raw_sha256}}});
  bool const wants_answer =
      found_route != routes_.end() ? found_route->second.how == answering::validation_result : true;
  bool const is_told = !wants_answer || message.action == validation_result || answer(tx, message, found.found);
  // Nobody here wants it, and its sender cannot be told: it waits there until the operator says whose it is.
  if (found_route == routes_.end() && !is_told) return found.found.back();
  return {};
}

// False when the agreement has no such answer.
bool dispatcher::answer(store::transaction& tx, business_message const& message, problems const& found) const {
  auto const posted = post(tx, {.to_nation = message.nation_id,
                                .action = std::string(validation_result),
                                .content = write_validation(found),
                                .original_message_id = message.message_id,
                                .conversation_id = message.conversation_id,
                                .service = message.service});
  if (posted) return true;
  // The receipt has to do. The audit log says so.
  audit::append(tx, message.received_at,
                {"node:" + settings_.our_nation, "message.answer", message.message_id, posted.error().code});
  return false;
}

}  // namespace ehds::node::exchange
