#pragma once
// Reads the JSON of a release pack strictly: an unknown key, a missing key or a value of the wrong type is a problem
// that names its place. Only for release/load_*.
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/problem.hpp"
#include "dcat/release/pack.hpp"

namespace ehds::dcat::pack_json {

using json = nlohmann::json;

struct wrong {
  problem why;
};

// One JSON object with its place; throws `wrong`, which load_release_pack turns into a result.
class object {
 public:
  object(json const& value, std::string place, std::initializer_list<std::string_view> known_keys);

  bool has(char const* key) const { return value_.contains(key); }
  json const& at(char const* key) const;
  std::string text(char const* key) const;                        // required
  std::string text(char const* key, std::string fallback) const;  // optional
  std::vector<std::string> texts(char const* key) const;          // a text or a list of texts; optional
  bool flag(char const* key, bool fallback) const;
  json const& list(char const* key) const;  // empty when absent
  std::string const& place() const { return place_; }
  [[noreturn]] void refuse(std::string_view key, std::string const& why) const;

 private:
  json const& value_;
  std::string place_;
};

json parse(std::optional<std::string> const& text, std::string const& name);  // nothing: the file is not there

// "dct:title" or "<http://...>" or a whole IRI into an IRI.
std::string expand(std::string_view name, prefixes const& known, std::string const& place);

shape read_shape(std::string const& name, json const& value, release_pack const& pack);
code_list read_code_list(json const& value, std::string const& place, prefixes const& known);
std::vector<upgrade_step> read_upgrades(json const& value, std::string const& place, prefixes const& known);

}  // namespace ehds::dcat::pack_json
