#pragma once
// A synthetic population as flat claims tables that look like a small SNDS: beneficiaries (a person may have several
// rows), reimbursed dispensations with corrections, hospital stays with diagnoses, long-term diseases.
#include <filesystem>

#include "connectors/data/synthetic/life.hpp"

namespace ehds::connectors::synthetic {

// Replaces `file`. Memory does not grow with the population. An empty csv_folder: no CSV files.
void write_snds_world(population_plan const& plan, std::filesystem::path const& file,
                      std::filesystem::path const& csv_folder);

}  // namespace ehds::connectors::synthetic
