#pragma once
// How actors and secrets are kept. Known inside this room alone.
#include <string>
#include <string_view>

#include "node/identity/roles.hpp"
#include "node/store/row.hpp"

namespace ehds::node::identity {

std::string roles_text(roles const& held);
roles roles_from(std::string_view text);  // a role this release does not know is nobody's right
// Columns: id, display_name, organisation, country, roles.
actor actor_from(store::row const& row);
std::string token_hash(std::string_view token);

}  // namespace ehds::node::identity
