#include "node/exchange/submission.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/slips.hpp"
#include "edelivery/message/pack.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/kept_message.hpp"
#include "node/exchange/tables.hpp"
#include "node/store/fail_point.hpp"
#include "node/store/payload_store.hpp"

namespace ehds::node::exchange {
namespace {

problem wrong(std::string_view what, std::string detail, std::string where, std::string mend) {
  return {"exchange.submission." + std::string(what), std::move(detail), std::move(where), std::move(mend)};
}

// What was read of the parts: on disk; gone with this object unless an effect named it.
class copied_parts {
 public:
  explicit copied_parts(store::payload_store const& into) : store_(into) {}

  result<store::prepared_payload> copy(byte_source const& from) {
    if (from.size() <= store::payload_row_limit) {
      string_sink whole;
      if (auto read = each_piece(from, [&](auto piece) { return whole.add(piece); }); !read) return read.error();
      return store_.prepare(whole.text);
    }
    auto growing = store_.begin();
    if (!growing) return std::move(growing).error();
    if (auto read = each_piece(from, [&](auto piece) { return (*growing)->add(piece); }); !read) return read.error();
    auto ready = (*growing)->finish();
    if (ready) files_.push_back(*std::move(growing));
    return ready;
  }
  void keep() {
    for (auto const& one : files_) one->keep();
  }

 private:
  store::payload_store const& store_;
  std::vector<std::unique_ptr<store::growing_payload>> files_;
};

// A submission on its way through the effect.
struct prepared {
  edelivery::pmode const* mode = nullptr;
  kept_message kept;
  std::vector<store::prepared_payload> payloads;
  std::string fingerprint;
  std::string content_sha256;
};

edelivery::outgoing_message described(submission const& message, std::string const& action) {
  edelivery::outgoing_message out;
  out.action = action;
  out.message_id = message.message_id;
  out.conversation_id = message.conversation_id;
  out.ref_to_message_id = message.ref_to_message_id;
  out.properties = message.properties;
  for (auto const& part : message.parts)
    out.payloads.push_back({part.mime_type, {}, part.character_set, part.properties, nullptr});
  return out;
}

std::string action_of(submission const& message, edelivery::pmode const& mode) {
  return message.action.empty() && mode.actions.size() == 1 ? mode.actions.front() : message.action;
}

bool allows(edelivery::pmode const& mode, std::string const& action) {
  if (mode.actions.empty()) return !action.empty();
  return std::ranges::find(mode.actions, action) != mode.actions.end();
}

bool is_of_back_end(dispatcher const& desk, submission const& message, edelivery::pmode const& mode,
                    std::string const& action) {
  auto const* const taker = desk.settings().back_ends.taker_of(mode.service, action);
  return taker != nullptr && taker->name == message.back_end;
}

// What this back end may send under the P-Mode; nothing where it may send nothing, or the P-Mode names no actions.
std::vector<std::string> choices_of(dispatcher const& desk, submission const& message, edelivery::pmode const& mode) {
  std::vector<std::string> all;
  for (auto const& action : mode.actions)
    if (is_of_back_end(desk, message, mode, action)) all.push_back(action);
  return all;
}

// Where the P-Mode names no actions: an action of its service that this back end claims, or any, if it claims all.
bool may_send_under(dispatcher const& desk, submission const& message, edelivery::pmode const& mode) {
  if (!mode.actions.empty()) return !choices_of(desk, message, mode).empty();
  for (auto const& one : desk.settings().back_ends.all())
    for (auto const& claim : one.takes)
      if (one.name == message.back_end && claim.service == mode.service) return true;
  return false;
}

problem wrong_action(std::string const& action, std::vector<std::string> const& choices) {
  return wrong("value", action.empty() ? "The action is missing." : "The P-Mode does not allow this action.", "/action",
               choices.empty() ? "Name it." : "Say which: " + listed(choices) + ".");
}

// What the header's writer calls by its elements, by the member that it came from.
problem in_members(problem const& found) {
  auto told = wrong("value", found.detail, found.where, found.mend);
  for (auto const& [element, member] :
       {std::pair("RefToMessageId", "/ref_to_message_id"), std::pair("ConversationId", "/conversation_id"),
        std::pair("Action", "/action"), std::pair("UserMessage/MessageProperties", "/properties"),
        std::pair("MessageProperties", "/properties"), std::pair("PartProperties", "/parts")})
    if (told.where == element) told.where = member;
  if (found.code == "edelivery.pack.payload") told.where = "/parts";
  if (found.code == "edelivery.pack.action") told.where = "/action";
  if (found.where != "MessageId") return told;
  return wrong("value", "The message id is none.", "/message_id",
               "Write it as name@domain in at most 255 characters, or leave it out: the node makes one.");
}

// The P-Modes of others are not this back end's to know.
problem no_pmode_of_back_end(dispatcher const& desk, submission const& message) {
  std::vector<std::string> ids;
  for (auto const& mode : desk.book().all())
    if (mode.way != edelivery::direction::receive && may_send_under(desk, message, mode)) ids.push_back(mode.id);
  auto const meant = nearest_word(message.pmode_id, ids);
  return wrong("pmode", "There is no P-Mode of this id for sending.", "/pmode",
               meant ? "Did you mean " + *meant + "?" : "Ask the operator for its id.");
}

std::expected<edelivery::pmode const*, problems> check(dispatcher const& desk, submission const& message) {
  auto const* const mode = desk.book().by_id(message.pmode_id);
  if (mode == nullptr || mode->way == edelivery::direction::receive)
    return std::unexpected(problems{no_pmode_of_back_end(desk, message)});
  auto action = action_of(message, *mode);
  problems found;
  auto const choices = choices_of(desk, message, *mode);
  if (!allows(*mode, action) && (mode->actions.empty() || !choices.empty())) {
    found.push_back(wrong_action(action, choices));
    action = choices.empty() ? "any" : choices.front();  // for what else is wrong
  } else if (!is_of_back_end(desk, message, *mode, action)) {
    // What else is wrong would tell of others' agreements.
    return std::unexpected(problems{wrong("service", "Messages of this service and action are not this back end's.",
                                          "/action", "The operator names them in back_ends.")});
  }
  if (!mode->answers.empty() && message.ref_to_message_id.empty())
    found.push_back(wrong("value", "Messages under this P-Mode answer another message; this one answers none.",
                          "/ref_to_message_id", "Name the message it answers."));
  if (auto const fits = edelivery::check_packable(described(message, action), *mode, desk.us(), desk.time().now());
      !fits)
    found.push_back(in_members(fits.error()));
  if (!found.empty()) return std::unexpected(std::move(found));
  return mode;
}

// A name and a text, so that no two different lists of them give the same bytes.
void add_text(sha256_stream& into, std::string_view text) {
  into.add(std::to_string(text.size()) + ":");
  into.add(text);
}

void add_properties(sha256_stream& into, std::vector<edelivery::message_property> const& properties) {
  add_text(into, std::to_string(properties.size()));
  for (auto const& one : properties)
    for (auto const& text : {one.name, one.value, one.type}) add_text(into, text);
}

std::string fingerprint_of(submission const& message, std::vector<kept_part> const& parts) {
  sha256_stream all;
  for (auto const& text :
       {message.pmode_id, message.action, message.message_id, message.conversation_id, message.ref_to_message_id})
    add_text(all, text);
  add_properties(all, message.properties);
  for (auto const& part : parts) {
    for (auto const& text : {part.content_id, part.mime_type, part.character_set, part.sha256_hex}) add_text(all, text);
    add_properties(all, part.properties);
  }
  return to_hex(all.finish());
}

result<prepared> prepare(dispatcher const& desk, submission const& message, edelivery::pmode const& mode,
                         copied_parts& copies) {
  prepared ready{.mode = &mode, .kept = {}, .payloads = {}, .fingerprint = {}, .content_sha256 = {}};
  sha256_stream all;
  for (auto const& part : message.parts) {
    auto copy = copies.copy(*part.bytes);
    if (!copy) return std::move(copy).error();
    all.add(copy->sha256_hex);
    ready.kept.parts.push_back(
        {part.content_id, part.mime_type, part.character_set, part.properties, copy->id, copy->size, copy->sha256_hex});
    ready.payloads.push_back(*std::move(copy));
  }
  ready.content_sha256 = to_hex(all.finish());
  ready.fingerprint = fingerprint_of(message, ready.kept.parts);
  auto& header = ready.kept.header;
  header = edelivery::make_header(described(message, action_of(message, mode)), mode, desk.us(), desk.time().now());
  ready.kept.pmode_id = mode.id;
  ready.kept.back_end = message.back_end;
  return ready;
}

// The message that this key stands for already; empty when the key is new.
result<std::optional<submitted>> submitted_before(store::transaction& tx, submission const& message,
                                                  prepared const& ready) {
  auto const added = tx.run(
      "INSERT INTO exchange_submission (caller, key, fingerprint, message_id, at) VALUES (?, ?, ?, ?, ?) "
      "ON CONFLICT DO NOTHING",
      message.back_end, message.idempotency_key, ready.fingerprint, ready.kept.header.message_id,
      ready.kept.header.timestamp);
  if (added == 1) return std::optional<submitted>{};
  auto const kept = tx.first(
      "SELECT s.fingerprint, s.message_id, l.conversation_id FROM exchange_submission AS s "
      "JOIN exchange_ledger AS l ON l.message_id = s.message_id AND l.direction = 'out' WHERE caller = ? AND key = ?",
      message.back_end, message.idempotency_key);
  if (kept->text(0) == ready.fingerprint) return std::optional{submitted{kept->text(1), kept->text(2), true}};
  return wrong("reused", "This idempotency key stands for another message.", "Idempotency-Key",
               "Give each message its own key.");
}

void store_message(store::transaction& tx, dispatcher const& desk, submission const& message, prepared const& ready) {
  auto kept = ready.kept;
  auto const& header = kept.header;
  auto const nation = desk.nation_of(header.to.id);
  for (auto const& payload : ready.payloads) store::payload_store::put(tx, payload);
  kept.seq = add_to_ledger(
      tx, {false, header.message_id, header.ref_to_message_id, header.conversation_id, header.service, header.action,
           nation, header.to.id, "", header.timestamp, std::nullopt, "", "", "", "", "", ready.content_sha256});
  keep_message(tx, kept);
  add_to_outbox(tx, {kept.seq, header.to.id, "", edelivery::enqueue(header.message_id, *ready.mode, header.timestamp),
                     desk.waits_here(*ready.mode)});
  audit::append(tx, header.timestamp,
                {message.caller,
                 "message.submitted",
                 header.message_id,
                 "queued",
                 {{"pmode", ready.mode->id}, {"action", header.action}, {"sha256", ready.content_sha256}}});
}

}  // namespace

std::expected<submitted, problems> submit(dispatcher& desk, submission const& message) {
  auto const mode = check(desk, message);
  if (!mode) return std::unexpected(mode.error());
  auto& db = desk.database();
  copied_parts copies(db.payloads());
  auto const ready = prepare(desk, message, **mode, copies);
  if (!ready) return std::unexpected(problems{ready.error()});
  submitted taken;
  auto const done = db.commit([&](store::transaction& tx) -> result<void> {
    auto before = submitted_before(tx, message, *ready);
    if (!before) return std::move(before).error();
    taken = before->value_or(submitted{ready->kept.header.message_id, ready->kept.header.conversation_id, false});
    if (taken.is_repeat) return {};
    if (find_in_outbox(tx, taken.message_id))
      return problem{"exchange.message_id.taken", "A message with this id was sent before.", "/message_id",
                     "Leave it out: the node makes one."};
    store_message(tx, desk, message, *ready);
    return {};
  });
  // After a failed fsync nobody knows what is on disk: the next start sweeps what no row names.
  bool const is_named = done && !taken.is_repeat;
  if (is_named || (!done && done.error().code == "store.broken")) copies.keep();
  if (!done) return std::unexpected(problems{done.error()});
  store::fail_point("exchange.submitted");
  return taken;
}

}  // namespace ehds::node::exchange
