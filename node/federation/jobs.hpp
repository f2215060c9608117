#pragma once
// The answering side, at the edge: a query comes in, is judged against its permit, waits for the data zone to pull it,
// comes back as a released table, waits for an officer where the country wants one, and leaves. The edge never sees a
// raw figure. The asker is told "received", then a table or one word for every
// refusal, and never when an engine was done.
//
//   queued ── lease ──► leased ── hand_back ──► awaiting_release ── release ──► released
//
// A query without approval is refused when it comes, when it is leased and when it is released, for an approval may end
// in between; one of which nothing may be shown is refused when it is handed back; an officer may withhold the table.
// A zone whose engine failed keeps the job leased for a pause. A lease that ran out is given to the next pull.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "node/federation/links.hpp"
#include "node/store/database.hpp"

namespace ehds::node::federation {

enum class release_by { officer, nobody };  // nobody: a standing rule lets checked tables go

struct job_settings {
  std::string node;                                                 // this node's id
  std::function<release_by(std::string_view dataset)> releases_of;  // the country's rule for that dataset
  std::chrono::milliseconds lease{120'000};                         // then another pull may take the job
  std::chrono::milliseconds pause_after_failure{60'000};
};

// What the data zone is given. It judges again: clearance is minted where the query runs.
struct pulled_job {
  std::string id;
  std::string query;   // canonical text
  std::string caller;  // as named in the permit
  std::string permit;  // latest version, sealed: links.hpp
};

enum class zone_outcome { released, refused, failed };  // failed: the engine broke; the job is tried again later

struct zone_answer {
  std::string job;
  zone_outcome outcome = zone_outcome::failed;
  std::string table;   // released table, JSON; only when released
  std::string reason;  // for the officer; never figures
};

struct job_view {
  std::string id;
  std::string asker;
  std::string caller;
  std::string title;
  std::string application;  // the data request it is asked for, as the asker says
  std::string dataset;
  std::string protocol;
  std::string query;
  std::string query_hash;
  std::string state;
  std::string permit;  // id/version, empty when none was found
  std::string table;   // released table, JSON, empty before
  std::string officer_reason;
  std::string decided_by;
  instant created_at;
  instant changed_at;
};

// Tells this node's own question what became of its part.
struct own_answers {
  std::function<void(store::transaction&, std::string_view part, std::string_view table)> answered;
  std::function<void(store::transaction&, std::string_view part)> refused;
};

class jobs {
 public:
  jobs(store::database& db, clock const& wall, links outside, job_settings settings);
  void answers_own_questions_by(own_answers own);

  // A query of a partner, inside the effect of its receipt; the same part again changes nothing. A text that is no
  // query is a problem (the business answer says so); a query without approval is refused in one word.
  result<void> take_query(store::transaction& tx, std::string_view partner, std::string_view content);
  // This node's own part of its own question.
  result<void> take_own(store::transaction& tx, own_query const& own);

  // The data zone asks for work: the oldest queued job, or one whose lease ran out. Judged again before it leaves.
  result<std::optional<pulled_job>> lease(std::string_view zone);
  // A zone that has just started holds nothing: what it had pulled before it lost power is queued again.
  result<void> give_back(std::string_view zone);
  // An answer to a job that is past its lease is accepted and changes nothing. Problems: federation.unknown,
  // federation.not_leased, federation.other_query, and those of a table.
  result<void> hand_back(zone_answer const& answer);

  // An officer lets the table go: revocation since the run bites here. Problems: federation.unknown,
  // federation.not_waiting, federation.duties (who asked does not release), and the officer's reason of a refusal.
  result<void> release(std::string_view job, std::string_view officer);
  result<void> withhold(std::string_view job, std::string_view officer, std::string_view reason);

  result<job_view> find(std::string_view job) const;
  std::vector<job_view> list() const;  // newest first

 private:
  struct incoming;
  result<void> take(store::transaction& tx, incoming const& query);
  void refuse(store::transaction& tx, std::string_view job, std::string_view actor, problem const& why,
              std::string_view state);
  result<void> let_go(store::transaction& tx, job_view const& job, std::string_view officer);
  result<void> tell_received(store::transaction& tx, job_view const& job);
  std::optional<problem> not_approved_now(store::transaction& tx, job_view const& job) const;
  result<void> take_back(store::transaction& tx, job_view const& job, zone_answer const& answer);

  store::database& db_;
  clock const& wall_;
  links links_;
  job_settings settings_;
  own_answers own_;
};

}  // namespace ehds::node::federation
