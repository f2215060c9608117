// ehds-node config: check a configuration before it is used, or print its published schema.
#include <filesystem>
#include <iostream>

#include "node/config/configuration.hpp"
#include "node/config/schema.hpp"
#include "node/house/surroundings.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {

namespace {

// What serve looks at before it starts, and, while the store is not begun, whether the records are there.
problems around(config::configuration const& settings) {
  auto found = house::check_surroundings(settings);
  std::error_code ignored;
  if (std::filesystem::exists(settings.store / "node.sqlite", ignored)) return found;
  for (auto& one : house::check_records(settings)) found.push_back(std::move(one));
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
  for (auto const& one : found) complain(to_text(one), 1);
  if (!found.empty()) return 1;
  std::cout << "the configuration is good\n";
  return 0;
}

}  // namespace ehds::node::verbs
