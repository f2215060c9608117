#pragma once
// Does a health database hold what its profile names? Asked before a node starts and whenever somebody asks whether it
// is ready; a query would find out too late.
#include <filesystem>

#include "base/problem.hpp"
#include "connectors/data/profile/dataset_profile.hpp"

namespace ehds::connectors {

// Every table and column that is missing. Codes: connectors.data.open, .table, .column. Reads the schema only.
problems check_database(std::filesystem::path const& database, dataset_profile const& profile);

}  // namespace ehds::connectors
