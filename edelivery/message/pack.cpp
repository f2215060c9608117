#include "edelivery/message/pack.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "edelivery/compression/gzip.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/libraries/libraries.hpp"
#include "edelivery/message/payloads.hpp"
#include "edelivery/message/sealed_stream.hpp"
#include "edelivery/mime/content_type.hpp"
#include "edelivery/mime/multipart.hpp"
#include "edelivery/mime/write_multipart.hpp"
#include "edelivery/security/part_streams.hpp"

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
  return is_test ? result<void>{} : check_properties(message.properties, mode, direction::send);
}

result<void> check_types(outgoing_payload const& payload) {
  auto const type = parse_content_type(payload.mime_type);
  if (!type || !type->parameters.empty() || payload.mime_type.find(';') != std::string::npos)
    return cannot_pack("payload", "the media type of a payload is not of the form type/subtype",
                       "name the type without parameters");
  for (auto const& one : payload.properties)
    if (one.name == "MimeType" || one.name == "CharacterSet" || one.name == "CompressionType")
      return cannot_pack("payload", "the property " + one.name + " of a payload is the access point's to write",
                         "say media type and character set; whether parts are compressed says the P-Mode");
  if (payload.character_set.empty() || is_encoding_name(payload.character_set)) return {};
  return cannot_pack("payload", "the character set of a payload is not the name of an encoding",
                     "name it as utf-8 or iso-8859-1");
}

part_info describe_outgoing(outgoing_payload const& payload, std::string content_id, bool compress) {
  part_info info{std::move(content_id), {{"MimeType", payload.mime_type, {}}}};
  if (!payload.character_set.empty()) info.properties.push_back({"CharacterSet", payload.character_set, {}});
  if (compress) info.properties.push_back({"CompressionType", std::string{gzip_type}, {}});
  info.properties.insert(info.properties.end(), payload.properties.begin(), payload.properties.end());
  return info;
}

// From the message id: signed anew after a requeue, a message has the same parts with the same digests (but
// for a repetitive part, when the `ratio` of the P-Mode changed meanwhile).
std::string stem_of(user_message const& header) { return sha256_hex(header.message_id).substr(0, 32); }

// As its back end named it, or as the partner wants the part in this place to be called. Only what nobody named gets a
// name that no other message has.
std::string part_id(outgoing_payload const& payload, std::vector<part_info> const& before, pmode const& mode,
                    std::string const& stem, access_point const& us) {
  auto const place = before.size();
  auto const is_fit = [&](std::string const& name) {
    return is_safe_content_id(name) && std::ranges::find(before, name, &part_info::content_id) == before.end();
  };
  if (is_fit(payload.name)) return payload.name;
  if (place < mode.payload_names.size() && is_fit(mode.payload_names[place])) return mode.payload_names[place];
  return "part-" + std::to_string(place + 1) + "." + stem + "@" + us.domain;
}

result<std::vector<payload_part>> make_parts(outgoing_message const& message, pmode const& mode, access_point const& us,
                                             user_message& header) {
  std::vector<payload_part> parts;
  auto const stem = stem_of(header);
  for (auto const& payload : message.payloads) {
    auto const good = check_types(payload);
    if (!good) return good.error();
    auto id = part_id(payload, header.parts, mode, stem, us);
    header.parts.push_back(describe_outgoing(payload, id, mode.compress));
    parts.push_back({std::move(id), mode.compress ? std::string{gzip_type} : payload.mime_type,
                     mode.compress ? gzip(payload.bytes, mode.limits.unpacked) : payload.bytes});
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
  auto const is_signed =
      judged_with_memory([&] { return sign(*text, std::move(parts), mode.security, us.signing_for(mode.security)); });
  if (!is_signed) return is_signed.error();
  auto framed = frame(*is_signed);
  if (!framed) return std::move(framed).error();
  return packed_message{header.message_id, header.conversation_id, std::move(framed->content_type),
                        std::move(framed->body)};
}

// One payload into `out`, packed as the P-Mode says, and what is signed of it.
class packing final : public byte_sink {
 public:
  packing(byte_sink& out, std::string const& media_type) : out_(out), digest_(media_type) {}
  result<void> add(std::string_view bytes) override {
    digest_.add(bytes);
    return out_.add(bytes);
  }
  result<std::string> digest() { return digest_.finish(); }

 private:
  byte_sink& out_;
  attachment_digest_stream digest_;
};

result<std::string> pack_one(byte_source const& payload, pmode const& mode, std::string const& media_type,
                             byte_sink& out) {
  packing into(out, media_type);
  gzip_stream packer(mode.limits.unpacked);
  auto done = each_piece(
      payload, [&](std::string_view piece) { return mode.compress ? packer.add(piece, into) : into.add(piece); });
  if (done && mode.compress) done = packer.finish(into);
  if (!done) return std::move(done).error();
  return into.digest();
}

result<std::vector<digested_part>> pack_parts(byte_sink& out, multipart_frame const& frame,
                                              outgoing_message const& message, pmode const& mode,
                                              access_point const& us, user_message& header) {
  std::vector<digested_part> parts;
  auto const stem = stem_of(header);
  for (auto const& payload : message.payloads) {
    if (auto const good = check_types(payload); !good) return good.error();
    auto id = part_id(payload, header.parts, mode, stem, us);
    header.parts.push_back(describe_outgoing(payload, id, mode.compress));
    auto const type = mode.compress ? std::string{gzip_type} : payload.mime_type;
    auto const begin = frame.begin_part(id, type);
    if (!begin) return begin.error();
    if (auto const kept = out.add(*begin); !kept) return kept.error();
    memory_source const held(payload.bytes);
    auto digest = pack_one(payload.source == nullptr ? held : *payload.source, mode, type, out);
    if (!digest) return std::move(digest).error();
    if (auto const kept = out.add("\r\n"); !kept) return kept.error();
    parts.push_back({std::move(id), type, *std::move(digest)});
  }
  return parts;
}

}  // namespace

user_message make_header(outgoing_message const& message, pmode const& mode, access_point const& us, instant now) {
  user_message header;
  header.timestamp = now;
  header.message_id = message.message_id.empty() ? new_message_id(us) : message.message_id;
  header.ref_to_message_id = message.ref_to_message_id;
  header.mpc = mode.mpc;
  header.from = {mode.us.id, mode.us.type, mode.initiator_role};
  header.to = {mode.partner.id, mode.partner.type, mode.responder_role};
  auto agreement = agreement_of(mode, now);
  header.agreement = std::move(agreement.value);
  header.agreement_type = std::move(agreement.type);
  header.service = mode.service;
  header.service_type = mode.service_type;
  header.action = message.action;
  header.conversation_id = message.conversation_id.empty() ? random_uuid() : message.conversation_id;
  header.properties = message.properties;
  return header;
}

result<packed_message> pack(outgoing_message const& message, pmode const& mode, access_point const& us, instant now) {
  auto const allowed = check_allowed(message, mode, false);
  if (!allowed) return allowed.error();
  auto header = make_header(message, mode, us, now);
  auto parts = make_parts(message, mode, us, header);
  if (!parts) return std::move(parts).error();
  return sign_and_frame(header, *std::move(parts), mode, us);
}

result<void> check_packable(outgoing_message const& message, pmode const& mode, access_point const& us, instant now) {
  if (auto const allowed = check_allowed(message, mode, false); !allowed) return allowed;
  auto header = make_header(message, mode, us, now);
  for (auto const& payload : message.payloads) {
    if (auto const good = check_types(payload); !good) return good;
    header.parts.push_back(describe_outgoing(payload, part_id(payload, header.parts, mode, "x", us), mode.compress));
  }
  auto const text = write_user_message(header);
  return text ? result<void>{} : result<void>(text.error());
}

result<user_message> describe_message(outgoing_message const& message, pmode const& mode, access_point const& us,
                                      instant now) {
  bool const is_test = message.action == test_action;
  if (auto const allowed = check_allowed(message, mode, is_test); !allowed) return allowed.error();
  auto header = make_header(message, mode, us, now);
  if (is_test) {
    header.service = test_service;
    header.service_type.clear();
    return header;
  }
  auto const stem = stem_of(header);
  for (auto const& payload : message.payloads) {
    if (auto const good = check_types(payload); !good) return good.error();
    header.parts.push_back(describe_outgoing(payload, part_id(payload, header.parts, mode, stem, us), false));
  }
  return header;
}

result<packed_message> pack_test(pmode const& mode, access_point const& us, instant now, std::string message_id,
                                 std::string conversation_id) {
  outgoing_message const ping{.action = std::string{test_action},
                              .message_id = std::move(message_id),
                              .conversation_id = std::move(conversation_id)};
  auto const allowed = check_allowed(ping, mode, true);
  if (!allowed) return allowed.error();
  auto header = make_header(ping, mode, us, now);
  header.service = test_service;
  header.service_type.clear();
  return sign_and_frame(header, {}, mode, us);
}

result<packed_outline> pack_into(byte_sink& out, outgoing_message const& message, pmode const& mode,
                                 access_point const& us, instant now) {
  auto const allowed = check_allowed(message, mode, false);
  if (!allowed) return allowed.error();
  auto header = make_header(message, mode, us, now);
  multipart_frame const frame;
  auto const parts = pack_parts(out, frame, message, mode, us, header);
  if (!parts) return parts.error();
  auto const text = write_user_message(header);
  if (!text) return text.error();
  auto is_signed =
      judged_with_memory([&] { return sign_digested(*text, *parts, mode.security, us.signing_for(mode.security)); });
  if (!is_signed) return std::move(is_signed).error();
  if (auto const kept = out.add(frame.begin_root() + is_signed->soap + "\r\n" + frame.end()); !kept)
    return kept.error();
  return packed_outline{{header.message_id, header.conversation_id, "application/soap+xml", std::move(is_signed->soap)},
                        frame.content_type()};
}

result<packed_outline> outline_of(std::string_view message_id, std::string const& content_type,
                                  byte_source const& stored) {
  auto const layout = lay_out_mime(content_type, stored, own_limits(stored.size()));
  if (!layout) return damaged_store();
  return packed_outline{{std::string{message_id}, {}, "application/soap+xml", std::string{layout->root_bytes}},
                        content_type};
}

result<wire_message> seal(packed_message const& message, pmode const& mode, instant now) {
  return seal(message.content_type, memory_source(message.body), mode, now);
}

result<wire_message> seal(std::string const& content_type, byte_source const& stored, pmode const& mode, instant now) {
  auto stream = sealed_stream::open(content_type, stored, mode, now);
  if (!stream) return std::move(stream).error();
  wire_message wire{(*stream)->content_type(), {}};
  wire.body.reserve(static_cast<std::size_t>((*stream)->size()));
  while (true) {
    auto const piece = (*stream)->next();
    if (!piece) return piece.error();
    if (piece->empty()) return wire;
    wire.body.append(*piece);
  }
}

result<std::vector<signed_reference>> references_of(packed_message const& message) {
  memory_source const stored(message.body);
  auto const layout = lay_out_mime(message.content_type, stored, own_limits(stored.size()));
  if (!layout) return damaged_store();
  auto const envelope = parse_envelope(layout->root_bytes);
  if (!envelope) return damaged_store();
  auto references = references_of(*envelope);
  if (!references) return damaged_store();
  return references;
}

}  // namespace ehds::edelivery
