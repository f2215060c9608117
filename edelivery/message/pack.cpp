#include "edelivery/message/pack.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "edelivery/compression/gzip.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/mime/content_type.hpp"
#include "edelivery/mime/multipart.hpp"
#include "edelivery/mime/write_multipart.hpp"

namespace ehds::edelivery {

namespace {

problem cannot_pack(std::string_view what, std::string detail, std::string mend) {
  return {"edelivery.pack." + std::string{what}, std::move(detail), "", std::move(mend)};
}

result<void> check_allowed(outgoing_message const& message, pmode const& mode, bool is_test) {
  if (mode.way == direction::receive) {
    return cannot_pack("direction", "the P-Mode \"" + mode.id + "\" is for receiving only", "use a P-Mode for sending");
  }
  bool const known = mode.actions.empty() || std::ranges::find(mode.actions, message.action) != mode.actions.end();
  if (!known && !is_test) {
    return cannot_pack("action", "the P-Mode \"" + mode.id + "\" does not allow this action",
                       "add the action to the P-Mode");
  }
  if (message.payloads.size() > mode.limits.parts) {
    return cannot_pack("payload", "the message has more payloads than the P-Mode allows", "send fewer, or one archive");
  }
  return is_test ? result<void>{} : check_properties(message.properties, mode);
}

user_message make_header(outgoing_message const& message, pmode const& mode, access_point const& us, instant now) {
  user_message header;
  header.timestamp = now;
  header.message_id = message.message_id.empty() ? new_message_id(us) : message.message_id;
  header.ref_to_message_id = message.ref_to_message_id;
  header.mpc = mode.mpc;
  header.from = {mode.us.id, mode.us.type, mode.initiator_role};
  header.to = {mode.partner.id, mode.partner.type, mode.responder_role};
  header.agreement = mode.agreement;
  header.agreement_type = mode.agreement_type;
  header.service = mode.service;
  header.service_type = mode.service_type;
  header.action = message.action;
  header.conversation_id = message.conversation_id.empty() ? random_uuid() : message.conversation_id;
  header.properties = message.properties;
  return header;
}

result<void> check_media_type(std::string_view text) {
  auto const type = parse_content_type(text);
  if (type && type->parameters.empty() && text.find(';') == std::string_view::npos) return {};
  return cannot_pack("payload", "the media type of a payload is not of the form type/subtype",
                     "name the type without parameters");
}

part_info describe(outgoing_payload const& payload, std::string content_id, bool compress) {
  part_info info{std::move(content_id), {{"MimeType", payload.mime_type, {}}}};
  if (!payload.character_set.empty()) info.properties.push_back({"CharacterSet", payload.character_set, {}});
  if (compress) info.properties.push_back({"CompressionType", std::string{gzip_type}, {}});
  info.properties.insert(info.properties.end(), payload.properties.begin(), payload.properties.end());
  return info;
}

result<std::vector<payload_part>> make_parts(outgoing_message const& message, pmode const& mode, access_point const& us,
                                             user_message& header) {
  std::vector<payload_part> parts;
  // From the message id: signed anew after a requeue, a message has the same parts with the same digests.
  auto const stem = sha256_hex(header.message_id).substr(0, 32);
  for (auto const& payload : message.payloads) {
    auto const good = check_media_type(payload.mime_type);
    if (!good) return good.error();
    auto id = "part-" + std::to_string(parts.size() + 1) + "." + stem + "@" + us.domain;
    header.parts.push_back(describe(payload, id, mode.compress));
    parts.push_back({std::move(id), mode.compress ? std::string{gzip_type} : payload.mime_type,
                     mode.compress ? gzip(payload.bytes) : payload.bytes});
  }
  return parts;
}

result<mime_text> frame(secured_message const& message) {
  std::vector<outgoing_part> parts;
  for (auto const& part : message.parts) parts.push_back({part.content_id, part.mime_type, part.body});
  return write_mime(message.soap, parts);
}

result<packed_message> sign_and_frame(user_message const& header, std::vector<payload_part> parts, pmode const& mode,
                                      access_point const& us) {
  auto const text = write_user_message(header);
  if (!text) return text.error();
  auto const is_signed = sign(*text, std::move(parts), mode.security, us.signing_for(mode.security));
  if (!is_signed) return is_signed.error();
  auto framed = frame(*is_signed);
  if (!framed) return std::move(framed).error();
  return packed_message{header.message_id, header.conversation_id, std::move(framed->content_type),
                        std::move(framed->body)};
}

problem damaged_store() {
  return {"edelivery.pack.stored", "the stored bytes of an outgoing message cannot be read back", "outbox",
          "check the disk; submit the message anew"};
}

result<secured_message> unframe(packed_message const& message) {
  mime_limits const own{.bytes = message.body.size(), .parts = 4096, .header_bytes = 64 * 1024};
  auto const framed = parse_mime(message.content_type, message.body, own);
  if (!framed) return damaged_store();
  secured_message back;
  back.soap = framed->root.body;
  for (auto const& part : framed->parts)
    back.parts.push_back({part.content_id, part.media_type, std::string{part.body}});
  return back;
}

}  // namespace

result<packed_message> pack(outgoing_message const& message, pmode const& mode, access_point const& us, instant now) {
  auto const allowed = check_allowed(message, mode, false);
  if (!allowed) return allowed.error();
  auto header = make_header(message, mode, us, now);
  auto parts = make_parts(message, mode, us, header);
  if (!parts) return std::move(parts).error();
  return sign_and_frame(header, *std::move(parts), mode, us);
}

result<packed_message> pack_test(pmode const& mode, access_point const& us, instant now) {
  outgoing_message const ping{.action = std::string{test_action}};
  auto const allowed = check_allowed(ping, mode, true);
  if (!allowed) return allowed.error();
  auto header = make_header(ping, mode, us, now);
  header.service = test_service;
  header.service_type.clear();
  return sign_and_frame(header, {}, mode, us);
}

result<wire_message> seal(packed_message const& message, pmode const& mode) {
  if (mode.security.encryption == payload_encryption::none) return wire_message{message.content_type, message.body};
  auto const plain = unframe(message);
  if (!plain) return plain.error();
  if (plain->parts.empty()) return wire_message{message.content_type, message.body};
  if (!mode.partner_encryption) {
    return problem{"edelivery.encrypt.key", "the P-Mode \"" + mode.id + "\" has no certificate to encrypt for", mode.id,
                   "name the partner's encryption certificate in the P-Mode"};
  }
  auto const sealed = encrypt(*plain, mode.security, *mode.partner_encryption);
  if (!sealed) return sealed.error();
  auto framed = frame(*sealed);
  if (!framed) return std::move(framed).error();
  return wire_message{std::move(framed->content_type), std::move(framed->body)};
}

result<std::vector<signed_reference>> references_of(packed_message const& message) {
  auto const plain = unframe(message);
  if (!plain) return plain.error();
  auto const envelope = parse_envelope(plain->soap);
  if (!envelope) return damaged_store();
  auto references = references_of(*envelope);
  if (!references) return damaged_store();
  return references;
}

}  // namespace ehds::edelivery
