#include "base/problem.hpp"

namespace ehds {

std::string to_text(problem const& p) {
  std::string text = p.detail;
  if (!p.where.empty()) text += " (at " + p.where + ")";
  if (!p.mend.empty()) text += " Mend: " + p.mend;
  return text;
}

}  // namespace ehds
