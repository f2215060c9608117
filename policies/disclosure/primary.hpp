#pragma once
// Which cells are hidden for their own sake?
#include <vector>

#include "policies/disclosure/desk_view.hpp"
#include "policies/disclosure/figures.hpp"

namespace ehds::policies::disclosure {

std::vector<hidden_because> hidden_for_own_sake(raw_cells const& raw, grid const& shape,
                                                std::vector<figures> const& all, disclosure_policy const& policy);

}  // namespace ehds::policies::disclosure
