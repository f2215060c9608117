#include "connectors/data/synthetic/omop_world.hpp"

#include <algorithm>
#include <tuple>

#include "connectors/data/synthetic/omop_tables.hpp"
#include "connectors/data/synthetic/omop_vocabulary.hpp"

namespace ehds::connectors::synthetic {
namespace {

constexpr day era_gap = 30;  // exposures and diagnoses closer than this make one era

// What the tables want to know of a concept, found once instead of for each row.
struct source_code {
  std::string_view text;
  std::optional<concept_id> id;
};

class omop_rows {
 public:
  omop_rows(sqlite::connection& to, std::filesystem::path const& csv)
      : persons_(to, omop::person, csv),
        periods_(to, omop::observation_period, csv),
        visits_(to, omop::visit_occurrence, csv),
        conditions_(to, omop::condition_occurrence, csv),
        drugs_(to, omop::drug_exposure, csv),
        procedures_(to, omop::procedure_occurrence, csv),
        measurements_(to, omop::measurement, csv),
        observations_(to, omop::observation, csv),
        deaths_(to, omop::death, csv),
        condition_eras_(to, omop::condition_era, csv),
        drug_eras_(to, omop::drug_era, csv),
        objections_(to, omop::opt_out, csv) {}

  void write(life const& told) {
    write_person(told);
    write_contacts(told);
    write_drugs(told);
    write_findings(told);
    write_condition_eras(told);
    write_drug_eras(told);
  }

 private:
  void write_person(life const& told);
  void write_contacts(life const& told);
  void write_drugs(life const& told);
  void write_findings(life const& told);
  void write_condition_eras(life const& told);
  void write_drug_eras(life const& told);

  static source_code source(concept_id standard) {
    auto const& found = find_code(standard);
    if (found.public_code.empty()) return {"", std::nullopt};
    return {found.public_code, source_of(standard)};
  }

  table_writer persons_, periods_, visits_, conditions_, drugs_, procedures_, measurements_, observations_, deaths_,
      condition_eras_, drug_eras_, objections_;
  std::int64_t period_ = 0, visit_ = 0, condition_ = 0, drug_ = 0, procedure_ = 0, measurement_ = 0, observation_ = 0,
               condition_era_ = 0, drug_era_ = 0;
  struct span_of_concept {
    concept_id what = 0;
    day from = 0;
    day to = 0;
    std::int64_t count = 0;
    day covered = 0;
  };
  std::vector<span_of_concept> open_;
  void sort_open() {
    std::ranges::sort(open_, {}, [](span_of_concept const& one) { return std::tuple{one.what, one.from, one.to}; });
  }
};

void omop_rows::write_person(life const& told) {
  auto const born = calendar(told.birth);
  auto const male = told.of == sex::male;
  persons_.add(told.number, male ? concepts::male : concepts::female, static_cast<int>(born.year()),
               static_cast<std::int64_t>(static_cast<unsigned>(born.month())),
               static_cast<std::int64_t>(static_cast<unsigned>(born.day())), concepts::none, concepts::none,
               static_cast<std::int64_t>(told.region) + 1, male ? "M" : "F");
  periods_.add(++period_, told.number, text_of(told.observed_from), text_of(told.observed_to),
               concepts::registry_record);
  if (told.death) deaths_.add(told.number, text_of(*told.death), concepts::registry_record, told.cause);
  if (told.objection) objections_.add(told.number, text_of(*told.objection));
}

void omop_rows::write_contacts(life const& told) {
  for (auto const& seen : told.contacts) {
    auto const from = text_of(seen.from);
    auto const to = text_of(seen.to);
    auto const kind = seen.where == place::inpatient ? concepts::inpatient : concepts::outpatient;
    visits_.add(++visit_, told.number, kind, from, to, concepts::registry_record);
    auto const original = source(seen.condition);
    conditions_.add(++condition_, told.number, seen.condition, from, to, concepts::registry_record, visit_,
                    original.text, original.id);
  }
}

void omop_rows::write_drugs(life const& told) {
  for (auto const& given : told.dispensations) {
    if (given.cancelled) continue;
    auto const original = source(given.drug);
    drugs_.add(++drug_, told.number, given.drug, text_of(given.on), text_of(given.on + given.days_supply - 1),
               concepts::dispensing_record, given.boxes, given.days_supply, original.text, original.id);
  }
}

void omop_rows::write_findings(life const& told) {
  for (auto const& done : told.interventions)
    procedures_.add(++procedure_, told.number, done.procedure, text_of(done.on), concepts::registry_record);
  for (auto const& read : told.readings) {
    auto const unit = read.measurement == concepts::hba1c               ? concepts::percent
                      : read.measurement == concepts::systolic_pressure ? concepts::mmhg
                                                                        : concepts::micromole;
    measurements_.add(++measurement_, told.number, read.measurement, text_of(read.on), concepts::registry_record,
                      read.value_in_tenths / 10.0, unit);
  }
  if (year_of(told.observed_to) - year_of(told.birth) >= 18)
    observations_.add(++observation_, told.number, told.smokes ? concepts::current_smoker : concepts::never_smoker,
                      text_of(told.observed_from), concepts::registry_record);
}

void omop_rows::write_condition_eras(life const& told) {
  open_.clear();
  for (auto const& seen : told.contacts) open_.push_back({seen.condition, seen.from, seen.to, 1, 0});
  sort_open();
  for (std::size_t i = 0; i < open_.size();) {
    auto era = open_[i];
    for (++i; i < open_.size() && open_[i].what == era.what && open_[i].from <= era.to + era_gap; ++i) {
      era.to = std::max(era.to, open_[i].to);
      ++era.count;
    }
    condition_eras_.add(++condition_era_, told.number, era.what, text_of(era.from), text_of(era.to), era.count);
  }
}

void omop_rows::write_drug_eras(life const& told) {
  open_.clear();
  for (auto const& given : told.dispensations)
    if (!given.cancelled)
      open_.push_back({given.drug, given.on, given.on + given.days_supply - 1, 1, given.days_supply});
  sort_open();
  for (std::size_t i = 0; i < open_.size();) {
    auto era = open_[i];
    for (++i; i < open_.size() && open_[i].what == era.what && open_[i].from <= era.to + era_gap; ++i) {
      era.to = std::max(era.to, open_[i].to);
      era.covered += open_[i].covered;
      ++era.count;
    }
    drug_eras_.add(++drug_era_, told.number, era.what, text_of(era.from), text_of(era.to), era.count,
                   std::max(0, era.to - era.from + 1 - era.covered));
  }
}

void write_places(sqlite::connection& to, country const& of, std::filesystem::path const& csv) {
  table_writer locations{to, omop::location, csv};
  std::int64_t number = 0;
  for (auto const& one : of.regions) locations.add(++number, one.nuts, one.name, one.nuts, of.code);
}

void write_source(sqlite::connection& to, country const& of, std::filesystem::path const& csv) {
  table_writer source{to, omop::cdm_source, csv};
  auto const name = "Synthetic registers of " + std::string{of.name};
  source.add(name, "SYN-" + std::string{of.code}, "EHDS synthetic data generator",
             "Made-up persons; nothing here is about anybody.", "2026-01-01", "2026-01-01", "5.4", concepts::vocabulary,
             "EHDS Synthetic 1");
}

}  // namespace

void write_omop_world(population_plan const& plan, std::filesystem::path const& file,
                      std::filesystem::path const& csv_folder) {
  auto database = sqlite::connection::create(file);
  database.run("BEGIN");
  write_omop_vocabulary(database, csv_folder);
  write_places(database, plan.of, csv_folder);
  write_source(database, plan.of, csv_folder);
  {
    omop_rows rows{database, csv_folder};
    life told;
    for (std::int64_t number = 1; number <= plan.persons; ++number) {
      tell_life(plan, number, told);
      rows.write(told);
    }
  }
  database.run(std::string{omop::indexes});
  database.run("ANALYZE; COMMIT");
}

}  // namespace ehds::connectors::synthetic
