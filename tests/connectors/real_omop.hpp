#pragma once
// Real OMOP tables, given as gzipped CSV files, as an SQLite database that the engine can read.
#include <filesystem>
#include <string>
#include <vector>

namespace ehds::tests {

// Empty fields are NULL; columns that end in _id, year_of_birth and days_supply hold whole numbers, all others texts.
// Tables of the profile that the data set lacks (location, opt_out) are made empty.
void load_csv_tables(std::filesystem::path const& folder, std::vector<std::string> const& tables,
                     std::filesystem::path const& database);

}  // namespace ehds::tests
