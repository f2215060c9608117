// Reading records back.
#include <nlohmann/json.hpp>

#include "dcat/rdf/read.hpp"
#include "dcat/rdf/write.hpp"
#include "node/catalogue/record_book.hpp"

namespace ehds::node::catalogue {
namespace {

using nlohmann::json;

problems problems_in(std::string const& text) {
  problems found;
  for (auto const& one : json::parse(text))
    found.push_back({one.at("code").get<std::string>(), one.at("detail").get<std::string>(),
                     one.at("where").get<std::string>(), one.at("mend").get<std::string>()});
  return found;
}

kept_record kept_of(store::row const& row) {
  kept_record kept;
  kept.id = row.text(0);
  kept.nation = row.text(1);
  kept.access_point = row.text(2);
  kept.message_id = row.text(3);
  kept.version = row.integer(4);
  kept.hash = row.text(5);
  kept.changed_at = row.time(6);
  kept.deleted = row.truth(7);
  kept.record = dcat::record_from_json(row.text(8)).value();
  kept.published = {row.text(9), row.text(10), row.integer(11), problems_in(row.text(12))};
  return kept;
}

problem unknown() { return {"catalogue.unknown", "there is no such record", "/dataset", {}}; }

}  // namespace

std::optional<kept_record> record_book::find(std::string_view id) const {
  auto const row = db_.read([&](store::reading& at) {
    return at.first(
        "SELECT id, nation, access_point, message_id, version, hash, changed_at, deleted, record, publication_state,"
        " publication_message, publication_version, publication_problems FROM catalogue_record WHERE id = ?",
        id);
  });
  if (!row) return std::nullopt;
  return kept_of(*row);
}

std::vector<kept_record> record_book::all() const {
  return db_.read([](store::reading& at) {
    std::vector<kept_record> records;
    for (auto const& row :
         at.rows("SELECT id, nation, access_point, message_id, version, hash, changed_at, deleted, record, "
                 "publication_state,"
                 " publication_message, publication_version, publication_problems FROM catalogue_record"
                 " WHERE deleted = 0 ORDER BY id"))
      records.push_back(kept_of(row));
    return records;
  });
}

result<dcat::graph> record_book::graph_of(std::string_view id) const {
  auto const row = db_.read([&](store::reading& at) {
    return at.first(
        "SELECT v.triples FROM catalogue_version v JOIN catalogue_record r ON r.id = v.id AND r.version = v.version "
        "WHERE r.id = ?",
        id);
  });
  if (!row) return unknown();
  return dcat::read_rdf(row->text(0), dcat::syntax::ntriples);
}

result<std::string> record_book::rdf(std::string_view id, dcat::syntax as) const {
  auto const graph = graph_of(id);
  if (!graph) return graph.error();
  return dcat::write_rdf(*graph, as, pack_.namespaces);
}

result<dcat::validation_report> record_book::check(std::string_view bytes, std::optional<dcat::syntax> as) const {
  auto checked = dcat::check_text(bytes, as, pack_, rules_);
  if (!checked) return checked.error();
  return std::move(checked->report);
}

result<dcat::variable_set> record_book::variables(std::string_view id) const {
  auto const row = db_.read([&](store::reading& at) {
    return at.first("SELECT variables FROM catalogue_record WHERE id = ? AND deleted = 0", id);
  });
  if (!row) return unknown();
  return dcat::variables_from_json(row->text(0));
}

std::vector<change> record_book::changes(std::int64_t after, std::size_t limit) const {
  return db_.read([&](store::reading& at) {
    std::vector<change> log;
    for (auto const& row :
         at.rows("SELECT seq, id, version, what, at FROM catalogue_change WHERE seq > ? ORDER BY seq LIMIT ?", after,
                 limit))
      log.push_back({row.integer(0), row.text(1), row.integer(2), row.text(3), row.time(4)});
    return log;
  });
}

std::int64_t record_book::last_change() const {
  return db_.read(
      [](store::reading& at) { return at.first("SELECT coalesce(max(seq), 0) FROM catalogue_change")->integer(0); });
}

}  // namespace ehds::node::catalogue
