#pragma once
// A permit on its way to the data zone. The edge faces the internet, so the zone does not take its word: it is given
// the text that the authority signed, and beside it the present status, which can only take away.
//   {"jws": "...", "status": "GRANTED"}
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "node/identity/signing_key.hpp"
#include "node/store/transaction.hpp"
#include "policies/data_permit.hpp"

namespace ehds::node::house {

std::string seal_permit(store::reading& now, policies::data_permit const& permit);

// Problems: zone.permit (unreadable or incomplete), and those of verify_jws.
result<policies::data_permit> open_sealed_permit(std::string_view sealed,
                                                 std::vector<identity::verifying_key> const& authority);

}  // namespace ehds::node::house
