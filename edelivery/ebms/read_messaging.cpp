#include "edelivery/ebms/read_messaging.hpp"

#include <utility>

#include "edelivery/ebms/element_sequence.hpp"
#include "edelivery/ebms/identifiers.hpp"
#include "edelivery/ebms/read_parts.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery {

namespace {

result<message_party> read_party(element_sequence& info, std::string_view side) {
  auto const element = info.demand(side);
  if (!element) return element.error();
  element_sequence party{*element, info.below(side)};
  auto const id = party.demand("PartyId");
  if (!id) return id.error();
  auto text = leaf_text(*id, party.below("PartyId"));
  if (!text) return std::move(text).error();
  if (party.next("PartyId")) {
    return problem{"edelivery.value.party_ids", "a party has more than one PartyId", party.path(),
                   "send one PartyId for each party, as the profile demands"};
  }
  auto role = party.demand_text("Role");
  if (!role) return std::move(role).error();
  auto const good = party.end().and_then([&] { return allow_attributes(*id, {"type"}, party.below("PartyId")); });
  if (!good) return good.error();
  return message_party{*std::move(text), id->attribute("type").value_or(""), *std::move(role)};
}

result<void> read_parties(element_sequence& in, user_message& into) {
  auto const element = in.demand("PartyInfo");
  if (!element) return element.error();
  element_sequence info{*element, in.below("PartyInfo")};
  auto from = read_party(info, "From");
  if (!from) return std::move(from).error();
  auto to = read_party(info, "To");
  if (!to) return std::move(to).error();
  into.from = *std::move(from);
  into.to = *std::move(to);
  return info.end();
}

// A leaf with a type attribute (and, on AgreementRef, the pmode attribute, which is not used).
result<std::string> typed_text(xml::node leaf, std::string const& path, std::string& type) {
  auto const good = allow_attributes(leaf, {"type", "pmode"}, path);
  if (!good) return good.error();
  type = leaf.attribute("type").value_or("");
  return leaf_text(leaf, path);
}

result<void> read_service(element_sequence& info, user_message& into) {
  if (auto const agreement = info.next("AgreementRef")) {
    auto text = typed_text(*agreement, info.below("AgreementRef"), into.agreement_type);
    if (!text) return std::move(text).error();
    into.agreement = *std::move(text);
  }
  auto const service = info.demand("Service");
  if (!service) return service.error();
  auto text = typed_text(*service, info.below("Service"), into.service_type);
  if (!text) return std::move(text).error();
  into.service = *std::move(text);
  return {};
}

result<void> read_collaboration(element_sequence& in, user_message& into) {
  auto const element = in.demand("CollaborationInfo");
  if (!element) return element.error();
  element_sequence info{*element, in.below("CollaborationInfo")};
  auto const service = read_service(info, into);
  if (!service) return service.error();
  auto action = info.demand_text("Action");
  if (!action) return std::move(action).error();
  into.action = *std::move(action);
  auto const conversation = info.demand("ConversationId");
  if (!conversation) return conversation.error();
  if (!conversation->children().empty()) {
    return invalid_header("value", info.below("ConversationId"), "an element stands where only text may be");
  }
  into.conversation_id = conversation->text();  // the schema lets it be empty
  if (into.conversation_id.size() > longest_identifier) {
    return invalid_header("value", info.below("ConversationId"), "the ConversationId is longer than 255 characters");
  }
  return info.end();
}

result<user_message> read_user_message(xml::node element) {
  user_message message;
  element_sequence in{element, "UserMessage"};
  auto good = allow_attributes(element, {"mpc"}, in.path());
  message.mpc = element.attribute("mpc").value_or("");
  message_identity identity;
  if (good) good = read_message_info(in, identity);
  if (good) good = read_parties(in, message);
  if (good) good = read_collaboration(in, message);
  if (good) good = read_properties(in, "MessageProperties", message.properties);
  if (good) good = read_payload_info(in, message.parts);
  if (good) good = in.end();
  if (!good) return std::move(good).error();
  message.timestamp = identity.timestamp;
  message.message_id = std::move(identity.message_id);
  message.ref_to_message_id = std::move(identity.ref_to_message_id);
  return message;
}

result<messaging_content> read_single(xml::node child) {
  if (child.is(ns::ebms, "UserMessage")) {
    auto message = read_user_message(child);
    if (!message) return std::move(message).error();
    return messaging_content{*std::move(message)};
  }
  if (child.is(ns::ebms, "SignalMessage")) {
    auto signal = read_signal(child);
    if (!signal) return std::move(signal).error();
    return std::visit([](auto& each) { return messaging_content{std::move(each)}; }, *signal);
  }
  return invalid_header("unexpected", "Messaging", "eb:Messaging holds neither a user message nor a signal");
}

}  // namespace

result<messaging_content> read_messaging(xml::node messaging) {
  auto const children = messaging.children();
  if (children.empty()) return invalid_header("missing", "Messaging", "eb:Messaging is empty");
  if (children.size() > 1) {
    return problem{"edelivery.value.bundled", "eb:Messaging holds more than one message", "Messaging",
                   "send one message at a time: the profile has no bundling"};
  }
  return read_single(children.front());
}

std::string readable_message_id(xml::node messaging) {
  for (auto const& message : messaging.children()) {
    auto const info = message.child(ns::ebms, "MessageInfo");
    auto const id = info ? info->child(ns::ebms, "MessageId") : std::nullopt;
    if (!id) continue;
    if (auto text = id->text(); is_message_id(text, message_id_form::as_received)) return text;
  }
  return {};
}

}  // namespace ehds::edelivery
