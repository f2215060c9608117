#pragma once
// The authority's desk: one case for each application and authority. A command becomes events, tables,
// outgoing messages, hand-over entries, register entries and an audit entry in one effect, or nothing.
//
//   case_desk desk{database, clock, settings, ports};
//   desk.execute({.id = key, .case_id = id, .verb = case_verb::start_pre_screening, .by = officer, .what = {}});
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "node/access/access_ports.hpp"
#include "node/access/cases/case_event.hpp"
#include "node/access/cases/case_views.hpp"
#include "node/store/database.hpp"

namespace ehds::node::access {

struct authority {
  std::string id;    // "FR-HDAB": stable, on the wire as hdab
  std::string name;  // as datasets name it
};

struct desk_settings {
  std::string country;                 // "FR"
  std::vector<authority> authorities;  // the first takes what names none of them
  std::string centre = "EU";           // where messages go
  std::string specification = "v0.5";  // which transition table
  bool issue_on_acceptance = true;     // the permit follows the applicant's acceptance at once
};

struct case_command {
  std::string id;  // idempotency key: the same key is done once, its answer is given again
  std::string case_id;
  case_verb verb = case_verb::publish;
  case_actor by;
  case_particulars what;
};

struct command_outcome {
  std::string case_id;
  std::string status;     // code
  std::string permit_id;  // when there is one
  std::int64_t seq = 0;
  bool repeated = false;  // it had been done before
};

class case_desk {
 public:
  case_desk(store::database& db, clock const& time, desk_settings settings, access_ports ports);

  static std::vector<store::migration> migrations();

  // Problems: access.case.unknown, .transition, .role, .duties, .proposal, .particulars; access.command.reused; store.*
  result<command_outcome> execute(case_command const& command);
  result<command_outcome> execute(store::transaction& tx, case_command const& command);

  // dataAccessApplication, dataRequestApplication, additionalInformation, decisionResponse, withdrawal, statusUpdate.
  // The list holds what is wrong with the message (then nothing was changed); a problem means the world is broken.
  result<problems> receive(store::transaction& tx, incoming_business_message const& message);
  static bool takes(std::string_view action);

  // A stranger's application: application_metadata.json with its application_file.zip, both in one ZIP. Goes the way
  // of an arrival from the centre; the list holds what is wrong with it.
  result<problems> bring(std::string_view zip);

  // What time alone does: silence after 28 days, information that never came, permits past their last day. Returns how
  // many events it made. Idempotent; call it as often as you like.
  result<int> tick();

  std::vector<case_line> cases(case_filter const& filter = {}) const;
  std::optional<case_page> find(std::string_view case_id) const;
  std::vector<std::string> cases_of(std::string_view application_id) const;
  std::vector<application_version> versions(std::string_view application_id) const;  // oldest first
  // The newest copy of the application as it was received.
  std::optional<std::string> application_metadata(std::string_view application_id) const;
  std::optional<std::string> attachments_zip(std::string_view application_id) const;

  // Folds the stored events anew and compares with the tables; the ids of cases that differ (none, always).
  std::vector<std::string> rebuild_and_compare() const;

 private:
  store::database& db_;
  clock const& time_;
  desk_settings settings_;
  access_ports ports_;
};

}  // namespace ehds::node::access
