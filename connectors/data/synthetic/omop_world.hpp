#pragma once
// A synthetic population as an OMOP CDM 5.4 database.
#include <filesystem>

#include "connectors/data/synthetic/life.hpp"

namespace ehds::connectors::synthetic {

// Replaces `file`. Memory does not grow with the population. An empty csv_folder: no CSV files.
void write_omop_world(population_plan const& plan, std::filesystem::path const& file,
                      std::filesystem::path const& csv_folder);

}  // namespace ehds::connectors::synthetic
