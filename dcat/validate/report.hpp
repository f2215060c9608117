#pragma once
// What a check of a record found: every finding, each with a readable path and what to do.
#include <cstddef>
#include <string>
#include <vector>

#include "base/problem.hpp"
#include "dcat/release/pack.hpp"

namespace ehds::dcat {

struct finding {
  severity level = severity::violation;
  std::string path;    // dcat:Dataset/dcat:distribution[0]/dcat:accessURL
  std::string focus;   // the node that is wrong: IRI, or _: for a blank node
  std::string code;    // dcat.missing, dcat.too_many, dcat.kind, dcat.datatype, dcat.class, dcat.code_list,
                       // dcat.starts_with, dcat.must_contain, dcat.one_of, dcat.required_if,
                       // dcat.no_dataset, dcat.upgraded, dcat.more
  std::string detail;  // one sentence
  std::string mend;    // with an example value where there is one

  bool operator==(finding const&) const = default;
};

struct validation_report {
  bool conforms = true;  // no violations
  std::string release;
  std::string access_level;  // "NON_PUBLIC"
  std::vector<finding> findings;

  std::size_t count(severity level) const;
};

// Beyond so many findings only their number is told (dcat.more).
inline constexpr std::size_t most_findings = 10'000;

std::string_view name_of(severity level);
std::string to_text(validation_report const& report);  // for terminals, one finding a paragraph
std::string to_json(
    validation_report const& report);  // {"conforms":..,"release":..,"violations":n,...,"findings":[..]}
problems violations_of(validation_report const& report);  // for doors that answer with problems

}  // namespace ehds::dcat
