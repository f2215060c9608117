#pragma once
// Synthetic databases that several tests read, each made once a run in a folder of its own.
#include <filesystem>
#include <string>

#include "connectors/data/synthetic/omop_world.hpp"
#include "connectors/data/synthetic/snds_world.hpp"

namespace ehds::tests {

// A new empty folder; removed when the value goes.
class temporary_folder {
 public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(temporary_folder const&) = delete;
  temporary_folder& operator=(temporary_folder const&) = delete;
  std::filesystem::path const& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline constexpr std::int64_t world_persons = 12'000;

connectors::synthetic::population_plan plan_for(std::string const& country, std::int64_t persons = world_persons,
                                                std::uint64_t seed = 7);
std::filesystem::path const& finnish_omop();
std::filesystem::path const& french_snds();

// The first column of the first row, by a plain SQL text.
std::int64_t count_in(std::filesystem::path const& database, std::string const& sql);

}  // namespace ehds::tests
