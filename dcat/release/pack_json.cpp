#include "dcat/release/pack_json.hpp"

#include <algorithm>

#include "dcat/rdf/iri.hpp"

namespace ehds::dcat::pack_json {

object::object(json const& value, std::string place, std::initializer_list<std::string_view> known_keys)
    : value_(value), place_(std::move(place)) {
  if (!value_.is_object()) refuse({}, "must be an object");
  for (auto const& [key, unused] : value_.items()) {
    bool const known = std::find(known_keys.begin(), known_keys.end(), key) != known_keys.end();
    if (!known) refuse(key, "is not known");
  }
}

void object::refuse(std::string_view key, std::string const& why) const {
  auto const where = key.empty() ? place_ : place_ + "/" + std::string(key);
  throw wrong{{"pack.invalid", "The release pack is not valid: \"" + where + "\" " + why + ".", where,
               "See dcat/release/README.md for the format."}};
}

json const& object::at(char const* key) const {
  if (!has(key)) refuse(key, "is missing");
  return value_[key];
}

std::string object::text(char const* key) const {
  auto const& value = at(key);
  if (!value.is_string()) refuse(key, "must be a text");
  return value.get<std::string>();
}

std::string object::text(char const* key, std::string fallback) const { return has(key) ? text(key) : fallback; }

std::vector<std::string> object::texts(char const* key) const {
  if (!has(key)) return {};
  if (value_[key].is_string()) return {text(key)};
  if (!value_[key].is_array()) refuse(key, "must be a text or a list of texts");
  std::vector<std::string> out;
  for (auto const& item : value_[key]) {
    if (!item.is_string()) refuse(key, "must hold texts only");
    out.push_back(item.get<std::string>());
  }
  return out;
}

bool object::flag(char const* key, bool fallback) const {
  if (!has(key)) return fallback;
  if (!value_[key].is_boolean()) refuse(key, "must be true or false");
  return value_[key].get<bool>();
}

json const& object::list(char const* key) const {
  static json const none = json::array();
  if (!has(key)) return none;
  if (!value_[key].is_array()) refuse(key, "must be a list");
  return value_[key];
}

json parse(std::optional<std::string> const& text, std::string const& name) {
  if (!text)
    throw wrong{{"pack.unreadable", "The file " + name + " of the release pack cannot be read.", name,
                 "Check the folder of the release pack."}};
  auto value = json::parse(*text, nullptr, false, true);
  if (value.is_discarded())
    throw wrong{{"pack.invalid", "The file " + name + " of the release pack is not JSON.", name, {}}};
  return value;
}

std::string expand(std::string_view name, prefixes const& known, std::string const& place) {
  if (name.starts_with('<') && name.ends_with('>')) return std::string(name.substr(1, name.size() - 2));
  auto const colon = name.find(':');
  if (colon != std::string_view::npos) {
    for (auto const& [prefix_name, iri] : known)
      if (prefix_name == name.substr(0, colon)) return iri + std::string(name.substr(colon + 1));
    if (name.substr(colon).starts_with("://") || name.starts_with("urn:")) return std::string(name);
  }
  throw wrong{{"pack.invalid", "\"" + std::string(name) + "\" is neither an IRI nor a name with a declared prefix.",
               place, "Declare the prefix under \"namespaces\"."}};
}

}  // namespace ehds::dcat::pack_json
