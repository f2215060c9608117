#include "node/pages/catalogue/search_view.hpp"

#include <algorithm>

#include "node/api/catalogue_words.hpp"
#include "node/catalogue/record_book.hpp"
#include "node/pages/catalogue/basket.hpp"
#include "node/pages/navigation.hpp"

namespace ehds::node::pages {
namespace {

constexpr std::size_t values_shown = 12;  // a facet; what is chosen is always shown

value codes(std::vector<std::string> const& iris, dcat::release_pack const& pack, std::string const& language) {
  return value::list(iris, [&](std::string const& iri) { return value(pack.label(iri, language)); });
}

value hit_view(visit const& who, dcat::search_hit const& hit) {
  auto const& record = *hit.entry.record;
  auto const& pack = who.house.records->pack();
  auto const variables = value::list(hit.variables, [&](dcat::variable_row row) {
    return hit.entry.variables ? variable_view(*hit.entry.variables, row, who.language()) : value::object({});
  });
  auto const basket = basket_of(who.asked);
  bool const inside = std::ranges::find(basket, hit.entry.key) != basket.end();
  return value::object({{"id", hit.entry.key},
                        {"title", dcat::best_text(record.titles, who.language())},
                        {"description", shortened(dcat::best_text(record.descriptions, who.language()), 320)},
                        {"origin", hit.entry.origin},
                        {"authority", dcat::best_text(record.hdab.names, who.language())},
                        {"access", who.texts().of_code("access", record.access_level)},
                        {"categories", codes(record.health_categories, pack, who.language())},
                        {"variable_total", hit.variable_total == 0 ? value("") : value(hit.variable_total)},
                        {"variables", hit.entry.variables ? variables : value::list({})},
                        {"in_basket", value(inside)}});
}

value facet_view(visit const& who, dcat::facet const& facet, std::vector<std::string> const& chosen) {
  auto const& pack = who.house.records->pack();
  std::vector<value> values;
  for (auto const& one : facet.values) {
    bool const is_chosen = std::ranges::find(chosen, one.value) != chosen.end();
    if (values.size() >= values_shown && !is_chosen) continue;
    auto const plain = api::facet_label(facet.name, one.value, pack, who.language());
    values.push_back(value::object({{"value", one.value},
                                    {"label", who.texts().of_code(facet.name, plain)},
                                    {"count", value(one.count)},
                                    {"chosen", value(is_chosen)}}));
  }
  return value::object({{"name", facet.name},
                        {"heading", who.texts().of_code("facet", facet.name)},
                        {"open", value(!chosen.empty())},
                        {"values", value::list(std::move(values))}});
}

value facets_view(visit const& who, dcat::search_query const& query, dcat::search_answer const& found) {
  std::vector<value> shown;
  for (auto const& facet : found.facets) {
    auto const chosen = query.filters.find(facet.name);
    auto const values = chosen == query.filters.end() ? std::vector<std::string>{} : chosen->second;
    if (facet.values.size() > 1 || !values.empty()) shown.push_back(facet_view(who, facet, values));
  }
  return value::list(std::move(shown));
}

}  // namespace

std::string shortened(std::string const& text, std::size_t characters) {
  if (text.size() <= characters) return text;
  auto const blank = text.rfind(' ', characters);
  auto end = blank == std::string::npos || blank == 0 ? characters : blank;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + " …";
}

value variable_view(dcat::variable_set const& set, dcat::variable_row row, std::string_view language) {
  auto const& table = set.tables.at(row.table);
  auto const& column = table.columns.at(row.column);
  return value::object({{"table", dcat::best_text(table.titles, language)},
                        {"name", column.name},
                        {"title", dcat::best_text(column.titles, language)},
                        {"description", dcat::best_text(column.descriptions, language)},
                        {"datatype", column.datatype}});
}

value search_view(visit const& who, dcat::search_query const& query, dcat::search_answer const& found) {
  auto const order = query.order == dcat::search_order::title    ? "title"
                     : query.order == dcat::search_order::newest ? "newest"
                                                                 : "relevance";
  auto const orders = value::list(std::vector<std::string>{"relevance", "title", "newest"}, [&](auto const& one) {
    return value::object({{"value", one}, {"label", who.say("order_" + one)}, {"selected", value(one == order)}});
  });
  return value::object(
      {{"q", query.text},
       {"variable", query.variable},
       {"year", query.covers_year ? std::to_string(*query.covers_year) : ""},
       {"orders", orders},
       {"facets", facets_view(who, query, found)},
       {"hits", value::list(found.hits, [&](auto const& hit) { return hit_view(who, hit); })},
       {"paging", paging_of(who.asked, query.offset, query.limit, found.total)},
       {"here", who.asked.target},
       {"can_apply", value(who.house.centre != nullptr)},
       {"basket_count", basket_of(who.asked).empty() ? value("") : value(basket_of(who.asked).size())}});
}

}  // namespace ehds::node::pages
