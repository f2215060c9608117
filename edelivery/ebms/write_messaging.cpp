#include "edelivery/ebms/write_messaging.hpp"

#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "edelivery/ebms/identifiers.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery {

namespace {

// An XML text being written: elements of the eb namespace, or of none where they have no prefix.
class eb_text {
 public:
  explicit eb_text(std::string_view prefix = "eb:") : prefix_(prefix) {}
  void open(std::string_view name, std::vector<std::pair<std::string_view, std::string_view>> const& attributes = {}) {
    text_.append("<").append(prefix_).append(name);
    for (auto const& [attribute, value] : attributes) {
      if (!value.empty()) text_.append(" ").append(attribute).append("=\"").append(xml::escaped(value)).append("\"");
    }
    text_ += '>';
  }
  void close(std::string_view name) { text_.append("</").append(prefix_).append(name).append(">"); }
  void leaf(std::string_view name, std::string_view value,
            std::vector<std::pair<std::string_view, std::string_view>> const& attributes = {}) {
    open(name, attributes);
    text_.append(xml::escaped(value));
    close(name);
  }
  void raw(std::string_view xml) { text_.append(xml); }
  std::string take() { return std::move(text_); }

 private:
  std::string_view const prefix_;
  std::string text_;
};

void write_message_info(eb_text& out, instant at, std::string_view id, std::string_view answered) {
  out.open("MessageInfo");
  out.leaf("Timestamp", to_rfc3339(at));
  out.leaf("MessageId", id);
  if (!answered.empty()) out.leaf("RefToMessageId", answered);
  out.close("MessageInfo");
}

void write_party(eb_text& out, std::string_view side, message_party const& party) {
  out.open(side);
  out.leaf("PartyId", party.id, {{"type", party.type}});
  if (!party.role.empty()) out.leaf("Role", party.role);
  out.close(side);
}

void write_properties(eb_text& out, std::string_view list, std::vector<message_property> const& properties) {
  if (properties.empty()) return;
  out.open(list);
  for (auto const& each : properties) out.leaf("Property", each.value, {{"name", each.name}, {"type", each.type}});
  out.close(list);
}

void write_payload_info(eb_text& out, std::vector<part_info> const& parts) {
  if (parts.empty()) return;
  out.open("PayloadInfo");
  for (auto const& part : parts) {
    out.open("PartInfo", {{"href", "cid:" + part.content_id}});
    write_properties(out, "PartProperties", part.properties);
    out.close("PartInfo");
  }
  out.close("PayloadInfo");
}

void write_collaboration(eb_text& out, user_message const& message) {
  out.open("CollaborationInfo");
  if (!message.agreement.empty()) out.leaf("AgreementRef", message.agreement, {{"type", message.agreement_type}});
  out.leaf("Service", message.service, {{"type", message.service_type}});
  out.leaf("Action", message.action);
  if (!message.conversation_id.empty()) out.leaf("ConversationId", message.conversation_id);
  out.close("CollaborationInfo");
}

problem unwritable(std::string_view what, std::string_view where, std::size_t most) {
  return {"edelivery.pack.value",
          std::string{what} + " is missing, too long or holds characters that a header cannot carry",
          std::string{where}, "give a value of at most " + std::to_string(most) + " printable characters"};
}
problem unwritable(std::string_view element) { return unwritable(element, element, longest_identifier); }

bool is_value(std::string_view text) { return !text.empty() && text.size() <= longest_identifier && is_xml_text(text); }
bool is_value_or_empty(std::string_view text) { return text.empty() || is_value(text); }

// One of the lists, MessageProperties or the PartProperties of a part.
result<void> check_properties(std::string_view list, std::vector<message_property> const& properties) {
  constexpr std::size_t most_properties = 256;  // that our own reader takes
  std::set<std::string_view> names;
  for (auto const& each : properties) {
    if (!names.insert(each.name).second || names.size() > most_properties)
      return problem{"edelivery.pack.value", "a property is given twice, or there are more than 256", std::string{list},
                     "give each property once"};
    constexpr std::size_t longest_property = 1024;  // the reach of peers' databases
    bool const good = is_value(each.name) && !each.value.empty() && each.value.size() <= longest_property &&
                      is_xml_text(each.value) && is_value_or_empty(each.type);
    auto const called = is_value(each.name) ? each.name : std::string{};
    if (!good)
      return unwritable("the property " + called, list, called.empty() ? longest_identifier : longest_property);
  }
  return {};
}

result<void> check_values(user_message const& message) {
  using enum message_id_form;
  if (!is_message_id(message.message_id, as_sent)) return unwritable("MessageId");
  if (!message.ref_to_message_id.empty() && !is_message_id(message.ref_to_message_id, as_received)) {
    return unwritable("RefToMessageId");
  }
  std::array<std::pair<std::string_view, std::string_view>, 7> const needed{{
      {"From/PartyId", message.from.id},
      {"From/Role", message.from.role},
      {"To/PartyId", message.to.id},
      {"To/Role", message.to.role},
      {"Service", message.service},
      {"Action", message.action},
      {"ConversationId", message.conversation_id},
  }};
  for (auto const& [name, value] : needed) {
    if (!is_value(value)) return unwritable(name);
  }
  for (auto const* const text : {&message.agreement, &message.agreement_type, &message.service_type, &message.mpc,
                                 &message.from.type, &message.to.type}) {
    if (!is_value_or_empty(*text)) return unwritable("agreement, MPC or a type");
  }
  return check_properties("MessageProperties", message.properties);
}

}  // namespace

result<std::string> write_user_message(user_message const& message) {
  auto good = check_values(message);
  for (auto const& part : message.parts) {
    if (good) good = check_properties("PartProperties", part.properties);
  }
  if (!good) return std::move(good).error();
  return rewrite_user_message(message);
}

std::string rewrite_user_message(user_message const& message, std::string_view prefix) {
  eb_text out(prefix);
  out.open("UserMessage", {{"mpc", message.mpc}});
  write_message_info(out, message.timestamp, message.message_id, message.ref_to_message_id);
  out.open("PartyInfo");
  write_party(out, "From", message.from);
  write_party(out, "To", message.to);
  out.close("PartyInfo");
  write_collaboration(out, message);
  write_properties(out, "MessageProperties", message.properties);
  write_payload_info(out, message.parts);
  out.close("UserMessage");
  return out.take();
}

std::string write_receipt(receipt const& signal) {
  eb_text out;
  out.open("SignalMessage");
  write_message_info(out, signal.timestamp, signal.message_id, signal.ref_to_message_id);
  out.open("Receipt");
  out.raw("<ebbp:NonRepudiationInformation>");
  for (auto const& reference : signal.references) {
    out.raw("<ebbp:MessagePartNRInformation>");
    out.raw(reference.xml);
    out.raw("</ebbp:MessagePartNRInformation>");
  }
  out.raw("</ebbp:NonRepudiationInformation>");
  out.close("Receipt");
  out.close("SignalMessage");
  return out.take();
}

std::string write_pull_request(pull_request const& signal) {
  eb_text out;
  out.open("SignalMessage");
  write_message_info(out, signal.timestamp, signal.message_id, {});
  out.leaf("PullRequest", {}, {{"mpc", signal.mpc}});
  out.close("SignalMessage");
  return out.take();
}

std::string write_error(error_signal const& signal) {
  eb_text out;
  out.open("SignalMessage");
  write_message_info(out, signal.timestamp, signal.message_id, signal.ref_to_message_id);
  for (auto const& error : signal.errors) {
    out.open("Error", {{"category", error.category},
                       {"errorCode", error.code},
                       {"origin", "ebMS"},
                       {"refToMessageInError", error.ref_to_message_in_error},
                       {"severity", error.severity},
                       {"shortDescription", error.short_description}});
    if (!error.description.empty()) out.leaf("Description", error.description, {{"xml:lang", "en"}});
    if (!error.detail.empty()) out.leaf("ErrorDetail", error.detail);
    out.close("Error");
  }
  out.close("SignalMessage");
  return out.take();
}

}  // namespace ehds::edelivery
