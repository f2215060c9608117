#pragma once
// The dispatcher: business messages in and out. What is posted inside an effect will be sent (sender_worker.hpp) until
// the partner's receipt is there; what is received is stored, delivered to its consumer once and answered in one
// effect, and the receipt leaves only after it is on disk.
//
//   dispatcher desk(db, book, access_point, clock, {.our_nation = "FR", .partners = {{"EU", "EU"}}});
//   desk.on_message(star_service, [&](store::transaction& tx, business_message const& m) -> result<verdict> {...});
//   db.commit([&](transaction& tx) { desk.post(tx, {.to_nation = "EU", .action = "statusUpdate", .content = json}); });
//   auto const answer = desk.receive(content_type, body);  // from the AS4 endpoint
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "edelivery/receiver/receiver.hpp"
#include "node/exchange/back_end.hpp"
#include "node/exchange/business_message.hpp"
#include "node/exchange/refusals.hpp"
#include "node/exchange/unproven_limit.hpp"
#include "node/store/database.hpp"
#include "node/store/payload_store.hpp"

namespace ehds::node::exchange {

// Exchange also needs the tables of node/audit.
std::vector<store::migration> migrations();

struct partner {
  std::string nation_id;
  std::string party_id;  // as in the P-Modes: its access point
};

struct exchange_settings {
  std::string our_nation;
  std::string our_party;  // our own access point id
  std::vector<partner> partners;
  std::string release = "r8";
  back_end_list back_ends = {};  // whose messages are stored with all their parts until they are fetched
  bool hands_over = false;       // another access point of ours calls the partners, and is called by them
  unproven_settings unproven = {};
};

// What the consumer found. With problems the message counts as not valid; either way it is stored and receipted.
struct verdict {
  problems found = {};
  std::string subject = {};  // business object, for the ledger; empty: application_id or identifier of the content
};

// Runs inside the effect that stores the message, and perhaps more than once: do nothing outside the store. A problem
// (not a verdict) or an exception means that we could not take the message now: the sender will try again.
using consumer = std::function<result<verdict>(store::transaction&, business_message const&)>;

// The end of an outgoing message, told inside the effect that records it.
struct outcome {
  std::string message_id;
  std::string to_nation;
  std::string action;
  std::string subject;
  bool delivered = false;
  std::string code;    // "EBMS:0301": no receipt came in all attempts; empty when delivered
  std::string reason;  // one sentence
};
using outcome_listener = std::function<void(store::transaction&, outcome const&)>;

enum class answering { validation_result, none };

// Attachments beyond attachments_in_memory: refused in the verdict, or given to the consumer as a payload of the store.
enum class attachments_as { text, payload };

class incoming_payloads;

// A message that came to another access point of ours, and what that says about it.
struct vouched_message {
  edelivery::user_message header;  // without parts
  std::vector<edelivery::received_part> parts;
  std::vector<std::string> sha256_hex;  // of each part
};

class dispatcher {
 public:
  // All references outlive the dispatcher. Attempts that were in flight when the process ended are due at once.
  dispatcher(store::database& db, edelivery::pmode_book const& book, edelivery::access_point const& us,
             clock const& time, exchange_settings settings);

  // Before the first message. Every message of a service answered by validation_result gets one, except such an
  // answer itself.
  void on_message(std::string_view service, consumer take, answering how = answering::validation_result,
                  attachments_as attachments = attachments_as::text);
  // Of this service the first XML part is the content, as it came, without an envelope; it gets no validationResult.
  void on_document(std::string_view service, consumer take);
  void on_outcome(outcome_listener listen);
  // Told after a message was refused at the door (nothing is stored of it).
  void on_refusal(std::function<void(edelivery::refusal const&)> listen);

  // Signals that come in requests of their own: pull requests, receipts for what was pulled. Without a listener they
  // are refused as what they are: no user messages.
  using signal_listener =
      std::function<edelivery::reply(std::string_view content_type, std::string_view body, std::string_view from)>;
  void on_signal(signal_listener answer);

  // Inside an effect. Returns the message id. Problems: exchange.partner.unknown, exchange.content,
  // edelivery.pmode.none.
  result<std::string> post(store::transaction& tx, outgoing_business_message const& message) const;

  // One HTTP POST to the AS4 endpoint, from the address `from`; a large one lies in the payload store already, which
  // keeps it as the raw bytes. What proves nothing is answered 503, and not looked at again, when its address sent too
  // much of it (unproven_limit); without an address always as it should be.
  edelivery::reply receive(std::string_view content_type, std::string_view body, std::string_view from = {});
  edelivery::reply receive(std::string_view content_type, std::unique_ptr<store::growing_payload> body,
                           std::string_view from = {});
  // The same for what was pulled: the answer goes out in a request. Empty: it is a signal, and nothing was done.
  std::optional<edelivery::reply> receive_message(std::string_view content_type, std::string_view body);
  std::optional<edelivery::reply> receive_message(std::string_view content_type,
                                                  std::unique_ptr<store::growing_payload> body);

  // A message that another access point of ours, a Domibus, received, verified and acknowledged: stored and delivered
  // like one that came here, once, and with nothing to answer. Durable when this returns. Problems: edelivery.pmode.*,
  // edelivery.value.answer (nothing of ours fits it); those of the store and of a consumer (not now).
  result<edelivery::remembered::verdict> take_vouched(vouched_message const& message, incoming_payloads& payloads);

  // The operator's "try again" for a dead letter: it leaves with the same id and content, signed anew at the time of
  // the next attempt. Delivered stays delivered. Problem exchange.outbox.unknown.
  result<void> requeue(store::transaction& tx, std::string_view message_id) const;

  store::database& database() const { return db_; }
  edelivery::pmode_book const& book() const { return book_; }
  edelivery::access_point const& us() const { return us_; }
  edelivery::receiver const& receiver() const { return receiver_; }
  void tell_refusal(edelivery::refusal const& why) const;  // to whoever listens
  // A refusal of what came: told, kept and answered by a signed error; or by 503 alone, as receive() says.
  struct arrived {
    std::string_view content_type;
    byte_source const& body;
    std::string_view from = {};
  };
  edelivery::reply refuse(edelivery::refusal const& why, arrived const& what);
  bool note_refusal(edelivery::refusal const& why, arrived const& what);  // the caller answers; false: not noted
  refusal_keeper const& refusals() const { return refusals_; }
  std::uint64_t unproven_refused() const { return unproven_.refused(); }  // by 503, since the start
  // How often a repetition was not answered since the start, because what was stored of its receipt is damaged.
  std::uint64_t damaged_receipts() const { return damaged_receipts_.load(); }
  exchange_settings const& settings() const { return settings_; }
  clock const& time() const { return clock_; }
  std::string nation_of(std::string_view party_id) const;         // empty when unknown
  bool waits_here(edelivery::pmode const& mode) const;            // until the partner fetches it from this node
  void settle(store::transaction& tx, outcome const& end) const;  // for the sender worker

 private:
  struct route {
    consumer take;
    answering how = answering::validation_result;
    attachments_as attachments = attachments_as::text;
    bool is_document = false;
  };
  struct taken_in;

  std::optional<edelivery::reply> take_in(
      arrived const& what, std::function<result<store::prepared_payload>(incoming_payloads&)> const& prepare_raw);
  using part_list = std::vector<edelivery::received_part>;
  result<taken_in> read(edelivery::user_message const& header, part_list const& parts, std::string const& pmode_id,
                        incoming_payloads& payloads) const;
  result<void> read_parts(part_list const& parts, taken_in& got, incoming_payloads& payloads) const;
  void hand_to_back_end(store::transaction& tx, taken_in& got) const;
  result<void> read_document(part_list const& parts, taken_in& got, incoming_payloads& payloads) const;
  result<void> read_attachments(part_list const& parts, taken_in& got, incoming_payloads& payloads) const;
  void read_json(edelivery::user_message const& header, edelivery::received_part const* part, std::string const& json,
                 taken_in& got) const;
  edelivery::reply refuse_signal(arrived const& what);
  result<void> check_answered(edelivery::user_message const& header, std::string_view pmode_id) const;
  result<void> accept_once(store::transaction& tx, taken_in& got) const;
  result<void> deliver(store::transaction& tx, taken_in& got) const;
  bool answer(store::transaction& tx, business_message const& message, problems const& found) const;

  store::database& db_;
  edelivery::pmode_book const& book_;
  edelivery::access_point const& us_;
  clock const& clock_;
  exchange_settings const settings_;
  edelivery::receiver receiver_;
  refusal_keeper refusals_;
  unproven_limit unproven_;
  std::atomic<std::uint64_t> damaged_receipts_{0};
  std::map<std::string, route, std::less<>> routes_;
  outcome_listener on_outcome_;
  signal_listener on_signal_;
  std::function<void(edelivery::refusal const&)> on_refusal_;
};

}  // namespace ehds::node::exchange
