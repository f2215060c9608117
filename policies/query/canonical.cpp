#include <algorithm>

#include "base/bytes.hpp"
#include "policies/aggregate_query.hpp"
#include "policies/disclosure/query_history.hpp"
#include "policies/json/value.hpp"
#include "policies/query/words.hpp"

namespace ehds::policies {
namespace {

json::value written(scalar const& s) {
  return std::visit([](auto const& v) { return json::value{v}; }, s);
}

json::value written(std::vector<std::string> const& texts) { return json::array(texts.begin(), texts.end()); }

json::value written(column_test const& test) {
  json::object o{{"column", test.column}, {"op", words::comparisons[static_cast<std::size_t>(test.op)]}};
  if (test.op == comparison::in || test.op == comparison::between) {
    json::array values;
    for (auto const& v : test.values) values.push_back(written(v));
    o.emplace_back("values", std::move(values));
  } else {
    o.emplace_back("value", test.values.empty() ? json::value{} : written(test.values.front()));
  }
  return o;
}

json::object written(event_rows const& rows) {
  json::object o{{"table", rows.table}};
  if (!rows.concept_set.empty()) o.emplace_back("concept_set", rows.concept_set);
  if (rows.window)
    o.emplace_back("window", json::object{{"from", to_text(rows.window->from)}, {"to", to_text(rows.window->to)}});
  if (!rows.where.empty()) {
    json::array tests;
    for (auto const& test : rows.where) tests.push_back(written(test));
    o.emplace_back("where", std::move(tests));
  }
  return o;
}

json::value written(filter const& f);

json::array written(std::vector<filter> const& parts) {
  json::array list;
  for (auto const& part : parts) list.push_back(written(part));
  return list;
}

struct filter_writer {
  json::value operator()(all_of const& f) const { return json::object{{"all", written(f.parts)}}; }
  json::value operator()(any_of const& f) const { return json::object{{"any", written(f.parts)}}; }
  json::value operator()(none_of const& f) const { return json::object{{"not", written(f.part.at(0))}}; }
  json::value operator()(exists_in const& f) const {
    auto rows = written(f.rows);
    rows.emplace_back("at_least", f.at_least);
    return json::object{{"exists_in", std::move(rows)}};
  }
  json::value operator()(column_test const& f) const { return json::object{{"column", written(f)}}; }
};

json::value written(filter const& f) { return std::visit(filter_writer{}, f.is); }

json::value written(concept_set const& set) {
  json::object o{{"name", set.name}};
  if (!set.items.empty()) {
    json::array items;
    for (auto const& item : set.items) {
      items.push_back(json::object{
          {"concept_id", item.concept_id}, {"descendants", item.descendants}, {"excluded", item.excluded}});
    }
    o.emplace_back("items", std::move(items));
    return o;
  }
  o.emplace_back("system", set.system);
  if (!set.prefixes.empty()) o.emplace_back("prefixes", written(set.prefixes));
  if (!set.codes.empty()) o.emplace_back("codes", written(set.codes));
  return o;
}

json::value written(dimension const& d) {
  json::object o{{"dimension", d.name}};
  if (d.name == words::age_band) {
    o.emplace_back("at", to_text(d.at.value_or(date{})));
    o.emplace_back("breaks", json::array(d.breaks.begin(), d.breaks.end()));
  } else if (d.name == words::year) {
    o.emplace_back("from", d.from);
    o.emplace_back("to", d.to);
  }
  return o;
}

json::value written(measure const& m) {
  json::object o{{"measure", words::measures[static_cast<std::size_t>(m.what)]}};
  if (m.what == measured::persons) return o;
  o.emplace_back("cap_per_person", m.cap_per_person);
  if (m.what == measured::sum) {
    o.emplace_back("of", m.of);
    o.emplace_back("clip", json::array{m.clip_from, m.clip_to});
  }
  return o;
}

template <class Item>
json::array all_written(std::vector<Item> const& items) {
  json::array list;
  for (auto const& item : items) list.push_back(written(item));
  return list;
}

json::value written(aggregate_query const& q) {
  json::object o{{"aq", "1"},
                 {"protocol", q.protocol},
                 {"variant", q.variant},
                 {"dataset", q.dataset},
                 {"concept_sets", all_written(q.concept_sets)},
                 {"population", json::object{{"filter", written(q.population)}}},
                 {"unit", words::units[static_cast<std::size_t>(q.unit)]},
                 {"by", all_written(q.by)},
                 {"measures", all_written(q.measures)},
                 {"denominator", q.denominator}};
  if (q.events) o.emplace_back("events", written(*q.events));
  return o;
}

// --- normal form ---

template <class Item>
void sort_by_text(std::vector<Item>& items) {
  std::vector<std::pair<std::string, Item>> keyed;
  for (auto& item : items) {
    auto key = json::write(written(item));
    keyed.emplace_back(std::move(key), std::move(item));
  }
  std::ranges::sort(keyed, {}, [](auto const& pair) -> std::string const& { return pair.first; });
  auto const doubled =
      std::ranges::unique(keyed, {}, [](auto const& pair) -> std::string const& { return pair.first; });
  keyed.erase(doubled.begin(), doubled.end());
  items.clear();
  for (auto& pair : keyed) items.push_back(std::move(pair.second));
}

template <class Item>
void sort_set(std::vector<Item>& items) {
  std::ranges::sort(items);
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

column_test normal(column_test test) {
  if (test.op == comparison::in) sort_set(test.values);
  if (test.op == comparison::in && test.values.size() == 1) test.op = comparison::equals;
  if (test.op == comparison::between && test.values.size() == 2 && test.values[0] == test.values[1]) {
    test.op = comparison::equals;
    test.values.pop_back();
  }
  return test;
}

event_rows normal(event_rows rows) {
  for (auto& test : rows.where) test = normal(std::move(test));
  sort_by_text(rows.where);
  return rows;
}

filter normal(filter f);

// Joins nested groups of the same kind into one; a group of one is its part.
template <class Group>
filter normal_group(Group group) {
  std::vector<filter> parts;
  for (auto& part : group.parts) {
    auto inner = normal(std::move(part));
    if (auto* const same = std::get_if<Group>(&inner.is)) {
      for (auto& p : same->parts) parts.push_back(std::move(p));
    } else {
      parts.push_back(std::move(inner));
    }
  }
  sort_by_text(parts);
  if (parts.size() == 1) return std::move(parts.front());
  return filter{Group{std::move(parts)}};
}

struct filter_normaliser {
  filter operator()(all_of f) const { return normal_group(std::move(f)); }
  filter operator()(any_of f) const { return normal_group(std::move(f)); }
  filter operator()(none_of f) const {
    auto inner = normal(std::move(f.part.at(0)));
    if (auto* const twice = std::get_if<none_of>(&inner.is)) return std::move(twice->part.at(0));
    return filter{none_of{{std::move(inner)}}};
  }
  filter operator()(exists_in f) const {
    f.rows = normal(std::move(f.rows));
    return filter{std::move(f)};
  }
  filter operator()(column_test f) const { return filter{normal(std::move(f))}; }
};

filter normal(filter f) { return std::visit(filter_normaliser{}, std::move(f.is)); }

}  // namespace

bool all_of::operator==(all_of const&) const = default;
bool any_of::operator==(any_of const&) const = default;
bool none_of::operator==(none_of const&) const = default;

aggregate_query normal_form(aggregate_query query) {
  for (auto& set : query.concept_sets) {
    sort_set(set.items);
    sort_set(set.prefixes);
    sort_set(set.codes);
  }
  sort_by_text(query.concept_sets);
  query.population = normal(std::move(query.population));
  if (query.events) query.events = normal(std::move(*query.events));
  return query;
}

std::string canonical_text(aggregate_query const& query) { return json::write(written(normal_form(query))); }

// Declared in policies/disclosure/query_history.hpp.
std::string measure_key(aggregate_query const& query, measure const& m) {
  json::object key{{"measure", written(m)}};
  if (m.what != measured::persons && query.events) {
    key.emplace_back("events", written(normal(*query.events)));
    if (auto const* const set = find_concept_set(query, query.events->concept_set))
      key.emplace_back("set", written(*set));
  }
  return json::write(key);
}

std::string query_hash(aggregate_query const& query) { return "sha256:" + sha256_hex(canonical_text(query)); }

}  // namespace ehds::policies
