#include <fmt/format.h>

#include "edelivery/backend/mtom.hpp"
#include "edelivery/backend/plugin_client.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/mime/write_multipart.hpp"
#include "edelivery/xml/document.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery::backend {
namespace {

using xml::escaped;

std::string in_envelope(std::string_view header, std::string_view body) {
  return fmt::format(
      R"(<soap:Envelope xmlns:soap="{}" xmlns:ws="{}"><soap:Header>{}</soap:Header><soap:Body>{}</soap:Body></soap:Envelope>)",
      ns::soap, wsplugin_namespace, header, body);
}

std::string about(std::string_view operation, std::string_view message_id, std::string_view more = {}) {
  return in_envelope(
      {}, fmt::format("<ws:{0}><messageID>{1}</messageID>{2}</ws:{0}>", operation, escaped(message_id), more));
}

// Domibus's own element of the header; without it a message is pushed.
constexpr std::string_view to_be_pulled = "<eb:ProcessingType>PULL</eb:ProcessingType>";
constexpr std::string_view as_sender = "<accessPointRole>SENDING</accessPointRole>";

}  // namespace

std::string write_pending_question(std::optional<received_window> const& received) {
  if (!received) return in_envelope({}, "<ws:listPendingMessagesRequest/>");
  return in_envelope({}, fmt::format("<ws:listPendingMessagesRequest><receivedFrom>{}</receivedFrom>"
                                     "<receivedTo>{}</receivedTo></ws:listPendingMessagesRequest>",
                                     to_rfc3339(received->from), to_rfc3339(received->to)));
}

std::string write_retrieval(std::string_view message_id) {
  return in_envelope({}, fmt::format(R"(<ws:retrieveMessageRequest markAsDownloaded="false"><messageID>{}</messageID>)"
                                     "</ws:retrieveMessageRequest>",
                                     escaped(message_id)));
}

std::string write_status_question(std::string_view message_id) {
  return about("statusRequestWithAccessPointRole", message_id, as_sender);
}

std::string write_errors_question(std::string_view message_id) {
  return about("getErrorsRequestWithAccessPointRole", message_id, as_sender);
}

std::string write_downloaded_mark(std::string_view message_id) {
  return about("markMessageAsDownloadedRequest", message_id);
}

result<mtom_texts> write_submission(user_message const& header, processing_type processing) {
  auto message = write_user_message(header);
  if (!message) return message.error();
  if (processing == processing_type::pull) message->insert(message->rfind("</eb:UserMessage>"), to_be_pulled);
  std::string payloads;
  std::vector<std::string> ids;
  for (auto const& part : header.parts) {
    auto const& id = ids.emplace_back(part.content_id);
    if (!is_safe_content_id(id) || id == mtom_root_id)
      return problem{"edelivery.mime.content_id", "a Content-ID holds other characters than letters, digits and -._@",
                     id, "name the part with letters, digits and -._@ only"};
    payloads += included_payload(part, id);
  }
  return in_mime(in_envelope(fmt::format(R"(<eb:Messaging xmlns:eb="{}">{}</eb:Messaging>)", ns::ebms, *message),
                             "<ws:submitRequest>" + payloads + "</ws:submitRequest>"),
                 ids);
}

}  // namespace ehds::edelivery::backend
