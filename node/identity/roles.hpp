#pragma once
// Who may do what: roles as the law separates them, and the rule that one pair of hands is not enough.
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ehds::node::identity {

enum class role {
  applicant,         // applies for access or data
  screener,          // checks that an application is complete
  assessor,          // assesses its merits
  decider,           // grants or refuses
  catalogue_editor,  // writes dataset records
  auditor,           // reads the audit log and everything that happened
  operator_,         // keeps the node running: keys, partners, ledger; never decides
  data_preparer,     // prepares data and releases tables
  back_end,          // a program that sends and receives messages through the access point
};

std::string_view to_text(role r);  // "catalogue_editor"; "operator" for operator_
std::optional<role> role_of(std::string_view text);
std::vector<role> all_roles();

using roles = std::set<role>;

// Who acts: a person who signed in, or a national system with its key.
struct actor {
  std::string id;            // account id or key id; stable, pseudonymous enough for the audit log
  std::string display_name;  // personal data: for pages, never for logs
  std::string organisation;
  std::string country;
  identity::roles roles;
  std::string back_end = {};  // whose messages a key with that role opens; a name of the configuration

  bool may(role r) const { return roles.contains(r); }
};

// Roles that one account must not hold together; each finding says which and why (identity.duties).
problems conflicting_duties(roles const& held);

// What an actor did earlier on the same case.
enum class duty { applied, screened, assessed, decided, prepared, released };
struct done_duty {
  std::string actor_id;
  duty what;
};
// May this actor now do this, given who did what on the case? Problem identity.duties names the earlier duty.
result<void> separate_duties(std::string_view actor_id, duty next, std::vector<done_duty> const& history);

}  // namespace ehds::node::identity
