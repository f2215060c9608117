#include "policies/query/references.hpp"

#include <algorithm>
#include <set>

#include "policies/query/words.hpp"

namespace ehds::policies {
namespace {

class checking {
 public:
  checking(aggregate_query const& query, problems& found) : query_(query), found_(found) {}

  void everything() {
    names_are_distinct();
    check(query_.population, "/population/filter");
    if (query_.events) check(*query_.events, "/events");
    variant_fits();
    unused_sets();
    table_fits();
    events_are_named();
  }

 private:
  void fault(std::string where, std::string detail, std::string mend) {
    found_.push_back({"query.value", std::move(detail), std::move(where), std::move(mend)});
  }

  void names_are_distinct() {
    std::set<std::string> names;
    for (auto const& set : query_.concept_sets) {
      if (!names.insert(set.name).second)
        fault("/concept_sets", "Two concept sets are named \"" + set.name + "\".", "Rename one.");
    }
    std::set<std::string> dimensions;
    for (auto const& d : query_.by) {
      if (!dimensions.insert(d.name).second)
        fault("/by", "The dimension \"" + d.name + "\" appears twice.", "Remove one.");
    }
  }

  void check(event_rows const& rows, std::string const& where) {
    if (rows.concept_set.empty()) return;
    used_.insert(rows.concept_set);
    if (find_concept_set(query_, rows.concept_set) == nullptr)
      fault(where + "/concept_set", "No concept set is named \"" + rows.concept_set + "\".",
            "Add it to concept_sets or correct the name.");
  }
  void check(std::vector<filter> const& parts, std::string const& where) {
    for (std::size_t i = 0; i < parts.size(); ++i) check(parts[i], where + "/" + std::to_string(i));
  }
  void check(filter const& f, std::string const& where) {
    if (auto const* const all = std::get_if<all_of>(&f.is)) check(all->parts, where + "/all");
    if (auto const* const any = std::get_if<any_of>(&f.is)) check(any->parts, where + "/any");
    if (auto const* const none = std::get_if<none_of>(&f.is)) check(none->part, where + "/not");
    if (auto const* const exists = std::get_if<exists_in>(&f.is)) check(exists->rows, where + "/exists_in");
  }

  void variant_fits() {
    bool const flat = query_.variant.starts_with("flat:") && query_.variant.size() > 5;
    if (!flat && query_.variant != "omop-5.4")
      return fault("/variant", "The variant \"" + query_.variant + "\" is not known.",
                   "Use omop-5.4 or flat:<profile>.");
    for (std::size_t i = 0; i < query_.concept_sets.size(); ++i) {
      if (query_.concept_sets[i].items.empty() != flat)
        fault("/concept_sets/" + std::to_string(i), "The concept set does not fit the variant.",
              "omop-5.4 takes items; a flat profile takes a system with prefixes and codes.");
    }
  }

  // What nobody uses would change the hash without changing the question.
  void unused_sets() {
    for (auto const& set : query_.concept_sets) {
      if (!used_.contains(set.name))
        fault("/concept_sets", "The concept set \"" + set.name + "\" is used nowhere.", "Remove it.");
    }
  }

  void table_fits() {
    if (query_.measures.empty()) fault("/measures", "The query measures nothing.", "Add {\"measure\": \"persons\"}.");
    for (std::size_t i = 0; i < query_.measures.size(); ++i) {
      auto const& m = query_.measures[i];
      if (std::count(query_.measures.begin(), query_.measures.end(), m) > 1)
        return fault("/measures/" + std::to_string(i), "The same measure appears twice.", "Remove one.");
    }
  }

  void events_are_named() {
    bool const wanted =
        query_.unit == counted::event ||
        std::ranges::any_of(query_.measures, [](auto const& m) { return m.what != measured::persons; }) ||
        std::ranges::any_of(query_.by, [](auto const& d) { return d.name == words::year; });
    if (wanted && !query_.events)
      fault("/events", "The query counts or dates events but does not say which.", "Add \"events\" with a table.");
    if (!wanted && query_.events) fault("/events", "\"events\" is given but not used.", "Remove it.");
  }

  aggregate_query const& query_;
  problems& found_;
  std::set<std::string> used_;
};

}  // namespace

void check_references(aggregate_query const& query, problems& found) { checking(query, found).everything(); }

concept_set const* find_concept_set(aggregate_query const& query, std::string_view name) {
  auto const found = std::ranges::find(query.concept_sets, name, &concept_set::name);
  return found == query.concept_sets.end() ? nullptr : &*found;
}

}  // namespace ehds::policies
