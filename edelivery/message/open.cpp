#include "edelivery/message/open.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "edelivery/libraries/libraries.hpp"
#include "edelivery/message/payloads.hpp"
#include "edelivery/message/read_frame.hpp"

namespace ehds::edelivery {

namespace {

// Before the P-Mode is known: whatever the most generous one allows.
mime_limits widest_limits(pmode_book const& book) {
  mime_limits widest{.bytes = 64 * 1024, .parts = 2};
  for (auto const& mode : book.all()) {
    widest.bytes = std::max<std::uint64_t>(widest.bytes, mode.limits.message_bytes);
    widest.parts = std::max(widest.parts, mode.limits.parts + 1);
  }
  return widest;
}

result<void> check_limits(unverified_frame const& frame, std::uint64_t bytes, pmode const& mode) {
  bool const too_many = frame.mime.parts.size() > mode.limits.parts;
  if (!too_many && bytes <= mode.limits.message_bytes) return {};
  auto const limit =
      too_many ? std::to_string(mode.limits.parts) + " parts" : std::to_string(mode.limits.message_bytes) + " bytes";
  return problem{"edelivery.mime.too_large",
                 "the message has more than the " + limit + " that the P-Mode \"" + mode.id + "\" allows", "MIME body",
                 "raise the limits of the P-Mode if such messages are expected"};
}

// Message ids are remembered for the duplicate window: what is older could be a replay that nobody would notice.
result<void> check_time(user_message const& header, pmode const& mode, instant now) {
  constexpr std::chrono::hours fast_clock{24};
  if (header.timestamp < now - mode.duplicate_window) {
    return problem{"edelivery.value.too_old", "the message is older than message ids are remembered",
                   "UserMessage/MessageInfo/Timestamp", "send the payload anew in a new message"};
  }
  if (header.timestamp > now + fast_clock) {
    return problem{"edelivery.value.in_future", "the Timestamp lies more than a day in the future",
                   "UserMessage/MessageInfo/Timestamp", "set the clock of the sender"};
  }
  return {};
}

result<void> check_body_empty(parsed_envelope const& envelope) {
  if (envelope.body().children().empty() && !envelope.body().has_text()) return {};
  return problem{"edelivery.value.body_payload", "the SOAP body is not empty", "Envelope/Body",
                 "send payloads as MIME parts: the profile leaves the body empty"};
}

struct opening_place {
  byte_source const& body;
  access_point const& us;
  instant now;
  part_shelf* shelf;
};

// The signature over the SOAP part first; only then is a byte of an attachment decrypted. What a partner wrote into a
// property is judged after it too: a refusal that is_proven is from the partner, whatever strangers send.
result<incoming_message> open_under(unverified_frame const& frame, user_message const& header, pmode const& mode,
                                    opening_place const& at, bool& is_proven) {
  auto good = check_limits(frame, at.body.size(), mode)
                  .and_then([&] { return check_time(header, mode, at.now); })
                  .and_then([&] { return check_body_empty(frame.envelope); });
  if (!good) return good.error();
  auto const announced = match_payloads(header.parts, frame.mime.parts);
  if (!announced) return announced.error();
  auto verified = verify(frame.envelope, *announced, {mode.security, mode.trust, at.us.decryption, at.now}, is_proven);
  if (!verified) return std::move(verified).error();
  if (!header.is_test()) good = check_properties(header.properties, mode, direction::receive);
  if (!good) return good.error();
  auto parts =
      open_payloads(header.parts, {at.body, frame.mime.parts, verified->parts}, mode.limits.unpacked, at.shelf);
  if (!parts) return std::move(parts).error();
  return incoming_message{header, *std::move(parts), std::move(verified->references), std::move(verified->signer),
                          mode.id};
}

problem wrong_kind(std::string detail) {
  return {"edelivery.feature.kind", std::move(detail), "Messaging",
          "send user messages as requests and signals as answers"};
}

result<incoming_signal> verify_signal(unverified_frame& frame, pmode const& mode, instant now) {
  if (!frame.mime.parts.empty()) {
    return problem{"edelivery.mime.signal_parts", "a signal has attachments", "MIME body",
                   "send signals without parts"};
  }
  auto opened = verify_and_decrypt(frame.envelope, {}, {mode.security, mode.trust, {}, now});
  if (!opened) return std::move(opened).error();
  if (auto* const got = std::get_if<receipt>(&frame.content)) {
    return incoming_signal{std::move(*got), std::move(opened->signer)};
  }
  return incoming_signal{std::get<error_signal>(std::move(frame.content)), std::move(opened->signer)};
}

std::expected<incoming_message, refusal> open_in_book(std::string_view content_type, opening_place const& at,
                                                      pmode_book const& book) {
  auto const frame = read_frame(content_type, at.body, widest_limits(book));
  if (!frame) return std::unexpected{frame.error()};
  auto const* const header = std::get_if<user_message>(&frame->content);
  if (header == nullptr) return std::unexpected{refused(wrong_kind("a signal came where a user message is awaited"))};
  auto const mode = book.for_received(*header);
  bool is_proven = false;
  auto const refuse = [&](problem why, std::string const& pmode_id) {
    auto refusal = refused(std::move(why), header->message_id, pmode_id);
    refusal.claimed_party = header->from.id;
    refusal.is_proven = is_proven;
    refusal.service = header->service;
    refusal.action = header->action;
    return std::unexpected{std::move(refusal)};
  };
  if (!mode) return refuse(mode.error(), {});
  auto opened = open_under(*frame, *header, **mode, at, is_proven);
  if (!opened) return refuse(std::move(opened).error(), (*mode)->id);
  return *std::move(opened);
}

std::expected<incoming_signal, refusal> open_signal_under(std::string_view content_type, std::string_view body,
                                                          pmode const& mode, instant now) {
  mime_limits const small{.bytes = 1024 * 1024, .parts = 4};
  auto frame = read_frame(content_type, body, small);
  if (!frame) return std::unexpected{std::move(frame).error()};
  bool const answers =
      std::holds_alternative<receipt>(frame->content) || std::holds_alternative<error_signal>(frame->content);
  if (!answers) {
    return std::unexpected{refused(wrong_kind("neither a receipt nor an error came as an answer"), {}, mode.id)};
  }
  std::vector<ebms_error> claimed;
  if (auto const* const errors = std::get_if<error_signal>(&frame->content)) claimed = errors->errors;
  auto verified = verify_signal(*frame, mode, now);
  if (verified) return *std::move(verified);
  auto why = refused(std::move(verified).error(), readable_message_id(frame->envelope.messaging()), mode.id);
  why.claimed = std::move(claimed);
  return std::unexpected{std::move(why)};
}

}  // namespace

refusal refused_for(problem diagnosis) { return refused(std::move(diagnosis)); }

std::expected<incoming_message, refusal> open_message(std::string_view content_type, byte_source const& body,
                                                      pmode_book const& book, access_point const& us, instant now,
                                                      part_shelf* shelf) {
  return judged_with_memory([&] { return open_in_book(content_type, {body, us, now, shelf}, book); });
}

std::expected<incoming_message, refusal> open_message(std::string_view content_type, std::string_view body,
                                                      pmode_book const& book, access_point const& us, instant now) {
  return open_message(content_type, memory_source(body), book, us, now, nullptr);
}

std::expected<incoming_signal, refusal> open_signal(std::string_view content_type, std::string_view body,
                                                    pmode const& mode, instant now) {
  return judged_with_memory([&] { return open_signal_under(content_type, body, mode, now); });
}

result<void> check_receipt(receipt const& got, std::string_view sent_message_id,
                           std::vector<signed_reference> const& sent) {
  if (got.ref_to_message_id != sent_message_id) {
    return problem{"edelivery.receipt.other_message", "the receipt is for another message",
                   "SignalMessage/MessageInfo/RefToMessageId", "ask the partner which message was acknowledged"};
  }
  return check_acknowledged(sent, got.references);
}

}  // namespace ehds::edelivery
