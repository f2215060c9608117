#include "edelivery/backend/wsplugin.hpp"

#include <algorithm>
#include <utility>

#include "base/slips.hpp"
#include "edelivery/backend/date_times.hpp"
#include "edelivery/backend/read_submission.hpp"
#include "edelivery/backend/request_forms.hpp"
#include "edelivery/ebms/element_sequence.hpp"
#include "edelivery/mime/text.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery::backend {
namespace {

constexpr std::size_t longest_argument = 255;

problem bad_value(std::string detail, std::string where) {
  return {"edelivery.backend.value", std::move(detail), std::move(where), "see the WSDL of the plug-in"};
}

problem not_an_envelope(char const* detail, char const* where) {
  return {"edelivery.backend.operation", detail, where,
          "send one request of http://eu.domibus.wsplugin/ in a SOAP 1.2 envelope"};
}

problem unknown_request(std::string_view name) {
  auto const all = request_names();
  return {"edelivery.backend.operation", "this access point does not know the operation", place_below("Body", name),
          did_you_mean(name, all) + "send one of " + listed(all)};
}

// The text of a child; empty when it is not there.
result<std::string> text_of(xml::node request, std::string_view name) {
  auto const child = request.child({}, name);
  if (!child) return std::string();
  auto text = std::string(trimmed(child->text()));
  auto const place = std::string(request.name()) + "/" + std::string(name);
  if (!child->children().empty() || text.size() > longest_argument)
    return bad_value("this is no text of at most 255 characters", place);
  if (text.empty())
    return problem{"edelivery.backend.value", "a value is empty", place, "write at least one character"};
  return text;
}

result<std::string> message_id_in(xml::node request) {
  auto id = text_of(request, "messageID");
  if (id && id->empty())
    return problem{"edelivery.backend.value", "the messageID is missing", std::string(request.name()) + "/messageID",
                   "write <messageID>, which has no namespace"};
  return id;
}

result<access_point_role> role_in(xml::node request) {
  auto const role = text_of(request, "accessPointRole");
  if (!role) return role.error();
  if (*role == "SENDING") return access_point_role::sending;
  if (*role == "RECEIVING") return access_point_role::receiving;
  return problem{
      "edelivery.backend.value",
      role->empty() ? "the accessPointRole is missing" : "the accessPointRole is neither SENDING nor RECEIVING",
      std::string(request.name()) + "/accessPointRole", "write SENDING or RECEIVING"};
}

template <class Asked>
result<request> read_list_request(xml::node asked) {
  Asked read;
  for (auto const& [name, into] :
       {std::pair("messageId", &read.message_id), std::pair("conversationId", &read.conversation_id),
        std::pair("refToMessageId", &read.ref_to_message_id), std::pair("fromPartyId", &read.from_party_id),
        std::pair("finalRecipient", &read.final_recipient), std::pair("originalSender", &read.original_sender)}) {
    auto text = text_of(asked, name);
    if (!text) return std::move(text).error();
    *into = *std::move(text);
  }
  for (auto const& [name, into] :
       {std::pair("receivedFrom", &read.received_from), std::pair("receivedTo", &read.received_to)}) {
    auto text = text_of(asked, name);
    if (!text) return std::move(text).error();
    if (text->empty()) continue;
    *into = parse_date_time(*std::move(text));
    if (!*into)
      return problem{"edelivery.backend.value", "this is no date with a time",
                     std::string(asked.name()) + "/" + std::string(name), "write it as 2027-03-01T12:00:00Z"};
  }
  return request{read};
}

result<request> read_push_again(xml::node asked) {
  constexpr std::size_t most_ids = 100;  // as the plug-in has it
  push_again_request read;
  for (auto const each : asked.children({}, "messageID")) {
    auto id = std::string(trimmed(each.text()));
    if (id.empty() || id.size() > longest_argument || !each.children().empty() || read.message_ids.size() == most_ids)
      return bad_value("there are more than 100 message ids, or one is none", std::string(asked.name()) + "/messageID");
    read.message_ids.push_back(std::move(id));
  }
  return request{std::move(read)};
}

// A slip would mark a message that nobody has seen.
result<request> read_retrieve(xml::node asked, std::string id) {
  auto const mark = lower(trimmed(asked.attribute("markAsDownloaded").value_or("")));
  bool const is_kept = mark == "false" || mark == "0";
  if (is_kept || mark.empty() || mark == "true" || mark == "1")
    return request{retrieve_request{std::move(id), !is_kept}};
  return problem{"edelivery.backend.value", "markAsDownloaded is neither true nor false",
                 "retrieveMessageRequest/@markAsDownloaded", "write true or false, or leave it out: it is true then"};
}

template <class Asked>
result<request> read_with_role(xml::node asked, std::string id) {
  auto const role = role_in(asked);
  if (!role) return role.error();
  return request{Asked{std::move(id), *role}};
}

result<request> read_operation(xml::node asked) {
  auto const name = asked.name();
  if (auto const good = check_form(asked); !good) return good.error();
  if (name == "listPendingMessagesRequest") return read_list_request<pending_request>(asked);
  if (name == "listPushFailedMessagesRequest") return read_list_request<push_failed_request>(asked);
  if (name == "rePushFailedMessagesRequest") return read_push_again(asked);
  auto id = message_id_in(asked);
  if (!id) return std::move(id).error();
  if (name == "retrieveMessageRequest") return read_retrieve(asked, *std::move(id));
  if (name == "statusRequest") return request{status_request{*std::move(id)}};
  if (name == "getErrorsRequest") return request{errors_request{*std::move(id)}};
  if (name == "statusRequestWithAccessPointRole") return read_with_role<status_request>(asked, *std::move(id));
  if (name == "getErrorsRequestWithAccessPointRole") return read_with_role<errors_request>(asked, *std::move(id));
  if (name == "markMessageAsDownloadedRequest") return request{downloaded_request{*std::move(id)}};
  return unknown_request(name);
}

// With what stands there instead, when it has a name like it.
problem no_messaging(xml::node envelope) {
  auto wrong = not_an_envelope("the SOAP header holds not just one eb:Messaging", "Envelope/Header/Messaging");
  wrong.mend = "write eb:Messaging in the SOAP header, of the namespace " + std::string(ns::ebms);
  if (auto const header = envelope.child(ns::soap, "Header"))
    for (auto const one : header->children())
      if (nearest_word(one.name(), {"Messaging"}) && !one.is(ns::ebms, "Messaging"))
        wrong.where = place_below("Envelope/Header", one.name());
  return wrong;
}

// Whatever long payloads there are is lifted out before.
xml::limits request_limits() {
  xml::limits most;
  most.relative = xml::relative_namespaces::accepted;  // "eu.domibus"
  most.bytes = 3 * 1024 * 1024;
  most.tree_growth = 3;
  return most;
}

}  // namespace

result<request> read_request(byte_source const& soap) {
  auto const lifted = lift_base64(soap, request_limits().bytes);
  if (!lifted) return lifted.error();
  auto const whole = xml::document::parse(lifted->text, request_limits());
  if (!whole) return whole.error();
  auto const root = whole->root();
  if (!root.is(ns::soap, "Envelope")) return not_an_envelope("this is no SOAP 1.2 envelope", "Envelope");
  auto const operation = only_in_body(root);
  if (!operation || operation->namespace_uri() != wsplugin_namespace)
    return not_an_envelope("the SOAP body holds not just one request of http://eu.domibus.wsplugin/", "Envelope/Body");
  auto const asked = *operation;
  if (!is_request(asked.name())) return unknown_request(asked.name());
  if (asked.name() != "submitRequest") {
    auto read = read_operation(asked);
    if (read && !lifted->runs.empty()) return bad_value("a value is too long", std::string(asked.name()));
    return read;
  }
  auto const header = root.child(ns::soap, "Header");
  auto const messaging = header ? header->children(ns::ebms, "Messaging") : std::vector<xml::node>();
  if (messaging.size() != 1) return no_messaging(root);
  auto read = read_submission(messaging.front(), asked, *lifted);
  if (!read) return std::move(read).error();
  return request{*std::move(read)};
}

}  // namespace ehds::edelivery::backend
