#include "node/access/forms/form_rules.hpp"

#include "node/access/forms/attachment_rules.hpp"

namespace ehds::node::access {
namespace {

// "section5.legalBasis", or the bare key of a field beside.
policies::asked_if condition_of(field_condition const& condition) {
  auto const dot = condition.field.find('.');
  if (dot == std::string::npos) return {"", condition.field, condition.keys};
  return {condition.field.substr(0, dot), condition.field.substr(dot + 1), condition.keys};
}

policies::field_rule rule_of(form_field const& field) {
  policies::field_rule rule;
  rule.key = field.key;
  rule.title = field.label.en;
  rule.article = field.article;
  rule.type = field.type;
  rule.required = field.required;
  if (field.required_if) rule.required_if = condition_of(*field.required_if);
  rule.max = field.max;
  rule.max_words = field.max_words;
  rule.is_country = field.is_country;
  for (auto const& choice : field.choices) rule.choices.push_back(choice.key);
  for (auto const& column : field.fields) rule.columns.push_back(rule_of(column));
  rule.not_before = field.not_before;
  rule.in_future = field.in_future;
  return rule;
}

}  // namespace

policies::section_rule rules_of(form_section const& section) {
  policies::section_rule rule{section.key, section.title.en, section.per_country, {}};
  for (auto const& field : section.fields) rule.fields.push_back(rule_of(field));
  return rule;
}

policies::form_rules rules_of(form_definition const& form) {
  policies::form_rules rules{{}, accepted_attachments()};
  for (auto const& section : form.sections) rules.sections.push_back(rules_of(section));
  return rules;
}

problem as_ours(problem finding) {
  static constexpr std::string_view theirs = "screening.";
  if (finding.code.starts_with(theirs)) finding.code = "access." + finding.code.substr(theirs.size());
  return finding;
}

problems as_ours(problems findings) {
  for (auto& finding : findings) finding = as_ours(std::move(finding));
  return findings;
}

}  // namespace ehds::node::access
