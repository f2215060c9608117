// The records of the configured folder, taken into a store of their own.
#include "base/ids.hpp"
#include "dcat/release/pack.hpp"
#include "dcat/validate/validate.hpp"
#include "node/catalogue/record_book.hpp"
#include "node/house/surroundings.hpp"

namespace ehds::node::house {
namespace {

// For one look, gone afterwards.
struct passing_store {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("ehds-check-" + random_uuid());
  passing_store() { std::filesystem::create_directories(folder); }
  ~passing_store() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  passing_store(passing_store const&) = delete;
  passing_store& operator=(passing_store const&) = delete;
};

bool is_readable_folder(std::filesystem::path const& folder) {
  std::error_code fault;
  std::filesystem::directory_iterator(folder, fault);
  return !fault;
}

problems unrecorded(config::configuration const& settings, catalogue::record_book const& records) {
  problems found;
  for (std::size_t i = 0; i < settings.health_data.size(); ++i)
    if (auto const& id = settings.health_data[i].id; !records.find(id))
      found.push_back({"zone.catalogue", "The dataset " + id + " has no record in the catalogue.",
                       "/health_data/" + std::to_string(i) + "/dataset",
                       "Write it as the record's dct:identifier, or add its record to " +
                           settings.catalogue.records.string() + "."});
  return found;
}

}  // namespace

record_findings check_records(config::configuration const& settings) {
  if (!settings.serves_edge() || settings.catalogue.records.empty()) return {};
  auto const pack = dcat::shipped_release_pack(settings.catalogue.release);
  if (!pack || !is_readable_folder(settings.catalogue.records)) return {};
  passing_store const room;
  auto db = store::database::open(room.folder / "records.sqlite", {.migrations = catalogue::record_book::migrations()});
  if (!db) return {{db.error()}, {}};
  system_clock const wall;
  dcat::validator const rules(*pack);
  catalogue::record_book records(
      *db, wall, *pack, rules, {settings.node.id, "EU"},
      [](store::transaction&, catalogue::dataset_message const&) -> result<std::string> { return std::string{}; },
      [](store::transaction&, std::string_view, std::string_view, std::string_view) {});
  record_findings found;
  for (auto const& one : records.read_folder(settings.catalogue.records.string(), "check"))
    found.refused.push_back(placed(one, "/catalogue/records"));
  found.unrecorded = unrecorded(settings, records);
  return found;
}

}  // namespace ehds::node::house
