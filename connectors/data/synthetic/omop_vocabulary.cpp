#include "connectors/data/synthetic/omop_vocabulary.hpp"

#include <array>
#include <string>
#include <vector>

#include "connectors/data/synthetic/codes.hpp"
#include "connectors/data/synthetic/omop_tables.hpp"

namespace ehds::connectors::synthetic {
namespace {

constexpr std::string_view since = "2020-01-01";
constexpr std::string_view until = "2099-12-31";
constexpr std::string_view own_vocabulary = "EHDS Synthetic";

void write_concepts(sqlite::connection& to, std::filesystem::path const& csv_folder) {
  table_writer concepts_out{to, omop::concept_table, csv_folder};
  concepts_out.add(concepts::vocabulary, own_vocabulary, "Metadata", own_vocabulary, "Vocabulary", std::nullopt, "-",
                   since, until);
  for (auto const& one : all_codes())
    concepts_out.add(one.id, one.name, one.domain, own_vocabulary, one.domain, "S", std::to_string(one.id), since,
                     until);
  for (auto const& one : all_codes())
    if (!one.public_code.empty())
      concepts_out.add(source_of(one.id), one.name, one.domain, one.system, one.domain, std::nullopt, one.public_code,
                       since, until);
}

void write_mappings(sqlite::connection& to, std::filesystem::path const& csv_folder) {
  table_writer relationships{to, omop::concept_relationship, csv_folder};
  for (auto const& one : all_codes()) {
    relationships.add(one.id, one.id, "Maps to", since, until);
    if (one.parent != 0) {
      relationships.add(one.id, one.parent, "Is a", since, until);
      relationships.add(one.parent, one.id, "Subsumes", since, until);
    }
    if (one.public_code.empty()) continue;
    relationships.add(source_of(one.id), one.id, "Maps to", since, until);
    relationships.add(one.id, source_of(one.id), "Mapped from", since, until);
  }
}

void write_ancestors(sqlite::connection& to, std::filesystem::path const& csv_folder) {
  table_writer ancestors{to, omop::concept_ancestor, csv_folder};
  for (auto const& one : all_codes()) {
    std::int64_t levels = 0;
    for (auto at = one.id; at != 0; at = find_code(at).parent, ++levels) ancestors.add(at, one.id, levels, levels);
  }
}

void write_lists(sqlite::connection& to, std::filesystem::path const& csv_folder) {
  table_writer vocabularies{to, omop::vocabulary, csv_folder};
  vocabularies.add(own_vocabulary, "Concepts of the synthetic data generator", "1", concepts::vocabulary);
  vocabularies.add("ICD10", "Codes of ICD-10, names by the generator", "1", concepts::vocabulary);
  vocabularies.add("ATC", "Codes of ATC, names by the generator", "1", concepts::vocabulary);

  constexpr std::array<std::string_view, 10> domains = {"Condition",   "Drug",   "Procedure", "Measurement",
                                                        "Observation", "Gender", "Visit",     "Type Concept",
                                                        "Unit",        "Race"};
  table_writer domains_out{to, omop::domain, csv_folder};
  table_writer classes{to, omop::concept_class, csv_folder};
  for (auto const name : domains) {
    domains_out.add(name, name, concepts::vocabulary);
    classes.add(name, name, concepts::vocabulary);
  }
  table_writer relations{to, omop::relationship, csv_folder};
  relations.add("Maps to", "Source to standard", "0", "0", "Mapped from", concepts::vocabulary);
  relations.add("Mapped from", "Standard to source", "0", "0", "Maps to", concepts::vocabulary);
  relations.add("Is a", "Kind of", "1", "0", "Subsumes", concepts::vocabulary);
  relations.add("Subsumes", "Has the kind", "1", "1", "Is a", concepts::vocabulary);
}

}  // namespace

void write_omop_vocabulary(sqlite::connection& to, std::filesystem::path const& csv_folder) {
  write_concepts(to, csv_folder);
  write_mappings(to, csv_folder);
  write_ancestors(to, csv_folder);
  write_lists(to, csv_folder);
}

}  // namespace ehds::connectors::synthetic
