#include "policies/disclosure/simplex.hpp"

#include <cmath>

namespace ehds::policies::disclosure {
namespace {

constexpr double tiny = 1e-9;

class tableau {
 public:
  tableau(linear_programme const& programme, std::vector<double> const& c)
      : rows_(programme.a), right_(programme.b), cost_(c), basis_(programme.b.size()) {
    auto const variables = cost_.size();
    // Slack variables have no columns of their own until they leave the basis: columns are swapped in place.
    for (std::size_t j = 0; j < variables; ++j) outside_.push_back(j);
    for (std::size_t i = 0; i < basis_.size(); ++i) basis_[i] = variables + i;
  }

  std::optional<double> solve() {
    while (auto const entering = column()) {
      auto const leaving = row(*entering);
      if (!leaving) return std::nullopt;
      pivot(*leaving, *entering);
    }
    return best_;
  }

 private:
  // Bland: the improving variable with the smallest number; never circles.
  std::optional<std::size_t> column() const {
    std::optional<std::size_t> chosen;
    for (std::size_t j = 0; j < cost_.size(); ++j) {
      if (cost_[j] > tiny && (!chosen || outside_[j] < outside_[*chosen])) chosen = j;
    }
    return chosen;
  }

  std::optional<std::size_t> row(std::size_t j) const {
    std::optional<std::size_t> chosen;
    double least = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i][j] <= tiny) continue;
      double const ratio = right_[i] / rows_[i][j];
      bool const tie = chosen && std::abs(ratio - least) <= tiny;
      if (!chosen || (tie ? basis_[i] < basis_[*chosen] : ratio < least)) {
        chosen = i;
        least = ratio;
      }
    }
    return chosen;
  }

  void pivot(std::size_t r, std::size_t c) {
    double const p = rows_[r][c];
    for (auto& x : rows_[r]) x /= p;
    right_[r] /= p;
    rows_[r][c] = 1 / p;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (i != r) right_[i] -= eliminate(rows_[i], rows_[r], c) * right_[r];
    }
    best_ += eliminate(cost_, rows_[r], c) * right_[r];
    std::swap(basis_[r], outside_[c]);
  }

  // Takes the entering variable out of a row; gives what it was multiplied by.
  static double eliminate(std::vector<double>& target, std::vector<double> const& pivot_row, std::size_t c) {
    double const factor = target[c];
    if (factor == 0) return 0;
    for (std::size_t j = 0; j < target.size(); ++j) target[j] -= factor * pivot_row[j];
    target[c] = -factor * pivot_row[c];
    return factor;
  }

  std::vector<std::vector<double>> rows_;
  std::vector<double> right_;
  std::vector<double> cost_;
  std::vector<std::size_t> basis_;    // variable of each row
  std::vector<std::size_t> outside_;  // variable of each column
  double best_ = 0;
};

}  // namespace

std::optional<double> maximise(linear_programme const& programme, std::vector<double> const& c) {
  return tableau(programme, c).solve();
}

}  // namespace ehds::policies::disclosure
