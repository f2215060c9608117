#pragma once
// The IRIs that code (rather than a release pack) has to know. Everything that may change with a release of
// HealthDCAT-AP stands in the pack.
#include <string>
#include <string_view>

namespace ehds::dcat {

namespace rdf {
inline constexpr std::string_view ns = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
inline constexpr std::string_view type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
inline constexpr std::string_view first = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
inline constexpr std::string_view rest = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
inline constexpr std::string_view nil = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";
inline constexpr std::string_view xml_literal = "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral";
}  // namespace rdf

namespace xsd {
inline constexpr std::string_view ns = "http://www.w3.org/2001/XMLSchema#";
inline constexpr std::string_view string = "http://www.w3.org/2001/XMLSchema#string";
inline constexpr std::string_view boolean = "http://www.w3.org/2001/XMLSchema#boolean";
inline constexpr std::string_view integer = "http://www.w3.org/2001/XMLSchema#integer";
inline constexpr std::string_view decimal = "http://www.w3.org/2001/XMLSchema#decimal";
}  // namespace xsd

namespace ns {
inline constexpr std::string_view dcat = "http://www.w3.org/ns/dcat#";
inline constexpr std::string_view dct = "http://purl.org/dc/terms/";
inline constexpr std::string_view foaf = "http://xmlns.com/foaf/0.1/";
inline constexpr std::string_view vcard = "http://www.w3.org/2006/vcard/ns#";
inline constexpr std::string_view adms = "http://www.w3.org/ns/adms#";
inline constexpr std::string_view cv = "http://data.europa.eu/m8g/";
inline constexpr std::string_view csvw = "http://www.w3.org/ns/csvw#";
inline constexpr std::string_view health = "http://healthdataportal.eu/ns/health#";
inline constexpr std::string_view geodcat = "http://data.europa.eu/930/";
inline constexpr std::string_view skos = "http://www.w3.org/2004/02/skos/core#";
inline constexpr std::string_view hydra = "http://www.w3.org/ns/hydra/core#";
inline constexpr std::string_view dcatap = "http://data.europa.eu/r5r/";
inline constexpr std::string_view dqv = "http://www.w3.org/ns/dqv#";
inline constexpr std::string_view rdfs = "http://www.w3.org/2000/01/rdf-schema#";
}  // namespace ns

// The terms of the two vocabularies that most records are made of: dct("title").
inline std::string dct(std::string_view local) { return std::string(ns::dct).append(local); }
inline std::string dcat_(std::string_view local) { return std::string(ns::dcat).append(local); }

}  // namespace ehds::dcat
