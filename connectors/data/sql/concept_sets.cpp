#include <algorithm>

#include "connectors/data/sql/writing.hpp"

namespace ehds::connectors {
namespace {

std::string listed(writing const& to, std::vector<std::int64_t> const& ids) {
  std::vector<std::string> texts;
  for (auto const id : ids) texts.push_back(to.words.number(id));
  return joined(texts, ", ");
}

// As OHDSI does: an id counts only if the vocabulary has it; descendants only if they are still valid.
std::string concepts_of(writing const& to, policies::concept_set const& set, bool excluded) {
  std::vector<std::int64_t> all;
  std::vector<std::int64_t> with_descendants;
  for (auto const& item : set.items) {
    if (item.excluded != excluded) continue;
    all.push_back(item.concept_id);
    if (item.descendants) with_descendants.push_back(item.concept_id);
  }
  if (all.empty()) return {};
  auto text =
      "SELECT c.concept_id FROM " + to.words.table("concept") + " AS c WHERE c.concept_id IN (" + listed(to, all) + ")";
  if (with_descendants.empty()) return text;
  return text + "\n    UNION SELECT c.concept_id FROM " + to.words.table("concept_ancestor") + " AS a JOIN " +
         to.words.table("concept") +
         " AS c ON c.concept_id = a.descendant_concept_id\n    WHERE a.ancestor_concept_id " + "IN (" +
         listed(to, with_descendants) + ") AND c.invalid_reason IS NULL";
}

}  // namespace

std::string concept_set_name(writing const& to, std::string_view set) {
  auto const found = std::ranges::find(to.query.concept_sets, set, &policies::concept_set::name);
  return "set_" + std::to_string(found - to.query.concept_sets.begin() + 1);
}

std::vector<std::string> write_concept_sets(writing const& to) {
  std::vector<std::string> written;
  for (auto const& set : to.query.concept_sets) {
    if (set.items.empty()) continue;
    auto const included = concepts_of(to, set, false);
    if (included.empty()) {
      to.fault("sql.concept_set", "The concept set \"" + set.name + "\" includes nothing.", "/concept_sets",
               "Add an item that is not excluded.");
      continue;
    }
    auto text = concept_set_name(to, set.name) + " AS (\n  SELECT i.concept_id FROM (\n    " + included + "\n  ) AS i";
    if (auto const excluded = concepts_of(to, set, true); !excluded.empty())
      text += "\n  EXCEPT SELECT x.concept_id FROM (\n    " + excluded + "\n  ) AS x";
    written.push_back(text + "\n)");
  }
  return written;
}

}  // namespace ehds::connectors
