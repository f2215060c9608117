#include <algorithm>
#include <array>

#include "connectors/data/profile/check_profile.hpp"
#include "connectors/data/profile/dataset_profile.hpp"
#include "policies/json/object_reader.hpp"

namespace ehds::connectors {
namespace {

namespace json = policies::json;

constexpr std::string_view family = "profile";
constexpr std::size_t most_tables = 100;
constexpr std::size_t most_columns = 200;
constexpr std::size_t most_values = 10'000;

class profile_reading {
 public:
  explicit profile_reading(problems& found) : found_(found) {}
  dataset_profile read(json::value const& v);

 private:
  column_place read_place(std::string const& text, std::string const& where);
  std::vector<table_join> read_joins(json::object_reader& from);
  std::vector<profile_column> read_columns(json::object_reader& from);
  std::vector<code_column> read_codes(json::object_reader& from);
  person_table read_person(json::value const& v, std::string const& where);
  event_table read_table(json::value const& v, std::string const& where);
  profile_dimension read_dimension(json::value const& v, std::string const& where);
  dimension_value read_value(json::value const& v, std::string const& where);

  problems& found_;
};

// "home.state", or "state" for a column of the table itself.
column_place profile_reading::read_place(std::string const& text, std::string const& where) {
  auto const dot = text.find('.');
  column_place const place =
      dot == std::string::npos ? column_place{"t", text} : column_place{text.substr(0, dot), text.substr(dot + 1)};
  if (!is_plain_name(place.at) || !is_plain_name(place.column))
    found_.push_back({"profile.value", "\"" + text + "\" names no column.", where, "Write join.column or column."});
  return place;
}

std::vector<table_join> profile_reading::read_joins(json::object_reader& from) {
  std::vector<table_join> joins;
  if (from.optional("joins") == nullptr) return joins;
  from.each("joins", 10, [&](json::value const& item, std::string const& where) {
    json::object_reader members{item, where, family, found_};
    table_join join{members.text("name"), members.text("table"), {}};
    members.each("on", 5, [&](json::value const& pair, std::string const& at) {
      json::object_reader sides{pair, at, family, found_};
      auto const here = read_place(sides.text("here"), at);
      join.on.emplace_back(here, sides.text("there"));
      sides.refuse_others();
    });
    members.refuse_others();
    joins.push_back(std::move(join));
  });
  return joins;
}

std::vector<profile_column> profile_reading::read_columns(json::object_reader& from) {
  constexpr std::array types = {column_type::integer, column_type::text, column_type::day};
  std::vector<profile_column> columns;
  from.each("columns", most_columns, [&](json::value const& item, std::string const& where) {
    json::object_reader members{item, where, family, found_};
    profile_column column{members.text("name"), types[members.one_of("type", {"integer", "text", "day"})], {}};
    column.place = read_place(members.text_or("at", column.name), where);
    members.refuse_others();
    columns.push_back(std::move(column));
  });
  return columns;
}

std::vector<code_column> profile_reading::read_codes(json::object_reader& from) {
  std::vector<code_column> codes;
  if (from.optional("codes") == nullptr) return codes;
  from.each("codes", 20, [&](json::value const& item, std::string const& where) {
    json::object_reader members{item, where, family, found_};
    codes.push_back({members.text("column"), members.text("system"), members.truth_or("without_dot", false)});
    members.refuse_others();
  });
  return codes;
}

person_table profile_reading::read_person(json::value const& v, std::string const& where) {
  json::object_reader members{v, where, family, found_};
  person_table person;
  person.table = members.text("table");
  person.joins = read_joins(members);
  person.columns = read_columns(members);
  person.key = members.text("key");
  person.birth_year = members.text("birth_year");
  person.latest_first = members.texts_or_none("latest_first");
  members.refuse_others();
  return person;
}

event_table profile_reading::read_table(json::value const& v, std::string const& where) {
  json::object_reader members{v, where, family, found_};
  event_table table;
  table.name = members.text("name");
  table.table = members.text_or("table", table.name);
  table.joins = read_joins(members);
  table.columns = read_columns(members);
  table.person_key = members.text("person_key");
  table.date = members.text("date");
  table.row_key = members.texts_or_none("row_key");
  table.concept_column = members.text_or("concept_column", "");
  table.codes = read_codes(members);
  table.net_quantity = members.text_or("net_quantity", "");
  members.refuse_others();
  return table;
}

dimension_value profile_reading::read_value(json::value const& v, std::string const& where) {
  json::object_reader members{v, where, family, found_};
  dimension_value value;
  value.label = members.text("label");
  value.country = members.text_or("country", "");
  members.each("of", 100, [&](json::value const& item, std::string const& at) {
    if (auto const* const number = std::get_if<std::int64_t>(&item.is)) return value.of.emplace_back(*number), void();
    if (auto const* const text = std::get_if<std::string>(&item.is)) return value.of.emplace_back(*text), void();
    found_.push_back(
        {"profile.type", "A whole number or a text is expected here.", at, "Write a value of the column."});
  });
  members.refuse_others();
  return value;
}

profile_dimension profile_reading::read_dimension(json::value const& v, std::string const& where) {
  json::object_reader members{v, where, family, found_};
  profile_dimension dimension{members.text("name"), members.text("column"), {}};
  members.each("values", most_values, [&](json::value const& item, std::string const& at) {
    dimension.values.push_back(read_value(item, at));
  });
  members.refuse_others();
  return dimension;
}

dataset_profile profile_reading::read(json::value const& v) {
  json::object_reader members{v, "", family, found_};
  dataset_profile profile;
  profile.name = members.text("profile");
  profile.variant = members.text("variant");
  if (auto const* const person = members.wanted("person")) profile.person = read_person(*person, "/person");
  members.each("tables", most_tables, [&](json::value const& item, std::string const& where) {
    profile.tables.push_back(read_table(item, where));
  });
  members.each("dimensions", 20, [&](json::value const& item, std::string const& where) {
    profile.dimensions.push_back(read_dimension(item, where));
  });
  if (auto const* const observed = members.optional("observed")) {
    json::object_reader inner{*observed, "/observed", family, found_};
    profile.observed = observed_persons{inner.text("table"), inner.text("person_key")};
    inner.refuse_others();
  }
  if (auto const* const list = members.optional("opt_out")) {
    json::object_reader inner{*list, "/opt_out", family, found_};
    profile.opt_out = opt_out_list{inner.text("table"), inner.text("person_key"), inner.text("registered_on")};
    inner.refuse_others();
  }
  members.refuse_others();
  return profile;
}

dataset_profile read_all(std::string_view text, problems& found) {
  auto const read = json::read(text, {.bytes = 1024 * 1024, .depth = 12});
  if (!read) {
    found.push_back({"profile.json", read.error().detail, read.error().where, read.error().mend});
    return {};
  }
  auto profile = profile_reading{found}.read(*read);
  if (found.empty()) check_profile(profile, found);
  return profile;
}

}  // namespace

result<dataset_profile> read_profile(std::string_view text) {
  problems found;
  auto profile = read_all(text, found);
  if (!found.empty()) return found.front();
  return profile;
}

problems faults_in_profile(std::string_view text) {
  problems found;
  static_cast<void>(read_all(text, found));
  return found;
}

}  // namespace ehds::connectors
