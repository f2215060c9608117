#include "edelivery/backend/payload_elements.hpp"

#include <utility>

#include "base/bytes.hpp"
#include "base/percent.hpp"
#include "edelivery/mime/text.hpp"

namespace ehds::edelivery::backend {
namespace {

constexpr std::string_view xop = "http://www.w3.org/2004/08/xop/include";

}  // namespace

bool is_included(std::string_view href, std::string_view content_id) {
  return !href.empty() && (href == content_id || percent_decode(href).value_or(std::string()) == content_id);
}

problem bad_payload(std::string detail, std::string where, std::string_view mend) {
  return {"edelivery.backend.payload", std::move(detail), std::move(where), std::string(mend)};
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
  if (name.empty())
    return bad_payload("an xop:Include has no href", "value", "write cid: and the Content-ID of a MIME part");
  return std::optional{std::move(name)};
}

result<void> read_value(xml::node value, std::string const& payload, lifted_text const& lifted, carried_payload& into) {
  problem const no_base64{"edelivery.backend.payload", "the value of a payload is not base64", payload + "/value",
                          "write base64, or an xop:Include"};
  auto included = included_part(value);
  if (!included) return bad_payload(included.error().detail, payload + "/value/Include", included.error().mend);
  if (*included && value.children().size() > 1) return no_base64;
  if (*included) {
    into.attachment = **std::move(included);
    return {};
  }
  auto const text = value.text();
  if (!value.children().empty()) return no_base64;
  if (auto const run = marked_run(trimmed(text), lifted.runs.size())) {
    into.base64 = lifted.runs[*run];
    return {};
  }
  auto bytes = from_base64(text);
  if (!bytes) return no_base64;
  into.bytes = *std::move(bytes);
  return {};
}

}  // namespace ehds::edelivery::backend
