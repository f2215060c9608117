#pragma once
// One check of one record: a walk from each dataset through the shapes. Only for validate/.
#include <set>
#include <string>
#include <vector>

#include "dcat/validate/report.hpp"
#include "dcat/validate/rules.hpp"

namespace ehds::dcat {

class record_check {
 public:
  record_check(graph const& record, rule_book const& book);
  validation_report run() &&;

 private:
  void check_dataset(term_id dataset, std::size_t number, std::size_t of);
  std::size_t level_of(term_id dataset);
  void check_unreached();
  void check_node(term_id node, std::size_t shape, std::string const& path);
  void check_property(term_id node, compiled_property const& p, std::string const& path);
  void check_count(term_id node, compiled_property const& p, std::size_t found, std::string const& path);
  void check_value(term_id node, term_id value, compiled_property const& p, std::string const& path);
  bool check_kind(term_id node, term const& value, compiled_property const& p, std::string const& path);
  void check_datatype(term_id node, term const& value, compiled_property const& p, std::string const& path);
  void check_class(term_id node, term_id value, compiled_property const& p, std::string const& path);
  void check_code(term_id node, term const& value, compiled_property const& p, std::string const& path);
  void check_start(term_id node, term const& value, compiled_property const& p, std::string const& path);
  void check_rule(term_id node, compiled_rule const& r, std::string const& path);

  std::span<triple const> values(term_id node, iri_number path) const;
  bool has_class(term_id node, iri_number of_class) const;
  need wanted(std::vector<need> const& needs) const { return needs[level_]; }
  std::string name(std::string_view iri) const { return book_.pack().short_name(iri); }
  void report(severity level, term_id focus, std::string path, std::string code, std::string detail, std::string mend);

  graph const& record_;
  rule_book const& book_;
  std::vector<term_id> ids_;  // of the rules' IRIs in this graph
  std::set<std::pair<term_id, std::size_t>> checked_;
  std::size_t level_ = 0;
  std::size_t searches_left_ = 100;  // for the nearest code: not for thousands of wrong values
  std::size_t untold_ = 0;
  validation_report report_;
};

}  // namespace ehds::dcat
