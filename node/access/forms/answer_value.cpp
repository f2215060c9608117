#include "node/access/forms/answer_value.hpp"

#include "base/numbers.hpp"
#include "base/time.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ehds::node::access {
namespace {

std::size_t code_points(std::string_view text) {
  auto const starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::ranges::count_if(text, starts));
}

problem wrong_type(form_field const& field, std::string const& where) {
  return {"access.form.type", "The answer is not of the type " + std::string{type_name(field.type)} + ".", where,
          "Answer with the type that the form names."};
}

void check_text(form_field const& field, json const& value, std::string const& where, problems& found) {
  auto const text = value.is_object() ? text_of(value, "value") : value.is_string() ? value.get<std::string>() : "";
  if (!value.is_string() && !value.is_object()) return found.push_back(wrong_type(field, where));
  if (field.max != 0 && code_points(text) > field.max)
    found.push_back({"access.form.too_long", "The answer is longer than " + std::to_string(field.max) + " characters.",
                     where, "Shorten it."});
  if (field.type == field_type::email && !text.empty() && text.find('@') == std::string::npos)
    found.push_back(wrong_type(field, where));
}

void check_choice(form_field const& field, json const& value, std::string const& where, problems& found) {
  auto const key = choice_key(value);
  if (key.empty() && value.is_string()) return;  // not answered
  if (std::ranges::find(field.choices, key, &form_choice::key) == field.choices.end())
    found.push_back({"access.form.choice", "The answer is none of the choices.", where, "Choose one of the keys."});
}

void check_number(form_field const& field, json const& value, std::string const& where, problems& found) {
  bool const written = value.is_string() && parse_number<double>(value.get<std::string>()).has_value();
  bool const empty = value.is_string() && value.get<std::string>().empty();
  if (!value.is_number() && !written && !empty) found.push_back(wrong_type(field, where));
}

void check_file(form_field const& field, json const& value, std::string const& where, problems& found) {
  auto const good = [](json const& file) { return !text_of(file, "id").empty() && !text_of(file, "name").empty(); };
  bool const fits = value.is_array() ? std::ranges::all_of(value, good) : value.is_object() && good(value);
  if (!fits) found.push_back(wrong_type(field, where));
}

void check_list(form_field const& field, json const& value, std::string const& where, problems& found) {
  if (!value.is_array()) return found.push_back(wrong_type(field, where));
  for (std::size_t i = 0; i < value.size(); ++i) {
    auto const entry = where + "/" + std::to_string(i);
    if (!value[i].is_object()) {
      found.push_back(wrong_type(field, entry));
      continue;
    }
    for (auto const& column : field.fields)
      if (auto const& cell = member(value[i], column.key); !cell.is_null())
        check_value(column, cell, entry + "/" + column.key, found);
  }
}

bool is_ticked(json const& value) {
  if (value.is_boolean()) return value.get<bool>();
  auto const key = choice_key(value);
  return key == "a" || key == "true" || key == "on";
}

}  // namespace

bool is_answered(form_field const& field, json const& value) {
  if (value.is_null()) return false;
  switch (field.type) {
    case field_type::tick:
      return is_ticked(value);
    case field_type::choice:
      return !choice_key(value).empty();
    case field_type::phone:
      return !(value.is_string() ? value.get<std::string>() : text_of(value, "number")).empty();
    case field_type::text:
    case field_type::email:
    case field_type::date:
    case field_type::number:
      return value.is_string() ? !value.get<std::string>().empty()
                               : value.is_number() || !text_of(value, "value").empty();
    case field_type::multi:
    case field_type::file:
    case field_type::list:
      return !value.empty() && !(value.is_string() && value.get<std::string>().empty());
  }
  return false;
}

std::vector<std::string> keys_of(form_field const& field, json const& value) {
  if (!is_answered(field, value)) return {""};
  if (field.type == field_type::tick) return {"a"};
  std::vector<std::string> keys;
  if (value.is_array())
    for (auto const& entry : value) keys.push_back(choice_key(entry));
  else
    keys.push_back(choice_key(value));
  return keys;
}

void check_value(form_field const& field, json const& value, std::string const& where, problems& found) {
  switch (field.type) {
    case field_type::text:
    case field_type::email:
      return check_text(field, value, where, found);
    case field_type::choice:
      return check_choice(field, value, where, found);
    case field_type::multi:
      if (!value.is_array()) return check_choice(field, value, where, found);
      for (std::size_t i = 0; i < value.size(); ++i)
        check_choice(field, value[i], where + "/" + std::to_string(i), found);
      return;
    case field_type::number:
      return check_number(field, value, where, found);
    case field_type::date:
      if (!value.is_string() || (!value.get<std::string>().empty() && !parse_date(value.get<std::string>())))
        found.push_back(wrong_type(field, where));
      return;
    case field_type::file:
      return check_file(field, value, where, found);
    case field_type::list:
      return check_list(field, value, where, found);
    case field_type::phone:
      if (!value.is_string() && !value.is_object()) found.push_back(wrong_type(field, where));
      return;
    case field_type::tick:
      if (!value.is_boolean() && !value.is_string() && !value.is_object()) found.push_back(wrong_type(field, where));
      return;
  }
}

}  // namespace ehds::node::access
