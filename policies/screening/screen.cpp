#include <algorithm>

#include "policies/screening/field_types.hpp"

namespace ehds::policies {
namespace {

using answers = std::vector<answer>;

// Characters of UTF-8, as an applicant counts them.
std::size_t characters(std::string const& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

answer const* find(answers const& given, std::string const& key) {
  auto const found = std::ranges::find(given, key, &answer::key);
  return found == given.end() ? nullptr : &*found;
}

class screening {
 public:
  // Without a day it is a draft: half of it may be missing, but nothing may be there that the form does not know.
  screening(filled_form const& filled, form_rules const& rules, std::optional<date> today)
      : filled_(filled), rules_(rules), today_(today) {}

  problems run() && {
    for (auto const& rule : rules_.sections) check_section(rule);
    if (today_)
      check_attachments();
    else
      check_unknown_sections();
    return std::move(found_);
  }

 private:
  void add(std::string code, std::string detail, std::string const& where, std::string mend) {
    found_.push_back({"screening.form." + std::move(code), std::move(detail), where, std::move(mend)});
  }

  void add_unknown(std::string code, std::string const& where) {
    add(std::move(code), "The form has no such place.", where, "Leave it out.");
  }

  std::string place(section_rule const& rule) const { return filled_.where + "/" + rule.key; }

  void check_section(section_rule const& rule) {
    bool begun = false;
    for (auto const& part : filled_.parts) {
      if (part.section != rule.key) continue;
      begun = true;
      check_part(rule, part);
    }
    if (!today_) return;
    if (rule.per_country) return check_countries(rule);
    if (!begun) check_fields(rule.fields, {}, place(rule));
  }

  void check_part(section_rule const& rule, filled_part const& part) {
    if (part.odd)
      return add("type", "The section is not a set of answers.", part.where, "Name each field with its answer.");
    check_fields(rule.fields, part.answers, part.where);
    if (today_) return;
    for (auto const& given : part.answers)
      if (std::ranges::find(rule.fields, given.key, &field_rule::key) == rule.fields.end())
        add_unknown("unknown_field", part.where + "/" + given.key);
  }

  void check_countries(section_rule const& rule) {
    for (auto const& country : filled_.countries) {
      bool const answered = std::ranges::any_of(
          filled_.parts, [&](auto const& part) { return part.section == rule.key && part.country == country; });
      if (!answered)
        add("countries", "\"" + rule.title + "\" is not answered for " + country + ".", place(rule),
            "Answer this section once for each country whose data are asked for.");
    }
  }

  void check_fields(std::vector<field_rule> const& fields, answers const& given, std::string const& where) {
    for (auto const& rule : fields) check_field(rule, given, where + "/" + rule.key);
  }

  void check_field(field_rule const& rule, answers const& given, std::string const& where) {
    bool answered = false;
    if (auto const* const own = find(given, rule.key); own != nullptr) {
      for (auto const& value : own->entries) {
        if (!is_filled(rule, value)) continue;
        answered = true;
        check_entry(rule, value, given);
      }
    }
    if (!answered && today_ && is_wanted(rule, given))
      add("missing",
          "\"" + rule.title + "\" is not answered" + (rule.article.empty() ? "" : " (Art. " + rule.article + ")") + ".",
          where, "Answer it.");
  }

  void check_entry(field_rule const& rule, entry const& value, answers const& beside) {
    if (rule.max != 0 && characters(value.text) > rule.max)
      add("too_long", "The answer is longer than " + std::to_string(rule.max) + " characters.", value.where,
          "Shorten it.");
    if (auto finding = against_type(rule, value)) return found_.push_back(std::move(*finding));
    check_fields(rule.columns, value.columns, value.where);
    if (!today_) return;
    check_writing(rule, value);
    if (rule.type == field_type::date) check_date(rule, value, beside);
    if (rule.type == field_type::file &&
        std::ranges::find(filled_.attachments, value.id, &attached_file::id) == filled_.attachments.end())
      add("file", "The file that the answer names is not attached.", value.where, "Attach it.");
  }

  void check_writing(field_rule const& rule, entry const& value) {
    auto const written = words_in(value.text);
    if (rule.max_words != 0 && written > rule.max_words)
      add("too_many_words",
          "The answer has " + std::to_string(written) + " words; " + std::to_string(rule.max_words) + " are allowed.",
          value.where, "Shorten it.");
    if (rule.is_country && !is_country_code(value.text))
      add("country", "The answer is not a country code of two letters.", value.where,
          "Write the ISO 3166 code in capitals, for instance FR.");
  }

  void check_date(field_rule const& rule, entry const& value, answers const& beside) {
    auto const day = *parse_date(value.text);
    if (rule.in_future && day <= *today_)
      add("dates", "\"" + rule.title + "\" would be over before a decision.", value.where,
          "Choose a date in the future.");
    auto const* const earlier = find(beside, rule.not_before);
    if (earlier == nullptr || earlier->entries.empty()) return;
    if (auto const begin = parse_date(earlier->entries.front().text); begin && day < *begin)
      add("dates", "\"" + rule.title + "\" is before the beginning.", value.where, "Correct the dates.");
  }

  bool is_wanted(field_rule const& rule, answers const& beside) const {
    return rule.required || (rule.required_if && holds(*rule.required_if, beside));
  }

  bool holds(asked_if const& condition, answers const& beside) const {
    answers const* where = &beside;
    if (!condition.section.empty()) {
      auto const part = std::ranges::find(filled_.parts, condition.section, &filled_part::section);
      where = part == filled_.parts.end() ? nullptr : &part->answers;
    }
    auto const* const given = where == nullptr ? nullptr : find(*where, condition.field);
    auto const asks_for = [&](std::string const& key) {
      return std::ranges::find(condition.keys, key) != condition.keys.end();
    };
    bool any = false;
    if (given != nullptr)
      for (auto const& value : given->entries) {
        if (!value.text.empty() && asks_for(value.text)) return true;
        any = any || value.odd || !value.text.empty();
      }
    return !any && asks_for("");
  }

  void check_attachments() {
    for (auto const& file : filled_.attachments)
      if (auto fine = screen_attachment(file.name, file.size, rules_.attachments); !fine) {
        auto finding = fine.error();
        finding.where = file.where;
        found_.push_back(std::move(finding));
      }
  }

  void check_unknown_sections() {
    for (auto const& part : filled_.parts)
      if (std::ranges::find(rules_.sections, part.section, &section_rule::key) == rules_.sections.end())
        add_unknown("unknown_section", part.where);
  }

  filled_form const& filled_;
  form_rules const& rules_;
  std::optional<date> today_;
  problems found_;
};

}  // namespace

problems screen_draft(filled_form const& filled, form_rules const& rules) {
  return screening(filled, rules, std::nullopt).run();
}

problems screen_complete(filled_form const& filled, form_rules const& rules, date today) {
  return screening(filled, rules, today).run();
}

}  // namespace ehds::policies
