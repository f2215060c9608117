#include "edelivery/backend/payload_elements.hpp"

#include <utility>

#include "base/percent.hpp"

namespace ehds::edelivery::backend {
namespace {

constexpr std::string_view xop = "http://www.w3.org/2004/08/xop/include";

}  // namespace

bool is_included(std::string_view href, std::string_view content_id) {
  return !href.empty() && (href == content_id || percent_decode(href).value_or(std::string()) == content_id);
}

problem bad_payload(std::string detail, std::string where) {
  return {"edelivery.backend.payload", std::move(detail), std::move(where),
          "give each payload a payloadId that is the href of one PartInfo"};
}

std::string without_scheme(std::string_view id) {
  constexpr std::string_view scheme = "cid:";
  if (id.starts_with(scheme)) id.remove_prefix(scheme.size());
  return std::string(id);
}

void sort_properties(std::vector<message_property> properties, described_payload& into) {
  for (auto& each : properties) {
    if (each.name == "MimeType")
      into.mime_type = std::move(each.value);
    else if (each.name == "CharacterSet")
      into.character_set = std::move(each.value);
    else if (each.name != "CompressionType")
      into.properties.push_back(std::move(each));
  }
}

result<std::optional<std::string>> included_part(xml::node value) {
  auto const include = value.child(xop, "Include");
  if (!include) return std::optional<std::string>{};
  auto name = without_scheme(include->attribute("href").value_or(""));
  if (name.empty()) return bad_payload("an xop:Include has no href", "value");
  return std::optional{std::move(name)};
}

}  // namespace ehds::edelivery::backend
