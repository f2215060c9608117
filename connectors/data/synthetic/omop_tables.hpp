#pragma once
// The tables of OMOP CDM 5.4 that the synthetic world fills, with all columns of the model.
#include "connectors/data/synthetic/table_writer.hpp"

namespace ehds::connectors::synthetic::omop {

extern table const person, observation_period, visit_occurrence, condition_occurrence, drug_exposure,
    procedure_occurrence, measurement, observation, death, location, condition_era, drug_era, cdm_source;
extern table const concept_table, concept_ancestor, concept_relationship, vocabulary, domain, concept_class,
    relationship;
// Not of the CDM: persons who objected to secondary use, and since when.
extern table const opt_out;

extern std::string_view const indexes;  // made after the rows

}  // namespace ehds::connectors::synthetic::omop
