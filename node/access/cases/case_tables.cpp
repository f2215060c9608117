#include "node/access/cases/case_tables.hpp"

namespace ehds::node::access::tables {
namespace {

std::string day_text(std::optional<date> day) { return day ? to_text(*day) : std::string{}; }

case_line read_line(store::row const& row) {
  case_line line{.case_id = row.text(0),
                 .application_id = row.text(1),
                 .authority = row.text(2),
                 .type = row.text(3),
                 .title = row.text(4),
                 .status = row.text(5),
                 .sub_state = row.text(6),
                 .since = row.time(7),
                 .due = {},
                 .next_actor = row.text(9),
                 .permit_id = row.text(10),
                 .permit_status = row.text(11)};
  if (auto const due = parse_date(row.text(8))) line.due = *due;
  return line;
}

}  // namespace

std::vector<store::migration> case_migrations() {
  return {{"access_cases", 1,
           "CREATE TABLE access_case (case_id TEXT PRIMARY KEY, application_id TEXT NOT NULL, authority TEXT NOT NULL,"
           " type TEXT NOT NULL, title TEXT NOT NULL, status TEXT NOT NULL, sub_state TEXT NOT NULL,"
           " since INTEGER NOT NULL, due TEXT NOT NULL, next_actor TEXT NOT NULL, permit_id TEXT NOT NULL,"
           " permit_status TEXT NOT NULL, valid_to TEXT NOT NULL, seq INTEGER NOT NULL, opened INTEGER NOT NULL,"
           " UNIQUE (application_id, authority));"
           "CREATE INDEX access_case_status ON access_case (status, since);"
           "CREATE TABLE access_case_event (case_id TEXT NOT NULL, seq INTEGER NOT NULL, verb TEXT NOT NULL,"
           " at INTEGER NOT NULL, actor TEXT NOT NULL, command_id TEXT NOT NULL, particulars TEXT NOT NULL,"
           " PRIMARY KEY (case_id, seq)) WITHOUT ROWID;"
           "CREATE TABLE access_command (command_id TEXT PRIMARY KEY, case_id TEXT NOT NULL, fingerprint TEXT NOT NULL)"
           " WITHOUT ROWID;"
           "CREATE TABLE access_copy (application_id TEXT NOT NULL, version INTEGER NOT NULL, metadata TEXT NOT NULL,"
           " zip BLOB NOT NULL, received INTEGER NOT NULL, PRIMARY KEY (application_id, version));"
           "CREATE TABLE access_foreign (application_id TEXT NOT NULL, country TEXT NOT NULL, authority TEXT NOT NULL,"
           " status TEXT NOT NULL, at INTEGER NOT NULL, summary TEXT NOT NULL,"
           " PRIMARY KEY (application_id, country, authority)) WITHOUT ROWID"},
          {"access_cases", 2, "ALTER TABLE access_foreign ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0"}};
}

void insert_event(store::transaction& tx, case_event const& event) {
  tx.run(
      "INSERT INTO access_case_event (case_id, seq, verb, at, actor, command_id, particulars) VALUES (?,?,?,?,?,?,?)",
      event.case_id, event.seq, to_text(event.verb), event.at, to_json(event.by), event.command_id,
      to_json(event.what));
}

std::vector<case_event> events_of(store::reading& now, std::string_view case_id) {
  std::vector<case_event> events;
  for (auto const& row :
       now.rows("SELECT seq, verb, at, actor, command_id, particulars FROM access_case_event WHERE case_id = ?"
                " ORDER BY seq",
                case_id))
    events.push_back({.case_id = std::string{case_id},
                      .seq = row.integer(0),
                      .verb = case_verb_of(row.text(1)).value(),
                      .at = row.time(2),
                      .by = read_case_actor(row.text(3)).value(),
                      .command_id = row.text(4),
                      .what = read_case_particulars(row.text(5)).value()});
  return events;
}

void write_case(store::transaction& tx, case_state const& state, std::optional<date> due) {
  auto const permit = state.permit.value_or(case_permit{});
  std::string_view const permit_code = state.permit ? to_code(permit.status) : std::string_view{};
  tx.run(
      "INSERT INTO access_case (case_id, application_id, authority, type, title, status, sub_state, since, due,"
      " next_actor, permit_id, permit_status, valid_to, seq, opened) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
      " ON CONFLICT (case_id) DO UPDATE SET title = excluded.title, status = excluded.status,"
      " sub_state = excluded.sub_state, since = excluded.since, due = excluded.due,"
      " next_actor = excluded.next_actor, permit_id = excluded.permit_id,"
      " permit_status = excluded.permit_status, valid_to = excluded.valid_to, seq = excluded.seq",
      state.case_id, state.application_id, state.authority, to_code(state.type), state.title, to_code(state.status),
      state.sub_state, state.since, day_text(due), state.next_actor, permit.id, permit_code, permit.terms.valid_to,
      state.seq, state.opened);
}

std::optional<case_line> case_line_of(store::reading& now, std::string_view case_id) {
  auto const row = now.first(
      "SELECT case_id, application_id, authority, type, title, status, sub_state, since, due, next_actor, permit_id,"
      " permit_status FROM access_case WHERE case_id = ?",
      case_id);
  if (!row) return std::nullopt;
  return read_line(*row);
}

std::vector<case_line> case_lines(store::reading& now, case_filter const& filter) {
  std::vector<case_line> lines;
  for (auto const& row :
       now.rows("SELECT case_id, application_id, authority, type, title, status, sub_state, since, due, next_actor,"
                " permit_id, permit_status FROM access_case WHERE (?1 = '' OR status = ?1)"
                " AND (?2 = '' OR application_id = ?2) AND (?3 = '' OR authority = ?3)"
                " ORDER BY next_actor <> 'authority', due = '', due, opened, case_id LIMIT ?4",
                filter.status, filter.application, filter.authority, filter.limit))
    lines.push_back(read_line(row));
  return lines;
}

std::vector<std::string> case_ids(store::reading& now, std::string_view application_id) {
  std::vector<std::string> ids;
  for (auto const& row :
       now.rows("SELECT case_id FROM access_case WHERE application_id = ? ORDER BY case_id", application_id))
    ids.push_back(row.text(0));
  return ids;
}

std::optional<done_command> command_done(store::reading& now, std::string_view command_id) {
  auto const row = now.first("SELECT case_id, fingerprint FROM access_command WHERE command_id = ?", command_id);
  if (!row) return std::nullopt;
  return done_command{row->text(0), row->text(1)};
}

void insert_command(store::transaction& tx, std::string_view command_id, done_command const& done) {
  tx.run("INSERT INTO access_command (command_id, case_id, fingerprint) VALUES (?,?,?)", command_id, done.case_id,
         done.fingerprint);
}

void insert_copy(store::transaction& tx, std::string_view application_id, int version, std::string_view metadata_json,
                 std::string_view zip, instant now) {
  tx.run("INSERT INTO access_copy (application_id, version, metadata, zip, received) VALUES (?,?,?,?,?)",
         application_id, version, metadata_json, store::blob{zip}, now);
}

std::vector<application_version> versions_of(store::reading& now, std::string_view application_id) {
  std::vector<application_version> all;
  for (auto const& row : now.rows("SELECT version, coalesce(json_extract(metadata, '$.dateSubmitted'), ''), received"
                                  " FROM access_copy WHERE application_id = ? ORDER BY version",
                                  application_id)) {
    auto submitted = row.text(1);
    if (submitted.empty()) submitted = to_rfc3339(row.time(2));
    all.push_back({static_cast<int>(row.integer(0)), std::move(submitted)});
  }
  return all;
}

std::optional<application_copy> newest_copy(store::reading& now, std::string_view application_id) {
  auto const row =
      now.first("SELECT version, metadata, zip FROM access_copy WHERE application_id = ? ORDER BY version DESC LIMIT 1",
                application_id);
  if (!row) return std::nullopt;
  return application_copy{static_cast<int>(row->integer(0)), row->text(1), row->text(2)};
}

void write_foreign(store::transaction& tx, std::string_view application_id, foreign_status const& status) {
  tx.run(
      "INSERT INTO access_foreign (application_id, country, authority, status, at, summary, sequence)"
      " VALUES (?,?,?,?,?,?,?)"
      " ON CONFLICT (application_id, country, authority) DO UPDATE SET status = excluded.status, at = excluded.at,"
      " summary = CASE WHEN excluded.summary = '' THEN summary ELSE excluded.summary END, sequence = excluded.sequence"
      " WHERE excluded.sequence <= 0 OR excluded.sequence >= access_foreign.sequence",
      application_id, status.country, status.authority, status.status, status.at, status.summary, status.sequence);
}

std::vector<foreign_status> foreign_of(store::reading& now, std::string_view application_id) {
  std::vector<foreign_status> all;
  for (auto const& row : now.rows("SELECT country, authority, status, at, summary, sequence FROM access_foreign"
                                  " WHERE application_id = ? ORDER BY country, authority",
                                  application_id))
    all.push_back({row.text(0), row.text(1), row.text(2), row.time(3), row.text(4), row.integer(5)});
  return all;
}

}  // namespace ehds::node::access::tables
