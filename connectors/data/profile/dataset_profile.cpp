#include "connectors/data/profile/dataset_profile.hpp"

#include <algorithm>

namespace ehds::connectors {

dataset_profile profile_of_country(dataset_profile profile, std::string_view country) {
  for (auto& dimension : profile.dimensions)
    std::erase_if(dimension.values,
                  [&](dimension_value const& one) { return !one.country.empty() && one.country != country; });
  return profile;
}

std::vector<policies::declared_dimension> declared_dimensions(dataset_profile const& profile) {
  std::vector<policies::declared_dimension> declared;
  for (auto const& dimension : profile.dimensions) {
    policies::declared_dimension one{dimension.name, {}};
    for (auto const& value : dimension.values) one.values.push_back(value.label);
    declared.push_back(std::move(one));
  }
  return declared;
}

event_table const* find_table(dataset_profile const& profile, std::string_view name) {
  auto const found = std::ranges::find(profile.tables, name, &event_table::name);
  return found == profile.tables.end() ? nullptr : &*found;
}

profile_column const* find_column(std::vector<profile_column> const& columns, std::string_view name) {
  auto const found = std::ranges::find(columns, name, &profile_column::name);
  return found == columns.end() ? nullptr : &*found;
}

}  // namespace ehds::connectors
