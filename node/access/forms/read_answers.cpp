#include "node/access/forms/read_answers.hpp"

#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

namespace ehds::node::access {
namespace {

using policies::entry;
using entries = std::vector<entry>;

entry text_at(std::string where, std::string text) { return {std::move(where), std::move(text), {}, false, {}}; }
entry odd_at(std::string where) { return {std::move(where), {}, {}, true, {}}; }

std::string at(std::string const& where, std::size_t index) { return where + "/" + std::to_string(index); }

// A string, or an object that says it in one member.
entry read_text(json const& value, char const* in, std::string const& where) {
  if (value.is_object()) return text_at(where, text_of(value, in));
  return value.is_string() ? text_at(where, value.get<std::string>()) : odd_at(where);
}

entry read_number(json const& value, std::string const& where) {
  if (value.is_number()) return text_at(where, to_line(value));
  return value.is_string() ? text_at(where, value.get<std::string>()) : odd_at(where);
}

entry read_choice(json const& value, std::string const& where) {
  auto key = choice_key(value);
  return key.empty() && !value.is_string() ? odd_at(where) : text_at(where, std::move(key));
}

entry read_tick(json const& value, std::string const& where) {
  if (value.is_boolean()) return text_at(where, value.get<bool>() ? "a" : "");
  if (!value.is_string() && !value.is_object()) return odd_at(where);
  auto const key = choice_key(value);
  return text_at(where, key == "a" || key == "true" || key == "on" ? "a" : "");
}

entry read_file(json const& value, std::string const& where) {
  return {where, text_of(value, "name"), text_of(value, "id"), false, {}};
}

entries read_files(json const& value, std::string const& where) {
  entries files;
  if (value.is_object()) files.push_back(read_file(value, where));
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i) files.push_back(read_file(value[i], at(where, i)));
  bool odd = !value.is_object() && !value.is_array();
  for (auto const& file : files) odd = odd || file.id.empty() || file.text.empty();
  return odd ? entries{odd_at(where)} : files;
}

policies::answer read_answer(form_field const& field, json const& value, std::string const& where);

entry read_row(form_field const& field, json const& row, std::string const& where) {
  if (!row.is_object()) return odd_at(where);
  auto read = text_at(where, {});
  for (auto const& column : field.fields)
    read.columns.push_back(read_answer(column, member(row, column.key), where + "/" + column.key));
  return read;
}

template <class Read>
entries read_each(json const& values, std::string const& where, Read const& read) {
  entries all;
  for (std::size_t i = 0; i < values.size(); ++i) all.push_back(read(values[i], at(where, i)));
  return all;
}

entries read_entries(form_field const& field, json const& value, std::string const& where) {
  switch (field.type) {
    case field_type::text:
    case field_type::email:
      // The official form sends a country as the choice it is: {"key": "FR", "value": "France"}.
      return {read_text(value, field.is_country ? "key" : "value", where)};
    case field_type::phone:
      return {read_text(value, "number", where)};
    case field_type::date:
      return {value.is_string() ? text_at(where, value.get<std::string>()) : odd_at(where)};
    case field_type::number:
      return {read_number(value, where)};
    case field_type::choice:
      return {read_choice(value, where)};
    case field_type::multi:
      return value.is_array() ? read_each(value, where, read_choice) : entries{read_choice(value, where)};
    case field_type::tick:
      return {read_tick(value, where)};
    case field_type::file:
      return read_files(value, where);
    case field_type::list:
      break;
  }
  if (!value.is_array()) return {odd_at(where)};
  return read_each(value, where,
                   [&](json const& row, std::string const& place) { return read_row(field, row, place); });
}

policies::answer read_answer(form_field const& field, json const& value, std::string const& where) {
  return {field.key, value.is_null() ? entries{} : read_entries(field, value, where)};
}

policies::filled_part read_part(form_section const& section, json const& answers, std::string where) {
  policies::filled_part part{section.key, std::move(where), {}, !answers.is_object(), {}};
  if (part.odd) return part;
  if (section.per_country) part.country = choice_key(member(answers, "country_id"));
  for (auto const& [key, value] : answers.items()) {
    auto const* const field = section.field(key);
    part.answers.push_back(field == nullptr ? policies::answer{key, {}}
                                            : read_answer(*field, value, part.where + "/" + key));
  }
  return part;
}

}  // namespace

policies::filled_form read_answers(form_definition const& form, json const& answers) {
  policies::filled_form filled;
  filled.where = "/form";
  for (auto const& [key, value] : answers.items()) {
    auto const where = filled.where + "/" + key;
    auto const* const section = form.section(key);
    if (section == nullptr) {
      filled.parts.push_back({key, where, {}, false, {}});
    } else if (section->per_country && value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i)
        filled.parts.push_back(read_part(*section, value[i], at(where, i)));
    } else if (!value.is_null()) {
      filled.parts.push_back(read_part(*section, value, where));
    }
  }
  return filled;
}

}  // namespace ehds::node::access
