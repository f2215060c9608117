#pragma once
// The common forms as data: sections, fields, choices, limits, the article behind each field.
// A form release is a JSON file (forms/releases/<release>/); wording and rules change without code.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "policies/screening/form.hpp"

namespace ehds::node::access {

enum class application_type { data_access, data_request };  // Art. 67 and Art. 69

std::string_view to_code(application_type type);  // DATA_ACCESS_APPLICATION, DATA_REQUEST_APPLICATION
std::optional<application_type> application_type_of(std::string_view code);

struct localized_text {
  std::string en;
  std::string fr;

  std::string const& in(std::string_view language) const { return language == "fr" && !fr.empty() ? fr : en; }
};

using policies::field_type;

struct form_choice {
  std::string key;  // "a", "b": stable; the label is for people
  localized_text label;
};

// Mandatory when the field at `field` ("section5.legalBasis", or a sibling's bare key inside
// section 6) holds one of the keys; "" stands for "not answered".
struct field_condition {
  std::string field;
  std::vector<std::string> keys;
};

struct form_field {
  std::string key;  // as on the wire
  field_type type = field_type::text;
  localized_text label;
  localized_text help;
  std::size_t max = 0;  // Unicode code points; 0: no limit of its own
  std::size_t max_words = 0;
  bool is_country = false;  // text: a code of two letters
  bool required = false;
  std::optional<field_condition> required_if;
  std::vector<form_choice> choices;
  std::vector<form_field> fields;  // columns of a list
  std::string article;             // "67(2)(a)"; empty when the law does not ask
  std::string not_before;          // date: the field beside it that must not be later
  bool in_future = false;          // date: after the day of the check
  bool national = false;           // our extension where the common form leaves a gap in the law
};

struct form_section {
  int number = 0;
  std::string key;  // "section6"
  localized_text title;
  bool per_country = false;  // on the wire an array, one entry a country with country_id
  bool is_public = false;    // published in the register on reception
  std::vector<form_field> fields;

  form_field const* field(std::string_view key) const;  // null when there is none
};

struct form_definition {
  std::string release;  // "r8": stored with every version of every application
  application_type type = application_type::data_access;
  localized_text title;
  std::string article;
  std::vector<form_section> sections;

  form_section const* section(std::string_view key) const;                        // null when there is none
  form_field const* field(std::string_view section, std::string_view key) const;  // null when there is none
};

// Problem: access.form.definition, with the place in the file.
result<form_definition> read_form_definition(std::string_view json);

// The forms compiled into the node; null when the release is not known.
form_definition const* shipped_form(std::string_view release, application_type type);
std::string_view newest_form_release();  // "r8"

}  // namespace ehds::node::access
