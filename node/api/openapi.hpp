#pragma once
// The description of the API (OpenAPI 3.1), as it is served at /openapi.json. A test compares it with the routes.
#include <string_view>

namespace ehds::node::api {

std::string_view openapi_document();

}  // namespace ehds::node::api
