// ehds-node keys: make the demo authority, a node's keys and certificates, and look at what is there.
#include <iostream>
#include <sstream>

#include "base/clock.hpp"
#include "node/identity/keyring.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {
namespace {

constexpr char const* usage =
    "usage: ehds-node keys init-ca FOLDER\n"
    "       ehds-node keys issue FOLDER --ca FOLDER --node ID --country XX --hosts 127.0.0.2,localhost\n"
    "                            [--profiles edelivery-2.0-eddsa,edelivery-2.0-ecdsa]\n"
    "       ehds-node keys show FOLDER";

std::vector<std::string> split(std::string const& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

int issue(arguments const& given) {
  if (!given.has("--ca") || !given.has("--node") || !given.has("--country")) return complain(usage, 2);
  identity::node_names const names{given.value("--node"), given.value("--country"), split(given.value("--hosts")),
                                   split(given.value("--profiles"))};
  auto const made = identity::issue_keys(given.value("--ca"), given.words()[1], names, system_clock{}.now());
  return made ? 0 : complain(to_text(made.error()), 1);
}

int show(arguments const& given) {
  auto const lines = identity::show_keys(given.words()[1]);
  if (!lines) return complain(to_text(lines.error()), 1);
  for (auto const& line : *lines)
    std::cout << line.file << "  " << line.subject << "  " << line.fingerprint << "  "
              << (line.expires ? to_rfc3339(*line.expires) : "-") << '\n';
  return 0;
}

}  // namespace

int keys(words const& given) {
  auto const read = arguments::read(given, {{"--ca", "--node", "--country", "--hosts", "--profiles"}, {}, 2, 2});
  if (!read) return complain(usage, 2);
  auto const& what = read->words()[0];
  if (what == "issue") return issue(*read);
  if (what == "show") return show(*read);
  if (what != "init-ca") return complain(usage, 2);
  auto const made = identity::init_authority(read->words()[1], system_clock{}.now());
  return made ? 0 : complain(to_text(made.error()), 1);
}

}  // namespace ehds::node::verbs
