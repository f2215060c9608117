#pragma once
// Writes our own small vocabulary into the vocabulary tables of the CDM.
#include <filesystem>

#include "connectors/data/sqlite/connection.hpp"

namespace ehds::connectors::synthetic {

void write_omop_vocabulary(sqlite::connection& to, std::filesystem::path const& csv_folder);

}  // namespace ehds::connectors::synthetic
