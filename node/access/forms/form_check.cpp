#include "node/access/forms/form_check.hpp"

#include "node/access/forms/answer_value.hpp"
#include "node/access/forms/attachment_rules.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace ehds::node::access {
namespace {

enum class strangers { report, ignore };  // fields that the form does not know

problem stranger(std::string code, std::string const& where) {
  return {"access.form." + std::move(code), "The form has no such place.", where, "Leave it out."};
}

class answer_check {
 public:
  answer_check(form_definition const& form, json const& answers) : form_(form), answers_(answers) {}

  // Calls visit(object, pointer) for the section's object, or for each country's in section 6.
  template <class Visit>
  void each_part(form_section const& section, Visit const& visit) {
    auto const& node = member(answers_, section.key);
    auto const where = "/form/" + section.key;
    if (!section.per_country || node.is_object()) return visit(node, where);
    if (!node.is_array()) return;
    for (std::size_t i = 0; i < node.size(); ++i) visit(node[i], where + "/" + std::to_string(i));
  }

  void shape(form_section const& section, strangers treated) {
    auto const& node = member(answers_, section.key);
    if (node.is_null()) return;
    bool const fits = node.is_object() || (section.per_country && node.is_array());
    if (!fits) return found_.push_back(stranger("type", "/form/" + section.key));
    each_part(section, [&](json const& part, std::string const& where) { shape_of(section, part, where, treated); });
  }

  void mandatory(form_section const& section) {
    each_part(section, [&](json const& part, std::string const& where) {
      for (auto const& field : section.fields) {
        auto const& value = member(part, field.key);
        if (!is_answered(field, value) && wanted(field, section, part)) missing(field, where + "/" + field.key);
        if (field.type == field_type::list) columns(field, value, where + "/" + field.key);
      }
    });
  }

  problems& found() { return found_; }

 private:
  void shape_of(form_section const& section, json const& part, std::string const& where, strangers treated) {
    if (!part.is_object()) return found_.push_back(stranger("type", where));
    for (auto const& [key, value] : part.items()) {
      auto const* const field = form_.field(section.key, key);
      if (field != nullptr && !value.is_null()) check_value(*field, value, where + "/" + key, found_);
      if (field == nullptr && treated == strangers::report)
        found_.push_back(stranger("unknown_field", where + "/" + key));
    }
  }

  bool wanted(form_field const& field, form_section const& section, json const& part) const {
    if (field.required) return true;
    if (!field.required_if) return false;
    auto const& [path, keys] = *field.required_if;
    auto const dot = path.find('.');
    auto const in = dot == std::string::npos ? section.key : path.substr(0, dot);
    auto const key = dot == std::string::npos ? path : path.substr(dot + 1);
    auto const* const other = form_.field(in, key);
    if (other == nullptr) return false;
    auto const& value = member(dot == std::string::npos ? part : member(answers_, in), key);
    auto const given = keys_of(*other, value);
    return std::ranges::find_first_of(given, keys) != given.end();
  }

  void columns(form_field const& field, json const& rows, std::string const& where) {
    if (!rows.is_array()) return;
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (auto const& column : field.fields)
        if (column.required && !is_answered(column, member(rows[i], column.key)))
          missing(column, where + "/" + std::to_string(i) + "/" + column.key);
  }

  void missing(form_field const& field, std::string const& where) {
    auto const because = field.article.empty() ? std::string{} : " (Art. " + field.article + ")";
    found_.push_back(
        {"access.form.missing", "\"" + field.label.en + "\" is not answered" + because + ".", where, "Answer it."});
  }

  form_definition const& form_;
  json const& answers_;
  problems found_;
};

void check_countries(application_document const& application, json const& answers, problems& found) {
  std::set<std::string> answered;
  for (auto const& part : member(answers, "section6")) answered.insert(choice_key(member(part, "country_id")));
  for (auto const& country : application.countries())
    if (!answered.contains(country))
      found.push_back({"access.form.countries", "Section 6 is not answered for " + country + ".", "/form/section6",
                       "Answer section 6 once for each country whose data are asked for."});
}

void check_dates(json const& answers, date today, problems& found) {
  auto const& part = member(answers, "section8");
  auto const start = parse_date(text_of(part, "estimatedStartDateOfProcessing"));
  auto const end = parse_date(text_of(part, "estimatedEndDateOfProcessing"));
  if (start && end && *end < *start)
    found.push_back({"access.form.dates", "The processing ends before it starts.",
                     "/form/section8/estimatedEndDateOfProcessing", "Correct the dates."});
  if (end && *end <= today)
    found.push_back({"access.form.dates", "The processing would be over before a decision.",
                     "/form/section8/estimatedEndDateOfProcessing", "Choose a date in the future."});
}

void check_files(application_document const& application, problems& found) {
  for (std::size_t i = 0; i < application.attachments.size(); ++i) {
    auto const& file = application.attachments[i];
    if (auto fine = allowed_attachment(file.name, file.size); !fine) {
      auto finding = fine.error();
      finding.where = "/attachments/" + std::to_string(i);
      found.push_back(std::move(finding));
    }
  }
}

// Every {id, name, size} among the answers is a file that is really attached.
void check_named_files(application_document const& application, json const& node, std::string const& where,
                       problems& found) {
  if (node.is_object() && node.contains("id") && node.contains("name") && node.contains("size")) {
    if (std::ranges::find(application.attachments, text_of(node, "id"), &attachment::id) ==
        application.attachments.end())
      found.push_back({"access.form.file", "The file that the answer names is not attached.", where, "Attach it."});
    return;
  }
  if (node.is_object())
    for (auto const& [key, child] : node.items()) check_named_files(application, child, where + "/" + key, found);
  if (node.is_array())
    for (std::size_t i = 0; i < node.size(); ++i)
      check_named_files(application, node[i], where + "/" + std::to_string(i), found);
}

}  // namespace

problems check_answers(form_definition const& form, std::string_view form_json) {
  auto answers = read_json(form_json, {});
  if (!answers) return {answers.error()};
  if (!answers->is_object()) return {stranger("type", "/form")};
  answer_check check{form, *answers};
  for (auto const& section : form.sections) check.shape(section, strangers::report);
  for (auto const& [key, value] : answers->items())
    if (form.section(key) == nullptr) check.found().push_back(stranger("unknown_section", "/form/" + key));
  return std::move(check.found());
}

problems check_section(form_definition const& form, std::string_view section, std::string_view answers_json) {
  auto answers = read_json(answers_json, {});
  if (!answers) return {answers.error()};
  auto const* const part = form.section(section);
  if (part == nullptr) return {stranger("unknown_section", "/form/" + std::string{section})};
  json whole = json::object();
  whole[part->key] = std::move(*answers);
  answer_check check{form, whole};
  check.shape(*part, strangers::report);
  return std::move(check.found());
}

problems check_complete(form_definition const& form, application_document const& application, date today) {
  auto answers = read_json(application.form_json, {});
  if (!answers) return {answers.error()};
  answer_check check{form, *answers};
  for (auto const& section : form.sections) {
    check.shape(section, strangers::ignore);
    check.mandatory(section);
  }
  auto found = std::move(check.found());
  check_countries(application, *answers, found);
  if (form.type == application_type::data_access) check_dates(*answers, today, found);
  check_files(application, found);
  check_named_files(application, *answers, "/form", found);
  return found;
}

}  // namespace ehds::node::access
