#include "dcat/release/pack_json.hpp"

namespace ehds::dcat::pack_json {
namespace {

need read_need(char letter, object const& from) {
  switch (letter) {
    case 'M':
      return need::mandatory;
    case 'R':
      return need::recommended;
    case 'O':
      return need::optional;
    default:
      from.refuse("need", "must be made of the letters M, R and O");
  }
}

// One letter for all access levels or one for each.
std::vector<need> read_needs(object const& from, std::string const& fallback, std::size_t levels) {
  auto letters = from.text("need", fallback);
  if (letters.size() == 1) letters = std::string(levels, letters.front());
  if (letters.size() != levels) from.refuse("need", "must have one letter or one for each access level");
  std::vector<need> needs;
  for (char const letter : letters) needs.push_back(read_need(letter, from));
  return needs;
}

severity read_severity(object const& from, char const* key) {
  auto const word = from.text(key, "violation");
  if (word == "violation") return severity::violation;
  if (word == "warning") return severity::warning;
  if (word == "note") return severity::note;
  from.refuse(key, "must be violation, warning or note");
}

node_kind read_kind(object const& from) {
  auto const word = from.text("kind", "any");
  if (word == "any") return node_kind::any;
  if (word == "literal") return node_kind::literal;
  if (word == "iri") return node_kind::iri;
  if (word == "node") return node_kind::node;
  from.refuse("kind", "must be literal, iri, node or any");
}

std::vector<std::string> expand_all(std::vector<std::string> names, prefixes const& known, std::string const& place) {
  for (std::string& name : names) name = expand(name, known, place);
  return names;
}

property_rule read_property(json const& value, std::string const& place, release_pack const& pack) {
  object const from(value, place,
                    {"path", "label", "need", "max", "kind", "datatype", "class", "code_list", "code_list_severity",
                     "starts_with", "starts_with_severity", "must_contain", "shape", "example", "hint"});
  auto const optional_iri = [&](char const* key) {
    return from.has(key) ? expand(from.text(key), pack.namespaces, place) : std::string();
  };
  property_rule rule;
  rule.path = expand(from.text("path"), pack.namespaces, place);
  rule.label = from.text("label", "");
  rule.needs = read_needs(from, "O", pack.levels.size());
  if (from.has("max")) {
    if (!from.at("max").is_number_unsigned()) from.refuse("max", "must be a whole number");
    rule.max = from.at("max").get<std::size_t>();
  }
  rule.kind = read_kind(from);
  rule.datatypes = expand_all(from.texts("datatype"), pack.namespaces, place);
  rule.of_class = optional_iri("class");
  rule.code_lists = from.texts("code_list");
  rule.code_list_severity = read_severity(from, "code_list_severity");
  rule.starts_with = from.texts("starts_with");
  rule.starts_with_severity = read_severity(from, "starts_with_severity");
  rule.must_contain = optional_iri("must_contain");
  rule.shape = from.text("shape", "");
  rule.example = from.text("example", "");
  rule.hint = from.text("hint", "");
  return rule;
}

shape_rule read_rule(json const& value, std::string const& place, release_pack const& pack) {
  object const from(value, place, {"one_of", "required", "if", "equals", "need", "example", "hint"});
  shape_rule rule;
  rule.is = from.has("one_of") ? shape_rule::kind::one_of : shape_rule::kind::required_if;
  rule.paths = expand_all(from.texts(from.has("one_of") ? "one_of" : "required"), pack.namespaces, place);
  if (rule.paths.empty()) from.refuse({}, "needs one_of or required");
  if (rule.is == shape_rule::kind::required_if) {
    if (rule.paths.size() != 1) from.refuse("required", "must be one property");
    rule.if_path = expand(from.text("if"), pack.namespaces, place);
    rule.if_value = from.text("equals");
  }
  rule.needs = read_needs(from, "M", pack.levels.size());
  rule.example = from.text("example", "");
  rule.hint = from.text("hint", "");
  return rule;
}

}  // namespace

shape read_shape(std::string const& name, json const& value, release_pack const& pack) {
  auto const place = "shapes/" + name;
  object const from(value, place, {"class", "target", "properties", "rules"});
  shape made;
  made.name = name;
  if (from.has("class")) made.of_class = expand(from.text("class"), pack.namespaces, place);
  made.is_target = from.flag("target", false);
  if (made.is_target && made.of_class.empty()) from.refuse("target", "needs a class");
  std::size_t number = 0;
  for (auto const& item : from.list("properties"))
    made.properties.push_back(read_property(item, place + "/properties/" + std::to_string(number++), pack));
  number = 0;
  for (auto const& item : from.list("rules"))
    made.rules.push_back(read_rule(item, place + "/rules/" + std::to_string(number++), pack));
  return made;
}

}  // namespace ehds::dcat::pack_json
