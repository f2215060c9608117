// ehds-node query sql: the statements that a query would become. Runs nothing, needs no clearance, sees no data.
#include <iostream>

#include "connectors/data/profile/shipped_profiles.hpp"
#include "connectors/data/sql/compile.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"
#include "policies/aggregate_query.hpp"

namespace ehds::node::verbs {
namespace {

result<connectors::dataset_profile> profile_for(arguments const& given, policies::aggregate_query const& query) {
  std::string text;
  if (given.has("--profile")) {
    if (!slurp(given.value("--profile"), text)) return problem{"usage.file", "the profile cannot be read", {}, {}};
  } else if (auto const shipped = connectors::shipped_profile(query.variant)) {
    text = *shipped;
  } else {
    return problem{"sql.variant", "no profile is known for the variant " + query.variant, "/variant",
                   "give one with --profile FILE"};
  }
  auto profile = connectors::read_profile(text);
  if (!profile || !given.has("--country")) return profile;
  return connectors::profile_of_country(*profile, given.value("--country"));
}

}  // namespace

int query(words const& given) {
  auto const read = arguments::read(given, {{"--dialect", "--profile", "--country", "--schema"}, {"--hash"}, 2, 2});
  if (!read || read->words()[0] != "sql")
    return complain(
        "usage: ehds-node query sql --dialect sqlite|postgresql|trino [--profile F] [--country XX] [--hash] QUERY.json",
        2);
  std::string text;
  if (!slurp(read->words()[1], text)) return 2;
  auto const faults = policies::faults_in_query(text);
  for (auto const& fault : faults) complain(to_text(fault), 1);
  if (!faults.empty()) return 1;
  auto const asked = policies::read_aggregate_query(text).value();
  if (read->has("--hash")) {
    std::cout << policies::query_hash(asked) << '\n';
    return 0;
  }
  auto const dialect = connectors::read_dialect(read->value("--dialect", "sqlite"));
  if (!dialect) return complain(to_text(dialect.error()), 2);
  auto const profile = profile_for(*read, asked);
  if (!profile) return complain(to_text(profile.error()), 2);
  auto const compiled = connectors::compile(asked, *profile, {*dialect, read->value("--schema"), std::nullopt});
  if (!compiled) return complain(to_text(compiled.error()), 1);
  std::cout << connectors::to_script(*compiled);
  return 0;
}

}  // namespace ehds::node::verbs
