#include "node/pages/catalogue/dataset_view.hpp"

#include <algorithm>
#include <array>

#include "base/numbers.hpp"
#include "node/pages/catalogue/basket.hpp"
#include "node/pages/catalogue/search_view.hpp"
#include "node/pages/moments.hpp"
#include "node/pages/navigation.hpp"

namespace ehds::node::pages {
namespace {

constexpr std::size_t variables_a_page = 50;

// A fact with several values, none of them when there is nothing to say.
class fact_list {
 public:
  explicit fact_list(visit const& who) : who_(who), pack_(who.house.records->pack()) {}

  void texts(std::string_view key, std::vector<std::string> const& said) {
    std::vector<value> values;
    for (auto const& one : said)
      if (!one.empty()) values.push_back(value::object({{"text", one}, {"address", ""}}));
    add(key, std::move(values));
  }
  void codes(std::string_view key, std::vector<std::string> const& iris) {
    std::vector<std::string> labels;
    for (auto const& iri : iris) labels.push_back(pack_.label(iri, who_.language()));
    texts(key, labels);
  }
  void number(std::string_view key, std::optional<std::uint64_t> count) {
    if (count) texts(key, {std::to_string(*count)});
  }
  void localized(std::string_view key, std::vector<dcat::localized> const& said) {
    texts(key, {dcat::best_text(said, who_.language())});
  }
  void agent(std::string_view key, dcat::agent const& whom) {
    auto const name = dcat::best_text(whom.names, who_.language());
    std::vector<value> values;
    if (!name.empty()) values.push_back(value::object({{"text", name}, {"address", whom.page}}));
    if (!whom.email.empty())
      values.push_back(value::object({{"text", bare(whom.email)}, {"address", mail(whom.email)}}));
    add(key, std::move(values));
  }
  void link(std::string_view key, std::string const& address) {
    if (!address.empty()) add(key, {value::object({{"text", address}, {"address", address}})});
  }
  value take() { return value::list(std::move(facts_)); }

 private:
  static std::string mail(std::string const& email) { return email.starts_with("mailto:") ? email : "mailto:" + email; }
  static std::string bare(std::string const& email) { return email.starts_with("mailto:") ? email.substr(7) : email; }

  void add(std::string_view key, std::vector<value> values) {
    if (values.empty()) return;
    facts_.push_back(
        value::object({{"name", who_.texts().of_code("fact", key)}, {"values", value::list(std::move(values))}}));
  }

  visit const& who_;
  dcat::release_pack const& pack_;
  std::vector<value> facts_;
};

// "2006 – 2024", "from 2006", "to 2024".
std::string span(visit const& who, std::string const& first, std::string const& last) {
  if (last.empty()) return who.say("from") + " " + first;
  return first.empty() ? who.say("up_to") + " " + last : first + " – " + last;
}

value facts_of(visit const& who, catalogue::kept_record const& kept) {
  auto const& r = kept.record;
  fact_list facts(who);
  facts.texts("identifier", {r.identifier});
  facts.texts("access", {who.texts().of_code("access", r.access_level)});
  facts.agent("hdab", r.hdab);
  facts.agent("custodian", r.custodian);
  facts.agent("publisher", r.publisher);
  facts.codes("countries", r.countries);
  facts.codes("health_categories", r.health_categories);
  facts.codes("health_themes", r.health_themes);
  facts.number("individuals", r.number_of_individuals);
  facts.number("records", r.number_of_records);
  if (!r.period_start.empty() || !r.period_end.empty())
    facts.texts("period", {span(who, r.period_start, r.period_end)});
  if (r.min_age || r.max_age)
    facts.texts("ages",
                {span(who, r.min_age ? std::to_string(*r.min_age) : "", r.max_age ? std::to_string(*r.max_age) : "")});
  facts.localized("population", r.population_coverage);
  facts.localized("provenance", r.provenance);
  facts.localized("purposes", r.purposes);
  facts.localized("legal_bases", r.legal_bases);
  facts.codes("coding_systems", r.coding_systems);
  facts.codes("standards", r.standards);
  facts.codes("languages", r.languages);
  facts.codes("frequency", r.frequency.empty() ? std::vector<std::string>{} : std::vector{r.frequency});
  facts.link("landing_page", r.landing_page);
  return facts.take();
}

value origin_of(catalogue::kept_record const& kept) {
  return value::object({{"nation", kept.nation},
                        {"access_point", kept.access_point},
                        {"message_id", kept.message_id},
                        {"version", value(kept.version)},
                        {"hash", kept.hash},
                        {"changed", moment(kept.changed_at)},
                        {"publication", kept.published.state}});
}

value distributions_of(visit const& who, std::vector<dcat::distribution> const& list) {
  auto const& pack = who.house.records->pack();
  return value::list(list, [&](dcat::distribution const& d) {
    auto const title = dcat::best_text(d.titles, who.language());
    return value::object({{"title", title.empty() ? d.access_url : title},
                          {"description", dcat::best_text(d.descriptions, who.language())},
                          {"address", d.access_url},
                          {"format", d.format.empty() ? "" : pack.label(d.format, who.language())}});
  });
}

value forms_of(std::string const& id) {
  std::vector<value> forms;
  for (auto const& [ending, type, name] :
       std::initializer_list<std::array<char const*, 3>>{{"ttl", "text/turtle", "Turtle"},
                                                         {"rdf", "application/rdf+xml", "RDF/XML"},
                                                         {"jsonld", "application/ld+json", "JSON-LD"},
                                                         {"nt", "application/n-triples", "N-Triples"}})
    forms.push_back(value::object({{"ending", ending},
                                   {"media_type", type},
                                   {"name", name},
                                   {"address", "/api/datasets/" + http::percent_encode(id) + "?format=" + ending}}));
  return value::list(std::move(forms));
}

}  // namespace

value dataset_view(visit const& who, catalogue::kept_record const& kept) {
  auto const& r = kept.record;
  auto const basket = basket_of(who.asked);
  return value::object({{"id", kept.id},
                        {"iri", r.iri},
                        {"heading", dcat::best_text(r.titles, who.language())},
                        {"description", dcat::best_text(r.descriptions, who.language())},
                        {"keywords", value::list(r.keywords, [](auto const& one) { return value(one.text); })},
                        {"facts", facts_of(who, kept)},
                        {"origin", origin_of(kept)},
                        {"may_see_messages", value(who.may({identity::role::operator_, identity::role::auditor}))},
                        {"distributions", distributions_of(who, r.distributions)},
                        {"forms", forms_of(kept.id)},
                        {"alternates", forms_of(kept.id)},
                        {"here", who.asked.target},
                        {"can_apply", value(who.house.centre != nullptr)},
                        {"in_basket", value(std::ranges::find(basket, kept.id) != basket.end())},
                        {"variables", ""}});
}

value variables_view(visit const& who, dcat::variable_set const& set) {
  auto const matching = who.asked.query_value("v");
  auto const offset = parse_number<std::size_t>(who.asked.query_value("offset")).value_or(0);
  auto const page = dcat::page_of(set, matching, dcat::all_tables, offset, variables_a_page);
  return value::object(
      {{"matching", matching},
       {"rows", value::list(page.rows, [&](auto row) { return variable_view(set, row, who.language()); })},
       {"tables", value(set.tables.size())},
       {"paging", paging_of(who.asked, offset, variables_a_page, page.total)}});
}

}  // namespace ehds::node::pages
