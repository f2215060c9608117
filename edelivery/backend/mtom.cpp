#include "edelivery/backend/mtom.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/ids.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery::backend {
namespace {

using xml::escaped;

std::string part_head(std::string_view boundary, std::string_view type, std::string_view id) {
  return fmt::format("--{}\r\nContent-Type: {}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{}>\r\n\r\n",
                     boundary, type, id);
}

}  // namespace

std::string media_type_of(part_info const& part) {
  auto type = part.property("MimeType");
  return type.empty() ? std::string("application/octet-stream") : type;
}

std::string included_payload(part_info const& part, std::string_view content_id) {
  return fmt::format(
      R"(<payload payloadId="{0}" contentType="{1}"><value><xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="{2}"/></value></payload>)",
      escaped("cid:" + part.content_id), escaped(media_type_of(part)), escaped("cid:" + std::string(content_id)));
}

mtom_texts in_mime(std::string_view soap, std::vector<std::string> const& content_ids) {
  auto const boundary = "mtom_" + random_uuid();
  mtom_texts made;
  made.content_type = fmt::format(
      R"(multipart/related; type="application/xop+xml"; start="<{}>"; start-info="application/soap+xml"; boundary="{}")",
      mtom_root_id, boundary);
  auto text = part_head(boundary, R"(application/xop+xml; charset=UTF-8; type="application/soap+xml")", mtom_root_id);
  text.append(soap).append("\r\n");
  for (auto const& id : content_ids) {
    text += part_head(boundary, "application/octet-stream", id);
    made.texts.push_back(std::exchange(text, "\r\n"));
  }
  made.texts.push_back(text + "--" + boundary + "--\r\n");
  return made;
}

}  // namespace ehds::edelivery::backend
