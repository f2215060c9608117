#pragma once
// How common each disease is by sex and age, what raises the risk, how it is treated. Shares are rounded from public
// health reports so that tables look right; they are not estimates of anything.
#include <array>
#include <cstdint>
#include <span>

#include "connectors/data/synthetic/codes.hpp"
#include "connectors/data/synthetic/country.hpp"

namespace ehds::connectors::synthetic {

enum class sex : std::uint8_t { male, female };

inline constexpr std::array age_group_from = {0, 18, 40, 55, 65, 80};
using by_age_group = std::array<std::uint32_t, age_group_from.size()>;
std::size_t age_group(int age);

struct treatment {
  concept_id drug = 0;  // 0: no treatment in this place
  std::uint32_t percent_of_patients = 0;
};
struct raised_risk {
  concept_id given = 0;  // another disease, obesity or current_smoker
  std::uint32_t percent = 100;
};
struct operation {
  concept_id procedure = 0;
  std::uint32_t percent_of_patients = 0;
};

struct disease {
  concept_id recorded = 0;
  by_age_group men{};  // persons per 100,000 who have it, without the raised risks
  by_age_group women{};
  int earliest_age = 0;
  std::array<raised_risk, 3> risks{};
  std::array<treatment, 3> treatments{};
  operation done{};
  std::uint32_t percent_in_hospital = 0;  // of new cases
  int long_term_number = 0;               // French list of long-term diseases (ALD); 0: not on it
  std::uint32_t country::* compared = nullptr;
};

// In an order where a disease comes after those that raise its risk.
std::span<disease const> diseases();

by_age_group const& yearly_deaths(sex of);    // per 100,000
by_age_group const& smokers(sex of);          // per 100,000
std::span<std::uint32_t const> population();  // weights of the ages 0-4, 5-9, ... 95-99

}  // namespace ehds::connectors::synthetic
