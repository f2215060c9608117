#pragma once
// Is an application form complete and plausible? Pure functions over plain values: form definitions belong to
// node/access, which turns them into field_rules. All findings come in one list, in the order of the rules.
// It never judges quality, only what a clerk would send back (D6.3 5.3).
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/problem.hpp"
#include "base/time.hpp"

namespace ehds::policies {

enum class field_type { text, choice, choices, tick, number, date, email, phone, url, iban, vat_number, file, people };

// One answer. A list (choices, people, several files) is several answers of one field.
struct form_answer {
  std::string section;                          // "section5"
  std::string field;                            // "whyTheDataIsNeeded"
  std::string country;                          // "FR" where the form asks per country; else empty
  std::string value;                            // choices: the key; tick: "true"; file: its name; people: the name
  std::optional<std::size_t> attachment_bytes;  // files only, once the attachment was opened
};

// The rule applies when that field of the form has that value (in the same country where both are per country).
struct field_condition {
  std::string section;
  std::string field;
  std::vector<std::string> values;  // any of them
};

struct field_rule {
  std::string section;
  std::string field;
  std::string title;  // as the applicant sees it
  field_type type = field_type::text;
  bool mandatory = false;
  std::optional<field_condition> mandatory_if;
  bool per_country = false;             // asked once for every country of the application
  std::size_t max_length = 0;           // characters; 0: no limit
  std::vector<std::string> choices;     // keys
  std::vector<std::string> file_types;  // "pdf", ..: lower case, no dot
  std::size_t max_bytes = 1024 * 1024;  // files
  std::string pattern;                  // ECMAScript; written by us, never by applicants
  std::string pattern_hint;             // mend when the pattern does not fit
  std::string not_before_field;         // date: a field of the same section that must not be later
  bool in_future = false;               // date: must be after today
};

struct form {
  std::vector<form_answer> answers;
  std::vector<std::string> countries;  // whose data is asked for
};

// Codes: screening.missing, .too_long, .unknown_choice, .not_a_<type>, .file_too_large, .file_empty, .file_type,
// .pattern, .dates, .not_future, .doubled, .unknown_field. where is "section5/whyTheDataIsNeeded" or, per country,
// "section6/FR/timePeriodOfDataExtraction".
problems screen(form const& answers, std::vector<field_rule> const& rules, date today);

}  // namespace ehds::policies
