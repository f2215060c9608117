#pragma once
// One synthetic person's life with the health services, free of any data model: the OMOP and the SNDS-like writers tell
// the same story in their own tables.
#include <cstdint>
#include <optional>
#include <vector>

#include "connectors/data/synthetic/country.hpp"
#include "connectors/data/synthetic/day.hpp"
#include "connectors/data/synthetic/disease_model.hpp"

namespace ehds::connectors::synthetic {

struct illness {
  disease const* what = nullptr;  // null for the planted rare disease
  concept_id recorded = 0;
  day onset = 0;
};
enum class place : std::uint8_t { outpatient, inpatient };
struct contact {
  place where = place::outpatient;
  day from = 0;
  day to = 0;
  concept_id condition = 0;  // the reason
};
struct dispensation {
  day on = 0;
  concept_id drug = 0;
  std::int32_t days_supply = 0;
  std::int32_t boxes = 1;
  bool cancelled = false;  // a later line takes it back
};
struct intervention {
  day on = 0;
  concept_id procedure = 0;
};
struct reading {
  day on = 0;
  concept_id measurement = 0;
  std::int32_t value_in_tenths = 0;
};

struct life {
  std::int64_t number = 0;  // 1 .. persons
  sex of = sex::male;
  day birth = 0;
  std::size_t region = 0;  // index into country::regions
  day observed_from = 0;   // observed_from > observed_to: never observed
  day observed_to = 0;
  std::optional<day> death;
  concept_id cause = 0;
  bool smokes = false;
  std::optional<day> objection;  // when the person opted out of secondary use
  std::vector<illness> illnesses;
  std::vector<contact> contacts;  // in the order of their first day
  std::vector<dispensation> dispensations;
  std::vector<intervention> interventions;
  std::vector<reading> readings;
};

// Exactly four persons of a country have the planted rare disease, whatever the seed; they never object and live on.
// Small groups must not be told apart, and a test needs one that is always there.
inline constexpr std::int64_t planted_patients = 4;

struct population_plan {
  country of;
  std::uint64_t seed = 0;
  std::int64_t persons = 0;
};

// Fills `into` for person `number` (1 .. plan.persons), reusing its memory.
void tell_life(population_plan const& plan, std::int64_t number, life& into);

}  // namespace ehds::connectors::synthetic
