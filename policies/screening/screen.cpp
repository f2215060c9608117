#include <algorithm>
#include <optional>
#include <regex>

#include "policies/screening/field_types.hpp"

namespace ehds::policies {
namespace {

using answers = std::vector<form_answer const*>;

bool is_list(field_type type) {
  return type == field_type::choices || type == field_type::people || type == field_type::file;
}

// Blanks alone are no answer.
bool is_filled(std::string const& value) {
  return std::ranges::any_of(value, [](char c) { return c != ' ' && c != '\n' && c != '\t' && c != '\r'; });
}

// Characters of UTF-8, as an applicant counts them.
std::size_t characters(std::string const& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

class screening {
 public:
  screening(form const& filled, date today) : form_(filled), today_(today) {}

  void check(field_rule const& rule) {
    if (!rule.per_country) return check(rule, "");
    for (auto const& country : form_.countries) check(rule, country);
  }

  void check_unknown_fields(std::vector<field_rule> const& rules) {
    for (auto const& a : form_.answers) {
      bool const known =
          std::ranges::any_of(rules, [&](field_rule const& r) { return r.section == a.section && r.field == a.field; });
      if (!known)
        add(a.section + "/" + a.field, "unknown_field", "The form has no such field.",
            "Use the version of the form that is asked for.");
    }
  }

  problems take() && { return std::move(found_); }

 private:
  void add(std::string where, std::string const& code, std::string detail, std::string mend) {
    found_.push_back({"screening." + code, std::move(detail), std::move(where), std::move(mend)});
  }

  static std::string place(field_rule const& rule, std::string const& country) {
    return rule.section + (country.empty() ? "" : "/" + country) + "/" + rule.field;
  }

  answers given(std::string const& section, std::string const& field, std::string const& country) const {
    answers found;
    for (auto const& a : form_.answers) {
      if (a.section == section && a.field == field && a.country == country && is_filled(a.value)) found.push_back(&a);
    }
    return found;
  }

  // A condition may look at the same country's tab or at a field that is asked once.
  bool holds(field_condition const& condition, std::string const& country) const {
    auto found = given(condition.section, condition.field, country);
    if (found.empty()) found = given(condition.section, condition.field, "");
    return std::ranges::any_of(
        found, [&](auto const* a) { return std::ranges::find(condition.values, a->value) != condition.values.end(); });
  }

  void check(field_rule const& rule, std::string const& country) {
    auto const found = given(rule.section, rule.field, country);
    auto const where = place(rule, country);
    bool const wanted = rule.mandatory || (rule.mandatory_if && holds(*rule.mandatory_if, country));
    bool const answered =
        !found.empty() && (rule.type != field_type::tick || !wanted || found.front()->value != "false");
    if (!answered) {
      if (wanted) add(where, "missing", "\"" + rule.title + "\" is not answered.", "Answer it.");
      return;
    }
    if (found.size() > 1 && !is_list(rule.type))
      add(where, "doubled", "\"" + rule.title + "\" is answered more than once.", "Keep one answer.");
    for (auto const* const a : found) check(rule, *a, where);
  }

  void check(field_rule const& rule, form_answer const& answer, std::string const& where) {
    if (rule.max_length != 0 && characters(answer.value) > rule.max_length)
      add(where, "too_long", "The answer has more than " + std::to_string(rule.max_length) + " characters.",
          "Shorten it.");
    if (auto finding = against_type(answer.value, rule)) {
      add(where, finding->code, std::move(finding->detail), std::move(finding->mend));
      return;
    }
    if (rule.type == field_type::file) check_file(rule, answer, where);
    if (rule.type == field_type::date) check_date(rule, answer, where);
    // std::regex recurses over its input: long answers are not matched.
    if (!rule.pattern.empty() && answer.value.size() <= 500 &&
        !std::regex_match(answer.value, std::regex(rule.pattern)))
      add(where, "pattern", "The answer does not have the expected form.", rule.pattern_hint);
  }

  void check_file(field_rule const& rule, form_answer const& answer, std::string const& where) {
    auto const dot = answer.value.rfind('.');
    std::string ending = dot == std::string::npos ? "" : answer.value.substr(dot + 1);
    std::ranges::transform(ending, ending.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (!rule.file_types.empty() && std::ranges::find(rule.file_types, ending) == rule.file_types.end()) {
      std::string types;
      for (auto const& t : rule.file_types) types += (types.empty() ? "" : ", ") + t;
      add(where, "file_type", "The file is not of an accepted type.", "Attach one of: " + types + ".");
    }
    if (!answer.attachment_bytes)
      return add(where, "missing", "The attachment is named but not there.", "Attach the file.");
    if (*answer.attachment_bytes == 0) add(where, "file_empty", "The attachment is empty.", "Attach the right file.");
    if (*answer.attachment_bytes > rule.max_bytes)
      add(where, "file_too_large", "The attachment has more than " + std::to_string(rule.max_bytes) + " bytes.",
          "Attach a smaller file.");
  }

  void check_date(field_rule const& rule, form_answer const& answer, std::string const& where) {
    auto const day = *parse_date(answer.value);
    if (rule.in_future && day <= today_)
      add(where, "not_future", "The date is not in the future.", "Give a later date.");
    if (rule.not_before_field.empty()) return;
    auto earlier = given(rule.section, rule.not_before_field, answer.country);
    if (earlier.empty()) return;
    auto const begin = parse_date(earlier.front()->value);
    if (begin && day < *begin)
      add(where, "dates", "The period ends before it begins.", "Correct one of the two dates.");
  }

  form const& form_;
  date today_;
  problems found_;
};

}  // namespace

problems screen(form const& filled, std::vector<field_rule> const& rules, date today) {
  screening screened(filled, today);
  for (auto const& rule : rules) screened.check(rule);
  screened.check_unknown_fields(rules);
  return std::move(screened).take();
}

}  // namespace ehds::policies
