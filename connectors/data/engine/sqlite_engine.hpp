#pragma once
// The engine over an SQLite health database, opened so that nothing can be written.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "connectors/data/engine/engine.hpp"
#include "connectors/data/profile/dataset_profile.hpp"

namespace ehds::connectors {

struct engine_limits {
  std::chrono::milliseconds time{60'000};  // for all statements of one query together
  std::int64_t rows = 50'000'000;          // person and cell rows of one query
};

class sqlite_engine final : public engine {
 public:
  // `token_secret` (16 bytes or more, of the data zone alone) makes the person tokens that the overlap audit compares.
  // The clock outlives the engine.
  sqlite_engine(std::filesystem::path database, dataset_profile profile, std::string token_secret, clock const& now,
                engine_limits limits = {});

  // Safe to call from several threads: each run opens its own connection.
  result<policies::raw_table> run(policies::cleared_query const& cleared) override;

 private:
  std::filesystem::path database_;
  dataset_profile profile_;
  std::string token_secret_;
  clock const& now_;
  engine_limits limits_;
};

}  // namespace ehds::connectors
