#pragma once
// A release of HealthDCAT-AP as data: shapes, code lists and upgrades from older releases, read from a folder
// (format: dcat/release/README.md). Code knows mechanisms only; several releases can be live at once.
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "dcat/rdf/write.hpp"
#include "dcat/release/code_list.hpp"

namespace ehds::dcat {

enum class severity { violation, warning, note };
enum class node_kind { any, literal, iri, node };  // node: an IRI or a blank node
enum class need { optional, recommended, mandatory };

// What one property of a class must look like. IRIs are written out.
struct property_rule {
  std::string path;
  std::string label;        // how people call it
  std::vector<need> needs;  // one per access level
  std::optional<std::size_t> max;
  node_kind kind = node_kind::any;
  std::vector<std::string> datatypes;  // any of
  std::string of_class;
  std::vector<std::string> code_lists;  // any of, by name
  severity code_list_severity = severity::violation;
  std::vector<std::string> starts_with;  // any of
  severity starts_with_severity = severity::violation;
  std::string must_contain;  // IRI that must be among the values
  std::string shape;         // the values' own shape, by name
  std::string example;       // Turtle of one good value
  std::string hint;          // one more sentence for the mend
};

// A rule over several properties.
struct shape_rule {
  enum class kind { one_of, required_if } is = kind::one_of;
  std::vector<std::string> paths;  // one_of: at least one of these; required_if: this one
  std::string if_path;             // required_if: when this property ...
  std::string if_value;            // ... has this lexical value
  std::vector<need> needs;
  std::string example;
  std::string hint;
};

struct shape {
  std::string name;
  std::string of_class;
  bool is_target = false;  // checked for every node of the class, reachable or not
  std::vector<property_rule> properties;
  std::vector<shape_rule> rules;
};

struct access_level {
  std::string name;  // "PUBLIC"
  std::string iri;
};

// One step that brings older records to this release.
struct upgrade_step {
  enum class kind { rename_property, rename_namespace, replace_value, move_to_object, wrap_in_node, drop_property };
  kind is = kind::rename_property;
  std::string from;      // property, namespace or value
  std::string to;        // its successor
  std::string via;       // move_to_object: the property whose object receives it; wrap_in_node: the linking property
  std::string of_class;  // wrap_in_node: class of the new node; otherwise: only subjects of this class
  std::vector<std::string> objects_of;  // wrap_in_node: only nodes some property of these points at
  std::string why;
};

class release_pack {
 public:
  std::string release;  // "r8"
  std::string title;
  std::string root_class;
  std::string level_property;
  std::size_t default_level = 0;
  std::vector<access_level> levels;
  prefixes namespaces;
  std::vector<shape> shapes;
  std::map<std::string, code_list, std::less<>> code_lists;
  std::vector<upgrade_step> upgrades;

  shape const* find_shape(std::string_view name) const;
  code_list const* find_list(std::string_view name) const;
  code const* find_code(std::string_view iri) const;  // in any list
  // What to show for an IRI: its label in some list, else its last part.
  std::string label(std::string_view iri, std::string_view language = "en") const;
  std::string short_name(std::string_view iri) const { return dcat::short_name(iri, namespaces); }
};

// Reads pack.json, upgrades.json (when there) and code_lists/*.json. Codes: pack.unreadable, pack.invalid.
result<release_pack> load_release_pack(std::filesystem::path const& folder);
// A pack that is part of the program: "r8". Code: pack.unknown.
result<release_pack> shipped_release_pack(std::string_view release);

}  // namespace ehds::dcat
