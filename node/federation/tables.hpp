#pragma once
// The tables of this room.
#include <vector>

#include "node/store/database.hpp"

namespace ehds::node::federation {

std::vector<store::migration> migrations();

}  // namespace ehds::node::federation
