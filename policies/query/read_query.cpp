#include <algorithm>
#include <functional>

#include "policies/aggregate_query.hpp"
#include "policies/json/object_reader.hpp"
#include "policies/query/read_filter.hpp"
#include "policies/query/references.hpp"
#include "policies/query/words.hpp"

namespace ehds::policies {
namespace {

constexpr std::size_t most_sets = 100;
constexpr std::size_t most_items = 5000;

concept_item read_item(json::value const& v, std::string const& where, problems& found) {
  json::object_reader in(v, where, query_family, found);
  concept_item item;
  item.concept_id = in.number("concept_id", 0, json::largest_number);
  item.descendants = in.truth_or("descendants", false);
  item.excluded = in.truth_or("excluded", false);
  in.refuse_others();
  return item;
}

concept_set read_set(json::value const& v, std::string const& where, problems& found) {
  json::object_reader in(v, where, query_family, found);
  concept_set set;
  set.name = in.text("name");
  if (in.has("items")) {
    in.each("items", most_items, [&](json::value const& item, std::string const& pointer) {
      set.items.push_back(read_item(item, pointer, found));
    });
    if (set.items.empty()) in.fault("value", "items", "The list is empty.", "Name at least one concept.");
  } else {
    set.system = in.text("system");
    set.prefixes = in.texts_or_none("prefixes");
    set.codes = in.texts_or_none("codes");
    if (set.prefixes.empty() && set.codes.empty())
      in.fault("missing", "codes", "The concept set names no code.", "Give prefixes, codes or both.");
  }
  in.refuse_others();
  return set;
}

std::vector<std::int64_t> read_breaks(json::object_reader& in, problems& found) {
  std::vector<std::int64_t> breaks;
  in.each("breaks", 40, [&](json::value const& item, std::string const& pointer) {
    auto const* const n = std::get_if<std::int64_t>(&item.is);
    if (n != nullptr && *n >= 0 && *n <= 150) return breaks.push_back(*n);
    found.push_back({"query.value", "An age in whole years from 0 to 150 is expected here.", pointer, "Correct it."});
  });
  bool const ascending = std::ranges::adjacent_find(breaks, std::greater_equal{}) == breaks.end();
  if (breaks.empty() || breaks.front() != 0 || !ascending)
    in.fault("value", "breaks", "Age breaks start with 0 and ascend.", "For instance [0, 18, 40, 65, 80].");
  return breaks;
}

dimension read_dimension(json::value const& v, std::string const& where, problems& found) {
  json::object_reader in(v, where, query_family, found);
  dimension read;
  read.name = in.text("dimension");
  if (read.name == words::age_band) {
    read.at = in.day("at");
    read.breaks = read_breaks(in, found);
  } else if (read.name == words::year) {
    read.from = in.number("from", 1900, 2200);
    read.to = in.number("to", 1900, 2200);
    if (read.to < read.from || read.to - read.from >= 100)
      in.fault("value", "to", "The years do not run from earlier to later within a century.", "Correct from and to.");
  }
  in.refuse_others();
  return read;
}

void read_clip(json::object_reader& in, measure& m, problems& found) {
  std::vector<std::int64_t> ends;
  in.each("clip", 2, [&](json::value const& item, std::string const& pointer) {
    auto const* const n = std::get_if<std::int64_t>(&item.is);
    if (n != nullptr && *n >= 0 && *n <= 1'000'000'000) return ends.push_back(*n);
    found.push_back(
        {"query.value", "A whole number from 0 to 1,000,000,000 is expected here.", pointer, "Correct it."});
  });
  if (ends.size() != 2 || ends[1] <= ends[0])
    return in.fault("value", "clip", "A clip is two numbers, the smaller first.", "For instance [0, 365].");
  m.clip_from = ends[0];
  m.clip_to = ends[1];
}

measure read_measure(json::value const& v, std::string const& where, problems& found) {
  json::object_reader in(v, where, query_family, found);
  measure read;
  read.what = static_cast<measured>(in.one_of("measure", words::measures));
  if (read.what == measured::sum) {
    read.of = in.text("of");
    read_clip(in, read, found);
  }
  if (read.what != measured::persons) read.cap_per_person = in.number_or("cap_per_person", 50, 1, 1000);
  in.refuse_others();
  return read;
}

void read_lists(json::object_reader& in, aggregate_query& query, problems& found) {
  if (in.has("concept_sets")) {
    in.each("concept_sets", most_sets, [&](json::value const& item, std::string const& pointer) {
      query.concept_sets.push_back(read_set(item, pointer, found));
    });
  } else {
    in.optional("concept_sets");
  }
  in.each("by", query_limits::dimensions, [&](json::value const& item, std::string const& pointer) {
    query.by.push_back(read_dimension(item, pointer, found));
  });
  in.each("measures", query_limits::measures, [&](json::value const& item, std::string const& pointer) {
    query.measures.push_back(read_measure(item, pointer, found));
  });
}

aggregate_query read_root(json::value const& root, problems& found) {
  json::object_reader in(root, "", query_family, found);
  aggregate_query query;
  in.one_of("aq", {"1"});
  query.protocol = in.text("protocol");
  query.variant = in.text("variant");
  query.dataset = in.text("dataset");
  if (auto const* const population = in.wanted("population")) {
    json::object_reader of(*population, in.at("population"), query_family, found);
    if (auto const* const condition = of.wanted("filter"))
      query.population = read_filter(*condition, of.at("filter"), found);
    of.refuse_others();
  }
  query.unit = static_cast<counted>(in.one_of("unit", words::units));
  if (auto const* const events = in.optional("events")) {
    json::object_reader rows(*events, in.at("events"), query_family, found);
    query.events = read_event_rows(rows, found);
    rows.refuse_others();
  }
  read_lists(in, query, found);
  query.denominator = in.truth_or("denominator", false);
  in.refuse_others();
  return query;
}

struct reading {
  aggregate_query query;
  problems found;
};

reading read_with_faults(std::string_view text) {
  reading done;
  auto const root = json::read(text, {query_limits::bytes, query_limits::depth});
  if (!root) {
    done.found.push_back(root.error());
    return done;
  }
  done.query = read_root(*root, done.found);
  if (done.found.empty()) check_references(done.query, done.found);
  // With its defaults written out it must still be readable by others.
  if (done.found.empty() && canonical_text(done.query).size() > query_limits::bytes)
    done.found.push_back(
        {"query.too_large", "The query's canonical text is too large.", "", "Use shorter code lists."});
  return done;
}

}  // namespace

result<aggregate_query> read_aggregate_query(std::string_view text) {
  auto done = read_with_faults(text);
  if (!done.found.empty()) return std::move(done.found.front());
  return std::move(done.query);
}

problems faults_in_query(std::string_view text) { return read_with_faults(text).found; }

}  // namespace ehds::policies
