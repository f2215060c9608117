#include "node/federation/job_rows.hpp"

namespace ehds::node::federation {
namespace {

job_view job_of(store::row const& row) {
  job_view job;
  job.id = row.text(0);
  job.asker = row.text(1);
  job.caller = row.text(2);
  job.title = row.text(3);
  job.dataset = row.text(4);
  job.protocol = row.text(5);
  job.query = row.text(6);
  job.query_hash = row.text(7);
  job.state = row.text(8);
  job.permit = row.maybe_text(9).value_or("");
  job.table = row.maybe_text(10).value_or("");
  job.officer_reason = row.text(11);
  job.decided_by = row.maybe_text(12).value_or("");
  job.created_at = row.time(13);
  job.changed_at = row.time(14);
  job.application = row.text(15);
  return job;
}

}  // namespace

std::optional<job_view> find_job(store::reading& at, std::string_view id) {
  auto const row = at.first(
      "SELECT id, asker, caller, title, dataset, protocol, query, query_hash, state, permit, released_table,"
      " officer_reason, decided_by, created_at, changed_at, application FROM federation_job WHERE id = ?",
      id);
  if (!row) return std::nullopt;
  return job_of(*row);
}

permit_wanted permit_wanted_by(job_view const& job) {
  return {job.dataset, job.query_hash, job.protocol, job.caller, job.application};
}

std::vector<job_view> all_jobs(store::reading& at) {
  std::vector<job_view> jobs;
  for (auto const& row : at.rows(
           "SELECT id, asker, caller, title, dataset, protocol, query, query_hash, state, permit, released_table,"
           " officer_reason, decided_by, created_at, changed_at, application FROM federation_job ORDER BY seq DESC"))
    jobs.push_back(job_of(row));
  return jobs;
}

std::optional<job_view> next_for_zone(store::reading& at, instant now) {
  auto const row = at.first(
      "SELECT id, asker, caller, title, dataset, protocol, query, query_hash, state, permit, released_table,"
      " officer_reason, decided_by, created_at, changed_at, application FROM federation_job"
      " WHERE state = 'queued' OR (state = 'leased' AND lease_until < ?) ORDER BY seq LIMIT 1",
      now);
  if (!row) return std::nullopt;
  return job_of(*row);
}

}  // namespace ehds::node::federation
