// ehds-node config: check a configuration before it is used, or print its published schema.
#include <filesystem>
#include <iostream>

#include "base/clock.hpp"
#include "node/config/configuration.hpp"
#include "node/config/schema.hpp"
#include "node/house/surroundings.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {

namespace {

// Everything serve looks at before it opens its store, and the records, which it takes in then.
problems around(config::configuration const& settings) {
  auto found = house::check_surroundings(settings);
  auto records = house::check_records(settings);
  found.insert(found.end(), records.refused.begin(), records.refused.end());
  std::error_code ignored;
  bool const is_begun = std::filesystem::exists(settings.store / "node.sqlite", ignored);
  if (!is_begun)  // afterwards the record may be there
    for (auto const& one : records.unrecorded) complain("warning: " + to_text(one), 0);
  return found;
}

}  // namespace

int config(words const& given) {
  auto const read = arguments::read(given, {{}, {}, 1, 2});
  if (read && read->words()[0] == "schema") {
    std::cout << config::configuration_schema() << '\n';
    return 0;
  }
  if (!read || read->words()[0] != "check" || read->words().size() != 2)
    return complain("usage: ehds-node config check FILE | config schema", 2);
  auto const checked = config::read_configuration(read->words()[1]);
  auto const found = checked ? around(*checked) : checked.error();
  if (checked)
    for (auto const& one : house::find_doubts(*checked, system_clock{}.now())) complain("warning: " + to_text(one), 0);
  for (auto const& one : found) complain(to_text(one), 1);
  if (!found.empty()) return 1;
  std::cout << "the configuration is good\n";
  return 0;
}

}  // namespace ehds::node::verbs
