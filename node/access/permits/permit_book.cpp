#include "node/access/permits/permit_book.hpp"

#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

namespace ehds::node::access {
namespace {

std::string number_of_permit(std::string_view id) { return std::string{id.substr(0, id.rfind('/'))}; }

std::int64_t version_of_permit(std::string_view id) {
  auto const slash = id.rfind('/');
  return slash == std::string_view::npos ? 1 : std::stoll(std::string{id.substr(slash + 1)});
}

permit_line read_line(store::row const& row) {
  return {.id = row.text(0),
          .number = row.text(1),
          .version = row.integer(2),
          .case_id = row.text(3),
          .application_id = row.text(4),
          .type = row.text(5),
          .status = row.text(6),
          .valid_from = row.text(7),
          .valid_to = row.text(8),
          .issued = row.time(9),
          .payload_json = row.text(10),
          .jws = row.text(11)};
}

handover_entry read_handover(store::row const& row) {
  return {.key = row.text(0),
          .permit_id = row.text(1),
          .type = row.text(2),
          .kind = row.text(3),
          .body = row.text(4),
          .attempts = row.integer(5),
          .created = row.time(6),
          .next_try = row.maybe_time(7),
          .done = row.maybe_time(8),
          .last_error = row.text(9),
          .proof = row.text(10)};
}

// The newest word about a permit overtakes what still waits: a revocation must never be followed by the grant that it
// revokes, nor a version by an older one.
void hand_over(store::transaction& tx, case_state const& state, std::string const& key, std::string_view kind,
               std::string_view body, instant now) {
  auto const& permit = *state.permit;
  tx.run(
      "UPDATE access_handover SET done = ?, proof = 'overtaken' WHERE done IS NULL AND permit_id IN"
      " (SELECT id FROM access_permit WHERE number = ?)",
      now, number_of_permit(permit.id));
  tx.run("INSERT INTO access_handover (key, permit_id, type, kind, body, created, next_try) VALUES (?,?,?,?,?,?,?)",
         key, permit.id, to_code(state.type), kind, body, now, now);
}

void index_queries(store::transaction& tx, case_state const& state, std::string const& number) {
  tx.run("DELETE FROM access_permit_query WHERE number = ?", number);
  if (state.type != application_type::data_request) return;
  auto const& terms = state.permit->terms;
  for (auto const& query : terms.queries)
    tx.run("INSERT OR IGNORE INTO access_permit_query (dataset, query_hash, number, protocol) VALUES (?,?,?,?)",
           query.dataset, query.query_hash, number, terms.protocol);
}

}  // namespace

std::vector<store::migration> permit_book::migrations() {
  return {{"access_permits", 1,
           "CREATE TABLE access_permit (id TEXT PRIMARY KEY, number TEXT NOT NULL, version INTEGER NOT NULL,"
           " case_id TEXT NOT NULL, application_id TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL,"
           " valid_from TEXT NOT NULL, valid_to TEXT NOT NULL, issued INTEGER NOT NULL, payload TEXT NOT NULL,"
           " jws TEXT NOT NULL, since INTEGER NOT NULL, UNIQUE (number, version));"
           "CREATE TABLE access_handover (key TEXT PRIMARY KEY, permit_id TEXT NOT NULL, type TEXT NOT NULL,"
           " kind TEXT NOT NULL, body TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL,"
           " next_try INTEGER, done INTEGER, last_error TEXT NOT NULL DEFAULT '', proof TEXT NOT NULL DEFAULT '');"
           "CREATE INDEX access_handover_due ON access_handover (done, next_try)"},
          // Which request approval names which query of which dataset, in its newest version.
          {"access_permits", 2,
           "CREATE TABLE access_permit_query (dataset TEXT NOT NULL, query_hash TEXT NOT NULL, number TEXT NOT NULL,"
           " protocol TEXT NOT NULL, PRIMARY KEY (dataset, query_hash, number)) WITHOUT ROWID;"
           "CREATE INDEX access_permit_query_protocol ON access_permit_query (dataset, protocol, number);"
           "CREATE INDEX access_permit_query_number ON access_permit_query (number);"
           "INSERT OR IGNORE INTO access_permit_query (dataset, query_hash, number, protocol)"
           " SELECT json_extract(query.value, '$.dataset'), json_extract(query.value, '$.query_hash'), permit.number,"
           " coalesce(json_extract(permit.payload, '$.terms.protocol'), '')"
           " FROM access_permit AS permit, json_each(permit.payload, '$.terms.queries') AS query"
           " WHERE permit.type = 'DATA_REQUEST_APPLICATION' AND permit.version ="
           " (SELECT max(version) FROM access_permit AS newer WHERE newer.number = permit.number)"}};
}

std::optional<permit_line> permit_book::find(store::reading& now, std::string_view id) {
  bool const exact = id.find('/') != std::string_view::npos;
  auto const row =
      exact ? now.first(
                  "SELECT id, number, version, case_id, application_id, type, status, valid_from, valid_to, issued,"
                  " payload, jws FROM access_permit WHERE id = ?",
                  id)
            : now.first(
                  "SELECT id, number, version, case_id, application_id, type, status, valid_from, valid_to, issued,"
                  " payload, jws FROM access_permit WHERE number = ? ORDER BY version DESC LIMIT 1",
                  id);
  if (!row) return std::nullopt;
  return read_line(*row);
}

std::optional<permit_line> permit_book::find(std::string_view id) const {
  return db_.read([&](store::reading& now) { return find(now, id); });
}

std::vector<permit_line> permit_book::all(std::size_t limit) const {
  return db_.read([&](store::reading& now) {
    std::vector<permit_line> lines;
    for (auto const& row :
         now.rows("SELECT id, number, version, case_id, application_id, type, status, valid_from, valid_to, issued,"
                  " payload, jws FROM access_permit ORDER BY issued DESC, id DESC LIMIT ?",
                  limit))
      lines.push_back(read_line(row));
    return lines;
  });
}

std::string permit_book::revocations_json(instant now_is) const {
  json list = json::array();
  db_.read([&](store::reading& now) {
    now.each(
        "SELECT id, status, since FROM access_permit AS p WHERE status IN ('REVOKED', 'REVOKE_APPEALED',"
        " 'APPEAL_REJECTED', 'EXPIRED') AND version = (SELECT max(version) FROM access_permit WHERE number = p.number)"
        " ORDER BY since, id",
        [&](store::row const& row) {
          list.push_back({{"permit", row.text(0)}, {"status", row.text(1)}, {"since", to_rfc3339(row.time(2))}});
        });
    return 0;
  });
  return to_line(json{{"issued_at", to_rfc3339(now_is)}, {"revoked", std::move(list)}});
}

std::vector<handover_entry> permit_book::due(instant now_is, std::size_t limit) const {
  return db_.read([&](store::reading& now) {
    std::vector<handover_entry> entries;
    for (auto const& row :
         now.rows("SELECT key, permit_id, type, kind, body, attempts, created, next_try, done, last_error, proof"
                  " FROM access_handover WHERE done IS NULL AND next_try <= ?"
                  " ORDER BY kind <> 'revoke', created, key LIMIT ?",
                  now_is, limit))
      entries.push_back(read_handover(row));
    return entries;
  });
}

std::vector<handover_entry> permit_book::handovers(std::string_view permit_id) const {
  return db_.read([&](store::reading& now) {
    std::vector<handover_entry> entries;
    for (auto const& row :
         now.rows("SELECT key, permit_id, type, kind, body, attempts, created, next_try, done, last_error, proof"
                  " FROM access_handover WHERE permit_id = ? ORDER BY created, key",
                  permit_id))
      entries.push_back(read_handover(row));
    return entries;
  });
}

result<void> permit_book::mark_done(std::string_view key, std::string_view proof, instant now) {
  return db_.commit([&](store::transaction& tx) -> result<void> {
    tx.run(
        "UPDATE access_handover SET done = ?, proof = ?, attempts = attempts + 1, last_error = '' WHERE key = ?"
        " AND done IS NULL",
        now, proof, key);
    return {};
  });
}

result<void> permit_book::mark_failed(std::string_view key, std::string_view error, instant, instant next_try) {
  return db_.commit([&](store::transaction& tx) -> result<void> {
    tx.run(
        "UPDATE access_handover SET attempts = attempts + 1, last_error = ?, next_try = ? WHERE key = ?"
        " AND done IS NULL",
        error, next_try, key);
    return {};
  });
}

std::string permit_book::next_id(store::transaction& tx, std::string_view country, instant now) {
  auto const year = std::to_string(static_cast<int>(date_of(now).year()));
  auto const series = std::string{country} + "-" + year;
  auto digits = std::to_string(tx.next_number("access_permit:" + series));
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  return series + "-" + digits + "/1";
}

std::string permit_book::next_version(std::string_view permit_id) {
  return number_of_permit(permit_id) + "/" + std::to_string(version_of_permit(permit_id) + 1);
}

result<void> permit_book::record(store::transaction& tx, case_state const& state, access_ports const& ports,
                                 instant now) {
  auto const& permit = state.permit.value();
  auto const payload = permit_payload(state, now);
  auto jws = ports.sign(payload, "permit+jwt");
  if (!jws) return std::move(jws).error();
  auto const status = to_code(permit.status);
  auto const number = number_of_permit(permit.id);
  // The version that is replaced says by what; those before it were replaced earlier and stay as they are.
  tx.run("UPDATE access_permit SET status = ?, since = ? WHERE number = ? AND version = ?", status, now, number,
         version_of_permit(permit.id) - 1);
  tx.run(
      "INSERT INTO access_permit (id, number, version, case_id, application_id, type, status, valid_from, valid_to,"
      " issued, payload, jws, since) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
      permit.id, number, version_of_permit(permit.id), state.case_id, state.application_id, to_code(state.type), status,
      permit.terms.valid_from, permit.terms.valid_to, now, payload, *jws, now);
  index_queries(tx, state, number);
  auto const* const kind = version_of_permit(permit.id) == 1 ? "issue" : "amend";
  hand_over(tx, state, permit.id + ":" + kind, kind, *jws, now);
  return {};
}

result<void> permit_book::change_status(store::transaction& tx, case_state const& state, std::string_view kind,
                                        access_ports const& ports, instant now) {
  auto const& permit = state.permit.value();
  tx.run("UPDATE access_permit SET status = ?, since = ? WHERE id = ?", to_code(permit.status), now, permit.id);
  if (kind.empty()) return {};
  // A reinstated permit is handed over whole again; of an ended one the notice is enough.
  bool const whole = kind == "reinstate";
  json const notice = {{"permit", permit.id}, {"status", to_code(permit.status)}, {"since", to_rfc3339(now)}};
  auto jws =
      ports.sign(whole ? permit_payload(state, now) : to_line(notice), whole ? "permit+jwt" : "permit-status+jwt");
  if (!jws) return std::move(jws).error();
  auto const key = permit.id + ":" + std::string{kind} + ":" + std::to_string(state.seq);
  hand_over(tx, state, key, kind, *jws, now);
  return {};
}

}  // namespace ehds::node::access
