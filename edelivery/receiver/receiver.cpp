#include "edelivery/receiver/receiver.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "edelivery/ebms/error_codes.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/libraries/libraries.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::string_view soap_type = "application/soap+xml;charset=UTF-8";

void add_properties(std::vector<std::string>& fields, std::vector<message_property> const& properties) {
  fields.push_back(std::to_string(properties.size()));
  for (auto const& one : properties) fields.insert(fields.end(), {one.name, one.value, one.type});
}

// What cannot be answered in SOAP is answered in HTTP: the other side does not speak AS4 at all.
bool is_not_as4(refusal const& why) {
  return why.diagnosis.code == "edelivery.mime.content_type" || why.diagnosis.code == "edelivery.mime.not_soap";
}

error_signal make_error(refusal const& why, access_point const& us, instant now) {
  auto const* code = find_ebms_code(why.code);
  if (code == nullptr) code = find_ebms_code("EBMS:0004");
  ebms_error error;
  error.code = code->code;
  error.severity = code->severity;
  error.category = code->category;
  error.short_description = code->short_description;
  error.description = code->told;
  error.detail = code->told;
  error.ref_to_message_in_error = why.message_id;
  return {now, new_message_id(us), why.message_id, {std::move(error)}};
}

// For whom no P-Mode is found: what our first key can sign.
security_profile own_profile(access_point const& us) {
  return profile_for_signing_key(us.signing.cert.key()).value_or(edelivery_1_15_rsa());
}

}  // namespace

// What a message says, but for the time at which it was signed: a sender whose clock was wrong may sign the same
// message anew (requeue in edelivery/sender). The order of the references does not matter.
std::string fingerprint_of(user_message const& header, std::vector<signed_reference> const& references) {
  std::vector<std::string> fields{header.message_id,
                                  header.ref_to_message_id,
                                  header.mpc,
                                  header.from.id,
                                  header.from.type,
                                  header.from.role,
                                  header.to.id,
                                  header.to.type,
                                  header.to.role,
                                  header.agreement,
                                  header.agreement_type,
                                  header.service,
                                  header.service_type,
                                  header.action,
                                  header.conversation_id};
  add_properties(fields, header.properties);
  for (auto const& part : header.parts) {
    fields.push_back(part.content_id);
    add_properties(fields, part.properties);
  }
  std::vector<std::string> parts;
  for (auto const& each : references)
    if (each.uri.starts_with("cid:")) parts.push_back(each.uri + " " + each.digest);
  std::ranges::sort(parts);
  fields.insert(fields.end(), parts.begin(), parts.end());
  std::string all;
  for (auto const& field : fields) all += std::to_string(field.size()) + ":" + field;
  return sha256_hex(all);
}

// Lengths keep "a" + "b@c" apart from "ab" + "@c".
std::string duplicate_key_of(user_message const& header) {
  return std::to_string(header.from.id.size()) + ":" + header.from.id + "/" + header.message_id;
}

receiver::receiver(pmode_book const& book, access_point const& us, clock const& time)
    : book_(book), us_(us), time_(time) {}

arrival receiver::examine(std::string_view content_type, std::string_view body) const {
  return examine(content_type, memory_source(body), nullptr);
}

arrival receiver::examine(std::string_view content_type, byte_source const& body, part_shelf* shelf) const {
  auto seen = judge(content_type, body, shelf);
  if (seen.refused) seen.answer = error_reply(*seen.refused);
  return seen;
}

arrival receiver::judge(std::string_view content_type, byte_source const& body, part_shelf* shelf) const {
  arrival seen;
  auto opened = open_message(content_type, body, book_, us_, time_.now(), shelf);
  if (!opened) {
    seen.refused = std::move(opened).error();
    return seen;
  }
  auto acknowledgement = judged_with_memory([&] { return signed_receipt(*opened); });
  if (!acknowledgement) {
    seen.refused = refusal{"EBMS:0202",
                           std::move(acknowledgement).error(),
                           opened->header.message_id,
                           opened->pmode_id,
                           {},
                           opened->header.from.id,
                           true};
    return seen;
  }
  seen.answer = {200, std::string{soap_type}, *std::move(acknowledgement)};
  seen.duplicate_key = duplicate_key_of(opened->header);
  seen.fingerprint = fingerprint_of(opened->header, opened->references);
  seen.is_test = opened->header.is_test();
  if (!seen.is_test) seen.message = *std::move(opened);
  return seen;
}

reply receiver::conclude(arrival const& message, remembered const& seen) const {
  switch (seen.seen) {
    case remembered::verdict::is_new:
      return message.answer;
    case remembered::verdict::same:
      return {200, std::string{soap_type}, seen.stored_receipt};
    case remembered::verdict::different:
      break;
  }
  refusal why;
  why.code = "EBMS:0003";
  if (message.message) why.message_id = message.message->header.message_id;
  return error_reply(why);
}

reply receiver::not_stored(arrival const& message) const {
  refusal why;
  why.code = "EBMS:0202";
  if (message.message) why.message_id = message.message->header.message_id;
  return error_reply(why);
}

reply receiver::error_reply(refusal const& why) const {
  if (is_not_as4(why)) return {400, "text/plain; charset=utf-8", "This address takes AS4 messages only.\n"};
  auto const* const mode = book_.by_id(why.pmode_id);
  auto const profile = mode == nullptr ? own_profile(us_) : mode->security;
  auto const answer = sign(write_error(make_error(why, us_, time_.now())), {}, profile, us_.signing_for(profile));
  if (!answer) return {500, "text/plain; charset=utf-8", "The message could not be answered.\n"};
  return {200, std::string{soap_type}, answer->soap};
}

result<std::string> receiver::signed_receipt(incoming_message const& message) const {
  auto const* const mode = book_.by_id(message.pmode_id);
  auto const profile = mode == nullptr ? own_profile(us_) : mode->security;
  receipt const acknowledgement{time_.now(), new_message_id(us_), message.header.message_id, message.references};
  auto answer = sign(write_receipt(acknowledgement), {}, profile, us_.signing_for(profile));
  if (!answer) return std::move(answer).error();
  return std::move(answer->soap);
}

}  // namespace ehds::edelivery
