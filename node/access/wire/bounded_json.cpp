#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace ehds::node::access {
namespace {

problem refused(std::string code, std::string detail, std::string mend) {
  return {"access.json." + std::move(code), std::move(detail), "", std::move(mend)};
}

// Watches the limits while nlohmann parses. A second value for the same key would let two readers
// see two documents, so it is refused rather than overwritten.
class watch {
 public:
  explicit watch(json_limits const& limits) : limits_(limits) {}

  bool operator()(int depth, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) keys_.emplace_back();
    if (event == json::parse_event_t::object_end && !keys_.empty()) keys_.pop_back();
    if (event == json::parse_event_t::key && !keys_.empty() &&
        !keys_.back().insert(value.get_ref<std::string const&>()).second)
      duplicate_ = true;
    if (static_cast<std::size_t>(depth) > limits_.depth) too_deep_ = true;
    if (++members_ > limits_.members) too_many_ = true;
    return true;
  }

  result<void> verdict() const {
    if (too_deep_) return refused("too_deep", "The JSON document is nested too deeply.", "Flatten it.");
    if (too_many_) return refused("too_large", "The JSON document holds too many values.", "Send less at once.");
    if (duplicate_) return refused("duplicate_key", "An object of the JSON document names a key twice.", "Keep one.");
    return {};
  }

 private:
  json_limits limits_;
  std::vector<std::set<std::string>> keys_;
  std::size_t members_ = 0;
  bool too_deep_ = false;
  bool too_many_ = false;
  bool duplicate_ = false;
};

// Before the parser sees it: a million brackets must not cost a million nodes.
bool nested_too_deep(std::string_view text, std::size_t limit) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    if (quoted && c == '\\') ++i;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if ((c == '{' || c == '[') && ++depth > limit) return true;
    if ((c == '}' || c == ']') && depth > 0) --depth;
  }
  return false;
}

}  // namespace

result<json> read_json(std::string_view text, json_limits const& limits) {
  if (text.size() > limits.bytes) return refused("too_large", "The JSON document is too large.", "Send less at once.");
  if (nested_too_deep(text, limits.depth))
    return refused("too_deep", "The JSON document is nested too deeply.", "Flatten it.");
  watch watcher{limits};
  auto document = json::parse(text, std::ref(watcher), false);
  if (document.is_discarded())
    return refused("syntax", "The text is not a JSON document.", "Check quotes, commas, brackets and UTF-8.");
  if (auto fine = watcher.verdict(); !fine) return fine.error();
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
