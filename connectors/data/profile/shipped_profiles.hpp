#pragma once
// The profiles that come with the program, by the variant that queries name.
#include <optional>
#include <string_view>

namespace ehds::connectors {

// JSON text: "omop-5.4", "flat:snds".
std::optional<std::string_view> shipped_profile(std::string_view variant);

}  // namespace ehds::connectors
