// ehds-node config: check a configuration before it is used, or print its published schema.
#include <iostream>

#include "node/config/configuration.hpp"
#include "node/config/schema.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {

int config(words const& given) {
  auto const read = arguments::read(given, {{}, {}, 1, 2});
  if (read && read->words()[0] == "schema") {
    std::cout << config::configuration_schema() << '\n';
    return 0;
  }
  if (!read || read->words()[0] != "check" || read->words().size() != 2)
    return complain("usage: ehds-node config check FILE | config schema", 2);
  auto const checked = config::read_configuration(read->words()[1]);
  if (checked) {
    std::cout << "the configuration is good\n";
    return 0;
  }
  for (auto const& found : checked.error()) complain(to_text(found), 1);
  return 1;
}

}  // namespace ehds::node::verbs
