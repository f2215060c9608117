#include "edelivery/backend/wsplugin.hpp"

#include <algorithm>
#include <array>

#include "edelivery/backend/date_times.hpp"
#include "edelivery/backend/read_submission.hpp"
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

// By the element that asks; the children of each stand in the WSDL.
constexpr std::array<std::string_view, 10> known_requests{"submitRequest",
                                                          "listPendingMessagesRequest",
                                                          "retrieveMessageRequest",
                                                          "statusRequest",
                                                          "statusRequestWithAccessPointRole",
                                                          "getErrorsRequest",
                                                          "getErrorsRequestWithAccessPointRole",
                                                          "markMessageAsDownloadedRequest",
                                                          "listPushFailedMessagesRequest",
                                                          "rePushFailedMessagesRequest"};

problem unknown_request(std::string_view name) {
  constexpr std::size_t longest_shown = 100;
  std::string all;
  for (auto const known : known_requests) all += (all.empty() ? "" : ", ") + std::string(known);
  return {"edelivery.backend.operation", "this access point does not know the operation",
          "Body" + (name.size() <= longest_shown ? "/" + std::string(name) : std::string()), "send one of " + all};
}

// The text of a child; empty when it is not there.
result<std::string> text_of(xml::node request, std::string_view name) {
  auto const all = request.children({}, name);
  if (all.empty()) return std::string();
  auto text = std::string(trimmed(all.front().text()));
  if (all.size() == 1 && all.front().children().empty() && text.size() <= longest_argument) return text;
  return bad_value(std::string(name) + " stands there twice, or is no text of at most 255 characters",
                   std::string(name));
}

result<std::string> message_id_in(xml::node request) {
  auto id = text_of(request, "messageID");
  if (id && id->empty())
    return problem{"edelivery.backend.value", "the messageID is missing or empty",
                   std::string(request.name()) + "/messageID", "write <messageID>, which has no namespace"};
  return id;
}

result<access_point_role> role_in(xml::node request) {
  auto const role = text_of(request, "accessPointRole");
  if (!role) return role.error();
  if (*role == "SENDING") return access_point_role::sending;
  if (*role == "RECEIVING") return access_point_role::receiving;
  return bad_value("the accessPointRole is neither SENDING nor RECEIVING", "accessPointRole");
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
    if (!*into) return bad_value(std::string(name) + " is no date with a time", name);
  }
  return request{read};
}

result<request> read_push_again(xml::node asked) {
  constexpr std::size_t most_ids = 100;  // as the plug-in has it
  push_again_request read;
  for (auto const each : asked.children({}, "messageID")) {
    auto id = std::string(trimmed(each.text()));
    if (id.empty() || id.size() > longest_argument || !each.children().empty() || read.message_ids.size() == most_ids)
      return bad_value("there are more than 100 message ids, or one is none", "messageID");
    read.message_ids.push_back(std::move(id));
  }
  return request{std::move(read)};
}

// An attribute, says the plug-in's schema; a child is understood too.
result<request> read_retrieve(xml::node asked, std::string id) {
  auto mark = text_of(asked, "markAsDownloaded");
  if (!mark) return std::move(mark).error();
  if (mark->empty()) *mark = trimmed(asked.attribute("markAsDownloaded").value_or(""));
  *mark = lower(*mark);
  return request{retrieve_request{std::move(id), *mark != "false" && *mark != "0"}};
}

template <class Asked>
result<request> read_with_role(xml::node asked, std::string id) {
  auto const role = role_in(asked);
  if (!role) return role.error();
  return request{Asked{std::move(id), *role}};
}

result<request> read_operation(xml::node asked) {
  auto const name = asked.name();
  if (name == "listPendingMessagesRequest") return read_list_request<pending_request>(asked);
  if (name == "listPushFailedMessagesRequest") return read_list_request<push_failed_request>(asked);
  if (name == "rePushFailedMessagesRequest") return read_push_again(asked);
  if (std::ranges::find(known_requests, std::string_view(name)) == known_requests.end()) return unknown_request(name);
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
  if (asked.name() != "submitRequest") {
    auto read = read_operation(asked);
    if (read && !lifted->runs.empty()) return bad_value("a value is too long", std::string(asked.name()));
    return read;
  }
  auto const header = root.child(ns::soap, "Header");
  auto const messaging = header ? header->children(ns::ebms, "Messaging") : std::vector<xml::node>();
  if (messaging.size() != 1)
    return not_an_envelope("the SOAP header holds not just one eb:Messaging", "Envelope/Header/Messaging");
  auto read = read_submission(messaging.front(), asked, *lifted);
  if (!read) return std::move(read).error();
  return request{*std::move(read)};
}

}  // namespace ehds::edelivery::backend
