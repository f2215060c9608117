#include "edelivery/ebms/read_parts.hpp"

#include <algorithm>
#include <utility>

#include "edelivery/ebms/identifiers.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::size_t most_properties = 256;
constexpr std::size_t most_parts = 1024;  // what is really allowed says the P-Mode
constexpr std::size_t longest_value = 4096;

// xs:dateTime. Without an offset it is taken as UTC, which ebMS 3.0 core 5.2.2.1 demands anyway.
result<instant> read_time(std::string text, std::string where) {
  constexpr std::size_t date_size = 10;
  bool const has_time = text.size() > date_size && text[date_size] == 'T';
  bool const has_offset = has_time && text.find_first_of("Z+-", date_size) != std::string::npos;
  if (has_time && !has_offset) text += 'Z';
  auto at = has_time ? parse_rfc3339(text) : problem{};
  bool const sensible = at && *at >= instant{} && *at < start_of(date{std::chrono::year{9999} / 1 / 1});
  if (!sensible) return invalid_header("value", std::move(where), "eb:Timestamp is not an xs:dateTime of our time");
  return at;
}

result<message_property> read_property(xml::node element, std::string const& path) {
  auto const good = allow_attributes(element, {"name", "type"}, path);
  if (!good) return good.error();
  auto const name = element.attribute("name");
  if (!name) return invalid_header("attribute", path, "a property has no name");
  auto value = leaf_text(element, path);
  if (!value) return std::move(value).error();
  if (name->size() > longest_value || value->size() > longest_value) {
    return invalid_header("value", path, "a property is longer than 4096 bytes");
  }
  return message_property{*name, *std::move(value), element.attribute("type").value_or("")};
}

problem external_payload(std::string where) {
  return {"edelivery.payload.external", "a PartInfo points to something outside the message", std::move(where),
          "send payloads as MIME parts and name them with cid:"};
}

result<part_info> read_part_info(xml::node element, std::string const& path) {
  auto good = allow_attributes(element, {"href"}, path);
  if (!good) return std::move(good).error();
  auto const href = element.attribute("href");
  if (!href || href->starts_with("#")) {
    return problem{"edelivery.value.body_payload", "a payload is said to be in the SOAP body", path,
                   "send payloads as MIME parts: the profile leaves the body empty"};
  }
  constexpr std::string_view scheme = "cid:";
  if (!href->starts_with(scheme) || href->size() == scheme.size()) return external_payload(path + "/@href");
  part_info part{href->substr(scheme.size()), {}};
  element_sequence inside{element, path};
  inside.next("Schema");
  inside.next("Description");
  good = read_properties(inside, "PartProperties", part.properties);
  if (good) good = inside.end();
  if (!good) return std::move(good).error();
  return part;
}

}  // namespace

result<void> read_message_info(element_sequence& in, message_identity& into) {
  auto const element = in.demand("MessageInfo");
  if (!element) return element.error();
  element_sequence info{*element, in.below("MessageInfo")};
  auto time = info.demand_text("Timestamp");
  if (!time) return std::move(time).error();
  auto const at = read_time(*std::move(time), info.below("Timestamp"));
  if (!at) return at.error();
  auto id = info.demand_text("MessageId");
  if (!id) return std::move(id).error();
  if (!is_message_id(*id, message_id_form::as_received)) {
    return invalid_header("value", info.below("MessageId"),
                          "the MessageId is not printable ASCII of at most 255 characters");
  }
  auto answered = info.next_text("RefToMessageId");
  if (!answered) return std::move(answered).error();
  if (!answered->empty() && !is_message_id(*answered, message_id_form::as_received)) {
    return invalid_header("value", info.below("RefToMessageId"), "the RefToMessageId is not a message id");
  }
  into = {*at, *std::move(id), *std::move(answered)};
  return info.end();
}

result<void> read_properties(element_sequence& in, std::string_view list, std::vector<message_property>& into) {
  auto const element = in.next(list);
  if (!element) return {};
  element_sequence properties{*element, in.below(list)};
  while (auto const each = properties.next("Property")) {
    auto read = read_property(*each, properties.below("Property"));
    if (!read) return std::move(read).error();
    if (std::ranges::find(into, read->name, &message_property::name) != into.end()) {
      return problem{"edelivery.value.property_twice", "a property is given twice", properties.path(),
                     "give each property once"};
    }
    into.push_back(*std::move(read));
    if (into.size() > most_properties)
      return invalid_header("value", properties.path(), "there are more than 256 properties");
  }
  if (into.empty()) return invalid_header("missing", properties.path(), "a list of properties is empty");
  return properties.end();
}

result<void> read_payload_info(element_sequence& in, std::vector<part_info>& into) {
  auto const element = in.next("PayloadInfo");
  if (!element) return {};
  element_sequence parts{*element, in.below("PayloadInfo")};
  while (auto const each = parts.next("PartInfo")) {
    auto read = read_part_info(*each, parts.below("PartInfo"));
    if (!read) return std::move(read).error();
    if (std::ranges::find(into, read->content_id, &part_info::content_id) != into.end()) {
      return problem{"edelivery.value.part_twice", "two PartInfo point to the same part", parts.path(),
                     "name each part once"};
    }
    into.push_back(*std::move(read));
    if (into.size() > most_parts) return invalid_header("value", parts.path(), "there are more than 1024 parts");
  }
  if (into.empty()) return invalid_header("missing", parts.path(), "eb:PayloadInfo is empty");
  return parts.end();
}

}  // namespace ehds::edelivery
