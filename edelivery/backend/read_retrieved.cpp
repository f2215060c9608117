#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.hpp"
#include "edelivery/backend/answer_body.hpp"
#include "edelivery/backend/date_times.hpp"
#include "edelivery/backend/lift_base64.hpp"
#include "edelivery/backend/payload_elements.hpp"
#include "edelivery/ebms/identifiers.hpp"
#include "edelivery/mime/text.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery::backend {
namespace {

using outcome = std::variant<plugin_fault, retrieved_message>;

constexpr std::size_t most_properties = 256;
constexpr std::size_t longest_property = 4096;

// Whatever long payloads there are is lifted out before.
xml::limits retrieved_limits() {
  xml::limits most;
  most.relative = xml::relative_namespaces::accepted;  // "eu.domibus"
  most.bytes = 3 * 1024 * 1024;
  most.tree_growth = 3;
  return most;
}

std::optional<xml::node> eb_child(xml::node parent, std::string_view name) { return parent.child(ns::ebms, name); }

// Empty when it is not there.
result<std::string> eb_text(std::optional<xml::node> parent, std::string_view name, std::size_t most) {
  auto const leaf = parent ? eb_child(*parent, name) : std::nullopt;
  return leaf ? short_text(*leaf, most) : result<std::string>(std::string());
}

std::string type_of(xml::node element) { return element.attribute("type").value_or(""); }

result<void> read_retrieved_identity(xml::node message, user_message& into) {
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

result<void> read_retrieved_party(xml::node info, std::string_view side, message_party& into) {
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

result<void> read_retrieved_collaboration(xml::node message, user_message& into) {
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
  for (auto const each : all->children(ns::ebms, "Property")) {
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

result<void> read_retrieved_part_infos(xml::node message, std::vector<carried_payload>& into) {
  auto const info = eb_child(message, "PayloadInfo");
  if (!info) return {};
  for (auto const each : info->children(ns::ebms, "PartInfo")) {
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

result<void> read_retrieved_payloads(xml::node answer, lifted_text const& lifted, std::vector<carried_payload>& into) {
  std::vector<std::string> seen;
  std::size_t long_ones = 0;
  for (auto const each : named_children(answer, "payload")) {
    auto id = without_scheme(each.attribute("payloadId").value_or(""));
    auto const part = std::ranges::find(into, id, &carried_payload::payload_id);
    auto const value = named_child(each, "value");
    if (part == into.end() || !value) return bad_payload("a payload has no PartInfo or no value", "payload");
    if (std::ranges::find(seen, id) != seen.end()) return bad_payload("a payload is given twice", "payload");
    seen.push_back(std::move(id));
    if (auto const read = read_value(*value, "payload", lifted, *part); !read) return read;
    if (part->mime_type.empty()) part->mime_type = each.attribute("contentType").value_or("");
    if (part->mime_type.empty()) part->mime_type = "application/octet-stream";
    if (!part->base64.empty()) ++long_ones;
  }
  // What was lifted from elsewhere is no payload.
  if (long_ones != lifted.runs.size()) return not_an_answer("a value is too long", "Envelope");
  if (seen.size() != into.size()) return bad_payload("a PartInfo has no payload", "UserMessage/PayloadInfo");
  return {};
}

result<retrieved_message> read_message(xml::node envelope, xml::node answer, lifted_text const& lifted) {
  auto const header = envelope.child(ns::soap, "Header");
  auto const messaging = header ? header->child(ns::ebms, "Messaging") : std::nullopt;
  auto const messages = messaging ? messaging->children(ns::ebms, "UserMessage") : std::vector<xml::node>();
  if (messages.size() != 1) return not_an_answer("the SOAP header holds not just one eb:UserMessage", "Messaging");
  auto const message = messages.front();
  auto const parties = eb_child(message, "PartyInfo");
  if (!parties) return not_an_answer("the message has no parties", "UserMessage/PartyInfo");
  retrieved_message read;
  read.header.mpc = message.attribute("mpc").value_or("");
  auto good = read_retrieved_identity(message, read.header);
  if (good) good = read_retrieved_party(*parties, "From", read.header.from);
  if (good) good = read_retrieved_party(*parties, "To", read.header.to);
  if (good) good = read_retrieved_collaboration(message, read.header);
  if (!good) return std::move(good).error();
  auto properties = read_properties_of(message, "MessageProperties");
  if (!properties) return std::move(properties).error();
  read.header.properties = *std::move(properties);
  good = read_retrieved_part_infos(message, read.payloads);
  if (good) good = read_retrieved_payloads(answer, lifted, read.payloads);
  if (!good) return std::move(good).error();
  return read;
}

}  // namespace

result<outcome> read_retrieved(byte_source const& soap) {
  auto const lifted = lift_base64(soap, retrieved_limits().bytes);
  if (!lifted) return lifted.error();
  auto const whole = xml::document::parse(lifted->text, retrieved_limits());
  if (!whole) return whole.error();
  auto answer = answer_in(whole->root());
  if (!answer) return std::move(answer).error();
  if (auto* const fault = std::get_if<plugin_fault>(&*answer)) return outcome{std::move(*fault)};
  auto const element = std::get<xml::node>(*answer);
  if (element.name() != "retrieveMessageResponse")
    return not_an_answer("the answer is to another question", std::string(element.name().substr(0, 100)));
  auto read = read_message(whole->root(), element, *lifted);
  if (!read) return std::move(read).error();
  return outcome{*std::move(read)};
}

}  // namespace ehds::edelivery::backend
