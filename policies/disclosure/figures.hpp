#pragma once
// The true figures of every grid cell, margins included, worked out from the persons.
#include <array>
#include <cstdint>
#include <vector>

#include "policies/aggregate_query.hpp"
#include "policies/disclosure/grid.hpp"
#include "policies/disclosure/policy.hpp"
#include "policies/disclosure/raw_cells.hpp"

namespace ehds::policies::disclosure {

struct measured_figure {
  std::int64_t value = 0;
  std::int64_t contributors = 0;  // persons who add something
  bool dominated = false;         // a few contributors hold most of it
};

struct figures {
  person_set persons;
  std::int64_t events = 0;
  std::vector<measured_figure> measures;
  std::int64_t denominator = 0;
};

std::vector<figures> work_out(raw_cells const& raw, grid const& shape, disclosure_policy const& policy);

}  // namespace ehds::policies::disclosure
