#pragma once
// Brings a record of an older release, or with code lists of another host, to this release (dcat/release/README.md).
#include <string>
#include <vector>

#include "dcat/rdf/graph.hpp"
#include "dcat/release/pack.hpp"

namespace ehds::dcat {

struct upgraded {
  graph record;
  std::vector<std::string> notes;  // one sentence for each step that changed something
};

upgraded upgrade(graph record, release_pack const& pack);

}  // namespace ehds::dcat
