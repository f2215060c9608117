#pragma once
// A problem as the one sentence that a SOAP fault has room for: what is wrong, at which element, and the mend.
#include <string>

#include "base/problem.hpp"

namespace ehds::node::api {

// Members of POST /api/messages are called as the elements that stand for them in a submitRequest.
std::string fault_text(problem const& what);

}  // namespace ehds::node::api
