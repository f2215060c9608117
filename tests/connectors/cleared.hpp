#pragma once
// Clearance for tests, by the only way there is: a permit that approves the query, and judge().
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "connectors/data/profile/dataset_profile.hpp"
#include "policies/cleared_query.hpp"
#include "policies/raw_table.hpp"

namespace ehds::tests {

inline constexpr std::string_view snapshot_text = "2025-06-30";

std::string text_of_file(std::filesystem::path const& file);
std::filesystem::path protocol_folder(std::string const& name);
policies::aggregate_query query_of(std::string const& protocol);  // tests/connectors/protocols/<protocol>/query.json
connectors::dataset_profile shipped_profile(std::string const& name, std::string const& country);

instant noon();  // an instant at which permits of tests are live
policies::cleared_query clear(policies::aggregate_query const& query, std::string_view snapshot = snapshot_text);

// What a table says of one cell; cells without persons are left out.
struct figures {
  std::vector<std::int64_t> values;  // persons, then the other measures in their order, then the denominator if any
  bool operator==(figures const&) const = default;
};
using figures_by_label = std::map<std::vector<std::string>, figures>;

// Opens a raw table as only policies/disclosure and tests do.
figures_by_label figures_of(policies::raw_table const& table);
std::int64_t dataset_persons_of(policies::raw_table const& table);
// The same from a hand-written statement: labels, then figures.
figures_by_label recount(std::filesystem::path const& database, std::string const& sql, std::size_t labels,
                         std::string_view snapshot = snapshot_text);

}  // namespace ehds::tests
