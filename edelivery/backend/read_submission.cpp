#include "edelivery/backend/read_submission.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "base/percent.hpp"
#include "edelivery/backend/payload_elements.hpp"
#include "edelivery/ebms/element_sequence.hpp"
#include "edelivery/ebms/read_parts.hpp"
#include "edelivery/mime/text.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery::backend {
namespace {

result<void> read_identity(element_sequence& in, user_message& into) {
  auto const element = in.next("MessageInfo");
  if (!element) return {};
  element_sequence info{*element, in.below("MessageInfo"), {"Timestamp", "MessageId", "RefToMessageId"}};
  info.next("Timestamp");  // the access point stamps the message when it has it
  auto id = info.next_text("MessageId");
  if (!id) return std::move(id).error();
  auto answered = info.next_text("RefToMessageId");
  if (!answered) return std::move(answered).error();
  into.message_id = *std::move(id);
  into.ref_to_message_id = *std::move(answered);
  return info.end();
}

result<message_party> read_party(element_sequence& info, std::string_view side) {
  auto const element = info.demand(side);
  if (!element) return element.error();
  element_sequence party{*element, info.below(side), {"PartyId", "Role"}};
  auto const id = party.demand("PartyId");
  if (!id) return id.error();
  auto text = leaf_text(*id, party.below("PartyId"));
  if (!text) return std::move(text).error();
  auto role = party.next_text("Role");
  if (!role) return std::move(role).error();
  if (auto const good = party.end(); !good) return good.error();
  return message_party{*std::move(text), id->attribute("type").value_or(""), *std::move(role)};
}

result<void> read_parties(element_sequence& in, user_message& into) {
  auto const element = in.demand("PartyInfo");
  if (!element) return element.error();
  element_sequence info{*element, in.below("PartyInfo"), {"From", "To"}};
  auto from = read_party(info, "From");
  if (!from) return std::move(from).error();
  auto to = read_party(info, "To");
  if (!to) return std::move(to).error();
  into.from = *std::move(from);
  into.to = *std::move(to);
  return info.end();
}

result<void> read_collaboration(element_sequence& in, user_message& into) {
  auto const element = in.demand("CollaborationInfo");
  if (!element) return element.error();
  element_sequence info{
      *element, in.below("CollaborationInfo"), {"AgreementRef", "Service", "Action", "ConversationId"}};
  info.next("AgreementRef");  // the P-Mode has it
  auto const service = info.demand("Service");
  if (!service) return service.error();
  auto name = leaf_text(*service, info.below("Service"));
  if (!name) return std::move(name).error();
  auto action = info.demand_text("Action");
  if (!action) return std::move(action).error();
  into.service = *std::move(name);
  into.service_type = service->attribute("type").value_or("");
  into.action = *std::move(action);
  if (auto const conversation = info.next("ConversationId")) into.conversation_id = trimmed(conversation->text());
  return info.end();
}

// Which one is meant: by its name, unless that is missing or too long to be shown.
std::string named(std::string_view element, std::string_view attribute, std::string_view name) {
  constexpr std::size_t longest_shown = 200;
  std::string place(element);
  if (name.empty() || name.size() > longest_shown) return place;
  return place + "[@" + std::string(attribute) + "='" + std::string(name) + "']";
}

result<void> read_part_infos(element_sequence& in, std::vector<carried_payload>& into) {
  auto const element = in.next("PayloadInfo");
  if (!element) return {};
  element_sequence list{*element, in.below("PayloadInfo")};
  while (auto const each = list.next("PartInfo")) {
    auto const path = list.below("PartInfo");
    carried_payload payload;
    payload.payload_id = without_scheme(each->attribute("href").value_or(""));
    if (payload.payload_id.empty()) return bad_payload("a PartInfo has no href", path);
    auto const same = [&](carried_payload const& other) { return other.payload_id == payload.payload_id; };
    if (std::ranges::any_of(into, same))
      return bad_payload("two PartInfos have the same href", named(path, "href", payload.payload_id));
    if (into.size() == most_payloads) return bad_payload("the message has more than 128 payloads", path);
    element_sequence inside{*each, path, {"Schema", "Description", "PartProperties"}};
    inside.next("Schema");
    inside.next("Description");
    std::vector<message_property> properties;
    auto good = read_properties(inside, "PartProperties", properties);
    if (good) good = inside.end();
    if (!good) return good;
    sort_properties(std::move(properties), payload);
    into.push_back(std::move(payload));
  }
  return list.end();
}

// However each is quoted.
bool is_same_part(std::string_view one, std::string_view other) {
  return percent_decode(one).value_or(std::string(one)) == percent_decode(other).value_or(std::string(other));
}

// payload elements, in any order; each belongs to one PartInfo.
result<void> read_payloads(xml::node request, lifted_text const& lifted, std::vector<carried_payload>& into) {
  std::vector<std::string> seen;
  std::size_t long_ones = 0;
  for (auto const each : request.children()) {
    if (each.name() == "bodyload")
      return bad_payload("a payload in the SOAP body is not sent by this access point", "submitRequest/bodyload");
    if (!each.is({}, "payload"))
      return bad_payload("an element stands where only payloads may be",
                         each.name().size() <= 100 ? "submitRequest/" + std::string(each.name()) : "submitRequest");
    auto const id = without_scheme(each.attribute("payloadId").value_or(""));
    auto const part = std::ranges::find(into, id, &carried_payload::payload_id);
    auto const place = place_of_payload(id);
    if (part == into.end()) return bad_payload("a payload has no PartInfo", place);
    if (std::ranges::find(seen, id) != seen.end()) return bad_payload("a payload is given twice", place);
    seen.push_back(id);
    auto const value = each.child({}, "value");
    if (!value) return bad_payload("a payload has no value", place);
    if (auto const read = read_value(*value, place, lifted, *part); !read) return read;
    if (!part->base64.empty()) ++long_ones;
    // Each is copied on its way to disk: a few names must not make much of one part.
    auto const is_same = [&](carried_payload const& other) { return is_same_part(other.attachment, part->attachment); };
    if (!part->attachment.empty() && std::ranges::count_if(into, is_same) > 1)
      return bad_payload("two payloads include the same MIME part", place + "/value");
    if (part->mime_type.empty()) part->mime_type = each.attribute("contentType").value_or("");
  }
  // What was lifted from elsewhere is no payload.
  if (long_ones != lifted.runs.size()) return bad_payload("a value is too long", "Envelope");
  for (auto const& one : into)
    if (std::ranges::find(seen, one.payload_id) == seen.end())
      return bad_payload("a PartInfo has no payload",
                         named("UserMessage/PayloadInfo/PartInfo", "href", one.payload_id));
  return {};
}

result<void> read_processing(element_sequence& in, std::optional<processing_type>& processing) {
  auto const element = in.next("ProcessingType");
  if (!element) return {};
  auto const text = element->text();
  auto const word = trimmed(text);
  if (word == "PUSH" || word == "PULL")
    processing = word == "PULL" ? processing_type::pull : processing_type::push;
  else if (!word.empty())
    return problem{"edelivery.backend.value", "the ProcessingType is no such word", in.below("ProcessingType"),
                   "write PUSH or PULL, or leave it out: the P-Mode has it"};
  return {};
}

}  // namespace

std::string place_of_payload(std::string_view payload_id) {
  return named("submitRequest/payload", "payloadId", payload_id);
}

result<submit_request> read_submission(xml::node messaging, xml::node request, lifted_text const& lifted) {
  auto const messages = messaging.children();
  if (messages.size() != 1 || !messages.front().is(ns::ebms, "UserMessage"))
    return invalid_header("missing", "Messaging", "eb:Messaging holds not just one eb:UserMessage");
  submit_request read;
  element_sequence in{
      messages.front(),
      "UserMessage",
      {"MessageInfo", "PartyInfo", "CollaborationInfo", "MessageProperties", "PayloadInfo", "ProcessingType"}};
  read.header.mpc = messages.front().attribute("mpc").value_or("");
  auto good = read_identity(in, read.header);
  if (good) good = read_parties(in, read.header);
  if (good) good = read_collaboration(in, read.header);
  if (good) good = read_properties(in, "MessageProperties", read.header.properties);
  if (good) good = read_part_infos(in, read.payloads);
  if (good) good = read_processing(in, read.processing);
  if (good) good = in.end();
  if (good) good = read_payloads(request, lifted, read.payloads);
  if (!good) return std::move(good).error();
  return read;
}

}  // namespace ehds::edelivery::backend
