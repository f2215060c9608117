#include "dcat/catalogue/variables.hpp"

#include <algorithm>
#include <tuple>

#include "dcat/catalogue/extract.hpp"
#include "dcat/catalogue/words.hpp"
#include "dcat/rdf/vocabulary.hpp"

namespace ehds::dcat {
namespace {

std::string csvw(std::string_view local) { return std::string(ns::csvw) + std::string(local); }

variable read_column(graph const& g, term_id id) {
  return {extract::one(g, id, csvw("name")), extract::texts(g, id, csvw("title")),
          extract::texts(g, id, dct("description")), extract::one(g, id, csvw("datatype")),
          extract::one(g, id, csvw("propertyUrl"))};
}

variable_table read_table(graph const& g, term_id id) {
  variable_table table;
  table.iri = extract::iri_of(g, id);
  table.url = extract::one(g, id, csvw("url"));
  table.titles = extract::texts(g, id, dct("title"));
  table.keywords = extract::texts(g, id, std::string(ns::dcat) + "keyword");
  for (term_id const column : extract::objects(g, id, csvw("column"))) table.columns.push_back(read_column(g, column));
  std::sort(table.columns.begin(), table.columns.end(), [](variable const& a, variable const& b) {
    return std::tie(a.name, a.titles) < std::tie(b.name, b.titles);
  });
  return table;
}

// Every word of the query starts some word of the variable.
bool matches(variable const& v, std::vector<std::string> const& wanted) {
  std::vector<std::string> own = words_of(v.name);
  auto const add = [&own](std::vector<localized> const& texts) {
    for (localized const& text : texts)
      for (auto& word : words_of(text.text)) own.push_back(std::move(word));
  };
  add(v.titles);
  add(v.descriptions);
  return std::all_of(wanted.begin(), wanted.end(), [&own](std::string const& word) {
    return std::any_of(own.begin(), own.end(), [&word](std::string const& w) { return w.starts_with(word); });
  });
}

}  // namespace

std::size_t variable_set::column_count() const {
  std::size_t n = 0;
  for (variable_table const& table : tables) n += table.columns.size();
  return n;
}

variable_set extract_variables(graph const& g, std::string_view dataset_iri) {
  variable_set out;
  auto const dataset = g.find_iri(dataset_iri);
  if (!dataset) return out;
  for (term_id const group : extract::objects(g, *dataset, std::string(ns::health) + "hasVariables")) {
    for (localized& title : extract::texts(g, group, dct("title"))) out.titles.push_back(std::move(title));
    for (term_id const table : extract::objects(g, group, csvw("table"))) out.tables.push_back(read_table(g, table));
  }
  std::sort(out.tables.begin(), out.tables.end(), [](variable_table const& a, variable_table const& b) {
    return std::tie(a.titles, a.iri) < std::tie(b.titles, b.iri);
  });
  return out;
}

variable_page page_of(variable_set const& variables, std::string_view matching, std::size_t table, std::size_t offset,
                      std::size_t limit) {
  variable_page page;
  auto const wanted = words_of(matching);
  for (std::size_t t = 0; t < variables.tables.size(); ++t) {
    if (table != all_tables && table != t) continue;
    auto const& columns = variables.tables[t].columns;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (!wanted.empty() && !matches(columns[c], wanted)) continue;
      if (page.total >= offset && page.rows.size() < limit) page.rows.push_back({t, c});
      ++page.total;
    }
  }
  return page;
}

}  // namespace ehds::dcat
