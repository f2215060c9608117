#pragma once
// Is a document as a JSON Schema (2020-12) says? The keywords that our published schemas use; any other is an error, so
// that nothing a schema says goes unread.
#include <catch2/catch.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>

namespace ehds::edelivery::tests {

class published_form {
 public:
  explicit published_form(nlohmann::json schema) : whole_(std::move(schema)) {}

  bool admits(nlohmann::json const& document) const { return admits(whole_, document); }
  bool admits_as(std::string const& definition, nlohmann::json const& document) const {
    return admits(whole_.at("$defs").at(definition), document);
  }

 private:
  using json = nlohmann::json;

  bool admits(json const& schema, json const& value) const {
    if (schema.is_boolean()) return schema.get<bool>();
    for (auto const& [keyword, says] : schema.items())
      if (!holds(keyword, says, schema, value)) return false;
    return true;
  }

  bool holds(std::string const& keyword, json const& says, json const& schema, json const& value) const {
    static std::set<std::string> const silent{
        "$schema", "$id", "$defs", "title", "description", "default", "then", "else", "additionalProperties"};
    if (silent.contains(keyword)) return true;
    if (keyword == "$ref") return admits(whole_.at(json::json_pointer{says.get<std::string>().substr(1)}), value);
    if (keyword == "type") return is_of_type(says, value);
    if (keyword == "const") return value == says;
    if (keyword == "enum") return std::ranges::find(says, value) != says.end();
    if (keyword == "not") return !admits(says, value);
    if (keyword == "if") {
      auto const* const branch = admits(says, value) ? "then" : "else";
      return !schema.contains(branch) || admits(schema.at(branch), value);
    }
    if (keyword == "allOf" || keyword == "anyOf" || keyword == "oneOf") {
      auto const met = std::ranges::count_if(says, [&](json const& one) { return admits(one, value); });
      return keyword == "allOf" ? met == std::ssize(says) : keyword == "anyOf" ? met > 0 : met == 1;
    }
    if (value.is_object()) return holds_of_object(keyword, says, schema, value);
    if (value.is_array()) return holds_of_list(keyword, says, value);
    return holds_of_scalar(keyword, says, value);
  }

  bool holds_of_object(std::string const& keyword, json const& says, json const& schema, json const& value) const {
    if (keyword == "required")
      return std::ranges::all_of(says, [&](json const& name) { return value.contains(name.get<std::string>()); });
    if (keyword != "properties") return is_of_others(keyword);
    bool const is_closed = schema.contains("additionalProperties");
    return std::ranges::all_of(value.items(), [&](auto const& member) {
      auto const known = says.find(member.key());
      return known == says.end() ? !is_closed : admits(*known, member.value());
    });
  }

  bool holds_of_list(std::string const& keyword, json const& says, json const& value) const {
    if (keyword == "items") return std::ranges::all_of(value, [&](json const& one) { return admits(says, one); });
    if (keyword == "minItems") return value.size() >= says.get<std::size_t>();
    if (keyword == "maxItems") return value.size() <= says.get<std::size_t>();
    if (keyword == "uniqueItems") return std::set<json>(value.begin(), value.end()).size() == value.size();
    return is_of_others(keyword);
  }

  static bool holds_of_scalar(std::string const& keyword, json const& says, json const& value) {
    if (value.is_string() && keyword == "minLength")
      return value.get_ref<std::string const&>().size() >= says.get<std::size_t>();
    if (value.is_string() && keyword == "pattern")
      return std::regex_search(value.get<std::string>(), std::regex(says.get<std::string>()));
    if (value.is_number() && keyword == "minimum") return value >= says;
    if (value.is_number() && keyword == "maximum") return value <= says;
    return is_of_others(keyword);
  }

  // A keyword of other kinds of value says nothing about this one; one that is not read here is a mistake of the test.
  static bool is_of_others(std::string const& keyword) {
    static std::set<std::string> const read{"required", "properties",  "items",     "minItems", "maxItems",
                                            "pattern",  "uniqueItems", "minLength", "minimum",  "maximum"};
    if (!read.contains(keyword)) FAIL("the schema uses " << keyword << ", which is not read here");
    return true;
  }

  static bool is_of_type(json const& says, json const& value) {
    if (says == "object") return value.is_object();
    if (says == "array") return value.is_array();
    if (says == "string") return value.is_string();
    if (says == "boolean") return value.is_boolean();
    if (says == "integer") return value.is_number_integer();
    if (says == "number") return value.is_number();
    FAIL("the schema names the type " << says);
    return false;
  }

  json whole_;
};

}  // namespace ehds::edelivery::tests
