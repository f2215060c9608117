#pragma once
// A small linear programme: maximise c.x subject to A x <= b, x >= 0, where b >= 0 (so that x = 0 is a solution).
// Dense, Bland's rule: meant for tables of some hundred cells, not for speed.
#include <optional>
#include <vector>

namespace ehds::policies::disclosure {

struct linear_programme {
  std::vector<std::vector<double>> a;  // rows
  std::vector<double> b;
};

// nullopt: unbounded.
std::optional<double> maximise(linear_programme const& programme, std::vector<double> const& c);

}  // namespace ehds::policies::disclosure
