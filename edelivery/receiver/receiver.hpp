#pragma once
// The receiving side of reception awareness (AS4 3.2): store first, acknowledge after, deliver once.
// It does no I/O: the owner stores inside its own atomic effect and sends the bytes it is told to.
//
//   auto const arrival = receiver.examine(request_content_type, request_body);
//   if (!arrival.message) return http(arrival.answer);                  // refused, or a test message
//   auto const seen = database.commit([&](transaction& t) {             // one effect: inbox row, parts, receipt, event
//     return inbox.accept_once(t, arrival.duplicate_key, arrival.fingerprint, *arrival.message, arrival.answer.body);
//   });                                                                 // -> remembered{is_new | same | different}
//   if (!seen) return http(receiver.not_stored(arrival));               // EBMS:0202, no receipt
//   return http(receiver.conclude(arrival, *seen));
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/problem.hpp"
#include "edelivery/message/open.hpp"

namespace ehds::edelivery {

// What to answer over HTTP.
struct reply {
  int status = 200;
  std::string content_type;
  std::string body;
  std::shared_ptr<byte_source const> stream = {};  // instead of body, of what was pulled: read once, as it leaves
};

struct arrival {
  std::optional<incoming_message> message;  // to be stored; nothing is to be stored when absent
  // The answer. With `message`: the signed receipt, to be kept with it and sent only after the commit.
  reply answer;
  std::string duplicate_key;       // sender and message id: unique in the inbox
  std::string fingerprint;         // of what is said, hex: tells a repetition from another message of the same id
  std::optional<refusal> refused;  // for the operator's log
  bool is_test = false;            // answered by a receipt, delivered to nobody
};

// How a message is known again: by its sender and id, and whether it says the same but for the time at which it was
// signed. `references` name its payloads by their digests, in any order.
std::string duplicate_key_of(user_message const& header);
std::string fingerprint_of(user_message const& header, std::vector<signed_reference> const& references);

// The owner's answer to "is this message new?", given from inside its effect.
struct remembered {
  enum class verdict { is_new, same, different };
  verdict seen = verdict::is_new;
  std::string stored_receipt;  // body of the receipt kept with the first one; only for `same`
};

class receiver {
 public:
  // The three outlive the receiver.
  receiver(pmode_book const& book, access_point const& us, clock const& time);

  arrival examine(std::string_view content_type, std::string_view body) const;
  // A body of any size, read where it lies; large parts go to the shelf (open_message).
  arrival examine(std::string_view content_type, byte_source const& body, part_shelf* shelf) const;
  // The same, and a refusal is not answered yet: for an owner who does not sign an error for everybody, refuse() does.
  arrival judge(std::string_view content_type, byte_source const& body, part_shelf* shelf) const;

  // After the commit. New: the receipt. Same: the stored receipt again, byte for byte. Different: a
  // signed EBMS:0003, the message already stored is untouched.
  reply conclude(arrival const& message, remembered const& seen) const;

  // A signed error; its code decides what the peer is told.
  reply refuse(refusal const& why) const { return error_reply(why); }

  // Instead of a receipt when the owner could not store: signed EBMS:0202, the sender will try again.
  reply not_stored(arrival const& message) const;

 private:
  reply error_reply(refusal const& why) const;
  result<std::string> signed_receipt(incoming_message const& message) const;

  pmode_book const& book_;
  access_point const& us_;
  clock const& time_;
};

}  // namespace ehds::edelivery
