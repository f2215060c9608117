#pragma once
// The published form of the configuration, as JSON Schema 2020-12: printed by `ehds-node config schema`.
#include <string_view>

namespace ehds::node::config {

std::string_view configuration_schema();

}  // namespace ehds::node::config
