// Taking queries in and judging them; leasing and what comes back is in job_zone.cpp, the officer's part in
// job_release.cpp.
#include "node/federation/jobs.hpp"

#include "node/federation/job_rows.hpp"
#include "node/federation/messages.hpp"
#include "policies/approval/judge.hpp"

namespace ehds::node::federation {

struct jobs::incoming {
  std::string id;
  std::string asker;   // node id
  std::string caller;  // user id or access_point:<id>
  std::string part;
  std::string title;
  std::string application;
  std::string query;
};

jobs::jobs(store::database& db, clock const& wall, links outside, job_settings settings)
    : db_(db), wall_(wall), links_(std::move(outside)), settings_(std::move(settings)) {}

void jobs::answers_own_questions_by(own_answers own) { own_ = std::move(own); }

result<void> jobs::take_query(store::transaction& tx, std::string_view partner, std::string_view content) {
  auto const submitted = read_submit_query(content);
  if (!submitted) return submitted.error();
  std::string const from(partner);
  return take(tx, {from + ":" + submitted->part, from, "access_point:" + from, submitted->part, submitted->title,
                   submitted->application, submitted->query});
}

result<void> jobs::take_own(store::transaction& tx, own_query const& own) {
  return take(tx, {settings_.node + ":" + own.part, settings_.node, own.asked_by, own.part, own.title, own.application,
                   own.query});
}

result<void> jobs::take(store::transaction& tx, incoming const& in) {
  if (find_job(tx, in.id)) return {};
  auto const query = policies::read_aggregate_query(in.query);
  if (!query) return query.error();
  auto const hash = policies::query_hash(*query);
  auto const now = wall_.now();
  tx.run(
      "INSERT INTO federation_job (id, seq, asker, caller, part, title, query, query_hash, dataset, protocol, state, "
      "created_at, changed_at, application)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?)",
      in.id, tx.next_number("federation_job"), in.asker, in.caller, in.part, in.title, policies::canonical_text(*query),
      hash, query->dataset, query->protocol, now, now, in.application);
  auto const job = find_job(tx, in.id).value();
  // Every readable query is acknowledged in the same words, before it is judged.
  if (auto told = tell_received(tx, job); !told) return told;
  if (auto const why = not_approved_now(tx, job)) {
    refuse(tx, job.id, "node", *why, "refused");
    return {};
  }
  links_.record(tx, {job.caller, "query.accepted", job.id, "done", hash});
  return {};
}

// Why this job may not run now, for the officer; nothing when it may. Also notes the permit in the row.
std::optional<problem> jobs::not_approved_now(store::transaction& tx, job_view const& job) const {
  auto const permit = links_.find_permit(tx, permit_wanted_by(job));
  if (!permit)
    return problem{
        "approval.no_permit", "no permit or approved request names this dataset and protocol", job.dataset, {}};
  tx.run("UPDATE federation_job SET permit = ? WHERE id = ?", permit->id + "/" + std::to_string(permit->version),
         job.id);
  auto const query = policies::read_aggregate_query(job.query);
  if (!query) return query.error();
  auto const judged = policies::judge(*query, *permit, {job.caller}, wall_.now());
  if (!judged) return judged.error().to_officer;
  if (permit->application != job.application)
    return problem{"approval.other_application",
                   "Permit " + permit->id + " was given on another application than the question is asked for.",
                   job.application, "Ask under the application that the permit answers."};
  return std::nullopt;
}

// Every refusal looks the same to the asker: same message, same content.
void jobs::refuse(store::transaction& tx, std::string_view id, std::string_view actor, problem const& why,
                  std::string_view state) {
  auto const job = find_job(tx, id).value();
  tx.run(
      "UPDATE federation_job SET state = ?, officer_reason = ?, released_table = NULL, decided_by = ?, changed_at = ? "
      "WHERE id = ?",
      state, to_text(why), actor, wall_.now(), id);
  links_.record(tx, {std::string(actor), "query.refused", std::string(id), why.code, job.query_hash});
  auto const part = std::string(id.substr(job.asker.size() + 1));
  if (job.asker == settings_.node) {
    own_.refused(tx, part);
    return;
  }
  // An outbox that cannot take the message is a broken world: the effect is rolled back.
  links_.post(tx, {job.asker, "queryRefused", part, to_json(query_refused{part})}).value();
}

result<void> jobs::tell_received(store::transaction& tx, job_view const& job) {
  if (job.asker == settings_.node) return {};
  auto const part = job.id.substr(job.asker.size() + 1);
  return links_.post(tx, {job.asker, "queryStatus", part, to_json(query_status{part, "received"})});
}

result<job_view> jobs::find(std::string_view id) const {
  auto const job = db_.read([&](store::reading& at) { return find_job(at, id); });
  if (!job) return problem{"federation.unknown", "there is no such query", "/job", "GET /api/query-jobs lists them"};
  return *job;
}

std::vector<job_view> jobs::list() const {
  return db_.read([](store::reading& at) { return all_jobs(at); });
}

}  // namespace ehds::node::federation
