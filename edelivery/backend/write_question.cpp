#include <fmt/format.h>

#include <utility>

#include "base/ids.hpp"
#include "edelivery/backend/plugin_client.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/mime/write_multipart.hpp"
#include "edelivery/xml/document.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery::backend {
namespace {

using xml::escaped;

constexpr std::string_view root_id = "submission@root";

std::string in_envelope(std::string_view header, std::string_view body) {
  return fmt::format(
      R"(<soap:Envelope xmlns:soap="{}" xmlns:ws="{}"><soap:Header>{}</soap:Header><soap:Body>{}</soap:Body></soap:Envelope>)",
      ns::soap, wsplugin_namespace, header, body);
}

std::string about(std::string_view operation, std::string_view message_id, std::string_view more = {}) {
  return in_envelope(
      {}, fmt::format("<ws:{0}><messageID>{1}</messageID>{2}</ws:{0}>", operation, escaped(message_id), more));
}

constexpr std::string_view as_sender = "<accessPointRole>SENDING</accessPointRole>";

// Bytes stand beside the envelope, which points to them (XOP 1.0).
std::string payload_element(part_info const& part) {
  auto const id = escaped("cid:" + part.content_id);
  auto type = part.property("MimeType");
  if (type.empty()) type = "application/octet-stream";
  return fmt::format(
      R"(<payload payloadId="{0}" contentType="{1}"><value><xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="{0}"/></value></payload>)",
      id, escaped(type));
}

std::string part_head(std::string_view boundary, std::string_view type, std::string_view id) {
  return fmt::format("--{}\r\nContent-Type: {}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{}>\r\n\r\n",
                     boundary, type, id);
}

}  // namespace

std::string write_pending_question() { return in_envelope({}, "<ws:listPendingMessagesRequest/>"); }

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

result<submission_texts> write_submission(user_message const& header) {
  auto const message = write_user_message(header);
  if (!message) return message.error();
  std::string payloads;
  for (auto const& part : header.parts) {
    if (!is_safe_content_id(part.content_id) || part.content_id == root_id)
      return problem{"edelivery.mime.content_id", "a Content-ID holds other characters than letters, digits and -._@",
                     part.content_id, "name the part with letters, digits and -._@ only"};
    payloads += payload_element(part);
  }
  auto const soap = in_envelope(fmt::format(R"(<eb:Messaging xmlns:eb="{}">{}</eb:Messaging>)", ns::ebms, *message),
                                "<ws:submitRequest>" + payloads + "</ws:submitRequest>");
  auto const boundary = "submission_" + random_uuid();
  submission_texts made;
  made.content_type = fmt::format(
      R"(multipart/related; type="application/xop+xml"; start="<{}>"; start-info="application/soap+xml"; boundary="{}")",
      root_id, boundary);
  auto text = part_head(boundary, R"(application/xop+xml; charset=UTF-8; type="application/soap+xml")", root_id) +
              soap + "\r\n";
  for (auto const& part : header.parts) {
    text += part_head(boundary, "application/octet-stream", part.content_id);
    made.texts.push_back(std::exchange(text, "\r\n"));
  }
  made.texts.push_back(text + "--" + boundary + "--\r\n");
  return made;
}

}  // namespace ehds::edelivery::backend
