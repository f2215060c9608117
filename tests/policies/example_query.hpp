#pragma once
// The question of the demonstration: persons with type 2 diabetes by sex and age band.
#include <string>

namespace ehds::policies::examples {

inline std::string diabetes_query(std::string const& more = "") {
  return R"({"aq":"1","protocol":"t2dm-2026","variant":"omop-5.4","dataset":"urn:demo:fi:care-register",
 "concept_sets":[{"name":"t2dm","items":[{"concept_id":2000000101,"descendants":true}]}],
 "population":{"filter":{"exists_in":{"table":"condition_occurrence","concept_set":"t2dm",
   "window":{"from":"2020-01-01","to":"2024-12-31"}}}},
 "unit":"person",
 "by":[{"dimension":"sex"},{"dimension":"age_band","at":"2024-12-31","breaks":[0,18,40,65,80]}],
 "measures":[{"measure":"persons"}])" +
         more + "}";
}

inline std::string replaced(std::string text, std::string const& from, std::string const& to) {
  auto const at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

}  // namespace ehds::policies::examples
