// The catalogue: search with facets, records in any RDF syntax, variables by the page, pages for harvesters, and the
// editors' side: put, remove, publish.
#include <nlohmann/json.hpp>

#include "base/numbers.hpp"
#include "dcat/publish/catalogue_page.hpp"
#include "node/api/answers.hpp"
#include "node/api/case_words.hpp"
#include "node/api/catalogue_words.hpp"
#include "node/api/gate.hpp"
#include "node/api/query_words.hpp"
#include "node/api/surfaces.hpp"
#include "node/http/negotiation.hpp"

namespace ehds::node::api {
namespace {

using identity::role;
using nlohmann::json;

std::optional<dcat::syntax> wanted_syntax(http::request const& asked) {
  if (auto const named = asked.query_value("format"); !named.empty())
    return dcat::syntax_of_file("record." + std::string(named));
  auto const best = http::best_media_type(
      asked.header("Accept"),
      {"application/json", "text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"});
  return best && *best != "application/json" ? dcat::syntax_of_media_type(*best) : std::nullopt;
}

problem no_record() { return {"catalogue.unknown", "there is no such dataset", "/dataset", "search at /api/datasets"}; }

http::response search(rooms& house, http::request const& asked) {
  auto const query = search_query_of(asked);
  if (!query) return refuse(query.error());
  auto const found = house.search->find(*query);
  json hits = json::array();
  for (auto const& hit : found.hits) hits.push_back(hit_json(hit, house.records->pack(), query->language));
  return answer_json({{"total", found.total},
                      {"offset", query->offset},
                      {"limit", query->limit},
                      {"datasets", hits},
                      {"facets", facets_json(found.facets, house.records->pack(), query->language)}});
}

http::response show_dataset(rooms& house, http::request const& asked) {
  auto const kept = house.records->find(asked.parameter("dataset"));
  if (!kept) return refuse(no_record());
  if (kept->deleted)
    return refuse(problem{"catalogue.gone", "this dataset was withdrawn on " + to_rfc3339(kept->changed_at), "/dataset",
                          "GET /api/datasets finds those that there are"});
  auto const as = wanted_syntax(asked);
  auto const tag = http::strong_etag(kept->hash + (as ? std::string(dcat::file_suffix(*as)) : "json"));
  if (http::has_current(asked, tag)) return http::not_modified(tag);
  http::response answer = answer_json(record_json(*kept, house.records->pack()));
  if (as) {
    auto const text = house.records->rdf(kept->id, *as);
    if (!text) return refuse(text.error());
    answer = http::bytes(*text, std::string(dcat::media_type(*as)) + "; charset=utf-8");
  }
  answer.headers.set("ETag", tag);
  answer.headers.set("Vary", "Accept");
  answer.headers.set("Last-Modified", to_http_date(kept->changed_at));
  return answer;
}

http::response variables(rooms& house, http::request const& asked) {
  auto const set = house.records->variables(asked.parameter("dataset"));
  if (!set) return refuse(no_record());
  auto const table = parse_number<std::size_t>(asked.query_value("table")).value_or(dcat::all_tables);
  auto const offset = static_cast<std::size_t>(number_asked(asked, "offset").value_or(0));
  auto const limit = std::min<std::size_t>(parse_number<std::size_t>(asked.query_value("limit")).value_or(100), 1000);
  auto const page = dcat::page_of(*set, asked.query_value("q"), table, offset, limit);
  json rows = json::array();
  for (auto const& row : page.rows) rows.push_back(variable_json(*set, row));
  json tables = json::array();
  for (auto const& one : set->tables)
    tables.push_back({{"title", dcat::best_text(one.titles)}, {"columns", one.columns.size()}});
  return answer_json({{"total", page.total}, {"offset", offset}, {"tables", tables}, {"variables", rows}});
}

http::response put(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::catalogue_editor});
  if (!who) return refuse(who.error());
  auto const as = dcat::syntax_of_media_type(asked.header("Content-Type"));
  auto const done = house.records->put(asked.body, as, who->id);
  if (!done) return refuse(done.error());
  house.nudge();
  using kind = catalogue::put_outcome::kind;
  return answer_json({{"id", done->id},
                      {"version", done->version},
                      {"unchanged", done->what == kind::unchanged},
                      {"report", json::parse(dcat::to_json(done->report))}},
                     done->what == kind::created ? 201 : 200);
}

// Checking costs time by size: strangers get a record's worth of it.
http::response check_record(rooms& house, http::request const& asked) {
  constexpr std::size_t for_strangers = 1024 * 1024;
  if (asked.body.size() > for_strangers && !who_asks(house, asked))
    return refuse(problem{"api.too_large",
                          "without signing in a record of at most 1 MB is checked",
                          {},
                          "sign in (POST /api/session) to check up to 16 MB, or send less"});
  auto const as = dcat::syntax_of_media_type(asked.header("Content-Type"));
  auto const report = house.records->check(asked.body, as);
  if (!report) return refuse(report.error());
  return http::json(dcat::to_json(*report), report->conforms ? 200 : 422);
}

using deed_on_record = result<void> (*)(catalogue::record_book&, http::request const&, std::string const& actor);

http::response change(rooms& house, http::request const& asked, deed_on_record deed) {
  auto const who = admit(house, asked, {role::catalogue_editor});
  if (!who) return refuse(who.error());
  auto const done = deed(*house.records, asked, who->id);
  if (!done) return refuse(done.error());
  house.nudge();
  return http::no_content();
}

// One page for harvesters: ?page=N, RDF by negotiation. A page is whole or it is an error, never a truncated 200.
http::response harvest(rooms& house, http::request const& asked) {
  constexpr std::size_t page_size = 100;
  auto const page = std::max<std::size_t>(parse_number<std::size_t>(asked.query_value("page")).value_or(1), 1);
  auto const kept = house.records->all();
  auto const first = std::min((page - 1) * page_size, kept.size());
  auto const last = std::min(page * page_size, kept.size());
  std::vector<dcat::graph> graphs;
  for (std::size_t i = first; i < last; ++i) {
    auto graph = house.records->graph_of(kept[i].id);
    if (!graph) return refuse(graph.error());
    graphs.push_back(std::move(*graph));
  }
  std::vector<dcat::page_record> records;
  for (std::size_t i = first; i < last; ++i) records.push_back({kept[i].record.iri, &graphs[i - first]});
  dcat::catalogue_description const about{house.self.base_url + "/catalogue",
                                          {{"en", house.self.name}},
                                          {{"en", "Health datasets of " + house.self.name}},
                                          house.self.base_url + "/#authority",
                                          {{"en", house.self.name}}};
  auto const as = wanted_syntax(asked).value_or(dcat::syntax::turtle);
  auto const text = dcat::write_rdf(dcat::catalogue_page(about, records, {page, page_size, kept.size()}), as,
                                    house.records->pack().namespaces);
  if (!text) return refuse(text.error());
  return http::bytes(*text, std::string(dcat::media_type(as)) + "; charset=utf-8");
}

http::response changes(rooms& house, http::request const& asked) {
  auto const after = number_asked(asked, "after").value_or(0);
  json all = json::array();
  for (auto const& one : house.records->changes(after, 1000))
    all.push_back(
        {{"seq", one.seq}, {"id", one.id}, {"version", one.version}, {"what", one.what}, {"at", to_rfc3339(one.at)}});
  return answer_json({{"changes", all}});
}

}  // namespace

std::vector<http::route> catalogue_routes(rooms& house) {
  constexpr std::size_t record_bytes = 16 * 1024 * 1024;
  deed_on_record const remove = [](auto& book, auto& asked, auto& actor) {
    return book.remove(asked.parameter("dataset"), actor);
  };
  deed_on_record const publish = [](auto& book, auto& asked, auto& actor) {
    return book.publish(asked.parameter("dataset"), actor, given_key(asked));
  };
  return {
      {"GET", "/api/datasets", [&house](auto& asked) { return search(house, asked); }},
      {"GET", "/api/datasets/{dataset}", [&house](auto& asked) { return show_dataset(house, asked); }},
      {"GET", "/api/datasets/{dataset}/variables", [&house](auto& asked) { return variables(house, asked); }},
      {"PUT", "/api/datasets", [&house](auto& asked) { return put(house, asked); }, record_bytes},
      {"POST", "/api/validation", [&house](auto& asked) { return check_record(house, asked); }, record_bytes},
      {"DELETE", "/api/datasets/{dataset}", [&house, remove](auto& asked) { return change(house, asked, remove); }},
      {"POST", "/api/datasets/{dataset}/publication",
       [&house, publish](auto& asked) { return change(house, asked, publish); }},
      {"GET", "/catalogue", [&house](auto& asked) { return harvest(house, asked); }},
      {"GET", "/api/changes", [&house](auto& asked) { return changes(house, asked); }},
  };
}

}  // namespace ehds::node::api
