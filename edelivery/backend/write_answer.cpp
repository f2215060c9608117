#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "edelivery/backend/mtom.hpp"
#include "edelivery/backend/wsplugin.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/xml/document.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery::backend {
namespace {

using xml::escaped;

std::string opening(std::string_view header) {
  return fmt::format(R"(<soap:Envelope xmlns:soap="{}" xmlns:ws="{}">{}<soap:Body>)", ns::soap, wsplugin_namespace,
                     header);
}
constexpr std::string_view ending = "</soap:Body></soap:Envelope>";

std::string in_body(std::string_view name, std::string_view content) {
  return fmt::format("{0}<ws:{1}>{2}</ws:{1}>{3}", opening({}), name, content, ending);
}

std::string leaf(std::string_view name, std::string_view text) {
  return fmt::format("<{0}>{1}</{0}>", name, escaped(text));
}

std::string leaves(std::vector<std::string> const& message_ids) {
  std::string all;
  for (auto const& id : message_ids) all += leaf("messageID", id);
  return all;
}

constexpr std::array<std::string_view, 16> status_words{"READY_TO_PULL",
                                                        "SEND_ENQUEUED",
                                                        "SEND_IN_PROGRESS",
                                                        "WAITING_FOR_RETRY",
                                                        "ACKNOWLEDGED",
                                                        "SEND_FAILURE",
                                                        "RECEIVED",
                                                        "DOWNLOADED",
                                                        "NOT_FOUND",
                                                        "READY_TO_SEND",
                                                        "BEING_PULLED",
                                                        "WAITING_FOR_RECEIPT",
                                                        "ACKNOWLEDGED_WITH_WARNING",
                                                        "SEND_ATTEMPT_FAILED",
                                                        "RECEIVED_WITH_WARNINGS",
                                                        "DELETED"};

// "EBMS:0301" is written EBMS_0301 there.
std::string error_word(std::string code) {
  std::ranges::replace(code, ':', '_');
  return code;
}

std::string retrieved_opening(std::string_view message) {
  return opening(fmt::format(R"(<soap:Header><eb:Messaging xmlns:eb="{}">{}</eb:Messaging></soap:Header>)", ns::ebms,
                             message)) +
         "<ws:retrieveMessageResponse>";
}
std::string retrieved_ending() { return "</ws:retrieveMessageResponse>" + std::string(ending); }

struct code_of {
  std::string_view part;  // of our code: how it begins or ends
  std::string_view theirs;
};
constexpr std::array<code_of, 11> fault_codes{{{"api.unauthenticated", "WS_PLUGIN_0002"},
                                               {"api.forbidden", "WS_PLUGIN_0002"},
                                               {"exchange.submission.pmode", "WS_PLUGIN_0003"},
                                               {"exchange.submission.service", "WS_PLUGIN_0003"},
                                               {"edelivery.pmode.party", "WS_PLUGIN_0004"},
                                               {"edelivery.pmode.", "WS_PLUGIN_0003"},
                                               {"edelivery.backend.payload", "WS_PLUGIN_0005"},
                                               {"edelivery.mime.", "WS_PLUGIN_0005"},
                                               {"exchange.message.unknown", "WS_PLUGIN_0009"},
                                               {"exchange.", "WS_PLUGIN_0007"},
                                               {"edelivery.", "WS_PLUGIN_0007"}}};

}  // namespace

std::string_view to_text(message_status status) { return status_words.at(static_cast<std::size_t>(status)); }

std::optional<message_status> parse_message_status(std::string_view word) {
  auto const found = std::ranges::find(status_words, word);
  if (found == status_words.end()) return std::nullopt;
  return static_cast<message_status>(found - status_words.begin());
}

std::string write_submitted(std::string_view message_id) {
  return in_body("submitResponse", leaf("messageID", message_id));
}

std::string write_pending(std::vector<std::string> const& message_ids) {
  return in_body("listPendingMessagesResponse", leaves(message_ids));
}

std::string write_push_failed(std::vector<std::string> const& message_ids) {
  return in_body("listPushFailedMessagesResponse", leaves(message_ids));
}

std::string write_pushed_again() { return opening({}) + std::string(ending); }

std::string write_status(message_status status) { return in_body("getStatusResponse", to_text(status)); }

std::string write_downloaded(std::string_view message_id) {
  return in_body("markMessageAsDownloadedResponse", leaf("messageID", message_id));
}

std::string write_errors(std::vector<message_error> const& errors) {
  std::string all;
  for (auto const& error : errors)
    all += "<item>" + leaf("domibusErrorCode", error_word(error.code)) + leaf("errorDetail", error.detail) +
           leaf("messageInErrorId", error.message_id) +
           leaf("mshRole", error.role == access_point_role::receiving ? "RECEIVING" : "SENDING") +
           leaf("timestamp", to_rfc3339(error.at)) + "</item>";
  return in_body("getMessageErrorsResponse", all);
}

std::vector<std::string> write_retrieved(user_message const& header) {
  std::vector<std::string> texts;
  auto text = retrieved_opening(rewrite_user_message(header));
  for (auto const& part : header.parts) {
    text += fmt::format(R"(<payload payloadId="cid:{}" contentType="{}"><value>)", escaped(part.content_id),
                        escaped(media_type_of(part)));
    texts.push_back(std::exchange(text, "</value></payload>"));
  }
  texts.push_back(text + retrieved_ending());
  return texts;
}

// The MIME parts get names of ours: partners chose those of the payloads.
mtom_texts write_retrieved_as_mtom(user_message const& header) {
  auto soap = retrieved_opening(rewrite_user_message(header));
  std::vector<std::string> ids;
  for (auto const& part : header.parts) {
    auto const& id = ids.emplace_back("payload-" + std::to_string(ids.size() + 1) + "@retrieved");
    soap += included_payload(part, id);
  }
  return in_mime(soap + retrieved_ending(), ids);
}

std::string write_fault(std::string_view code, std::string_view message) {
  return opening({}) +
         R"(<soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang="en">)" +
         escaped(message) + "</soap:Text></soap:Reason><soap:Detail><ws:FaultDetail>" + leaf("code", code) +
         leaf("message", message) + "</ws:FaultDetail></soap:Detail></soap:Fault>" + std::string(ending);
}

std::string_view fault_code(problem const& what) {
  for (auto const& [part, theirs] : fault_codes)
    if (part.ends_with('.') ? what.code.starts_with(part) : what.code == part) return theirs;
  return "WS_PLUGIN_0001";
}

}  // namespace ehds::edelivery::backend
