#pragma once
// Which deed is possible when, and for whom: a data table per release of the specification
// (cases/transitions/). "=" stays, "<-" returns to where the case came from.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "node/access/cases/case_state.hpp"

namespace ehds::node::access {

struct transition {
  enum class target { named, stay, origin };
  case_verb verb = case_verb::publish;
  std::vector<case_status> from;
  target goes = target::stay;
  case_status to = case_status::submitted;  // when named
  std::optional<case_status> refused;       // decide: where a refusal leads
  std::vector<std::string> roles;
  std::vector<std::string> needs;  // particulars that must not be empty
  bool about_permit = false;
  bool before_permit = false;              // possible while there is no permit
  std::vector<permit_status> permit_from;  // and in these
  std::optional<permit_status> permit_to;  // none: the permit stays
};

class transition_table {
 public:
  // Problem: access.transitions, with the number of the line.
  static result<transition_table> read(std::string_view json);
  // Compiled into the node; throws std::out_of_range for a release that is not there.
  static transition_table const& shipped(std::string_view release);

  // The transition, or why not, in a sentence: access.case.transition, access.case.role.
  result<transition> allow(case_state const& state, case_verb verb, case_actor const& actor) const;
  std::vector<std::string> possible(case_state const& state) const;  // verbs, for anybody

 private:
  std::vector<transition> transitions_;
};

}  // namespace ehds::node::access
