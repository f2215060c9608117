#include "edelivery/backend/read_submission.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "base/percent.hpp"
#include "base/slips.hpp"
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

// Text with its type.
result<std::string> typed_text(xml::node leaf, std::vector<std::string_view> const& attributes, std::string const& path,
                               std::string& type) {
  if (auto const good = allow_attributes(leaf, attributes, path); !good) return good.error();
  type = leaf.attribute("type").value_or("");
  return leaf_text(leaf, path);
}

result<message_party> read_party(element_sequence& info, std::string_view side) {
  auto const element = info.demand(side);
  if (!element) return element.error();
  element_sequence party{*element, info.below(side), {"PartyId", "Role"}};
  auto const id = party.demand("PartyId");
  if (!id) return id.error();
  std::string type;
  auto text = typed_text(*id, {"type"}, party.below("PartyId"), type);
  if (!text) return std::move(text).error();
  auto role = party.next_text("Role");
  if (!role) return std::move(role).error();
  if (auto const good = party.end(); !good) return good.error();
  return message_party{*std::move(text), std::move(type), *std::move(role)};
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
  if (auto const agreement = info.next("AgreementRef")) {
    auto text = typed_text(*agreement, {"type", "pmode"}, info.below("AgreementRef"), into.agreement_type);
    if (!text) return std::move(text).error();
    into.agreement = *std::move(text);
  }
  auto const service = info.demand("Service");
  if (!service) return service.error();
  auto name = typed_text(*service, {"type"}, info.below("Service"), into.service_type);
  if (!name) return std::move(name).error();
  auto action = info.demand_text("Action");
  if (!action) return std::move(action).error();
  into.service = *std::move(name);
  into.action = *std::move(action);
  if (auto const conversation = info.next("ConversationId")) into.conversation_id = trimmed(conversation->text());
  return info.end();
}

// The P-Mode says how it really goes.
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
    if (auto const good = only_attributes(*each, {"href"}, path); !good) return good;
    carried_payload payload;
    payload.payload_id = without_scheme(each->attribute("href").value_or(""));
    if (payload.payload_id.empty())
      return bad_payload("a PartInfo has no href", path, "give it the payloadId of its payload");
    auto const same = [&](carried_payload const& other) { return other.payload_id == payload.payload_id; };
    if (std::ranges::any_of(into, same))
      return bad_payload("two PartInfos have the same href", named(path, "href", payload.payload_id));
    if (into.size() == most_payloads)
      return bad_payload("the message has more than 128 payloads", path, "send several messages");
    element_sequence inside{*each, path, {"PartProperties"}};
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

// A payload's one child.
result<xml::node> value_in(xml::node payload, std::string const& place) {
  constexpr std::string_view mend = "write one <value>, without namespace, with the bytes in base64 or an xop:Include";
  std::optional<xml::node> value;
  for (auto const child : payload.children()) {
    if (!child.is({}, "value")) {
      return bad_payload("an element stands where only a value may be", place_below(place, child.name()),
                         did_you_mean(child.name(), {"value"}) + std::string(mend));
    }
    if (value) return bad_payload("a payload has two values", place + "/value", mend);
    value = child;
  }
  if (!value) return bad_payload("a payload has no value", place + "/value", mend);
  if (auto const good = only_attributes(*value, {}, place + "/value"); !good) return good.error();
  return *value;
}

problem no_payload(xml::node child) {
  auto const place = place_below("submitRequest", child.name());
  if (child.is({}, "bodyload"))
    return bad_payload("a payload in the SOAP body is not sent by this access point", place,
                       "give it as payload, and a PartInfo with its payloadId as href");
  return bad_payload("an element stands where only payloads may be", place,
                     did_you_mean(child.name(), {"payload"}) + "there may stand payload, without namespace");
}

// payload elements, in any order; each belongs to one PartInfo.
result<void> read_payload(xml::node each, lifted_text const& lifted, std::vector<carried_payload>& into,
                          std::vector<std::string>& seen) {
  if (!each.is({}, "payload")) return no_payload(each);
  auto const id = without_scheme(each.attribute("payloadId").value_or(""));
  auto const place = place_of_payload(id);
  if (auto const good = only_attributes(each, {"payloadId", "contentType"}, place); !good) return good;
  auto const part = std::ranges::find(into, id, &carried_payload::payload_id);
  if (part == into.end()) return bad_payload("a payload has no PartInfo", place);
  if (std::ranges::find(seen, id) != seen.end()) return bad_payload("a payload is given twice", place);
  seen.push_back(id);
  auto const value = value_in(each, place);
  if (!value) return value.error();
  if (auto const read = read_value(*value, place, lifted, *part); !read) return read;
  // Each is copied on its way to disk: a few names must not make much of one part.
  auto const is_same = [&](carried_payload const& other) { return is_same_part(other.attachment, part->attachment); };
  if (!part->attachment.empty() && std::ranges::count_if(into, is_same) > 1)
    return bad_payload("two payloads include the same MIME part", place + "/value", "give each its own part");
  if (part->mime_type.empty()) part->mime_type = each.attribute("contentType").value_or("");
  return {};
}

result<void> read_payloads(xml::node request, lifted_text const& lifted, std::vector<carried_payload>& into) {
  std::vector<std::string> seen;
  if (auto const good = only_attributes(request, {}, "submitRequest"); !good) return good;
  for (auto const each : request.children())
    if (auto const read = read_payload(each, lifted, into, seen); !read) return read;
  // What was lifted from elsewhere is no payload.
  auto const is_long = [](carried_payload const& one) { return !one.base64.empty(); };
  if (static_cast<std::size_t>(std::ranges::count_if(into, is_long)) != lifted.runs.size())
    return bad_payload("a value is too long", "Envelope", "only the values of payloads may be longer than 8 KB");
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
    return problem{"edelivery.backend.value", "the ProcessingType is neither PUSH nor PULL", in.below("ProcessingType"),
                   "leave it out: the P-Mode has it; or write PUSH or PULL as it says"};
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
  if (auto const known = only_attributes(messages.front(), {"mpc"}, "UserMessage"); !known) return known.error();
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
