#include "node/access/central/centre_tables.hpp"

#include "base/bytes.hpp"
#include "node/access/cases/case_json.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

namespace ehds::node::access::tables {
namespace {

stored_draft read_draft(store::row const& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.integer(6), row.time(7)};
}

authority_status read_status(store::row const& row) {
  authority_status status{.country = row.text(0),
                          .authority = row.text(1),
                          .status = row.text(2),
                          .since = row.time(3),
                          .due = {},
                          .next_actor = row.text(5),
                          .decision = row.text(6),
                          .grounds = {},
                          .questions = {},
                          .permit_id = row.text(9),
                          .permit_status = row.text(10)};
  if (auto const due = parse_date(row.text(4))) status.due = *due;
  if (auto const grounds = read_json(row.text(7), {})) status.grounds = read_grounds(*grounds);
  if (auto const questions = read_json(row.text(8), {})) status.questions = read_questions(*questions);
  return status;
}

}  // namespace

std::vector<store::migration> centre_migrations() {
  return {
      {"access_centre", 1,
       "CREATE TABLE access_draft (draft_id TEXT PRIMARY KEY, owner TEXT NOT NULL, type TEXT NOT NULL,"
       " release TEXT NOT NULL, form TEXT NOT NULL, datasets TEXT NOT NULL, version INTEGER NOT NULL,"
       " updated INTEGER NOT NULL) WITHOUT ROWID;"
       "CREATE INDEX access_draft_owner ON access_draft (owner, updated);"
       "CREATE TABLE access_draft_file (draft_id TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,"
       " size INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (draft_id, id));"
       "CREATE TABLE access_application (application_id TEXT PRIMARY KEY, owner TEXT NOT NULL, type TEXT NOT NULL,"
       " title TEXT NOT NULL, metadata TEXT NOT NULL, zip BLOB NOT NULL, submitted INTEGER NOT NULL);"
       "CREATE INDEX access_application_owner ON access_application (owner, submitted);"
       "CREATE TABLE access_vector (application_id TEXT NOT NULL, country TEXT NOT NULL, authority TEXT NOT NULL,"
       " status TEXT NOT NULL, since INTEGER NOT NULL, due TEXT NOT NULL, next_actor TEXT NOT NULL,"
       " decision TEXT NOT NULL, grounds TEXT NOT NULL, questions TEXT NOT NULL, permit_id TEXT NOT NULL,"
       " permit_status TEXT NOT NULL, PRIMARY KEY (application_id, country, authority)) WITHOUT ROWID;"
       "CREATE TABLE access_centre_line (application_id TEXT NOT NULL, seq INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
       " country TEXT NOT NULL, what TEXT NOT NULL, message_id TEXT NOT NULL);"
       "CREATE INDEX access_centre_line_of ON access_centre_line (application_id, seq);"
       "CREATE TABLE access_centre_key (key TEXT PRIMARY KEY, answer TEXT NOT NULL) WITHOUT ROWID"},
      {"access_centre", 2, "ALTER TABLE access_centre_key ADD COLUMN fingerprint TEXT NOT NULL DEFAULT ''"},
      {"access_centre", 3,
       "CREATE TABLE access_heard (application_id TEXT NOT NULL, country TEXT NOT NULL, authority TEXT NOT NULL,"
       " about TEXT NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (application_id, country, authority, about))"
       " STRICT, WITHOUT ROWID"}};
}

std::optional<stored_draft> draft_of(store::reading& now, std::string_view draft_id, std::string_view owner) {
  auto const row = now.first(
      "SELECT draft_id, owner, type, release, form, datasets, version, updated FROM access_draft WHERE draft_id = ?"
      " AND owner = ?",
      draft_id, owner);
  if (!row) return std::nullopt;
  return read_draft(*row);
}

std::vector<stored_draft> drafts_of(store::reading& now, std::string_view owner) {
  std::vector<stored_draft> drafts;
  for (auto const& row :
       now.rows("SELECT draft_id, owner, type, release, form, datasets, version, updated FROM access_draft"
                " WHERE owner = ? ORDER BY updated DESC, draft_id",
                owner))
    drafts.push_back(read_draft(row));
  return drafts;
}

void write_draft(store::transaction& tx, stored_draft const& draft) {
  tx.run(
      "INSERT INTO access_draft (draft_id, owner, type, release, form, datasets, version, updated)"
      " VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (draft_id) DO UPDATE SET form = excluded.form,"
      " datasets = excluded.datasets, version = excluded.version, updated = excluded.updated",
      draft.draft_id, draft.owner, draft.type, draft.release, draft.form_json, draft.datasets_json, draft.version,
      draft.updated);
}

void forget_draft(store::transaction& tx, std::string_view draft_id) {
  tx.run("DELETE FROM access_draft WHERE draft_id = ?", draft_id);
  tx.run("DELETE FROM access_draft_file WHERE draft_id = ?", draft_id);
}

std::vector<attached_file> draft_files(store::reading& now, std::string_view draft_id) {
  std::vector<attached_file> files;
  for (auto const& row :
       now.rows("SELECT id, name, size, bytes FROM access_draft_file WHERE draft_id = ? ORDER BY id", draft_id))
    files.push_back({{row.text(0), row.text(1), static_cast<std::uint64_t>(row.integer(2))}, row.text(3)});
  return files;
}

std::vector<attachment> draft_file_list(store::reading& now, std::string_view draft_id) {
  std::vector<attachment> files;
  for (auto const& row :
       now.rows("SELECT id, name, size FROM access_draft_file WHERE draft_id = ? ORDER BY id", draft_id))
    files.push_back({row.text(0), row.text(1), static_cast<std::uint64_t>(row.integer(2))});
  return files;
}

void write_draft_file(store::transaction& tx, std::string_view draft_id, attached_file const& file) {
  tx.run("INSERT INTO access_draft_file (draft_id, id, name, size, bytes) VALUES (?,?,?,?,?)", draft_id, file.file.id,
         file.file.name, file.file.size, store::blob{file.bytes});
}

void forget_draft_file(store::transaction& tx, std::string_view draft_id, std::string_view attachment_id) {
  tx.run("DELETE FROM access_draft_file WHERE draft_id = ? AND id = ?", draft_id, attachment_id);
}

void insert_application(store::transaction& tx, stored_application const& application, std::string_view type,
                        std::string_view title, std::string_view zip) {
  tx.run(
      "INSERT INTO access_application (application_id, owner, type, title, metadata, zip, submitted)"
      " VALUES (?,?,?,?,?,?,?)",
      application.application_id, application.owner, type, title, application.metadata_json, store::blob{zip},
      application.submitted);
}

void write_metadata(store::transaction& tx, std::string_view application_id, std::string_view metadata_json) {
  tx.run("UPDATE access_application SET metadata = ? WHERE application_id = ?", metadata_json, application_id);
}

std::optional<stored_application> application_of(store::reading& now, std::string_view application_id) {
  auto const row =
      now.first("SELECT application_id, owner, metadata, submitted FROM access_application WHERE application_id = ?",
                application_id);
  if (!row) return std::nullopt;
  return stored_application{row->text(0), row->text(1), row->text(2), row->time(3)};
}

std::vector<application_line> application_lines(store::reading& now, std::string_view owner) {
  std::vector<application_line> lines;
  for (auto const& row : now.rows("SELECT application_id, type, title, submitted FROM access_application"
                                  " WHERE owner = ? ORDER BY submitted DESC, application_id",
                                  owner))
    lines.push_back({row.text(0), row.text(1), row.text(2), row.time(3), counts_of(vector_of(now, row.text(0)))});
  return lines;
}

std::vector<authority_status> vector_of(store::reading& now, std::string_view application_id) {
  std::vector<authority_status> all;
  for (auto const& row : now.rows("SELECT country, authority, status, since, due, next_actor, decision, grounds,"
                                  " questions, permit_id, permit_status FROM access_vector WHERE application_id = ?"
                                  " ORDER BY country, authority",
                                  application_id))
    all.push_back(read_status(row));
  return all;
}

void write_status(store::transaction& tx, std::string_view application_id, authority_status const& status) {
  tx.run(
      "INSERT INTO access_vector (application_id, country, authority, status, since, due, next_actor, decision,"
      " grounds, questions, permit_id, permit_status) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
      " ON CONFLICT (application_id, country, authority) DO UPDATE SET status = excluded.status,"
      " since = excluded.since, due = excluded.due, next_actor = excluded.next_actor,"
      " decision = excluded.decision, grounds = excluded.grounds, questions = excluded.questions,"
      " permit_id = excluded.permit_id, permit_status = excluded.permit_status",
      application_id, status.country, status.authority, status.status, status.since,
      status.due ? ehds::to_text(*status.due) : std::string{}, status.next_actor, status.decision,
      to_line(write_grounds(status.grounds)), to_line(write_questions(status.questions)), status.permit_id,
      status.permit_status);
}

bool is_newest_word(store::transaction& tx, std::string_view application_id, authority_status const& of,
                    std::string_view about, std::int64_t sequence) {
  return tx.run(
             "INSERT INTO access_heard (application_id, country, authority, about, sequence) VALUES (?,?,?,?,?)"
             " ON CONFLICT (application_id, country, authority, about) DO UPDATE SET sequence = excluded.sequence"
             " WHERE excluded.sequence >= sequence",
             application_id, of.country, of.authority, about, sequence) == 1;
}

void rename_authority(store::transaction& tx, std::string_view application_id, std::string_view country,
                      std::string_view from, std::string_view to) {
  tx.run("UPDATE access_vector SET authority = ? WHERE application_id = ? AND country = ? AND authority = ?", to,
         application_id, country, from);
}

void insert_line(store::transaction& tx, std::string_view application_id, application_event_line const& line) {
  tx.run("INSERT INTO access_centre_line (application_id, at, country, what, message_id) VALUES (?,?,?,?,?)",
         application_id, line.at, line.country, line.what, line.message_id);
}

std::vector<application_event_line> lines_of(store::reading& now, std::string_view application_id) {
  std::vector<application_event_line> lines;
  for (auto const& row : now.rows("SELECT at, country, what, message_id FROM access_centre_line"
                                  " WHERE application_id = ? ORDER BY seq",
                                  application_id))
    lines.push_back({row.time(0), row.text(1), row.text(2), row.text(3)});
  return lines;
}

command_key key_for(std::string_view deed, std::string_view person, std::string_view given,
                    std::vector<std::string_view> const& content) {
  std::string text;
  for (auto const part : content) text += std::to_string(part.size()) + ":" + std::string{part};
  return {std::string{deed} + ":" + std::string{person} + ":" + std::string{given}, sha256_hex(text)};
}

result<std::optional<std::string>> answer_under(store::reading& now, command_key const& key) {
  auto const row = now.first("SELECT answer, fingerprint FROM access_centre_key WHERE key = ?", key.key);
  if (!row) return std::optional<std::string>{};
  auto const asked = row->text(1);
  if (!asked.empty() && asked != key.fingerprint)  // keys of before step 2 have none
    return problem{"access.command.reused", "This key was used for another command.", "Idempotency-Key",
                   "Use a new key for a new command."};
  return std::optional<std::string>{row->text(0)};
}

void insert_key(store::transaction& tx, command_key const& key, std::string_view answer) {
  tx.run("INSERT INTO access_centre_key (key, answer, fingerprint) VALUES (?,?,?)", key.key, answer, key.fingerprint);
}

}  // namespace ehds::node::access::tables
