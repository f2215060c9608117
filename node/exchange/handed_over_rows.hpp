#pragma once
// What is remembered of a message that a Domibus took (edelivery/sender/handed_over.hpp). Internal to the room.
//
//   exchange_handed_over  one row for each, from the moment it was taken; gone when an operator sends it again
#include <cstdint>
#include <optional>

#include "edelivery/sender/handed_over.hpp"
#include "node/store/database.hpp"

namespace ehds::node::exchange {

store::migration handed_over_table();

std::optional<edelivery::handed_over> find_handed_over(store::reading& now, std::int64_t seq);
void keep_handed_over(store::transaction& tx, std::int64_t seq, edelivery::handed_over const& memory);
void forget_handed_over(store::transaction& tx, std::int64_t seq);

}  // namespace ehds::node::exchange
