#include "node/access/forms/form_release.hpp"

#include "node/access/shipped.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace ehds::node::access {
namespace {

constexpr std::array<std::pair<field_type, std::string_view>, 10> type_names{{{field_type::text, "text"},
                                                                              {field_type::choice, "choice"},
                                                                              {field_type::multi, "multi"},
                                                                              {field_type::number, "number"},
                                                                              {field_type::date, "date"},
                                                                              {field_type::file, "file"},
                                                                              {field_type::list, "list"},
                                                                              {field_type::email, "email"},
                                                                              {field_type::phone, "phone"},
                                                                              {field_type::tick, "tick"}}};

problem broken(std::string const& where, std::string const& what) {
  return {"access.form.definition", what, where, "Correct the file of the form release."};
}

localized_text read_localized_text(json const& node) { return {text_of(node, "en"), text_of(node, "fr")}; }

std::vector<form_choice> read_choices(json const& node) {
  std::vector<form_choice> choices;
  for (auto const& choice : node)
    choices.push_back({text_of(choice, "key"), read_localized_text(member(choice, "label"))});
  return choices;
}

std::optional<field_condition> read_condition(json const& node) {
  if (!node.is_object()) return std::nullopt;
  return field_condition{text_of(node, "field"), text_list(node, "in")};
}

result<std::vector<form_field>> read_fields(json const& nodes, std::string const& where);

result<form_field> read_field(json const& node, std::string const& where) {
  form_field field;
  field.key = text_of(node, "key");
  auto const name = text_of(node, "type");
  auto const type = std::ranges::find(type_names, name, [](auto const& pair) { return pair.second; });
  if (field.key.empty() || type == type_names.end())
    return broken(where + "/" + field.key, "A field lacks its key or a known type.");
  field.type = type->first;
  field.label = read_localized_text(member(node, "label"));
  field.help = read_localized_text(member(node, "help"));
  field.max = static_cast<std::size_t>(std::max(0LL, number_of(node, "max")));
  field.max_words = static_cast<std::size_t>(std::max(0LL, number_of(node, "maxWords")));
  field.is_country = flag_of(node, "country");
  field.required = flag_of(node, "required");
  field.required_if = read_condition(member(node, "requiredIf"));
  field.choices = read_choices(member(node, "choices"));
  field.article = text_of(node, "article");
  field.not_before = text_of(node, "notBefore");
  field.in_future = flag_of(node, "inFuture");
  field.national = flag_of(node, "national");
  auto columns = read_fields(member(node, "fields"), where + "/" + field.key);
  if (!columns) return std::move(columns).error();
  field.fields = std::move(*columns);
  bool const chooses = field.type == field_type::choice || field.type == field_type::multi;
  if (chooses == field.choices.empty()) return broken(where + "/" + field.key, "Choices and type do not agree.");
  return field;
}

result<std::vector<form_field>> read_fields(json const& nodes, std::string const& where) {
  std::vector<form_field> fields;
  for (auto const& node : nodes) {
    auto field = read_field(node, where);
    if (!field) return std::move(field).error();
    fields.push_back(std::move(*field));
  }
  return fields;
}

result<form_section> read_section(json const& node) {
  form_section section;
  section.number = static_cast<int>(number_of(node, "number"));
  section.key = text_of(node, "key");
  section.title = read_localized_text(member(node, "title"));
  section.per_country = flag_of(node, "perCountry");
  section.is_public = flag_of(node, "public");
  if (section.key.empty()) return broken("section " + std::to_string(section.number), "A section lacks its key.");
  auto fields = read_fields(member(node, "fields"), section.key);
  if (!fields) return std::move(fields).error();
  section.fields = std::move(*fields);
  return section;
}

}  // namespace

std::string_view to_code(application_type type) {
  return type == application_type::data_access ? "DATA_ACCESS_APPLICATION" : "DATA_REQUEST_APPLICATION";
}

std::optional<application_type> application_type_of(std::string_view code) {
  if (code == "DATA_ACCESS_APPLICATION" || code == "application") return application_type::data_access;
  if (code == "DATA_REQUEST_APPLICATION" || code == "request") return application_type::data_request;
  return std::nullopt;
}

form_section const* form_definition::section(std::string_view key) const {
  auto const found = std::ranges::find(sections, key, &form_section::key);
  return found == sections.end() ? nullptr : &*found;
}

form_field const* form_section::field(std::string_view wanted) const {
  auto const found = std::ranges::find(fields, wanted, &form_field::key);
  return found == fields.end() ? nullptr : &*found;
}

form_field const* form_definition::field(std::string_view section_key, std::string_view key) const {
  auto const* const part = section(section_key);
  return part == nullptr ? nullptr : part->field(key);
}

result<form_definition> read_form_definition(std::string_view text) {
  auto document = read_json(text, {});
  if (!document) return std::move(document).error();
  form_definition form;
  form.release = text_of(*document, "release");
  auto const type = application_type_of(text_of(*document, "type"));
  if (form.release.empty() || !type) return broken("", "The form lacks its release or a known type.");
  form.type = *type;
  form.title = read_localized_text(member(*document, "title"));
  form.article = text_of(*document, "article");
  for (auto const& node : member(*document, "sections")) {
    auto section = read_section(node);
    if (!section) return std::move(section).error();
    form.sections.push_back(std::move(*section));
  }
  return form;
}

form_definition const* shipped_form(std::string_view release, application_type type) {
  static std::array<form_definition, 2> const forms{read_form_definition(shipped::data_access_application()).value(),
                                                    read_form_definition(shipped::data_request_application()).value()};
  auto const fits = [&](form_definition const& form) { return form.release == release && form.type == type; };
  auto const found = std::ranges::find_if(forms, fits);
  return found == forms.end() ? nullptr : &*found;
}

std::string_view newest_form_release() { return "r8"; }

}  // namespace ehds::node::access
