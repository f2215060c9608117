#include "node/pages/centre/form_view.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "node/pages/centre/form_answers.hpp"

namespace ehds::node::pages {
namespace {

using access::field_type;
using access::form_field;
using json = nlohmann::ordered_json;

constexpr std::size_t empty_rows = 2;     // at the end of a list, to be filled
constexpr std::size_t long_answer = 500;  // characters; then a field has several lines

json member(json const& object, std::string const& key) {
  return object.is_object() && object.contains(key) ? object[key] : json();
}

// Answers come as "x" or {"key": "a", "value": "x"} or {"number": ".."}: what a person wrote.
std::string plain_text(json const& answer) {
  if (answer.is_string()) return answer.get<std::string>();
  if (answer.is_number() || answer.is_boolean()) return answer.dump();
  if (!answer.is_object()) return {};
  for (auto const* const key : {"key", "number", "value", "name"})
    if (answer.contains(key) && answer[key].is_string()) return answer[key].get<std::string>();
  return {};
}

std::vector<std::string> chosen_keys(json const& answer) {
  std::vector<std::string> keys;
  if (answer.is_array())
    for (auto const& one : answer) keys.push_back(plain_text(one));
  else if (!answer.is_null())
    keys.push_back(plain_text(answer));
  return keys;
}

bool is_ticked(json const& answer) {
  auto const text = plain_text(answer);
  return text == "true" || text == "a" || text == "on";
}

value choices_of(form_field const& field, json const& answer, form_words const& words) {
  auto const chosen = chosen_keys(answer);
  return value::list(field.choices, [&](access::form_choice const& choice) {
    return value::object({{"key", choice.key},
                          {"text", choice.label.in(words.language)},
                          {"chosen", value(std::ranges::find(chosen, choice.key) != chosen.end())}});
  });
}

value files_view(json const& answer) {
  std::vector<value> files;
  for (auto const& one : answer.is_array() ? answer : json::array({answer}))
    if (one.is_object() && one.contains("name"))
      files.push_back(value::object({{"file", plain_text(one["name"])}, {"file_id", plain_text(member(one, "id"))}}));
  return value::list(std::move(files));
}

std::string input_type(field_type type) {
  switch (type) {
    case field_type::date:
      return "date";
    case field_type::email:
      return "email";
    case field_type::phone:
      return "tel";
    default:
      return "text";
  }
}

// Which of the parts of the template is written.
value kinds_of(form_field const& field) {
  bool const is_long = field.type == field_type::text && (field.max == 0 || field.max > long_answer);
  bool const one_line = !is_long && (field.type == field_type::text || field.type == field_type::number ||
                                     field.type == field_type::date || field.type == field_type::email ||
                                     field.type == field_type::phone);
  return value::object({{"is_line", value(one_line)},
                        {"is_long", value(is_long)},
                        {"is_choice", value(field.type == field_type::choice)},
                        {"is_multi", value(field.type == field_type::multi)},
                        {"is_tick", value(field.type == field_type::tick)},
                        {"is_file", value(field.type == field_type::file)},
                        {"is_list", value(field.type == field_type::list)}});
}

value editable(form_field const& field, json const& answer, std::string const& prefix, form_words const& words);

// A list is a table: its columns, the rows there are, and some empty ones.
void add_rows(value& view, form_field const& field, json const& answer, std::string const& prefix,
              form_words const& words) {
  auto const count = (answer.is_array() ? answer.size() : 0) + empty_rows;
  std::vector<value> rows;
  for (std::size_t i = 0; i < count; ++i) {
    auto const row = answer.is_array() && i < answer.size() ? answer[i] : json::object();
    auto const row_prefix = prefix + field.key + "." + std::to_string(i) + ".";
    rows.push_back(value::object({{"cells", value::list(field.fields, [&](form_field const& column) {
                                     return editable(column, member(row, column.key), row_prefix, words);
                                   })}}));
  }
  view.set("rows", value::list(std::move(rows)));
}

value editable(form_field const& field, json const& answer, std::string const& prefix, form_words const& words) {
  auto const name = prefix + field.key;
  auto view = kinds_of(field);
  view.set("name", name).set("id", "f-" + name).set("label", field.label.in(words.language));
  view.set("help", field.help.in(words.language)).set("article", field.article);
  view.set("required", value(field.required)).set("conditional", value(field.required_if.has_value()));
  view.set("limit", field.max == 0 ? value("") : value(field.max));
  view.set("word_limit", field.max_words == 0 ? value("") : value(field.max_words));
  view.set("input_type", input_type(field.type)).set("country_code", value(field.is_country));
  view.set("numeric", value(field.type == field_type::number));
  view.set("text", field.type == field_type::file || field.type == field_type::list ? "" : plain_text(answer));
  view.set("ticked", value(is_ticked(answer)));
  view.set("choices", choices_of(field, answer, words)).set("files", files_view(answer));
  view.set("rows", value::list({}));
  view.set("columns", value::list(field.fields, [&](form_field const& column) {
             return value::object({{"label", column.label.in(words.language)}, {"required", value(column.required)}});
           }));
  if (field.type == field_type::list) add_rows(view, field, answer, prefix, words);
  return view;
}

std::string label_of(form_field const& field, std::string const& key, form_words const& words) {
  auto const found = std::ranges::find(field.choices, key, &access::form_choice::key);
  return found == field.choices.end() ? key : found->label.in(words.language);
}

std::string in_words(form_field const& field, json const& answer, form_words const& words) {
  std::string text;
  auto const add = [&text](std::string const& more, char const* between) {
    if (!more.empty()) text += (text.empty() ? "" : between) + more;
  };
  switch (field.type) {
    case field_type::tick:
      return is_ticked(answer) ? words.yes : "";
    case field_type::choice:
    case field_type::multi:
      for (auto const& key : chosen_keys(answer)) add(label_of(field, key, words), "; ");
      return text;
    case field_type::file:
      for (auto const& one : answer.is_array() ? answer : json::array({answer}))
        add(plain_text(member(one, "name")), "; ");
      return text;
    case field_type::list:
      for (auto const& row : answer.is_array() ? answer : json::array()) {
        std::string line;
        for (auto const& column : field.fields) {
          auto const cell = in_words(column, member(row, column.key), words);
          if (!cell.empty()) line += (line.empty() ? "" : ", ") + cell;
        }
        add(line, "\n");
      }
      return text;
    default:
      return plain_text(answer);
  }
}

value readable(std::vector<form_field> const& fields, json const& answers, form_words const& words) {
  std::vector<value> lines;
  for (auto const& field : fields) {
    auto text = in_words(field, member(answers, field.key), words);
    if (!text.empty())
      lines.push_back(value::object({{"label", field.label.in(words.language)}, {"text", std::move(text)}}));
  }
  return value::list(std::move(lines));
}

}  // namespace

value editable_fields(std::vector<form_field> const& fields, std::string_view answers_json, std::string const& prefix,
                      form_words const& words) {
  auto const answers = parsed_form(answers_json);
  return value::list(
      fields, [&](form_field const& field) { return editable(field, member(answers, field.key), prefix, words); });
}

value read_fields(std::vector<form_field> const& fields, std::string_view answers_json, form_words const& words) {
  return readable(fields, parsed_form(answers_json), words);
}

value read_form(access::form_definition const& form, std::string_view form_json, form_words const& words) {
  auto const document = parsed_form(form_json);
  std::vector<value> sections;
  for (auto const& section : form.sections) {
    auto const answers = member(document, section.key);
    auto const title = section.title.in(words.language);
    for (auto const& part : answers.is_array() ? answers : json::array({answers})) {
      auto const country = section.per_country ? plain_text(member(part, "country_id")) : std::string{};
      auto lines = readable(section.fields, part, words);
      if (!lines.is_empty())
        sections.push_back(value::object({{"title", title}, {"country", country}, {"lines", std::move(lines)}}));
    }
  }
  return value::list(std::move(sections));
}

std::string section_answers(std::string_view form_json, access::form_section const& section, std::string_view country) {
  auto const answers = member(parsed_form(form_json), section.key);
  if (!section.per_country) return answers.is_object() ? answers.dump() : "{}";
  for (auto const& part : answers.is_array() ? answers : json::array())
    if (plain_text(member(part, "country_id")) == country) return part.dump();
  return "{}";
}

}  // namespace ehds::node::pages
