#include "real_omop.hpp"

#include <zlib.h>

#include <array>
#include <stdexcept>

#include "connectors/data/sqlite/connection.hpp"

namespace ehds::tests {
namespace {

namespace sqlite = connectors::sqlite;

std::string unzipped(std::filesystem::path const& file) {
  gzFile const opened = gzopen(file.c_str(), "rb");
  if (opened == nullptr) throw std::runtime_error("no file " + file.string());
  std::string text;
  std::array<char, 64 * 1024> block{};
  for (int count = 0; (count = gzread(opened, block.data(), block.size())) > 0;)
    text.append(block.data(), static_cast<std::size_t>(count));
  gzclose(opened);
  return text;
}

// One record; quoted fields may hold commas, doubled quotes and line breaks.
std::vector<std::string> next_record(std::string_view text, std::size_t& at) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (; at < text.size(); ++at) {
    char const c = text[at];
    if (c == '"') {
      if (quoted && at + 1 < text.size() && text[at + 1] == '"')
        fields.back() += text[++at];
      else
        quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c == '\n' && !quoted) {
      ++at;
      break;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

bool whole_number(std::string const& column) {
  return column.ends_with("_id") ? column != "domain_id" && column != "vocabulary_id" && column != "concept_class_id"
                                 : column == "year_of_birth" || column == "days_supply";
}

void load(sqlite::connection& to, std::string const& table, std::string const& text) {
  std::size_t at = 0;
  auto const header = next_record(text, at);
  std::string columns;
  std::string marks;
  for (auto const& name : header) {
    columns += (columns.empty() ? "" : ", ") + name + (whole_number(name) ? " INTEGER" : " TEXT");
    marks += marks.empty() ? "?" : ", ?";
  }
  to.run("CREATE TABLE " + table + " (" + columns + ")");
  auto insert = to.prepare("INSERT INTO " + table + " VALUES (" + marks + ")");
  while (at < text.size()) {
    auto const record = next_record(text, at);
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (i >= record.size() || record[i].empty()) {
        insert.bind_null(static_cast<int>(i) + 1);
      } else {
        insert.bind(static_cast<int>(i) + 1, std::string_view{record[i]});
      }
    }
    insert.step();
    insert.reset();
  }
}

}  // namespace

void load_csv_tables(std::filesystem::path const& folder, std::vector<std::string> const& tables,
                     std::filesystem::path const& database) {
  auto made = sqlite::connection::create(database);
  made.run("BEGIN");
  for (auto const& table : tables) load(made, table, unzipped(folder / (table + ".csv.gz")));
  made.run(
      "CREATE TABLE location (location_id INTEGER PRIMARY KEY, state TEXT);"
      "CREATE TABLE opt_out (person_key INTEGER, registered_on TEXT);"
      "CREATE UNIQUE INDEX person_key ON person(person_id);"
      "CREATE INDEX conditions ON condition_occurrence(condition_concept_id);"
      "CREATE INDEX drugs ON drug_exposure(drug_concept_id);"
      "CREATE INDEX periods ON observation_period(person_id); COMMIT");
}

}  // namespace ehds::tests
