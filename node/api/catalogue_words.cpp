#include "node/api/catalogue_words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/numbers.hpp"
#include "node/api/case_words.hpp"

namespace ehds::node::api {
namespace {

using nlohmann::json;

json texts_json(std::vector<dcat::localized> const& texts) {
  json all = json::object();
  for (auto const& one : texts) all[one.language.empty() ? "und" : one.language] = one.text;
  return all;
}

json codes_json(std::vector<std::string> const& iris, dcat::release_pack const& pack) {
  json all = json::array();
  for (auto const& iri : iris) all.push_back({{"iri", iri}, {"label", pack.label(iri)}});
  return all;
}

json agent_json(dcat::agent const& who) {
  return {{"name", dcat::best_text(who.names)}, {"email", who.email}, {"page", who.page}};
}

}  // namespace

result<dcat::search_query> search_query_of(http::request const& asked) {
  dcat::search_query query;
  query.text = asked.query_value("q");
  query.variable = asked.query_value("variable");
  if (query.text.size() > 500 || query.variable.size() > 500)
    return problem{"catalogue.query", "the search text is too long", "q", "use at most 500 bytes"};
  if (auto const language = asked.query_value("language"); !language.empty()) query.language = language;
  if (auto const order = asked.query_value("order"); order == "title") query.order = dcat::search_order::title;
  if (asked.query_value("order") == "newest") query.order = dcat::search_order::newest;
  query.covers_year = parse_number<int>(asked.query_value("year"));
  query.min_individuals = parse_number<std::uint64_t>(asked.query_value("individuals"));
  query.offset = std::min<std::size_t>(parse_number<std::size_t>(asked.query_value("offset")).value_or(0), 1'000'000);
  query.limit = std::min<std::size_t>(parse_number<std::size_t>(asked.query_value("limit")).value_or(20), 100);
  for (auto const name : dcat::facet_names)
    if (auto values = asked.query.values(name); !values.empty()) query.filters[std::string(name)] = std::move(values);
  return query;
}

std::string facet_label(std::string_view facet, std::string const& value, dcat::release_pack const& pack,
                        std::string const& language) {
  if (facet == "has_variables" || facet == "trusted_holder") return value == "true" ? "yes" : "no";
  return value.find("://") == std::string::npos ? value : pack.label(value, language);
}

json hit_json(dcat::search_hit const& hit, dcat::release_pack const& pack, std::string const& language) {
  auto const& record = *hit.entry.record;
  json variables = json::array();
  if (hit.entry.variables)
    for (auto const& row : hit.variables) variables.push_back(variable_json(*hit.entry.variables, row));
  return {{"id", hit.entry.key},
          {"iri", record.iri},
          {"origin", hit.entry.origin},
          {"title", dcat::best_text(record.titles, language)},
          {"description", dcat::best_text(record.descriptions, language)},
          {"access_level", record.access_level},
          {"hdab", dcat::best_text(record.hdab.names)},
          {"countries", codes_json(record.countries, pack)},
          {"health_categories", codes_json(record.health_categories, pack)},
          {"variable_total", hit.variable_total},
          {"variables", variables}};
}

json facets_json(std::vector<dcat::facet> const& facets, dcat::release_pack const& pack, std::string const& language) {
  json all = json::array();
  for (auto const& facet : facets) {
    json values = json::array();
    for (auto const& one : facet.values)
      values.push_back(
          {{"value", one.value}, {"label", facet_label(facet.name, one.value, pack, language)}, {"count", one.count}});
    all.push_back({{"name", facet.name}, {"values", values}});
  }
  return all;
}

json record_json(catalogue::kept_record const& kept, dcat::release_pack const& pack) {
  auto const& r = kept.record;
  json distributions = json::array();
  for (auto const& d : r.distributions)
    distributions.push_back({{"title", dcat::best_text(d.titles)},
                             {"description", dcat::best_text(d.descriptions)},
                             {"access_url", d.access_url},
                             {"format", pack.label(d.format)}});
  return {{"id", kept.id},
          {"iri", r.iri},
          {"nation", kept.nation},
          {"access_point", kept.access_point},
          {"message_id", kept.message_id},
          {"version", kept.version},
          {"hash", kept.hash},
          {"changed_at", to_rfc3339(kept.changed_at)},
          {"titles", texts_json(r.titles)},
          {"descriptions", texts_json(r.descriptions)},
          {"keywords", texts_json(r.keywords)},
          {"access_level", r.access_level},
          {"hdab", agent_json(r.hdab)},
          {"publisher", agent_json(r.publisher)},
          {"custodian", agent_json(r.custodian)},
          {"health_categories", codes_json(r.health_categories, pack)},
          {"health_themes", codes_json(r.health_themes, pack)},
          {"coding_systems", codes_json(r.coding_systems, pack)},
          {"countries", codes_json(r.countries, pack)},
          {"number_of_individuals", r.number_of_individuals ? json(*r.number_of_individuals) : json(nullptr)},
          {"period_start", r.period_start},
          {"period_end", r.period_end},
          {"tables", r.table_count},
          {"variables", r.variable_count},
          {"distributions", distributions},
          {"publication",
           {{"state", kept.published.state},
            {"message_id", kept.published.message_id},
            {"version", kept.published.version},
            {"problems", problems_json(kept.published.found)}}}};
}

json variable_json(dcat::variable_set const& set, dcat::variable_row row) {
  auto const& table = set.tables.at(row.table);
  auto const& column = table.columns.at(row.column);
  return {{"table", dcat::best_text(table.titles)},
          {"name", column.name},
          {"title", dcat::best_text(column.titles)},
          {"description", dcat::best_text(column.descriptions)},
          {"datatype", column.datatype},
          {"property_url", column.property_url}};
}

}  // namespace ehds::node::api
