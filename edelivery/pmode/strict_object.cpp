#include "edelivery/pmode/strict_object.hpp"

#include "base/json.hpp"
#include "base/slips.hpp"

#include <algorithm>
#include <utility>

namespace ehds::edelivery {

namespace {

nlohmann::json const& nothing() {
  static nlohmann::json const empty = nlohmann::json::object();
  return empty;
}

problem not_readable(std::string detail, std::string mend, std::string where = {}) {
  return {"edelivery.pmode.json", std::move(detail), std::move(where), std::move(mend)};
}

// The parser's own sentences name its states; the line is what helps.
template <class Watch>
result<nlohmann::json> parse_watched(std::string_view text, Watch const& watch) {
  try {
    return nlohmann::json::parse(text, watch, true, true);
  } catch (nlohmann::json::parse_error const& fault) {
    return not_readable("the P-Modes are not readable JSON",
                        "look for a missing comma, bracket or quotation mark there; comments are // and /* */",
                        line_and_column(text, fault.byte));
  } catch (nlohmann::json::exception const&) {
    return not_readable("the P-Modes hold a value that cannot be read", "look for a number that is far too large");
  }
}

}  // namespace

result<nlohmann::json> parse_bounded(std::string_view text) {
  constexpr std::size_t most_bytes = 16 * 1024 * 1024;
  constexpr int deepest = 16;
  if (text.size() > most_bytes)
    return not_readable("the P-Modes are larger than 16 MiB", "share them out over several files");
  bool too_deep = false;
  member_watch<nlohmann::json> members;
  // Comments are allowed here, so nesting is counted by the parser.
  auto const watch = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    too_deep = too_deep || depth > deepest;
    return members(depth, event, parsed) && !too_deep;
  };
  auto document = parse_watched(text, watch);
  if (too_deep) return not_readable("the P-Modes are nested deeper than 16 levels", "write them as the schema says");
  if (!document) return document;
  if (members.twice())
    return not_readable("the key \"" + members.name().substr(0, 60) + "\" stands in one object twice",
                        "keep one of the two");
  return document;
}

strict_object::strict_object(nlohmann::json const& value, std::string pointer, problems& found)
    : value_(value.is_object() ? value : nothing()), pointer_(std::move(pointer)), found_(found) {
  if (!value.is_object()) {
    found_.push_back({"edelivery.pmode.wrong_type", "this is not an object", pointer_, "write it in curly brackets"});
  }
}

nlohmann::json const* strict_object::find(std::string_view key) {
  asked_.emplace_back(key);
  auto const found = value_.find(std::string{key});
  return found == value_.end() ? nullptr : &*found;
}

bool strict_object::has(std::string_view key) const { return value_.contains(std::string{key}); }

void strict_object::complain(std::string_view what, std::string_view key, std::string detail, std::string mend) {
  found_.push_back({"edelivery.pmode." + std::string{what}, std::move(detail), pointer_to(key), std::move(mend)});
}

void strict_object::wrong_type(std::string_view key, std::string_view wanted) {
  complain("wrong_type", key, "this is not " + std::string{wanted}, "write " + std::string{wanted});
}

std::string strict_object::text(std::string_view key) {
  if (!has(key)) {
    asked_.emplace_back(key);
    complain("missing", key, "\"" + std::string{key} + "\" is missing", "add it");
    return {};
  }
  auto value = text_or(key, {});
  if (value.empty() && value_[std::string{key}].is_string()) {
    complain("value", key, "\"" + std::string{key} + "\" is empty", "give it a value");
  }
  return value;
}

std::string strict_object::text_or(std::string_view key, std::string_view otherwise) {
  auto const* const value = find(key);
  if (value == nullptr) return std::string{otherwise};
  if (value->is_string()) return value->get<std::string>();
  wrong_type(key, "a text");
  return std::string{otherwise};
}

std::vector<std::string> strict_object::texts(std::string_view key) {
  auto const* const value = find(key);
  if (value == nullptr) return {};
  bool const good = value->is_array() && std::ranges::all_of(*value, [](auto const& each) { return each.is_string(); });
  if (good) return value->get<std::vector<std::string>>();
  wrong_type(key, "a list of texts");
  return {};
}

std::vector<std::string> strict_object::text_or_texts(std::string_view key) {
  auto const member = value_.find(std::string{key});
  if (member != value_.end() && member->is_string()) return {text(key)};
  return some_texts(key);
}

std::vector<std::string> strict_object::some_texts(std::string_view key) {
  auto const member = value_.find(std::string{key});
  auto all = texts(key);
  if (member != value_.end() && member->is_array() && member->empty())
    complain("value", key, "the list is empty", "name at least one");
  if (std::ranges::find(all, "") != all.end())
    complain("value", key, "a text of the list is empty", "write it, or leave it out");
  return all;
}

std::vector<nlohmann::json const*> strict_object::objects(std::string_view key) {
  auto const* const value = find(key);
  if (value == nullptr || !value->is_array()) {
    complain("missing", key, "there is no list \"" + std::string{key} + "\"", "add it, in square brackets");
    return {};
  }
  std::vector<nlohmann::json const*> members;
  for (auto const& each : *value) members.push_back(&each);
  return members;
}

bool strict_object::boolean_or(std::string_view key, bool otherwise) {
  auto const* const value = find(key);
  if (value == nullptr) return otherwise;
  if (value->is_boolean()) return value->get<bool>();
  wrong_type(key, "true or false");
  return otherwise;
}

std::size_t strict_object::size_or(std::string_view key, std::size_t otherwise, std::size_t most) {
  auto const* const value = find(key);
  if (value == nullptr) return otherwise;
  if (value->is_number_unsigned()) {
    auto const number = value->get<std::size_t>();
    if (number >= 1 && number <= most) return number;
  }
  wrong_type(key, "a whole number from 1 to " + std::to_string(most));
  return otherwise;
}

double strict_object::number_or(std::string_view key, double otherwise, double least, double most) {
  auto const* const value = find(key);
  if (value == nullptr) return otherwise;
  if (value->is_number()) {
    auto const number = value->get<double>();
    if (number >= least && number <= most) return number;
  }
  wrong_type(key, "a number from " + nlohmann::json(least).dump() + " to " + nlohmann::json(most).dump());
  return otherwise;
}

strict_object strict_object::object(std::string_view key) {
  auto const* const value = find(key);
  return {value == nullptr ? nothing() : *value, pointer_to(key), found_};
}

strict_object strict_object::demanded_object(std::string_view key) {
  if (!has(key)) complain("missing", key, "\"" + std::string{key} + "\" is missing", "add it");
  return object(key);
}

void strict_object::finish() {
  std::string known;
  for (auto const& each : asked_) {
    if (known.find(each) == std::string::npos) known += (known.empty() ? "" : ", ") + each;
  }
  for (auto const& [key, value] : value_.items()) {
    if (std::ranges::find(asked_, key) != asked_.end()) continue;
    auto const meant = nearest_word(key, asked_);
    complain("unknown_key", key, "the key \"" + key.substr(0, 60) + "\" is not known here",
             meant ? "did you mean \"" + *meant + "\"?" : "remove it, or use one of: " + known);
  }
}

}  // namespace ehds::edelivery
