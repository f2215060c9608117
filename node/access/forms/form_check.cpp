#include "node/access/forms/form_check.hpp"

#include "node/access/forms/form_rules.hpp"
#include "node/access/forms/read_answers.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

namespace ehds::node::access {
namespace {

result<json> read_form(std::string_view form_json) {
  auto answers = read_json(form_json, {});
  if (!answers) return std::move(answers).error();
  if (!answers->is_object())
    return problem{"access.form.type", "The form is not a set of sections.", "/form", "Send {\"section1\": ...}."};
  return answers;
}

}  // namespace

problems check_answers(form_definition const& form, std::string_view form_json) {
  auto const answers = read_form(form_json);
  if (!answers) return {answers.error()};
  return as_ours(policies::screen_draft(read_answers(form, *answers), rules_of(form)));
}

problems check_section(form_definition const& form, std::string_view section, std::string_view answers_json) {
  auto answers = read_json(answers_json, {});
  if (!answers) return {answers.error()};
  json whole = json::object();
  whole[std::string{section}] = std::move(*answers);
  policies::form_rules rules{{}, {}};
  if (auto const* const part = form.section(section); part != nullptr) rules.sections.push_back(rules_of(*part));
  return as_ours(policies::screen_draft(read_answers(form, whole), rules));
}

problems check_complete(form_definition const& form, application_document const& application, date today) {
  auto const answers = read_form(application.form_json);
  if (!answers) return {answers.error()};
  auto filled = read_answers(form, *answers);
  filled.countries = application.countries();
  for (auto const& file : application.attachments) {
    auto const place = "/attachments/" + std::to_string(filled.attachments.size());
    filled.attachments.push_back({file.id, file.name, file.size, place});
  }
  return as_ours(policies::screen_complete(filled, rules_of(form), today));
}

}  // namespace ehds::node::access
