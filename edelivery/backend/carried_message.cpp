#include "edelivery/backend/carried_message.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "edelivery/backend/answer_body.hpp"
#include "edelivery/backend/date_times.hpp"
#include "edelivery/backend/payload_elements.hpp"
#include "edelivery/backend/push.hpp"
#include "edelivery/ebms/identifiers.hpp"
#include "edelivery/mime/text.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery::backend {
namespace {

constexpr std::size_t most_properties = 256;
constexpr std::size_t longest_property = 4096;

// A retrieved header is of ebMS. A pushed one is of BackendService, whose schema leaves what is inside without a
// namespace.
std::vector<xml::node> eb_children(xml::node parent, std::string_view name) {
  for (auto const space : {ns::ebms, std::string_view(), push_namespace})
    if (auto found = parent.children(space, name); !found.empty()) return found;
  return {};
}

std::optional<xml::node> eb_child(xml::node parent, std::string_view name) {
  auto const found = eb_children(parent, name);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

// Empty when it is not there.
result<std::string> eb_text(std::optional<xml::node> parent, std::string_view name, std::size_t most) {
  auto const leaf = parent ? eb_child(*parent, name) : std::nullopt;
  return leaf ? short_text(*leaf, most) : result<std::string>(std::string());
}

std::string type_of(xml::node element) { return element.attribute("type").value_or(""); }

result<void> read_carried_identity(xml::node message, user_message& into) {
  auto const info = eb_child(message, "MessageInfo");
  auto id = eb_text(info, "MessageId", longest_identifier);
  auto answered = eb_text(info, "RefToMessageId", longest_identifier);
  auto time = eb_text(info, "Timestamp", 100);
  for (auto const* each : {&id, &answered, &time})
    if (!*each) return each->error();
  if (!is_message_id(*id, message_id_form::as_received) ||
      !(answered->empty() || is_message_id(*answered, message_id_form::as_received)))
    return not_an_answer("the message has no id, or one that cannot be", "UserMessage/MessageInfo");
  into.message_id = *std::move(id);
  into.ref_to_message_id = *std::move(answered);
  if (auto const at = parse_date_time(*std::move(time))) into.timestamp = *at;
  return {};
}

result<void> read_carried_party(xml::node info, std::string_view side, message_party& into) {
  auto const party = eb_child(info, side);
  auto const id = party ? eb_child(*party, "PartyId") : std::nullopt;
  if (!id) return not_an_answer("a party of the message has no id", "UserMessage/PartyInfo");
  auto text = short_text(*id, longest_identifier);
  auto role = eb_text(party, "Role", longest_identifier);
  if (!text) return std::move(text).error();
  if (!role) return std::move(role).error();
  into = {*std::move(text), type_of(*id), *std::move(role)};
  if (into.id.empty() || into.type.size() > longest_identifier)
    return not_an_answer("a party of the message has no id", "UserMessage/PartyInfo");
  return {};
}

result<void> read_carried_collaboration(xml::node message, user_message& into) {
  auto const info = eb_child(message, "CollaborationInfo");
  std::array const wanted{std::pair("AgreementRef", &into.agreement), std::pair("Service", &into.service),
                          std::pair("Action", &into.action), std::pair("ConversationId", &into.conversation_id)};
  for (auto const& [name, text] : wanted) {
    auto read = eb_text(info, name, longest_identifier);
    if (!read) return std::move(read).error();
    *text = *std::move(read);
  }
  if (into.service.empty() || into.action.empty())
    return not_an_answer("the message has no service or no action", "UserMessage/CollaborationInfo");
  into.service_type = type_of(*eb_child(*info, "Service"));
  if (!into.agreement.empty()) into.agreement_type = type_of(*eb_child(*info, "AgreementRef"));
  return {};
}

result<std::vector<message_property>> read_properties_of(xml::node parent, std::string_view list) {
  std::vector<message_property> read;
  auto const all = eb_child(parent, list);
  if (!all) return read;
  for (auto const each : eb_children(*all, "Property")) {
    auto value = short_text(each, longest_property);
    if (!value) return std::move(value).error();
    message_property one{each.attribute("name").value_or(""), *std::move(value), type_of(each)};
    bool const is_twice = std::ranges::find(read, one.name, &message_property::name) != read.end();
    if (one.name.empty() || one.name.size() > longest_identifier || is_twice || read.size() == most_properties)
      return not_an_answer("a property has no name, or one that another has", std::string(list));
    read.push_back(std::move(one));
  }
  return read;
}

result<void> read_carried_part_infos(xml::node message, std::vector<carried_payload>& into) {
  auto const info = eb_child(message, "PayloadInfo");
  if (!info) return {};
  for (auto const each : eb_children(*info, "PartInfo")) {
    carried_payload payload;
    payload.payload_id = without_scheme(each.attribute("href").value_or(""));
    if (payload.payload_id.empty() || payload.payload_id.size() > longest_identifier)
      return bad_payload("a payload stands in the SOAP body, or has no name", "UserMessage/PayloadInfo");
    if (std::ranges::find(into, payload.payload_id, &carried_payload::payload_id) != into.end())
      return bad_payload("two PartInfos have the same href", "UserMessage/PayloadInfo");
    if (into.size() == most_payloads)
      return bad_payload("the message has more than 128 payloads", "UserMessage/PayloadInfo");
    auto properties = read_properties_of(each, "PartProperties");
    if (!properties) return std::move(properties).error();
    sort_properties(*std::move(properties), payload);
    into.push_back(std::move(payload));
  }
  return {};
}

result<void> read_carried_payloads(xml::node around, lifted_text const& lifted, std::vector<carried_payload>& into) {
  if (!named_children(around, "bodyload").empty())
    return bad_payload("a payload in the SOAP body is not taken", "bodyload");
  std::vector<std::string> seen;
  std::size_t long_ones = 0;
  for (auto const each : named_children(around, "payload")) {
    auto id = without_scheme(each.attribute("payloadId").value_or(""));
    auto const part = std::ranges::find(into, id, &carried_payload::payload_id);
    auto const value = named_child(each, "value");
    if (part == into.end() || !value) return bad_payload("a payload has no PartInfo or no value", "payload");
    if (std::ranges::find(seen, id) != seen.end()) return bad_payload("a payload is given twice", "payload");
    seen.push_back(std::move(id));
    if (auto const read = read_value(*value, "payload", lifted, *part); !read) return read;
    for (auto const* attribute : {"contentType", "mimeType"})
      if (part->mime_type.empty()) part->mime_type = each.attribute(attribute).value_or("");
    if (part->mime_type.empty()) part->mime_type = "application/octet-stream";
    if (!part->base64.empty()) ++long_ones;
  }
  // What was lifted from elsewhere is no payload.
  if (long_ones != lifted.runs.size()) return not_an_answer("a value is too long", "Envelope");
  if (seen.size() != into.size()) return bad_payload("a PartInfo has no payload", "UserMessage/PayloadInfo");
  return {};
}

}  // namespace

result<retrieved_message> read_carried_message(xml::node envelope, xml::node around, lifted_text const& lifted) {
  auto const header = envelope.child(ns::soap, "Header");
  auto const messaging = header ? eb_child(*header, "Messaging") : std::nullopt;
  auto const messages = messaging ? eb_children(*messaging, "UserMessage") : std::vector<xml::node>();
  if (messages.size() != 1) return not_an_answer("the SOAP header holds not just one eb:UserMessage", "Messaging");
  auto const message = messages.front();
  auto const parties = eb_child(message, "PartyInfo");
  if (!parties) return not_an_answer("the message has no parties", "UserMessage/PartyInfo");
  retrieved_message read;
  read.header.mpc = message.attribute("mpc").value_or("");
  auto good = read_carried_identity(message, read.header);
  if (good) good = read_carried_party(*parties, "From", read.header.from);
  if (good) good = read_carried_party(*parties, "To", read.header.to);
  if (good) good = read_carried_collaboration(message, read.header);
  if (!good) return std::move(good).error();
  auto properties = read_properties_of(message, "MessageProperties");
  if (!properties) return std::move(properties).error();
  read.header.properties = *std::move(properties);
  good = read_carried_part_infos(message, read.payloads);
  if (good) good = read_carried_payloads(around, lifted, read.payloads);
  if (!good) return std::move(good).error();
  return read;
}

}  // namespace ehds::edelivery::backend
