#include "connectors/data/profile/shipped_profiles.hpp"

namespace ehds::connectors {

std::optional<std::string_view> shipped_profile_file(std::string_view path);  // generated

std::optional<std::string_view> shipped_profile(std::string_view variant) {
  if (variant == "omop-5.4") return shipped_profile_file("data/profiles/omop-5.4.json");
  if (variant == "flat:snds") return shipped_profile_file("data/profiles/snds-flat.json");
  return std::nullopt;
}

}  // namespace ehds::connectors
