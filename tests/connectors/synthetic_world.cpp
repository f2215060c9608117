#include "synthetic_world.hpp"

#include "base/ids.hpp"
#include "connectors/data/sqlite/connection.hpp"

namespace ehds::tests {

namespace synthetic = connectors::synthetic;

temporary_folder::temporary_folder()
    : path_(std::filesystem::temp_directory_path() / ("ehds-connectors-" + random_uuid())) {
  std::filesystem::create_directories(path_);
}
temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

synthetic::population_plan plan_for(std::string const& country, std::int64_t persons, std::uint64_t seed) {
  return {synthetic::find_country(country).value(), seed, persons};
}

namespace {
std::filesystem::path const& shared_folder() {
  static temporary_folder const folder;
  return folder.path();
}
}  // namespace

std::filesystem::path const& finnish_omop() {
  static auto const file = [] {
    auto const made = shared_folder() / "fi-omop.sqlite";
    synthetic::write_omop_world(plan_for("FI"), made, {});
    return made;
  }();
  return file;
}

std::filesystem::path const& french_snds() {
  static auto const file = [] {
    auto const made = shared_folder() / "fr-snds.sqlite";
    synthetic::write_snds_world(plan_for("FR"), made, {});
    return made;
  }();
  return file;
}

std::int64_t count_in(std::filesystem::path const& database, std::string const& sql) {
  auto opened = connectors::sqlite::connection::open_read_only(database).value();
  auto question = opened.prepare(sql);
  return question.step() ? question.integer(0) : 0;
}

}  // namespace ehds::tests
