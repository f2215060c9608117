// The data zone's two calls: give me work, here is what came of it.
#include "node/federation/job_rows.hpp"
#include "node/federation/jobs.hpp"
#include "policies/released_table.hpp"

namespace ehds::node::federation {

result<std::optional<pulled_job>> jobs::lease(std::string_view zone) {
  std::optional<pulled_job> pulled;
  auto const done = db_.commit([&](store::transaction& tx) -> result<void> {
    pulled.reset();
    auto const now = wall_.now();
    auto const job = next_for_zone(tx, now);
    if (!job) return {};
    if (auto const why = not_approved_now(tx, *job)) {
      refuse(tx, job->id, "node", *why, "refused");
      return {};
    }
    auto const permit = links_.find_permit(tx, permit_wanted_by(*job)).value();
    tx.run(
        "UPDATE federation_job SET state = 'leased', lease_until = ?, attempts = attempts + 1, changed_at = ? WHERE id "
        "= ?",
        now + settings_.lease, now, job->id);
    links_.record(tx, {std::string(zone), "query.pulled", job->id, "done", job->query_hash});
    pulled = pulled_job{job->id, job->query, job->caller, links_.seal_permit(tx, permit)};
    return {};
  });
  if (!done) return done.error();
  return pulled;
}

result<void> jobs::give_back(std::string_view zone) {
  return db_.commit([&](store::transaction& tx) -> result<void> {
    auto const held = tx.run("UPDATE federation_job SET state = 'queued', lease_until = NULL WHERE state = 'leased'");
    if (held > 0) links_.record(tx, {std::string(zone), "query.given_back", std::to_string(held), "done", {}});
    return {};
  });
}

result<void> jobs::hand_back(zone_answer const& answer) {
  return db_.commit([&](store::transaction& tx) -> result<void> {
    auto const job = find_job(tx, answer.job);
    if (!job) return problem{"federation.unknown", "there is no such query", "/job", {}};
    if (job->state != "leased") {
      // A zone that did not hear our answer says it again; what was decided since stands.
      if (job->state != "queued") return {};
      return problem{"federation.not_leased", "the query was not pulled, or its lease was given back", "/job",
                     "pull it again"};
    }
    return take_back(tx, *job, answer);
  });
}

result<void> jobs::take_back(store::transaction& tx, job_view const& job, zone_answer const& answer) {
  if (answer.outcome == zone_outcome::failed) {
    // Stays leased for a while, so that a zone in trouble is not asked again at once.
    tx.run("UPDATE federation_job SET lease_until = ?, officer_reason = ?, changed_at = ? WHERE id = ?",
           wall_.now() + settings_.pause_after_failure, answer.reason, wall_.now(), job.id);
    links_.record(tx, {"zone", "query.failed", job.id, "federation.engine", job.query_hash});
    return {};
  }
  if (answer.outcome == zone_outcome::refused) {
    refuse(tx, job.id, "zone", {"disclosure.refused", answer.reason, {}, {}}, "refused");
    return {};
  }
  auto const table = policies::read_released_table(answer.table);
  if (!table) return table.error();
  if (table->query_hash != job.query_hash)
    return problem{"federation.other_query", "the table answers another query than was pulled", job.id,
                   "answer the query of this job"};
  tx.run(
      "UPDATE federation_job SET state = 'awaiting_release', released_table = ?, officer_reason = ?, changed_at = ? "
      "WHERE id = ?",
      answer.table, answer.reason, wall_.now(), job.id);
  links_.record(tx, {"zone", "table.checked", job.id, "done", job.query_hash});
  auto const waiting = find_job(tx, job.id).value();
  if (settings_.releases_of(job.dataset) == release_by::nobody) return let_go(tx, waiting, "standing rule");
  return {};
}

}  // namespace ehds::node::federation
