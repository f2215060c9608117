// Writing: records in, versions kept. Reading is in record_views.cpp, messages in dataset_messages.cpp.
#include "node/catalogue/record_book.hpp"

#include <algorithm>
#include <filesystem>

#include "base/bytes.hpp"
#include "base/files.hpp"
#include "node/catalogue/prepared_record.hpp"

namespace ehds::node::catalogue {

std::string id_at_centre(std::string_view nation, std::string_view identifier) {
  bool const is_its_own = identifier.starts_with(std::string(nation) + "-");
  return is_its_own ? std::string(identifier) : std::string(nation) + ":" + std::string(identifier);
}

std::vector<store::migration> record_book::migrations() {
  return {{"catalogue", 1, R"(
    CREATE TABLE catalogue_record (
      id TEXT PRIMARY KEY, nation TEXT NOT NULL, access_point TEXT NOT NULL, message_id TEXT NOT NULL, version INTEGER NOT NULL,
      hash TEXT NOT NULL, changed_at INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, record TEXT NOT NULL, variables TEXT NOT NULL,
      publication_state TEXT NOT NULL DEFAULT '', publication_message TEXT NOT NULL DEFAULT '',
      publication_version INTEGER NOT NULL DEFAULT 0, publication_problems TEXT NOT NULL DEFAULT '[]') STRICT;
    CREATE INDEX catalogue_record_message ON catalogue_record(publication_message);
    CREATE TABLE catalogue_version (
      id TEXT NOT NULL, version INTEGER NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL, triples TEXT NOT NULL,
      PRIMARY KEY (id, version)) STRICT;
    CREATE TABLE catalogue_change (
      seq INTEGER PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, what TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  )"},
          {"catalogue", 2, R"(
    CREATE TABLE catalogue_import (file TEXT PRIMARY KEY, hash TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  )"},
          {"catalogue", 3, R"(
    CREATE TABLE catalogue_publication_key (
      actor TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (actor, key)) STRICT;
  )"}};
}

record_book::record_book(store::database& db, clock const& wall, dcat::release_pack const& pack,
                         dcat::validator const& rules, book_settings settings, post_dataset post, record_audit record)
    : db_(db),
      wall_(wall),
      pack_(pack),
      rules_(rules),
      settings_(std::move(settings)),
      post_(std::move(post)),
      record_(std::move(record)) {}

std::expected<record_book::prepared, problems> record_book::prepare(std::string_view bytes,
                                                                    std::optional<dcat::syntax> as) const {
  auto checked = dcat::check_text(bytes, as, pack_, rules_);
  if (!checked) return std::unexpected(problems{checked.error()});
  if (!checked->report.conforms) return std::unexpected(dcat::violations_of(checked->report));
  auto record = dcat::extract_record(checked->record);
  if (!record) return std::unexpected(problems{record.error()});
  auto variables = dcat::extract_variables(checked->record, record->iri);
  return prepared{std::move(*record), std::move(variables), dcat::canonical_ntriples(checked->record),
                  std::move(checked->report)};
}

std::expected<put_outcome, problems> record_book::put(std::string_view bytes, std::optional<dcat::syntax> as,
                                                      std::string_view actor) {
  return take(bytes, as, actor, [](store::transaction&) {});
}

std::expected<put_outcome, problems> record_book::take(
    std::string_view bytes, std::optional<dcat::syntax> as, std::string_view actor,
    std::function<void(store::transaction&)> const& in_the_same_effect) {
  auto const ready = prepare(bytes, as);
  if (!ready) return std::unexpected(ready.error());
  put_outcome outcome;
  problems refused;
  auto const done = db_.commit([&](store::transaction& tx) -> result<void> {
    refused = keep(tx, *ready, {settings_.nation, {}, {}}, outcome);
    if (!refused.empty()) return refused.front();
    in_the_same_effect(tx);
    if (outcome.what == put_outcome::kind::unchanged) return {};
    record_(tx, actor, "record.put", outcome.id);
    bool const is_published =
        tx.first("SELECT publication_state FROM catalogue_record WHERE id = ?", outcome.id)->text(0) != "";
    return is_published ? send(tx, outcome.id, "updateDataset") : result<void>{};
  });
  if (!refused.empty()) return std::unexpected(refused);
  if (!done) return std::unexpected(problems{done.error()});
  outcome.report = ready->report;
  return outcome;
}

// Stores a version unless it is the one we have; the stamps are those of the last message in either case.
problems record_book::keep(store::transaction& tx, prepared const& ready, origin const& from, put_outcome& outcome) {
  auto const& identifier = ready.record.identifier;
  auto const id = from.message_id.empty() ? identifier : id_at_centre(from.nation, identifier);
  auto const known = tx.first("SELECT nation, version, hash, deleted FROM catalogue_record WHERE id = ?", id);
  if (known && known->text(0) != from.nation)
    return {{"catalogue.foreign", "another nation's record has this identifier", "dct:identifier",
             "use an identifier of your own"}};
  bool const was_there = known && !known->truth(3);
  outcome = {id, known ? known->integer(1) : 0, put_outcome::kind::unchanged, {}};
  if (was_there && known->text(2) == ready.record.hash) {
    tx.run("UPDATE catalogue_record SET access_point = ?, message_id = ? WHERE id = ?", from.access_point,
           from.message_id, id);
    return {};
  }
  outcome.version += 1;
  outcome.what = was_there ? put_outcome::kind::updated : put_outcome::kind::created;
  auto const now = wall_.now();
  tx.run(
      "INSERT INTO catalogue_record (id, nation, access_point, message_id, version, hash, changed_at, deleted, record, "
      "variables)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (id) DO UPDATE SET access_point = excluded.access_point,"
      " message_id = excluded.message_id, version = excluded.version, hash = excluded.hash, changed_at = "
      "excluded.changed_at, deleted = 0,"
      " record = excluded.record, variables = excluded.variables",
      id, from.nation, from.access_point, from.message_id, outcome.version, ready.record.hash, now,
      dcat::to_json(ready.record), dcat::to_json(ready.variables));
  tx.run("INSERT INTO catalogue_version VALUES (?, ?, ?, ?, ?)", id, outcome.version, ready.record.hash, now,
         ready.triples);
  log_change(tx, id, outcome.version, was_there ? "updated" : "created");
  return {};
}

void record_book::log_change(store::transaction& tx, std::string_view id, std::int64_t version, std::string_view what) {
  tx.run("INSERT INTO catalogue_change VALUES (?, ?, ?, ?, ?)", tx.next_number("catalogue_change"), id, version, what,
         wall_.now());
}

void record_book::mark_deleted(store::transaction& tx, std::string_view id) {
  tx.run("UPDATE catalogue_record SET deleted = 1, changed_at = ? WHERE id = ?", wall_.now(), id);
  auto const version = tx.first("SELECT version FROM catalogue_record WHERE id = ?", id)->integer(0);
  log_change(tx, id, version, "deleted");
}

result<void> record_book::remove(std::string_view id, std::string_view actor) {
  return db_.commit([&](store::transaction& tx) -> result<void> {
    auto const known = tx.first("SELECT publication_state FROM catalogue_record WHERE id = ? AND deleted = 0", id);
    if (!known)
      return problem{"catalogue.unknown", "there is no such record", "/dataset",
                     "GET /api/datasets finds those that there are"};
    mark_deleted(tx, id);
    record_(tx, actor, "record.remove", id);
    return known->text(0).empty() ? result<void>{} : send(tx, id, "deleteDataset");
  });
}

result<void> record_book::publish(std::string_view id, std::string_view actor, std::string_view key) {
  return db_.commit([&](store::transaction& tx) -> result<void> {
    if (auto const used =
            tx.first("SELECT id FROM catalogue_publication_key WHERE actor = ? AND key = ?", actor, key)) {
      if (used->text(0) == id) return {};
      return problem{"catalogue.reused", "this key was used for another record", "Idempotency-Key", "use a new key"};
    }
    auto const known = tx.first("SELECT publication_state FROM catalogue_record WHERE id = ? AND deleted = 0", id);
    if (!known)
      return problem{"catalogue.unknown", "there is no such record", "/dataset",
                     "GET /api/datasets finds those that there are"};
    if (!key.empty()) tx.run("INSERT INTO catalogue_publication_key VALUES (?, ?, ?)", actor, key, id);
    record_(tx, actor, "record.publish", id);
    return send(tx, id, known->text(0).empty() ? "createDataset" : "updateDataset");
  });
}

namespace {

bool was_taken(store::database& db, std::string const& file, std::string const& hash) {
  return db.read([&](store::reading& at) {
    auto const last = at.first("SELECT hash FROM catalogue_import WHERE file = ?", file);
    return last && last->text(0) == hash;
  });
}

}  // namespace

problems record_book::read_folder(std::string const& folder, std::string_view actor) {
  problems found;
  std::vector<std::filesystem::path> files;
  for (auto const& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file() && dcat::syntax_of_file(entry.path().filename().string()))
      files.push_back(entry.path());
  std::ranges::sort(files);
  for (auto const& file : files) {
    auto const bytes = read_file(file).value_or("");
    auto const name = file.filename().string();
    auto const hash = sha256_hex(bytes);
    if (was_taken(db_, name, hash)) continue;
    auto const kept = take(bytes, dcat::syntax_of_file(name), actor, [&](store::transaction& tx) {
      tx.run(
          "INSERT INTO catalogue_import VALUES (?, ?, ?) ON CONFLICT (file) DO UPDATE SET hash = excluded.hash, "
          "at = excluded.at",
          name, hash, wall_.now());
    });
    if (kept) continue;
    for (auto fault : kept.error()) {
      fault.where = name + ": " + fault.where;
      found.push_back(std::move(fault));
    }
  }
  return found;
}

}  // namespace ehds::node::catalogue
