#include "node/access/wire/bounded_json.hpp"

#include "base/json.hpp"

#include <nlohmann/json.hpp>

namespace ehds::node::access {
namespace {

problem refused(std::string code, std::string detail, std::string mend) {
  return {"access.json." + std::move(code), std::move(detail), "", std::move(mend)};
}

}  // namespace

result<json> read_json(std::string_view text, json_limits const& limits) {
  if (text.size() > limits.bytes) return refused("too_large", "The JSON document is too large.", "Send less at once.");
  if (nested_deeper_than(text, limits.depth))
    return refused("too_deep", "The JSON document is nested too deeply.", "Flatten it.");
  member_watch<json> members;
  std::size_t values = 0;
  auto const watch = [&](int depth, json::parse_event_t event, json& value) {
    ++values;
    return members(depth, event, value);
  };
  auto document = json::parse(text, watch, false);
  if (document.is_discarded())
    return refused("syntax", "The text is not a JSON document.", "Check quotes, commas, brackets and UTF-8.");
  if (values > limits.members)
    return refused("too_large", "The JSON document holds too many values.", "Send less at once.");
  if (members.twice())
    return refused("duplicate_key", "An object of the JSON document names a key twice.", "Keep one.");
  return document;
}

json const& member(json const& object, std::string_view key) {
  static json const null;
  if (!object.is_object()) return null;
  auto const found = object.find(std::string{key});
  return found == object.end() ? null : *found;
}

std::string text_of(json const& object, std::string_view key) {
  auto const& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : std::string{};
}

std::vector<std::string> text_list(json const& object, std::string_view key) {
  std::vector<std::string> list;
  auto const& value = member(object, key);
  if (!value.is_array()) return list;
  for (auto const& entry : value)
    if (entry.is_string()) list.push_back(entry.get<std::string>());
  return list;
}

long long number_of(json const& object, std::string_view key) {
  auto const& value = member(object, key);
  return value.is_number_integer() ? value.get<long long>() : 0;
}

bool flag_of(json const& object, std::string_view key) {
  auto const& value = member(object, key);
  return value.is_boolean() && value.get<bool>();
}

std::string choice_key(json const& value) {
  if (value.is_string()) return value.get<std::string>();
  return text_of(value, "key");
}

std::string to_line(json const& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace ehds::node::access
