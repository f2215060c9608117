#include "connectors/data/synthetic/care.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace ehds::connectors::synthetic {
namespace {

constexpr std::int32_t supply = 90;  // days

bool observed(life const& told, day on) { return on >= told.observed_from && on <= told.observed_to; }

concept_id specific(concept_id recorded, random_stream& chance) {
  if (recorded != concepts::diabetes_type_2) return recorded;
  constexpr std::array kinds = {concepts::diabetes_type_2_plain, concepts::diabetes_type_2_kidney,
                                concepts::diabetes_type_2_eye};
  return kinds[chance.pick(std::array<std::uint32_t, 3>{75, 15, 10})];
}

void see(life& told, random_stream& chance, place where, day on, concept_id condition) {
  if (!observed(told, on)) return;
  auto const stay = where == place::inpatient ? chance.between(1, 9) : 0;
  told.contacts.push_back({where, on, std::min(on + stay, told.observed_to), condition});
}

// Later stays are rarer than the first one.
bool worsened(illness const& one, random_stream& chance) {
  return one.what != nullptr && chance.below(600) < 12 + one.what->percent_in_hospital;
}

void follow_up(life& told, random_stream& chance, illness const& one) {
  auto const in_hospital = one.what != nullptr && chance.below(100) < one.what->percent_in_hospital;
  see(told, chance, in_hospital ? place::inpatient : place::outpatient, one.onset, specific(one.recorded, chance));
  auto const start = std::max(one.onset + 150, told.observed_from);
  for (day on = start + chance.between(0, 300); on <= told.observed_to; on += chance.between(300, 480))
    see(told, chance, worsened(one, chance) ? place::inpatient : place::outpatient, on, specific(one.recorded, chance));
}

void dispense(life& told, random_stream& chance, concept_id drug, day from) {
  for (day on = std::max(from, told.observed_from) + chance.between(0, 30); on <= told.observed_to;
       on += supply + chance.between(-6, 12)) {
    told.dispensations.push_back({on, drug, supply, 3, chance.happens(10'000)});
    if (chance.happens(25'000)) on += chance.between(60, 200);  // a pause
    if (chance.happens(6'000)) return;                          // stopped for good
  }
}

void treat(life& told, random_stream& chance, illness const& one) {
  if (one.what == nullptr) return;
  for (auto const& choice : one.what->treatments)
    if (choice.drug != 0 && chance.below(100) < choice.percent_of_patients)
      dispense(told, chance, choice.drug, one.onset + chance.between(0, 60));
  auto const& done = one.what->done;
  if (done.procedure == 0 || chance.below(100) >= done.percent_of_patients) return;
  auto const on = one.onset + chance.between(0, 20);
  if (observed(told, on)) told.interventions.push_back({on, done.procedure});
}

void measure(life& told, random_stream& chance, illness const& one) {
  auto const diabetic = one.recorded == concepts::diabetes_type_2 || one.recorded == concepts::diabetes_type_1;
  if (!diabetic && one.recorded != concepts::hypertension) return;
  for (day on = std::max(one.onset, told.observed_from) + chance.between(0, 360); on <= told.observed_to;
       on += chance.between(320, 420)) {
    if (diabetic) told.readings.push_back({on, concepts::hba1c, chance.around(72, 30)});
    if (diabetic && chance.happens(500'000))
      told.readings.push_back({on, concepts::creatinine, chance.around(850, 450)});
    if (!diabetic) told.readings.push_back({on, concepts::systolic_pressure, chance.around(1420, 350)});
  }
}

// Influenza comes from December to March, colds mostly so; both are drawn around the end of January.
void catch_infections(life& told, random_stream& chance) {
  for (int year = year_of(told.observed_from); year <= year_of(told.observed_to); ++year) {
    auto const peak = day_of(year, 1, 26);
    if (chance.happens(22'000)) see(told, chance, place::outpatient, chance.around(peak, 70), concepts::influenza);
    if (chance.happens(180'000)) see(told, chance, place::outpatient, chance.around(peak, 180), concepts::common_cold);
    auto const old = year - year_of(told.birth) >= 65;
    auto const vaccinated = day_of(year, 10, 10) + chance.between(0, 60);
    if (chance.happens(old ? 550'000 : 60'000) && observed(told, vaccinated))
      told.dispensations.push_back({vaccinated, concepts::influenza_vaccine, 1, 1, false});
  }
}

void find_cause(life& told) {
  if (!told.death) return;
  told.cause = concepts::any_disease;
  for (auto const& one : told.illnesses)
    if (one.what != nullptr && one.what->percent_in_hospital >= 50) told.cause = one.recorded;
}

}  // namespace

void receive_care(random_stream& chance, life& told) {
  for (auto const& one : told.illnesses) {
    follow_up(told, chance, one);
    treat(told, chance, one);
    measure(told, chance, one);
  }
  catch_infections(told, chance);
  find_cause(told);
  // By every member, so that the order does not hang on the sorting algorithm.
  std::ranges::sort(told.contacts, {},
                    [](contact const& one) { return std::tuple{one.from, one.condition, one.where, one.to}; });
  std::ranges::sort(told.dispensations, {},
                    [](dispensation const& one) { return std::tuple{one.on, one.drug, one.boxes, one.cancelled}; });
}

}  // namespace ehds::connectors::synthetic
