#include "node/federation/zone_runner.hpp"

#include "policies/approval/judge.hpp"

namespace ehds::node::federation {

struct zone_runner::past {
  policies::query_history history;
  std::int64_t releases = 0;     // of the dataset, under any permit
  std::int64_t cells_spent = 0;  // under this permit
};

std::vector<store::migration> zone_migrations() {
  return {{"zone", 1, R"(
    CREATE TABLE zone_release (
      seq INTEGER PRIMARY KEY, dataset TEXT NOT NULL, permit TEXT NOT NULL, cells INTEGER NOT NULL, record BLOB NOT NULL) STRICT;
    CREATE INDEX zone_release_dataset ON zone_release(dataset, seq);
    CREATE TABLE zone_answer (
      job TEXT PRIMARY KEY, outcome TEXT NOT NULL, released_table TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  )"}};
}

zone_runner::zone_runner(store::database& db, clock const& wall, std::vector<zone_dataset> datasets, open_permit unseal,
                         record_audit record)
    : db_(db), wall_(wall), open_permit_(std::move(unseal)), record_(std::move(record)) {
  for (auto& dataset : datasets) {
    auto const id = dataset.id;
    datasets_.emplace(id, std::move(dataset));
  }
}

namespace {

// What the query itself brought about is an answer; all else (a file that is not there, a broken disk) is our trouble,
// and the query is tried again.
bool is_of_the_query(problem const& what) {
  auto const& code = what.code;
  bool const limit = code == "engine.time_limit" || code == "engine.row_limit" || code == "engine.expired";
  return limit || code.starts_with("sql.") || code.starts_with("query.");
}

}  // namespace

zone_answer zone_runner::run(pulled_job const& job) {
  auto const kept = db_.read([&](store::reading& at) {
    return at.first("SELECT outcome, released_table, reason FROM zone_answer WHERE job = ?", job.id);
  });
  if (!kept) return compute(job);
  auto const outcome = kept->text(0) == "released" ? zone_outcome::released : zone_outcome::refused;
  return {job.id, outcome, kept->text(1), kept->text(2)};
}

zone_answer zone_runner::compute(pulled_job const& job) {
  auto const query = policies::read_aggregate_query(job.query);
  if (!query) return refuse(job, query.error());
  auto const permit = open_permit_(job.permit);
  if (!permit) return refuse(job, permit.error());
  auto const cleared = policies::judge(*query, *permit, {job.caller}, wall_.now());
  if (!cleared) return refuse(job, cleared.error().to_officer);
  auto const dataset = datasets_.find(query->dataset);
  if (dataset == datasets_.end())
    return refuse(job, {"zone.dataset", "this data zone does not hold the dataset", query->dataset, {}});
  auto const raw = dataset->second.engine->run(*cleared);
  if (!raw && !is_of_the_query(raw.error())) return {job.id, zone_outcome::failed, {}, raw.error().detail};
  if (!raw) return refuse(job, raw.error());
  return disclose_and_keep(job, *cleared, *permit, *raw, dataset->second.policy);
}

zone_answer zone_runner::disclose_and_keep(pulled_job const& job, policies::cleared_query const& cleared,
                                           policies::data_permit const& permit, policies::raw_table const& raw,
                                           policies::disclosure_policy const& policy) {
  for (;;) {
    auto const before = history_of(cleared.query().dataset, permit.id);
    auto const proposal = policies::disclose(raw, cleared, policy, before.history, before.cells_spent);
    if (!proposal) return refuse(job, proposal.error());
    zone_answer const answer{job.id, zone_outcome::released, policies::to_json(proposal->table),
                             "checked under " + policy.id};
    bool overtaken = false;
    std::optional<problem> revoked;
    auto const kept = db_.commit([&](store::transaction& tx) -> result<void> {
      revoked.reset();
      auto const releases =
          tx.first("SELECT count(*) FROM zone_release WHERE dataset = ?", cleared.query().dataset)->integer(0);
      overtaken = releases != before.releases;
      if (overtaken) return {};  // another answer of this dataset was kept meanwhile: compare with it too
      if (auto const still = policies::judge_release(cleared, permit, wall_.now()); !still) {
        revoked = still.error().to_officer;
        return {};
      }
      tx.run("INSERT INTO zone_release (dataset, permit, cells, record) VALUES (?, ?, ?, ?)", cleared.query().dataset,
             permit.id, proposal->owed.cells, store::blob{policies::to_record(proposal->owed.entry)});
      tx.run("INSERT INTO zone_answer VALUES (?, 'released', ?, ?, ?)", job.id, answer.table, answer.reason,
             wall_.now());
      record_(tx, {"zone", "table.computed", job.id, "done", cleared.hash()});
      return {};
    });
    if (!kept) return {job.id, zone_outcome::failed, {}, kept.error().detail};
    if (revoked) return refuse(job, *revoked);
    if (!overtaken) return answer;
  }
}

// Kept too, so that the same job is refused in the same words.
zone_answer zone_runner::refuse(pulled_job const& job, problem const& why) {
  zone_answer answer{job.id, zone_outcome::refused, {}, to_text(why)};
  auto const kept = db_.commit([&](store::transaction& tx) -> result<void> {
    tx.run("INSERT INTO zone_answer VALUES (?, 'refused', '', ?, ?) ON CONFLICT DO NOTHING", job.id, answer.reason,
           wall_.now());
    record_(tx, {"zone", "query.refused", job.id, why.code, {}});
    return {};
  });
  if (!kept) return {job.id, zone_outcome::failed, {}, kept.error().detail};
  return answer;
}

zone_runner::past zone_runner::history_of(std::string_view dataset, std::string_view permit) const {
  return db_.read([&](store::reading& at) {
    past found;
    for (auto const& row :
         at.rows("SELECT permit, cells, record FROM zone_release WHERE dataset = ? ORDER BY seq", dataset)) {
      ++found.releases;
      if (row.text(0) == permit) found.cells_spent += row.integer(1);
      found.history.entries.push_back(policies::read_history_record(row.text(2)).value());
    }
    return found;
  });
}

}  // namespace ehds::node::federation
