#pragma once
// The countries that synthetic persons can live in: regions by NUTS code with their share of the population, and how
// common diseases are compared with the model's average. Rounded public figures; good for a plausible demo, nothing
// more.
#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace ehds::connectors::synthetic {

struct region {
  std::string_view nuts;  // FI1B
  std::string_view name;
  std::uint32_t weight;  // persons, in thousands
};

struct country {
  std::string_view code;  // ISO 3166-1
  std::string_view name;
  std::span<region const> regions;
  std::uint32_t diabetes_percent;  // 100 = the model's average; the same for the others
  std::uint32_t heart_percent;
  std::uint32_t asthma_percent;
  std::uint32_t smoking_percent;
};

// Problem connectors.synthetic.country names the known ones.
result<country> find_country(std::string_view code);

}  // namespace ehds::connectors::synthetic
