#pragma once
// Is an application form complete and plausible? Pure functions over plain values. Whoever owns the forms says what is
// asked (form_rules) and what was answered (filled_form, read from whatever travels); all findings come in one list,
// in the order of the rules. Quality is never judged, only what a clerk would send back (D6.3 5.3).
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/problem.hpp"
#include "base/time.hpp"
#include "policies/screening/attachment.hpp"

namespace ehds::policies {

enum class field_type { text, choice, multi, number, date, file, list, email, phone, tick };

// Holds when that field has one of the keys: "a" is a tick, "" is "not answered".
struct asked_if {
  std::string section;  // empty: beside the field that asks (the same country's part, the same row)
  std::string field;
  std::vector<std::string> keys;
};

struct field_rule {
  std::string key;
  std::string title;    // as the applicant sees it
  std::string article;  // that asks for it; may be empty
  field_type type = field_type::text;
  bool required = false;
  std::optional<asked_if> required_if;
  std::size_t max = 0;               // characters; 0: no limit
  std::size_t max_words = 0;         // 0: no limit
  bool is_country = false;           // text: ISO 3166 code of two capital letters
  std::vector<std::string> choices;  // keys
  std::vector<field_rule> columns;   // of a list
  std::string not_before;            // date: the field beside it that must not be later
  bool in_future = false;            // date: after today
};

struct section_rule {
  std::string key;
  std::string title;
  bool per_country = false;  // answered once for each country of the application
  std::vector<field_rule> fields;
};

struct form_rules {
  std::vector<section_rule> sections;
  attachment_limits attachments;
};

struct answer;

// One value, or one row of a list. `where` is its place in the document, copied into findings.
struct entry {
  std::string where;
  std::string text;  // choice: the key; tick: "a"; file: its name
  std::string id;    // files
  bool odd = false;  // not of a shape in which such a value travels
  std::vector<answer> columns;
};

struct answer {
  std::string key;
  std::vector<entry> entries;  // none: not answered; several: a list, choices, files
};

struct filled_part {
  std::string section;
  std::string where;
  std::string country;  // where the section is answered per country
  bool odd = false;     // not a set of answers at all
  std::vector<answer> answers;
};

struct filled_form {
  std::string where;  // "/form": the place of section "s" is "/form/s"
  std::vector<filled_part> parts;
  std::vector<attached_file> attachments;
  std::vector<std::string> countries;  // whose data are asked for
};

// Codes: screening.form.type, .too_long, .choice, .unknown_section, .unknown_field.
problems screen_draft(filled_form const& filled, form_rules const& rules);

// Everything; what the form does not know is passed over, it may be of a newer release. Codes besides:
// screening.form.missing, .too_many_words, .country, .dates, .countries, .file and those of attachment.hpp.
problems screen_complete(filled_form const& filled, form_rules const& rules, date today);

}  // namespace ehds::policies
