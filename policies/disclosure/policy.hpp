#pragma once
// The rules under which figures may leave, as data: one for each dataset, read from the country's pack. No European
// threshold exists; each released table carries the rules it was made under.
#include <cstdint>
#include <string>

namespace ehds::policies {

struct disclosure_policy {
  std::string id;
  std::int64_t version = 1;
  std::string justification;  // why these figures, for the reader of the table

  std::int64_t threshold = 11;  // k: a group of fewer persons is hidden, as is a complement of fewer
  std::int64_t rounding = 10;   // shown figures are rounded to a multiple; 1: not at all
  bool complementary = true;    // hide neighbours until no hidden figure can be worked out from the shown ones
  // (n, k) dominance on events and sums: hidden when so many contributors hold more than this share.
  std::int64_t dominant_contributors = 2;
  std::int64_t dominant_percent = 85;
  std::int64_t smallest_population = 11;   // a query that finds fewer persons shows nothing
  std::int64_t narrowest_age_band = 5;     // years
  std::int64_t cells_per_permit = 20'000;  // budget: cells that all answers under one permit may have together
  bool officer_releases = true;            // a person looks before the answer leaves
};

}  // namespace ehds::policies
