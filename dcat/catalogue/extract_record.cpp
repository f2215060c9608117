#include <algorithm>

#include "dcat/catalogue/extract.hpp"
#include "dcat/catalogue/record.hpp"
#include "dcat/catalogue/variables.hpp"
#include "dcat/rdf/canonical.hpp"
#include "dcat/rdf/vocabulary.hpp"

namespace ehds::dcat {
namespace {

std::string in(std::string_view space, std::string_view local) {
  std::string iri(space);
  return iri += local;
}
std::string health(std::string_view local) { return in(ns::health, local); }

std::string last_part(std::string_view iri) {
  auto const cut = iri.find_last_of("/#");
  return std::string(cut == std::string_view::npos ? iri : iri.substr(cut + 1));
}

agent read_agent(graph const& g, term_id dataset, std::string const& predicate) {
  agent made;
  auto const id = extract::object(g, dataset, predicate);
  if (!id) return made;
  made.iri = extract::iri_of(g, *id);
  made.names = extract::texts(g, *id, in(ns::foaf, "name"));
  made.type = extract::one(g, *id, dct("type"));
  if (auto const contact = extract::object(g, *id, in(ns::cv, "contactPoint"))) {
    made.email = extract::one(g, *contact, in(ns::cv, "email"));
    made.page = extract::one(g, *contact, in(ns::cv, "contactPage"));
  }
  return made;
}

std::vector<distribution> read_distributions(graph const& g, term_id dataset, std::string const& predicate) {
  std::vector<distribution> out;
  for (term_id const id : extract::objects(g, dataset, predicate)) {
    distribution made;
    made.iri = extract::iri_of(g, id);
    made.titles = extract::texts(g, id, dct("title"));
    made.descriptions = extract::texts(g, id, dct("description"));
    made.access_url = extract::one(g, id, dcat_("accessURL"));
    made.download_url = extract::one(g, id, dcat_("downloadURL"));
    made.format = extract::one(g, id, dct("format"));
    made.license = extract::one(g, id, dct("license"));
    made.byte_size = extract::count(g, id, dcat_("byteSize"));
    out.push_back(std::move(made));
  }
  std::sort(out.begin(), out.end(), [](distribution const& a, distribution const& b) {
    return std::tie(a.iri, a.access_url, a.titles) < std::tie(b.iri, b.access_url, b.titles);
  });
  return out;
}

void read_names(graph const& g, term_id id, dataset_record& r) {
  r.identifier = extract::one(g, id, dct("identifier"));
  for (term_id const other : extract::objects(g, id, in(ns::adms, "identifier"))) {
    auto const notation = extract::one(g, other, in(ns::skos, "notation"));
    if (!notation.empty()) r.other_identifiers.push_back(notation);
  }
  std::sort(r.other_identifiers.begin(), r.other_identifiers.end());
  r.titles = extract::texts(g, id, dct("title"));
  r.descriptions = extract::texts(g, id, dct("description"));
  r.keywords = extract::texts(g, id, dcat_("keyword"));
  r.access_rights = extract::one(g, id, dct("accessRights"));
  r.access_level = last_part(r.access_rights);
  r.version = extract::one(g, id, dcat_("version"));
  r.issued = extract::one(g, id, dct("issued"));
  r.modified = extract::one(g, id, dct("modified"));
}

void read_people(graph const& g, term_id id, dataset_record& r) {
  r.hdab = read_agent(g, id, health("hdab"));
  r.publisher = read_agent(g, id, dct("publisher"));
  r.custodian = read_agent(g, id, in(ns::geodcat, "custodian"));
  r.landing_page = extract::one(g, id, dcat_("landingPage"));
  if (auto const contact = extract::object(g, id, dcat_("contactPoint"))) {
    r.contact_email = extract::one(g, *contact, in(ns::vcard, "hasEmail"));
    if (r.contact_email.starts_with("mailto:")) r.contact_email.erase(0, 7);
    r.contact_page = extract::one(g, *contact, in(ns::vcard, "hasURL"));
  }
  r.trusted_data_holder = extract::truth(g, id, health("trustedDataHolder"));
  for (auto const& who : {health("hdab"), dct("publisher"), in(ns::geodcat, "custodian")})
    if (auto const node = extract::object(g, id, who))
      r.trusted_data_holder = r.trusted_data_holder || extract::truth(g, *node, health("trustedDataHolder"));
}

void read_codes(graph const& g, term_id id, dataset_record& r) {
  r.health_categories = extract::iris(g, id, health("healthCategory"));
  r.health_themes = extract::iris(g, id, health("healthTheme"));
  r.themes = extract::iris(g, id, dcat_("theme"));
  r.coding_systems = extract::iris(g, id, health("hasCodingSystem"));
  r.standards = extract::iris(g, id, dct("conformsTo"));
  r.languages = extract::iris(g, id, dct("language"));
  r.countries = extract::iris(g, id, dct("spatial"));
  r.types = extract::iris(g, id, dct("type"));
  r.personal_data = extract::iris(g, id, "https://w3id.org/dpv#hasPersonalData");
  r.legislation = extract::iris(g, id, in(ns::dcatap, "applicableLegislation"));
  r.frequency = extract::one(g, id, dct("accrualPeriodicity"));
  for (localized const& value : extract::texts(g, id, health("hasCodeValues"))) r.code_values.push_back(value.text);
}

void read_contents(graph const& g, term_id id, dataset_record& r) {
  if (auto const period = extract::object(g, id, dct("temporal"))) {
    r.period_start = extract::one(g, *period, dcat_("startDate"));
    r.period_end = extract::one(g, *period, dcat_("endDate"));
  }
  r.number_of_records = extract::count(g, id, health("numberOfRecords"));
  r.number_of_individuals = extract::count(g, id, health("numberOfUniqueIndividuals"));
  r.min_age = extract::count(g, id, health("minTypicalAge"));
  r.max_age = extract::count(g, id, health("maxTypicalAge"));
  r.population_coverage = extract::texts(g, id, health("populationCoverage"));
  r.provenance = extract::texts_of_objects(g, id, dct("provenance"), in(ns::rdfs, "label"));
  r.purposes = extract::texts_of_objects(g, id, "https://w3id.org/dpv#hasPurpose", dct("description"));
  r.legal_bases = extract::texts_of_objects(g, id, "https://w3id.org/dpv#hasLegalBasis", dct("description"));
  r.distributions = read_distributions(g, id, dcat_("distribution"));
  r.samples = read_distributions(g, id, in(ns::adms, "sample"));
  r.has_structured_data = extract::truth(g, id, health("hasStructuredData"));
  auto const variables = extract_variables(g, extract::iri_of(g, id));
  r.table_count = variables.tables.size();
  r.variable_count = variables.column_count();
}

}  // namespace

std::vector<dataset_record> extract_records(graph const& g) {
  std::vector<dataset_record> out;
  auto const datasets = g.nodes_of_class(dcat_("Dataset"));
  if (datasets.empty()) return out;
  auto const hash = canonical_hash(g);
  for (term_id const id : datasets) {
    dataset_record r;
    r.iri = extract::iri_of(g, id);
    r.hash = hash;
    read_names(g, id, r);
    read_people(g, id, r);
    read_codes(g, id, r);
    read_contents(g, id, r);
    out.push_back(std::move(r));
  }
  return out;
}

result<dataset_record> extract_record(graph const& g) {
  auto const datasets = g.nodes_of_class(dcat_("Dataset"));
  if (datasets.empty()) return problem{"dcat.no_dataset", "The text describes no dcat:Dataset.", {}, {}};
  if (datasets.size() > 1) {
    return problem{"dcat.many_datasets",
                   "The text describes " + std::to_string(datasets.size()) + " datasets.",
                   {},
                   "Send each dataset by itself."};
  }
  if (!g[datasets.front()].is_iri()) {
    return problem{"dcat.unnamed_dataset", "The dataset is a blank node.", "dcat:Dataset", "Give the dataset an IRI."};
  }
  return std::move(extract_records(g).front());
}

}  // namespace ehds::dcat
