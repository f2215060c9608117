// What the sender does for partners that fetch: hands out the next message, and takes the signals that come by
// themselves.
#include <expected>
#include <functional>
#include <utility>

#include "edelivery/message/sealed_source.hpp"
#include "node/exchange/discovered_partners.hpp"
#include "node/exchange/due_message.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::exchange {
namespace {

constexpr double no_spread = 0.5;  // nothing is retried by us

// What was signed and no row names, also where sealing it ends with an exception.
struct unclaimed {
  std::function<void()> drop;
  explicit unclaimed(std::function<void()> how) : drop(std::move(how)) {}
  ~unclaimed() {
    if (drop) drop();
  }
  unclaimed(unclaimed const&) = delete;
  unclaimed& operator=(unclaimed const&) = delete;
};

}  // namespace

// A large message is encrypted while it is read from where it lies.
result<edelivery::reply> sender_worker::sealed_answer(due_message const& message, edelivery::pmode const& mode,
                                                      instant now) {
  if (auto const large = message.large()) {
    auto sealed = edelivery::sealed_stream::open(message.stored_type, *large, mode, now);
    if (!sealed) return std::move(sealed).error();
    auto const type = (*sealed)->content_type();
    return edelivery::reply{200, type, {}, std::make_shared<edelivery::sealed_source>(large, *std::move(sealed))};
  }
  auto wire = edelivery::seal(message.packed, mode, now);
  if (!wire) return std::move(wire).error();
  return edelivery::reply{200, std::move(wire->content_type), std::move(wire->body)};
}

result<std::optional<edelivery::reply>> sender_worker::hand_out(edelivery::pmode const& mode, instant now) {
  for (std::size_t round = 0; round < settings_.messages_a_round; ++round) {
    auto const row =
        dispatcher_.database().read([&](store::reading& state) { return next_to_fetch(state, mode.id, now); });
    if (!row) break;
    auto message = load(*row);
    auto const& before = row->sending;
    if (before.attempts >= mode.retry.max_attempts) {
      record(message, before,
             edelivery::on_no_answer(before, "it was fetched and not acknowledged", mode, now, no_spread), now);
      continue;
    }
    std::optional<store::prepared_payload> made;
    if (auto const ready = sign_once(message, mode, now, made); !ready) {
      if (ready.error().code == "store.disk_full") return ready.error();
      not_ready(message, ready.error(), mode, now);
      continue;
    }
    unclaimed left([&] { drop(made); });
    auto answer = sealed_answer(message, mode, now);
    if (!answer) {
      if (may_wait(answer.error())) break;
      not_ready(message, answer.error(), mode, now);
      continue;
    }
    auto begun = edelivery::begin_attempt(before, mode, now);
    begun.due += time_for(message);
    left.drop = nullptr;
    // Another request of the partner may have taken it meanwhile: then the next one.
    if (claim(message, begun, made, now) != tried::sent) continue;
    store::fail_point("exchange.handed_out");
    return std::optional{*std::move(answer)};
  }
  return std::optional<edelivery::reply>{};
}

std::expected<void, edelivery::refusal> sender_worker::take_signal(std::string_view message_id,
                                                                   edelivery::http_answer const& signal, instant now) {
  auto const row =
      dispatcher_.database().read([&](store::reading& state) { return find_in_outbox(state, message_id); });
  auto const* const agreed = row ? dispatcher_.book().by_id(row->sending.pmode_id) : nullptr;
  bool is_proven = false;
  auto const refused = [&](problem why) {
    auto refusal = edelivery::refused_for(std::move(why));
    if (agreed != nullptr) refusal.pmode_id = agreed->id;
    refusal.is_proven = is_proven;
    return std::unexpected{std::move(refusal)};
  };
  if (agreed == nullptr)
    return refused({"edelivery.value.unrelated", "The signal is about no message of this node.",
                    std::string(message_id.substr(0, 100)), "Name the message in RefToMessageId."});
  // Also when what was found of the partner has ended since: it had the message before that.
  auto const mode = judging_pmode(dispatcher_.database(), *agreed, now);
  if (!mode) return refused(mode.error());
  // Only what the partner signed may change anything: anybody can send a request.
  auto const opened = edelivery::open_signal(signal.content_type, signal.body, *mode, now);
  if (!opened) return std::unexpected{opened.error()};
  is_proven = true;
  bool const is_receipt = std::holds_alternative<edelivery::receipt>(opened->content);
  if (!is_receipt && !mode->is_pulled_by_partner())
    return refused(
        {"edelivery.feature.error", "Errors about pushed messages are answers, not requests.", mode->id, ""});
  auto message = load(*row);
  // What was signed cannot be read: it cannot be said whether this is about it.
  if (!message.trouble.code.empty())
    return refused({"edelivery.storage.damaged", "The message cannot be read now.", "", "Send the signal again."});
  message.answer = signal;
  message.mode = *mode;
  auto const& before = row->sending;
  auto const after = edelivery::on_response(before, signal, {message.packed, message.earlier}, *mode, now, random01_());
  if (is_receipt && after.status != edelivery::outbound_status::delivered)
    return refused({"edelivery.receipt.mismatch", after.reason, before.message_id, "Acknowledge the message as sent."});
  if (after == before || record(message, before, after, now) != tried::stopped) return {};
  return refused({"edelivery.storage.busy", "The store could not note the signal now.", "", "Send it again."});
}

}  // namespace ehds::node::exchange
