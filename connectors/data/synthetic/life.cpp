#include "connectors/data/synthetic/life.hpp"

#include <algorithm>

#include "connectors/data/synthetic/care.hpp"
#include "connectors/data/synthetic/random_stream.hpp"

namespace ehds::connectors::synthetic {
namespace {

void forget(life& told) {
  told.death.reset();
  told.objection.reset();
  told.cause = 0;
  told.illnesses.clear();
  told.contacts.clear();
  told.dispensations.clear();
  told.interventions.clear();
  told.readings.clear();
}

std::size_t pick_region(std::span<region const> regions, random_stream& chance) {
  std::uint32_t total = 0;
  for (auto const& candidate : regions) total += candidate.weight;
  auto left = chance.below(total);
  for (std::size_t i = 0; i < regions.size(); ++i) {
    if (left < regions[i].weight) return i;
    left -= regions[i].weight;
  }
  return 0;
}

int pick_age(random_stream& chance) {
  std::uint32_t total = 0;
  for (auto const weight : population()) total += weight;
  auto left = chance.below(total);
  int band = 0;
  for (auto const weight : population()) {
    if (left < weight) break;
    left -= weight;
    ++band;
  }
  return band * 5 + chance.between(0, 4);
}

bool is_planted(population_plan const& plan, std::int64_t number) {
  for (std::int64_t i = 0; i < planted_patients; ++i)
    if (number == plan.persons * (2 * i + 1) / (2 * planted_patients) + 1) return true;
  return false;
}

// More people die in winter.
day day_of_death(int year, random_stream& chance) {
  auto const first = day_of(year, 1, 1);
  if (chance.happens(300'000)) return first + chance.between(0, 75);
  return first + chance.between(0, 364);
}

void be_born(population_plan const& plan, random_stream& chance, life& told) {
  told.of = chance.happens(507'000) ? sex::female : sex::male;
  auto const age = pick_age(chance);
  told.birth = day_of(year_of(last_day) - age, 1, 1) + chance.between(0, 364);
  told.region = pick_region(plan.of.regions, chance);
  auto const smoking = smokers(told.of)[age_group(age)] / 10 * plan.of.smoking_percent;
  told.smokes = chance.happens(smoking / 10);
}

void be_observed(random_stream& chance, life& told) {
  told.observed_from = std::max(first_day, told.birth);
  told.observed_to = last_day;
  if (chance.happens(40'000)) told.observed_from = std::max(told.birth, chance.between(first_day, last_day - 200));
  if (chance.happens(20'000)) told.observed_to = chance.between(told.observed_from + 30, last_day);
}

void maybe_die(random_stream& chance, life& told) {
  for (int year = year_of(told.observed_from); year <= year_of(told.observed_to); ++year) {
    auto const age = year - year_of(told.birth);
    if (!chance.happens(yearly_deaths(told.of)[age_group(age)] * 10)) continue;
    auto const at = day_of_death(year, chance);
    if (at <= told.observed_from || at > told.observed_to) continue;
    told.death = at;
    told.observed_to = at;
    return;
  }
}

bool has(life const& told, concept_id what) {
  if (what == concepts::current_smoker) return told.smokes;
  return std::ranges::any_of(told.illnesses, [&](illness const& one) { return one.recorded == what; });
}

std::uint32_t share_per_million(disease const& what, population_plan const& plan, life const& told) {
  auto const age = year_of(told.observed_to) - year_of(told.birth);
  std::uint64_t share = (told.of == sex::male ? what.men : what.women)[age_group(age)] * 10ULL;
  for (auto const& risk : what.risks)
    if (risk.given != 0 && has(told, risk.given)) share = share * risk.percent / 100;
  if (what.compared != nullptr) share = share * (plan.of.*what.compared) / 100;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(share, 950'000));
}

void fall_ill(population_plan const& plan, random_stream& chance, life& told) {
  for (auto const& what : diseases()) {
    if (!chance.happens(share_per_million(what, plan, told))) continue;
    auto const earliest = told.birth + what.earliest_age * 365;
    // Half of the time that was possible has passed at least: chronic diseases come late.
    auto const from = std::min(earliest + (told.observed_to - earliest) / 2, told.observed_to - 1);
    told.illnesses.push_back({&what, what.recorded, chance.between(std::max(from, told.birth), told.observed_to - 1)});
  }
}

void maybe_object(random_stream& chance, life& told) {
  if (chance.happens(6'000)) told.objection = chance.between(day_of(2024, 1, 1), day_of(2026, 12, 31));
}

void plant(random_stream& chance, life& told) {
  told.death.reset();
  told.cause = 0;
  told.objection.reset();
  told.observed_from = std::max(told.birth, first_day);
  told.observed_to = last_day;
  told.illnesses.push_back({nullptr, concepts::ossifying_fibrodysplasia, chance.between(told.observed_from, last_day)});
}

}  // namespace

void tell_life(population_plan const& plan, std::int64_t number, life& into) {
  random_stream chance{plan.seed, static_cast<std::uint64_t>(number)};
  forget(into);
  into.number = number;
  be_born(plan, chance, into);
  be_observed(chance, into);
  maybe_die(chance, into);
  maybe_object(chance, into);
  if (is_planted(plan, number)) plant(chance, into);
  fall_ill(plan, chance, into);
  receive_care(chance, into);
}

}  // namespace ehds::connectors::synthetic
