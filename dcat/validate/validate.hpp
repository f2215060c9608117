#pragma once
// Checks records against a release pack. Make one validator per pack and keep it: rules are compiled once, a record
// of 300 triples takes well under a millisecond. The validator keeps a reference to the pack.
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "dcat/rdf/graph.hpp"
#include "dcat/rdf/read.hpp"
#include "dcat/release/pack.hpp"
#include "dcat/validate/report.hpp"

namespace ehds::dcat {

class validator {
 public:
  explicit validator(release_pack const& pack);
  ~validator();
  validator(validator&&) noexcept;
  validator& operator=(validator&&) noexcept;

  // All datasets of the graph, by their access level; a graph without a dataset does not conform.
  validation_report check(graph const& record) const;

 private:
  struct compiled;
  std::unique_ptr<compiled const> compiled_;
};

// A file as a person has it: read (the syntax is told by the name, else by the content), upgraded to the pack's
// release (each step a note in the report), checked. A problem means that the text could not be read.
struct checked_text {
  validation_report report;
  graph record;  // after the upgrade
};
result<checked_text> check_text(std::string_view bytes, std::optional<syntax> as, release_pack const& pack,
                                validator const& rules, reading const& how = {});
result<validation_report> validate_file_text(std::string_view bytes, std::string_view file_name,
                                             release_pack const& pack);

}  // namespace ehds::dcat
