#include <fmt/format.h>

#include <utility>

#include "edelivery/backend/backend_notice.hpp"
#include "edelivery/backend/push.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/xml/document.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery::backend {
namespace {

using xml::escaped;

// The attributes that its Java sets on a payload, each where a property says it.
std::string pushed_attributes(part_info const& part) {
  auto all = fmt::format(R"(payloadId="cid:{}")", escaped(part.content_id));
  for (auto const& [name, attribute] : {std::pair("MimeType", "mimeType"), std::pair("PayloadName", "payloadName")})
    if (auto const value = part.property(name); !value.empty())
      all += fmt::format(R"( {}="{}")", attribute, escaped(value));
  return all;
}

}  // namespace

std::vector<std::string> write_pushed(user_message const& header) {
  std::vector<std::string> texts;
  auto text = fmt::format(
      R"(<soap:Envelope xmlns:soap="{0}" xmlns:d="{1}"><soap:Header><d:Messaging>{2}</d:Messaging></soap:Header><soap:Body><d:submitRequest>)",
      ns::soap, push_namespace, rewrite_user_message(header, {}));
  for (auto const& part : header.parts) {
    text += fmt::format("<payload {}><value>", pushed_attributes(part));
    texts.push_back(std::exchange(text, "</value></payload>"));
  }
  texts.push_back(text + "</d:submitRequest></soap:Body></soap:Envelope>");
  return texts;
}

}  // namespace ehds::edelivery::backend
