#include "node/api/openapi.hpp"

#include <optional>

namespace ehds::node::api {

std::optional<std::string_view> shipped_api_file(std::string_view path);  // generated

std::string_view openapi_document() { return shipped_api_file("openapi.json").value(); }

}  // namespace ehds::node::api
