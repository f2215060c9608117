#include "cleared.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "connectors/data/sqlite/connection.hpp"
#include "policies/approval/judge.hpp"
#include "policies/disclosure/raw_cells.hpp"

namespace ehds::tests {

std::string text_of_file(std::filesystem::path const& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) throw std::runtime_error("no file " + file.string());
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::filesystem::path protocol_folder(std::string const& name) {
  return std::filesystem::path{EHDS_TEST_DIR} / "protocols" / name;
}

policies::aggregate_query query_of(std::string const& protocol) {
  return policies::read_aggregate_query(text_of_file(protocol_folder(protocol) / "query.json")).value();
}

connectors::dataset_profile shipped_profile(std::string const& name, std::string const& country) {
  auto const file = std::filesystem::path{EHDS_SOURCE_DIR} / "connectors/data/profiles" / (name + ".json");
  return connectors::profile_of_country(connectors::read_profile(text_of_file(file)).value(), country);
}

instant noon() { return start_of(parse_date("2026-03-02").value()) + std::chrono::hours{12}; }

policies::cleared_query clear(policies::aggregate_query const& query, std::string_view snapshot) {
  policies::data_permit permit;
  permit.id = "TEST-1";
  permit.authority = "FI";
  permit.protocol = query.protocol;
  permit.queries = {{query.dataset, policies::query_hash(query)}};
  permit.valid_from = parse_date("2026-01-01").value();
  permit.valid_to = parse_date("2026-12-31").value();
  permit.persons = {"tester"};
  permit.opt_out_snapshot = parse_date(snapshot).value();
  permit.disclosure_policy = "test";
  auto judged = policies::judge(query, permit, {"tester"}, noon());
  if (!judged) throw std::runtime_error(to_text(judged.error().to_officer));
  return std::move(judged).value();
}

figures_by_label figures_of(policies::raw_table const& table) {
  auto const& raw = policies::disclosure::raw_reading::of(table);
  figures_by_label found;
  for (std::size_t cell = 0; cell < raw.cells.size(); ++cell) {
    auto const& persons = raw.cells[cell].persons;
    if (persons.empty()) continue;
    figures total{{static_cast<std::int64_t>(persons.size())}};
    for (std::size_t i = 0; i < raw.layout.measures.size(); ++i) {
      auto const& measure = raw.layout.measures[i];
      if (measure.what == policies::measured::persons) continue;
      std::int64_t sum = 0;
      for (auto const& one : persons) sum += measure.what == policies::measured::events ? one.events : one.sums.at(i);
      total.values.push_back(sum);
    }
    if (raw.layout.denominator) total.values.push_back(raw.cells[cell].denominator);
    found[raw.layout.labels_of(cell)] = total;
  }
  return found;
}

std::int64_t dataset_persons_of(policies::raw_table const& table) {
  return policies::disclosure::raw_reading::of(table).dataset_persons;
}

figures_by_label recount(std::filesystem::path const& database, std::string const& sql, std::size_t labels,
                         std::string_view snapshot) {
  auto opened = connectors::sqlite::connection::open_read_only(database).value();
  auto text = sql;
  for (auto at = text.find(":snapshot)"); at != std::string::npos; at = text.find(":snapshot)"))
    text.replace(at, 9, "'" + std::string{snapshot} + "'");
  auto rows = opened.prepare(text);
  figures_by_label found;
  while (rows.step()) {
    std::vector<std::string> key;
    figures total;
    for (int at = 0; at < rows.columns(); ++at) {
      if (static_cast<std::size_t>(at) < labels) {
        key.push_back(rows.text(at));
      } else {
        total.values.push_back(rows.integer(at));
      }
    }
    if (total.values.front() != 0) found[key] = total;
  }
  return found;
}

}  // namespace ehds::tests
