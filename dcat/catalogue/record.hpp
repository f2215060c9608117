#pragma once
// What lists, pages and the search need of a dataset, extracted from its RDF once, when a version is stored. A row of
// the store keeps its JSON, so that no RDF is parsed at start. Variables are apart (variables.hpp): they can be
// thousands.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "dcat/rdf/graph.hpp"

namespace ehds::dcat {

struct localized {
  std::string language;  // "" when the text has none
  std::string text;
  auto operator<=>(localized const&) const = default;
};

// The text in the first of the languages that there is, else any, else "". English is tried before "any".
std::string const& best_text(std::vector<localized> const& texts, std::string_view language = "en");

struct agent {
  std::string iri;  // empty for a blank node
  std::vector<localized> names;
  std::string type;  // IRI of publisher-type
  std::string email;
  std::string page;
  bool operator==(agent const&) const = default;
};

struct distribution {
  std::string iri;
  std::vector<localized> titles;
  std::vector<localized> descriptions;
  std::string access_url;
  std::string download_url;
  std::string format;   // IRI
  std::string license;  // IRI
  std::optional<std::uint64_t> byte_size;
  bool operator==(distribution const&) const = default;
};

// Codes (categories, themes, countries ...) are whole IRIs; release_pack::label says how to show them.
struct dataset_record {
  std::string iri;
  std::string identifier;
  std::vector<std::string> other_identifiers;  // adms:identifier
  std::vector<localized> titles;
  std::vector<localized> descriptions;
  std::vector<localized> keywords;
  std::string access_rights;  // IRI
  std::string access_level;   // its last part: PUBLIC, RESTRICTED, NON_PUBLIC
  agent hdab;
  agent publisher;
  agent custodian;  // the health data holder
  std::string contact_email;
  std::string contact_page;
  std::string landing_page;
  std::vector<std::string> health_categories;
  std::vector<std::string> health_themes;
  std::vector<std::string> themes;
  std::vector<std::string> coding_systems;
  std::vector<std::string> standards;
  std::vector<std::string> code_values;
  std::vector<std::string> languages;
  std::vector<std::string> countries;  // every dct:spatial that is an IRI
  std::vector<std::string> types;
  std::vector<std::string> personal_data;
  std::vector<std::string> legislation;
  std::string frequency;     // IRI
  std::string period_start;  // as written: 1990-01-01, 1990
  std::string period_end;
  std::string issued;
  std::string modified;
  std::string version;
  std::optional<std::uint64_t> number_of_records;
  std::optional<std::uint64_t> number_of_individuals;
  std::optional<std::uint64_t> min_age;
  std::optional<std::uint64_t> max_age;
  std::vector<localized> population_coverage;
  std::vector<localized> provenance;
  std::vector<localized> purposes;
  std::vector<localized> legal_bases;
  std::vector<distribution> distributions;
  std::vector<distribution> samples;
  bool has_structured_data = false;
  bool trusted_data_holder = false;  // left the profile with Release 7; Art. 72(2) still wants the mark
  std::uint64_t table_count = 0;
  std::uint64_t variable_count = 0;
  std::string hash;  // canonical hash of the whole graph it came from

  bool operator==(dataset_record const&) const = default;
  bool has_variables() const { return variable_count > 0; }
};

// Of every dcat:Dataset in the graph, in IRI order. A graph should hold one.
std::vector<dataset_record> extract_records(graph const& g);
// Of the only dataset; dcat.no_dataset, dcat.many_datasets, dcat.unnamed_dataset (blank node).
result<dataset_record> extract_record(graph const& g);

std::string to_json(dataset_record const& record);
result<dataset_record> record_from_json(std::string_view json);  // catalogue.bad_row

}  // namespace ehds::dcat
