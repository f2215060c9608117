// ehds-node: one program, a verb each (node/verbs).
#include <sys/stat.h>

#include <array>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

#include "edelivery/libraries/libraries.hpp"
#include "node/verbs/verbs.hpp"

namespace {

using namespace ehds::node;

struct verb {
  std::string_view name;
  int (*run)(verbs::words const&);
  std::string_view says;
};

constexpr std::array<verb, 11> table{{
    {"serve", verbs::serve, "serve --config F                     run the node"},
    {"demo", verbs::demo, "demo [--once] [--keep] [--bring DIR]  a small network does the whole job"},
    {"validate", verbs::validate, "validate FILE [--release r8] [--json] check a HealthDCAT-AP record"},
    {"query", verbs::query, "query sql --dialect D QUERY.json      print the SQL of an aggregate query"},
    {"permit", verbs::permit, "permit verify FILE --jwks F           check a signed permit"},
    {"as4", verbs::as4, "as4 open FILE --config F | ping F     read a raw AS4 message, try a partner"},
    {"pmode", verbs::pmode, "pmode check F | schema | import F.xml agreements with partners"},
    {"audit", verbs::audit, "audit verify|export STORE             prove that a log is whole"},
    {"ledger", verbs::ledger, "ledger list|show --config F           messages sent and received"},
    {"keys", verbs::keys, "keys init-ca|issue|show|request|import|roll|announce  keys and certificates"},
    {"config", verbs::config, "config check F | schema               check a configuration"},
}};

int help(std::ostream& to, int code) {
  to << "usage: ehds-node VERB ...\n\n";
  for (auto const& known : table) to << "  " << known.says << '\n';
  to << "\nA verb alone, or with --help, says all it takes.\n";
  return code;
}

}  // namespace

int main(int count, char** given) {
  umask(077);  // stores, keys and logs are nobody else's business
  ehds::edelivery::prepare_libraries();
  if (count < 2) return help(std::cerr, 2);
  std::string_view const name = given[1];
  if (name == "help" || name == "--help" || name == "-h") return help(std::cout, 0);
  if (name == "--version") {
    std::cout << "ehds-node " EHDS_VERSION "\n";
    return 0;
  }
  try {
    for (auto const& known : table)
      if (known.name == name) return known.run({given + 2, given + count});
  } catch (std::exception const& broken) {
    return verbs::complain(broken.what(), 3);
  }
  return verbs::complain("there is no verb \"" + std::string(name) + "\"; ehds-node help lists them", 2);
}
