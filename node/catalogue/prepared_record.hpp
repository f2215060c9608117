#pragma once
// A record that was read, upgraded and found good, ready to be kept; and where it came from. Inside this room only.
#include "dcat/rdf/canonical.hpp"
#include "node/catalogue/record_book.hpp"

namespace ehds::node::catalogue {

struct record_book::prepared {
  dcat::dataset_record record;
  dcat::variable_set variables;
  std::string triples;  // canonical N-Triples
  dcat::validation_report report;
};

struct record_book::origin {
  std::string nation;
  std::string access_point;
  std::string message_id;
};

}  // namespace ehds::node::catalogue
