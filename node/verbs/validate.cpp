// ehds-node validate FILE: does this HealthDCAT-AP record conform? Exit 0 yes, 1 no, 2 it cannot be read.
#include <iostream>

#include "dcat/validate/validate.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {

int validate(words const& given) {
  auto const read = arguments::read(given, {{"--release", "--pack"}, {"--json"}, 1, 1});
  if (!read) return complain("usage: ehds-node validate FILE [--release r8 | --pack FOLDER] [--json]", 2);
  auto const pack = read->has("--pack") ? dcat::load_release_pack(read->value("--pack"))
                                        : dcat::shipped_release_pack(read->value("--release", "r8"));
  if (!pack) return complain(to_text(pack.error()), 2);
  std::string bytes;
  if (!slurp(read->words()[0], bytes)) return 2;
  auto const report = dcat::validate_file_text(bytes, read->words()[0], *pack);
  if (!report) return complain(to_text(report.error()), 2);
  std::cout << (read->has("--json") ? dcat::to_json(*report) + "\n" : dcat::to_text(*report));
  return report->conforms ? 0 : 1;
}

}  // namespace ehds::node::verbs
