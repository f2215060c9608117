#include "connectors/data/sql/compile.hpp"

#include <algorithm>

#include "connectors/data/sql/writing.hpp"

namespace ehds::connectors {
namespace {

using policies::measured;

class compiling {
 public:
  explicit compiling(writing const& to) : to_(to) {
    for (auto const& measure : to.query.measures)
      if (measure.what != measured::persons) counted_.push_back(&measure);
    has_year_ = std::ranges::any_of(to.query.by, [](auto const& d) { return d.name == "year"; });
  }

  std::string cells(std::string const& persons) const {
    auto parts = write_concept_sets(to_);
    parts.push_back(persons);
    parts.push_back("population AS (\n  SELECT p.* FROM dataset_person AS p\n  WHERE " +
                    write_filter(to_, to_.query.population, "/population/filter") + "\n)");
    auto const dated = has_year_ || !counted_.empty() || by_event();
    if (dated && !to_.query.events) {
      to_.fault("sql.table", "The query counts or dates events but does not say which.", "/events", "Add \"events\".");
      return {};
    }
    if (dated) parts.push_back(event_row());
    return "WITH " + joined(parts, ",\n") + "\n" + (!dated ? by_person() : by_event() ? of_events() : of_persons());
  }

  std::string denominators(std::string const& persons) const {
    std::vector<std::string> columns;
    for (std::size_t i = 0; i < to_.query.by.size(); ++i)
      if (to_.query.by[i].name != "year")
        columns.push_back(write_label(to_, to_.query.by[i], "") + " AS d" + std::to_string(i + 1));
    auto const grouped = columns.size();
    columns.emplace_back("COUNT(*) AS persons");
    return "WITH " + persons + "\nSELECT " + joined(columns, ",\n  ") + "\nFROM dataset_person AS p" +
           group_by(grouped);
  }

 private:
  bool by_event() const { return to_.query.unit == policies::counted::event; }

  static std::string group_by(std::size_t columns) {
    std::vector<std::string> places;
    for (std::size_t i = 1; i <= columns; ++i) places.push_back(std::to_string(i));
    return places.empty() ? "" : "\nGROUP BY " + joined(places, ", ");
  }

  std::vector<std::string> labels(std::string const& day) const {
    std::vector<std::string> columns{"p.person_key AS person_key"};
    for (std::size_t i = 0; i < to_.query.by.size(); ++i)
      columns.push_back(write_label(to_, to_.query.by[i], day) + " AS d" + std::to_string(i + 1));
    return columns;
  }

  // The earliest rows of a person count until the cap is reached.
  std::string total(policies::measure const& measure) const {
    auto const within = "r.place <= " + to_.words.number(measure.cap_per_person);
    if (measure.what == measured::events) return "SUM(CASE WHEN " + within + " THEN 1 ELSE 0 END)";
    auto const value = "r.value_of_" + measure.of;
    auto const low = to_.words.number(measure.clip_from);
    auto const high = to_.words.number(measure.clip_to);
    return "SUM(CASE WHEN NOT " + within + " OR " + value + " IS NULL THEN 0 WHEN " + value + " < " + low + " THEN " +
           low + " WHEN " + value + " > " + high + " THEN " + high + " ELSE " + value + " END)";
  }

  std::string event_row() const {
    std::vector<std::string> wanted;
    for (auto const* const measure : counted_)
      if (measure->what == measured::sum && std::ranges::find(wanted, measure->of) == wanted.end())
        wanted.push_back(measure->of);
    std::vector<std::string> columns{"s.person_key", "s.on_date"};
    for (auto const& one : wanted) columns.push_back("s.value_of_" + one);
    if (!counted_.empty()) columns.push_back(place());
    return "event_row AS (\n  SELECT " + joined(columns, ", ") + "\n  FROM (\n    " +
           write_event_rows(to_, *to_.query.events, wanted, "/events") + "\n  ) AS s\n)";
  }

  std::string place() const {
    std::string order = "s.on_date";
    if (auto const* const table = find_table(to_.profile, to_.query.events->table))
      for (std::size_t i = 1; i <= table->row_key.size(); ++i) order += ", s.row_" + std::to_string(i);
    return "ROW_NUMBER() OVER (PARTITION BY s.person_key ORDER BY " + order + ") AS place";
  }

  std::string by_person() const { return "SELECT " + joined(labels(""), ",\n  ") + "\nFROM population AS p"; }

  // A person without such rows has no first day, so is in no cell of a year.
  std::string of_persons() const {
    auto columns = labels("e.first_day");
    std::vector<std::string> inner{"r.person_key", "MIN(r.on_date) AS first_day"};
    for (std::size_t i = 0; i < counted_.size(); ++i) {
      auto const name = "m" + std::to_string(i + 1);
      inner.push_back(total(*counted_[i]) + " AS " + name);
      columns.push_back("COALESCE(e." + name + ", 0) AS " + name);
    }
    return "SELECT " + joined(columns, ",\n  ") + "\nFROM population AS p\nLEFT JOIN (\n  SELECT " +
           joined(inner, ", ") + "\n  FROM event_row AS r GROUP BY r.person_key\n) AS e ON " +
           "e.person_key = p.person_key";
  }

  std::string of_events() const {
    auto columns = labels("r.on_date");
    auto const grouped = columns.size();
    for (std::size_t i = 0; i < counted_.size(); ++i)
      columns.push_back(total(*counted_[i]) + " AS m" + std::to_string(i + 1));
    return "SELECT " + joined(columns, ",\n  ") +
           "\nFROM population AS p\nJOIN event_row AS r ON r.person_key = p.person_key" + group_by(grouped);
  }

  writing const& to_;
  std::vector<policies::measure const*> counted_;
  bool has_year_ = false;
};

compiled_query compile_all(policies::aggregate_query const& query, dataset_profile const& profile,
                           sql_choices const& choices, problems& found) {
  compiled_query compiled;
  writing const to{query, profile, {choices.dialect, choices.schema}, found};
  if (query.variant != profile.variant)
    to.fault("sql.variant", "The query is written for " + query.variant + ", the dataset is " + profile.variant + ".",
             "/variant", "Send the variant of the protocol that fits this dataset.");
  if (!choices.schema.empty() && !is_schema_name(choices.schema))
    to.fault("sql.literal", "The schema is no plain name.", "schema", "Use lower-case letters, digits, _ and dots.");
  if (std::ranges::count(query.measures, measured::events, &policies::measure::what) > 1)
    to.fault("sql.type", "Events can be counted under one cap only.", "/measures", "Keep one measure of events.");
  auto layout = policies::lay_out(query, declared_dimensions(profile));
  if (!layout) {
    found.push_back(std::move(layout).error());
    return compiled;
  }
  compiled.layout = *std::move(layout);
  auto const persons = write_dataset_person(to, choices.opt_out_snapshot);
  compiling const parts{to};
  compiled.cells = parts.cells(persons);
  compiled.dataset_persons = "WITH " + persons + "\nSELECT COUNT(*) AS persons FROM dataset_person AS p";
  if (query.denominator) compiled.denominators = parts.denominators(persons);
  return compiled;
}

}  // namespace

result<compiled_query> compile(policies::aggregate_query const& query, dataset_profile const& profile,
                               sql_choices const& choices) {
  problems found;
  auto compiled = compile_all(policies::normal_form(query), profile, choices, found);
  if (!found.empty()) return found.front();
  return compiled;
}

problems faults_for(policies::aggregate_query const& query, dataset_profile const& profile) {
  problems found;
  static_cast<void>(compile_all(policies::normal_form(query), profile, {}, found));
  return found;
}

std::string to_script(compiled_query const& compiled) {
  auto text = "-- persons and their cells\n" + compiled.cells + ";\n\n-- persons of the dataset\n" +
              compiled.dataset_persons + ";\n";
  if (!compiled.denominators.empty()) text += "\n-- denominators\n" + compiled.denominators + ";\n";
  return text;
}

}  // namespace ehds::connectors
