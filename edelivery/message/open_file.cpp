#include "edelivery/message/open_file.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/byte_source.hpp"
#include "base/bytes.hpp"
#include "edelivery/message/read_frame.hpp"
#include "edelivery/message/saved_message.hpp"

namespace ehds::edelivery {

namespace {

mime_limits const generous{.bytes = 1024 * 1024 * 1024, .parts = 1024, .header_bytes = 64 * 1024};

opened_file not_accepted(refusal why) {
  opened_file file;
  file.code = std::move(why.code);
  file.message_id = std::move(why.message_id);
  file.pmode_id = std::move(why.pmode_id);
  file.errors = std::move(why.claimed);
  file.diagnosis = std::move(why.diagnosis);
  return file;
}

// The flow does not say which part it was: here nobody but the holder of our keys reads on.
void point_to_part(opened_file& file) {
  if (file.diagnosis && file.diagnosis->code == "edelivery.decryption.failed" && file.diagnosis->mend.empty())
    file.diagnosis->mend = "as4 open --explain says which part it is";
}

// With their bytes as they lie there; nothing where one cannot be read.
std::optional<std::vector<payload_part>> plain_parts(unverified_frame const& frame, std::string_view body) {
  memory_source const whole(body);
  std::vector<payload_part> parts;
  for (auto const& part : frame.mime.parts) {
    auto const content = content_of(whole, part);
    string_sink bytes;
    if (!content || !each_piece(**content, [&](auto piece) { return bytes.add(piece); })) return std::nullopt;
    parts.push_back({part.content_id, part.media_type, std::move(bytes.text)});
  }
  return parts;
}

struct own_message {
  pmode const* mode;
  certificate signer;
};

// What we signed, and did not encrypt yet: so the ledger keeps what is sent. The certificate may have ended since.
std::optional<own_message> sent_by_us(saved_message const& saved, pmode_book const& book, access_point const& us) {
  auto const frame = read_frame(saved.content_type, saved.body, generous);
  auto const* const header = frame ? std::get_if<user_message>(&frame->content) : nullptr;
  if (header == nullptr) return std::nullopt;
  auto const mode = book.for_sent(*header);
  auto parts = plain_parts(*frame, saved.body);
  if (!mode || !parts) return std::nullopt;
  auto as_kept = (*mode)->security;
  as_kept.encryption = payload_encryption::none;
  partner_trust ourselves;
  ourselves.pinned = us.signed_before;
  ourselves.pinned.push_back(us.signing_for(as_kept).cert);
  auto const good = verify_and_decrypt(frame->envelope, *std::move(parts), {as_kept, ourselves, {}, header->timestamp});
  return good ? std::optional(own_message{*mode, good->signer}) : std::nullopt;
}

// Not a wrong partner, which is how the receiving side reads it.
void tell_ours(opened_file& file, own_message const& ours) {
  file.pmode_id = ours.mode->id;
  file.signer = ours.signer.subject();
  file.diagnosis = problem{
      "edelivery.feature.ours", "this is a message of ours, as it is kept before encryption", "the file",
      "the partner gets it encrypted anew at each attempt; give this file as --sent to compare its receipt with it"};
}

opened_file open_user_message(saved_message const& saved, pmode_book const& book, access_point const& us, instant now) {
  auto opened = open_message(saved.content_type, saved.body, book, us, now);
  opened_file file;
  if (!opened) {
    file = not_accepted(std::move(opened).error());
    point_to_part(file);
    if (auto const ours = sent_by_us(saved, book, us)) tell_ours(file, *ours);
  } else {
    file.accepted = true;
    file.message_id = opened->header.message_id;
    file.pmode_id = opened->pmode_id;
    file.signer = opened->signer.subject();
    for (auto const& part : opened->parts) {
      file.parts.push_back({part.content_id, part.bytes.size(), sha256_hex(part.bytes)});
    }
  }
  file.kind = "userMessage";
  return file;
}

// What was sent, read back; its own signature is ours and not verified again.
struct sent_message {
  std::string message_id;
  pmode const* mode = nullptr;
  std::vector<signed_reference> references;
};

std::expected<sent_message, refusal> read_sent(std::string_view bytes, pmode_book const& book) {
  auto const saved = split_saved(bytes);
  auto const frame = read_frame(saved.content_type, saved.body, generous);
  if (!frame) return std::unexpected{frame.error()};
  auto const* const header = std::get_if<user_message>(&frame->content);
  if (header == nullptr) {
    return std::unexpected{refused({"edelivery.feature.kind", "the sent message is not a user message", "", ""})};
  }
  auto const mode = book.for_sent(*header);
  if (!mode) return std::unexpected{refused(mode.error(), header->message_id)};
  auto references = references_of(frame->envelope);
  if (!references) return std::unexpected{refused(std::move(references).error(), header->message_id)};
  return sent_message{header->message_id, *mode, *std::move(references)};
}

// Without the sent message: the first P-Mode whose partner signed it.
std::expected<incoming_signal, refusal> open_under_any(saved_message const& saved, pmode_book const& book, instant now,
                                                       std::string& pmode_id) {
  std::expected<incoming_signal, refusal> last =
      std::unexpected{refused({"edelivery.pmode.none", "there are no P-Modes", "", "configure a P-Mode"})};
  for (auto const& mode : book.all()) {
    last = open_signal(saved.content_type, saved.body, mode, now);
    pmode_id = mode.id;
    if (last) return last;
  }
  return last;
}

void take_signal(opened_file& file, incoming_signal const& signal) {
  file.accepted = true;
  file.signer = signal.signer.subject();
  if (auto const* const got = std::get_if<receipt>(&signal.content)) {
    file.kind = "receipt";
    file.message_id = got->message_id;
  } else {
    auto const& error = std::get<error_signal>(signal.content);
    file.kind = "error";
    file.message_id = error.message_id;
    file.errors = error.errors;
  }
}

opened_file open_answer(saved_message const& saved, std::optional<std::string_view> sent, pmode_book const& book,
                        instant now) {
  std::string pmode_id;
  std::optional<sent_message> original;
  if (sent) {
    auto read = read_sent(*sent, book);
    if (!read) return not_accepted(std::move(read).error());
    original = *std::move(read);
    pmode_id = original->mode->id;
  }
  auto signal = original ? open_signal(saved.content_type, saved.body, *original->mode, now)
                         : open_under_any(saved, book, now, pmode_id);
  if (!signal) return not_accepted(std::move(signal).error());
  opened_file file;
  take_signal(file, *signal);
  file.pmode_id = pmode_id;
  auto const* const got = std::get_if<receipt>(&signal->content);
  if (got == nullptr || !original) return file;
  file.compared_with_sent = true;
  auto good = check_receipt(*got, original->message_id, original->references);
  if (good) return file;
  auto worse = not_accepted(refused(std::move(good).error(), got->message_id, pmode_id));
  worse.kind = "receipt";
  worse.compared_with_sent = true;
  return worse;
}

nlohmann::ordered_json or_null(std::string const& text) {
  return text.empty() ? nlohmann::ordered_json{} : nlohmann::ordered_json(text);
}

}  // namespace

opened_file open_file(std::string_view file, std::optional<std::string_view> sent, pmode_book const& book,
                      access_point const& us, instant now) {
  auto const saved = split_saved(file);
  if (saved.content_type.empty())
    return not_accepted(refused(
        {"edelivery.mime.content_type",
         file.empty() ? "the file is empty" : "neither headers nor first bytes say what kind of message this is",
         "byte 0 of the file", "save the message with its HTTP headers, or from its first boundary or \"<\" on"}));
  auto const frame = read_frame(saved.content_type, saved.body, generous);
  if (!frame) return not_accepted(frame.error());
  if (std::holds_alternative<user_message>(frame->content)) return open_user_message(saved, book, us, now);
  return open_answer(saved, sent, book, now);
}

std::string to_json(opened_file const& opened) {
  using json = nlohmann::ordered_json;
  json parts = json::array();
  for (auto const& part : opened.parts) {
    parts.push_back({{"contentId", part.content_id}, {"bytes", part.bytes}, {"sha256", part.sha256}});
  }
  json errors = json::array();
  for (auto const& error : opened.errors) {
    errors.push_back(
        {{"code", error.code}, {"severity", error.severity}, {"shortDescription", error.short_description}});
  }
  json out{{"outcome", opened.accepted ? "accepted" : "refused"}, {"code", or_null(opened.code)}};
  out["messageId"] = or_null(opened.message_id);
  out["parts"] = std::move(parts);
  out["kind"] = or_null(opened.kind);
  out["pmode"] = or_null(opened.pmode_id);
  out["signer"] = or_null(opened.signer);
  out["errors"] = std::move(errors);
  out["comparedWithSent"] = opened.compared_with_sent;
  out["diagnosis"] = nullptr;
  if (opened.diagnosis) {
    auto const& why = *opened.diagnosis;
    out["diagnosis"] = {{"code", why.code}, {"detail", why.detail}, {"where", why.where}, {"mend", why.mend}};
  }
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace ehds::edelivery
