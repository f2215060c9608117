#include "node/pages/centre/form_answers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ehds::node::pages {
namespace {

using access::field_type;
using access::form_field;
using json = nlohmann::ordered_json;

constexpr std::size_t most_rows = 200;

// Browsers send line ends as CR LF; the limits of the form count characters as people see them.
std::string with_plain_lines(std::string_view text) {
  std::string plain;
  for (char const c : text)
    if (c != '\r') plain += c;
  return plain;
}

json rows_of(form_field const& list, http::form const& form, std::string const& prefix) {
  json rows = json::array();
  for (std::size_t i = 0; i < most_rows; ++i) {
    json row = json::object();
    bool there = false;
    for (auto const& column : list.fields) {
      auto const name = prefix + list.key + "." + std::to_string(i) + "." + column.key;
      there = there || form.fields.has(name);
      auto const text = with_plain_lines(form.fields.value(name));
      if (!text.empty()) row[column.key] = column.type == field_type::tick ? json(true) : json(text);
    }
    if (!there) break;
    if (!row.empty()) rows.push_back(std::move(row));
  }
  return rows;
}

result<json> kept_files(std::string const& name, http::form const& form, json const& before, keep_file const& keep) {
  json files = json::array();
  auto const removed = form.fields.values(name + ".remove");
  for (auto const& one : before.is_array() ? before : before.is_object() ? json::array({before}) : json::array())
    if (std::ranges::find(removed, one.value("id", std::string{})) == removed.end()) files.push_back(one);
  for (auto const& file : form.files) {
    if (file.field != name || file.file_name.empty()) continue;
    auto const kept = keep(file);
    if (!kept) return kept.error();
    files.push_back({{"id", kept->id}, {"name", kept->name}, {"size", kept->size}});
  }
  return files;
}

json answer_to(form_field const& field, http::form const& form, std::string const& prefix) {
  auto const name = prefix + field.key;
  if (field.type == field_type::list) return rows_of(field, form, prefix);
  if (field.type == field_type::tick) return form.fields.value(name).empty() ? json() : json(true);
  if (field.type == field_type::multi) {
    json keys = json::array();
    for (auto const& key : form.fields.values(name))
      if (!key.empty()) keys.push_back({{"key", key}});
    return keys;
  }
  auto const text = with_plain_lines(form.fields.value(name));
  return text.empty() ? json() : json(text);
}

}  // namespace

json parsed_form(std::string_view text) {
  auto read = json::parse(text, nullptr, false);
  return read.is_discarded() ? json::object() : read;
}

result<std::string> read_answers(std::vector<form_field> const& fields, http::form const& form,
                                 std::string const& prefix, std::string_view before_json, keep_file const& keep) {
  auto const before = parsed_form(before_json);
  json answers = json::object();
  for (auto const& field : fields) {
    json answer;
    if (field.type == field_type::file) {
      auto const old = before.is_object() && before.contains(field.key) ? before[field.key] : json();
      auto files = kept_files(prefix + field.key, form, old, keep);
      if (!files) return files.error();
      answer = std::move(*files);
    } else {
      answer = answer_to(field, form, prefix);
    }
    if (!answer.is_null() && !(answer.is_array() && answer.empty())) answers[field.key] = std::move(answer);
  }
  return answers.dump();
}

std::string with_country(std::string_view form_json, std::string_view section, std::string_view country,
                         std::string_view answers_json) {
  auto const document = parsed_form(form_json);
  auto const key = std::string(section);
  json all = document.contains(key) && document[key].is_array() ? document[key] : json::array();
  auto answers = parsed_form(answers_json);
  answers["country_id"] = std::string(country);
  auto const is_this = [&](json const& one) {
    auto const id = one.value("country_id", json());
    return (id.is_string() && id == answers["country_id"]) ||
           (id.is_object() && id.value("key", json()) == answers["country_id"]);
  };
  auto const found = std::ranges::find_if(all, is_this);
  if (found == all.end())
    all.push_back(std::move(answers));
  else
    *found = std::move(answers);
  return all.dump();
}

}  // namespace ehds::node::pages
