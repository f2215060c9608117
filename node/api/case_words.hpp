#pragma once
// Words that several surfaces say about cases, as JSON.
#include <nlohmann/json_fwd.hpp>

#include <vector>

#include "base/problem.hpp"
#include "node/access/cases/case_event.hpp"
#include "node/identity/roles.hpp"

namespace ehds::node::api {

access::case_actor as_case_actor(identity::actor const& who);
nlohmann::json grounds_json(std::vector<access::decision_ground> const& grounds);
nlohmann::json problems_json(problems const& found);

}  // namespace ehds::node::api
