// The officer's part: let a checked table go, or keep it.
#include "node/federation/job_rows.hpp"
#include "node/federation/jobs.hpp"
#include "node/federation/messages.hpp"

namespace ehds::node::federation {
namespace {

result<job_view> waiting_job(store::transaction& tx, std::string_view id) {
  auto const job = find_job(tx, id);
  if (!job) return problem{"federation.unknown", "there is no such query", "/job", "GET /api/query-jobs lists them"};
  if (job->state != "awaiting_release")
    return problem{"federation.not_waiting", "the query does not wait for a release: it is " + job->state, "/job",
                   "GET /api/query-jobs says how each stands"};
  return *job;
}

}  // namespace

result<void> jobs::release(std::string_view id, std::string_view officer) {
  std::optional<problem> refused;
  auto done = db_.commit([&](store::transaction& tx) -> result<void> {
    refused.reset();
    auto const job = waiting_job(tx, id);
    if (!job) return job.error();
    if (job->caller == officer)
      return problem{"federation.duties", "who asked the question does not release its answer", job->id,
                     "let a colleague release it"};
    if (auto const why = not_approved_now(tx, *job)) {
      refuse(tx, job->id, officer, *why, "refused");
      refused = *why;
      return {};
    }
    return let_go(tx, *job, officer);
  });
  if (done && refused) return *refused;
  return done;
}

result<void> jobs::let_go(store::transaction& tx, job_view const& job, std::string_view officer) {
  tx.run("UPDATE federation_job SET state = 'released', decided_by = ?, changed_at = ? WHERE id = ?", officer,
         wall_.now(), job.id);
  links_.record(tx, {std::string(officer), "table.released", job.id, "done", job.query_hash});
  auto const part = job.id.substr(job.asker.size() + 1);
  if (job.asker == settings_.node) {
    own_.answered(tx, part, job.table);
    return {};
  }
  return links_.post(tx, {job.asker, "releasedTable", part, to_json(released_answer{part, job.table})});
}

result<void> jobs::withhold(std::string_view id, std::string_view officer, std::string_view reason) {
  return db_.commit([&](store::transaction& tx) -> result<void> {
    auto const job = waiting_job(tx, id);
    if (!job) return job.error();
    if (reason.empty())
      return problem{"federation.no_reason", "a table is withheld with a reason", "reason", "say why"};
    refuse(tx, job->id, officer, {"release.withheld", std::string(reason), {}, {}}, "withheld");
    return {};
  });
}

}  // namespace ehds::node::federation
