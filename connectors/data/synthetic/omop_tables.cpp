#include "connectors/data/synthetic/omop_tables.hpp"

namespace ehds::connectors::synthetic::omop {

table const person{
    "person",
    "person_id INTEGER PRIMARY KEY, gender_concept_id INTEGER NOT NULL, year_of_birth INTEGER NOT NULL, "
    "month_of_birth INTEGER, day_of_birth INTEGER, birth_datetime TEXT, race_concept_id INTEGER NOT NULL, "
    "ethnicity_concept_id INTEGER NOT NULL, location_id INTEGER, provider_id INTEGER, care_site_id INTEGER, "
    "person_source_value TEXT, gender_source_value TEXT, gender_source_concept_id INTEGER, race_source_value TEXT, "
    "race_source_concept_id INTEGER, ethnicity_source_value TEXT, ethnicity_source_concept_id INTEGER",
    "person_id, gender_concept_id, year_of_birth, month_of_birth, day_of_birth, race_concept_id, "
    "ethnicity_concept_id, location_id, gender_source_value"};

table const observation_period{
    "observation_period",
    "observation_period_id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, observation_period_start_date DATE "
    "NOT NULL, observation_period_end_date DATE NOT NULL, period_type_concept_id INTEGER NOT NULL",
    "observation_period_id, person_id, observation_period_start_date, observation_period_end_date, "
    "period_type_concept_id"};

table const visit_occurrence{
    "visit_occurrence",
    "visit_occurrence_id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, visit_concept_id INTEGER NOT NULL, "
    "visit_start_date DATE NOT NULL, visit_start_datetime TEXT, visit_end_date DATE NOT NULL, "
    "visit_end_datetime TEXT, visit_type_concept_id INTEGER NOT NULL, provider_id INTEGER, care_site_id INTEGER, "
    "visit_source_value TEXT, visit_source_concept_id INTEGER, admitted_from_concept_id INTEGER, "
    "admitted_from_source_value TEXT, discharged_to_concept_id INTEGER, discharged_to_source_value TEXT, "
    "preceding_visit_occurrence_id INTEGER",
    "visit_occurrence_id, person_id, visit_concept_id, visit_start_date, visit_end_date, visit_type_concept_id"};

table const condition_occurrence{
    "condition_occurrence",
    "condition_occurrence_id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, condition_concept_id INTEGER NOT "
    "NULL, condition_start_date DATE NOT NULL, condition_start_datetime TEXT, condition_end_date DATE, "
    "condition_end_datetime TEXT, condition_type_concept_id INTEGER NOT NULL, condition_status_concept_id "
    "INTEGER, stop_reason TEXT, provider_id INTEGER, visit_occurrence_id INTEGER, visit_detail_id INTEGER, "
    "condition_source_value TEXT, condition_source_concept_id INTEGER, condition_status_source_value TEXT",
    "condition_occurrence_id, person_id, condition_concept_id, condition_start_date, condition_end_date, "
    "condition_type_concept_id, visit_occurrence_id, condition_source_value, condition_source_concept_id"};

table const drug_exposure{
    "drug_exposure",
    "drug_exposure_id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, drug_concept_id INTEGER NOT NULL, "
    "drug_exposure_start_date DATE NOT NULL, drug_exposure_start_datetime TEXT, drug_exposure_end_date DATE NOT "
    "NULL, drug_exposure_end_datetime TEXT, verbatim_end_date DATE, drug_type_concept_id INTEGER NOT NULL, "
    "stop_reason TEXT, refills INTEGER, quantity REAL, days_supply INTEGER, sig TEXT, route_concept_id INTEGER, "
    "lot_number TEXT, provider_id INTEGER, visit_occurrence_id INTEGER, visit_detail_id INTEGER, "
    "drug_source_value TEXT, drug_source_concept_id INTEGER, route_source_value TEXT, dose_unit_source_value TEXT",
    "drug_exposure_id, person_id, drug_concept_id, drug_exposure_start_date, drug_exposure_end_date, "
    "drug_type_concept_id, quantity, days_supply, drug_source_value, drug_source_concept_id"};

table const procedure_occurrence{
    "procedure_occurrence",
    "procedure_occurrence_id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, procedure_concept_id INTEGER NOT "
    "NULL, procedure_date DATE NOT NULL, procedure_datetime TEXT, procedure_end_date DATE, procedure_end_datetime "
    "TEXT, procedure_type_concept_id INTEGER NOT NULL, modifier_concept_id INTEGER, quantity INTEGER, provider_id "
    "INTEGER, visit_occurrence_id INTEGER, visit_detail_id INTEGER, procedure_source_value TEXT, "
    "procedure_source_concept_id INTEGER, modifier_source_value TEXT",
    "procedure_occurrence_id, person_id, procedure_concept_id, procedure_date, procedure_type_concept_id"};

table const measurement{
    "measurement",
    "measurement_id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, measurement_concept_id INTEGER NOT NULL, "
    "measurement_date DATE NOT NULL, measurement_datetime TEXT, measurement_time TEXT, measurement_type_concept_id "
    "INTEGER NOT NULL, operator_concept_id INTEGER, value_as_number REAL, value_as_concept_id INTEGER, "
    "unit_concept_id INTEGER, range_low REAL, range_high REAL, provider_id INTEGER, visit_occurrence_id INTEGER, "
    "visit_detail_id INTEGER, measurement_source_value TEXT, measurement_source_concept_id INTEGER, "
    "unit_source_value TEXT, unit_source_concept_id INTEGER, value_source_value TEXT, measurement_event_id "
    "INTEGER, meas_event_field_concept_id INTEGER",
    "measurement_id, person_id, measurement_concept_id, measurement_date, measurement_type_concept_id, "
    "value_as_number, unit_concept_id"};

table const observation{
    "observation",
    "observation_id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, observation_concept_id INTEGER NOT NULL, "
    "observation_date DATE NOT NULL, observation_datetime TEXT, observation_type_concept_id INTEGER NOT NULL, "
    "value_as_number REAL, value_as_string TEXT, value_as_concept_id INTEGER, qualifier_concept_id INTEGER, "
    "unit_concept_id INTEGER, provider_id INTEGER, visit_occurrence_id INTEGER, visit_detail_id INTEGER, "
    "observation_source_value TEXT, observation_source_concept_id INTEGER, unit_source_value TEXT, "
    "qualifier_source_value TEXT, value_source_value TEXT, observation_event_id INTEGER, "
    "obs_event_field_concept_id INTEGER",
    "observation_id, person_id, observation_concept_id, observation_date, observation_type_concept_id"};

table const death{"death",
                  "person_id INTEGER PRIMARY KEY, death_date DATE NOT NULL, death_datetime TEXT, "
                  "death_type_concept_id INTEGER, cause_concept_id INTEGER, cause_source_value TEXT, "
                  "cause_source_concept_id INTEGER",
                  "person_id, death_date, death_type_concept_id, cause_concept_id"};

table const location{"location",
                     "location_id INTEGER PRIMARY KEY, address_1 TEXT, address_2 TEXT, city TEXT, state TEXT, zip "
                     "TEXT, county TEXT, location_source_value TEXT, country_concept_id INTEGER, "
                     "country_source_value TEXT, latitude REAL, longitude REAL",
                     "location_id, state, county, location_source_value, country_source_value"};

table const condition_era{
    "condition_era",
    "condition_era_id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, condition_concept_id INTEGER NOT NULL, "
    "condition_era_start_date DATE NOT NULL, condition_era_end_date DATE NOT NULL, condition_occurrence_count "
    "INTEGER",
    "condition_era_id, person_id, condition_concept_id, condition_era_start_date, condition_era_end_date, "
    "condition_occurrence_count"};

table const drug_era{"drug_era",
                     "drug_era_id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, drug_concept_id INTEGER NOT NULL, "
                     "drug_era_start_date DATE NOT NULL, drug_era_end_date DATE NOT NULL, drug_exposure_count "
                     "INTEGER, gap_days INTEGER",
                     "drug_era_id, person_id, drug_concept_id, drug_era_start_date, drug_era_end_date, "
                     "drug_exposure_count, gap_days"};

table const cdm_source{
    "cdm_source",
    "cdm_source_name TEXT NOT NULL, cdm_source_abbreviation TEXT NOT NULL, cdm_holder TEXT NOT NULL, "
    "source_description TEXT, source_documentation_reference TEXT, cdm_etl_reference TEXT, source_release_date DATE "
    "NOT NULL, cdm_release_date DATE NOT NULL, cdm_version TEXT, cdm_version_concept_id INTEGER NOT NULL, "
    "vocabulary_version TEXT NOT NULL",
    "cdm_source_name, cdm_source_abbreviation, cdm_holder, source_description, source_release_date, "
    "cdm_release_date, cdm_version, cdm_version_concept_id, vocabulary_version"};

table const concept_table{
    "concept",
    "concept_id INTEGER PRIMARY KEY, concept_name TEXT NOT NULL, domain_id TEXT NOT NULL, vocabulary_id TEXT NOT "
    "NULL, concept_class_id TEXT NOT NULL, standard_concept TEXT, concept_code TEXT NOT NULL, valid_start_date DATE "
    "NOT NULL, valid_end_date DATE NOT NULL, invalid_reason TEXT",
    "concept_id, concept_name, domain_id, vocabulary_id, concept_class_id, standard_concept, concept_code, "
    "valid_start_date, valid_end_date"};

table const concept_ancestor{
    "concept_ancestor",
    "ancestor_concept_id INTEGER NOT NULL, descendant_concept_id INTEGER NOT NULL, min_levels_of_separation INTEGER "
    "NOT NULL, max_levels_of_separation INTEGER NOT NULL",
    "ancestor_concept_id, descendant_concept_id, min_levels_of_separation, max_levels_of_separation"};

table const concept_relationship{
    "concept_relationship",
    "concept_id_1 INTEGER NOT NULL, concept_id_2 INTEGER NOT NULL, relationship_id TEXT NOT NULL, valid_start_date "
    "DATE NOT NULL, valid_end_date DATE NOT NULL, invalid_reason TEXT",
    "concept_id_1, concept_id_2, relationship_id, valid_start_date, valid_end_date"};

table const vocabulary{"vocabulary",
                       "vocabulary_id TEXT NOT NULL, vocabulary_name TEXT NOT NULL, vocabulary_reference TEXT, "
                       "vocabulary_version TEXT, vocabulary_concept_id INTEGER NOT NULL",
                       "vocabulary_id, vocabulary_name, vocabulary_version, vocabulary_concept_id"};

table const domain{"domain", "domain_id TEXT NOT NULL, domain_name TEXT NOT NULL, domain_concept_id INTEGER NOT NULL",
                   "domain_id, domain_name, domain_concept_id"};

table const concept_class{
    "concept_class",
    "concept_class_id TEXT NOT NULL, concept_class_name TEXT NOT NULL, concept_class_concept_id INTEGER NOT NULL",
    "concept_class_id, concept_class_name, concept_class_concept_id"};

table const relationship{"relationship",
                         "relationship_id TEXT NOT NULL, relationship_name TEXT NOT NULL, is_hierarchical TEXT NOT "
                         "NULL, defines_ancestry TEXT NOT NULL, reverse_relationship_id TEXT NOT NULL, "
                         "relationship_concept_id INTEGER NOT NULL",
                         "relationship_id, relationship_name, is_hierarchical, defines_ancestry, "
                         "reverse_relationship_id, relationship_concept_id"};

table const opt_out{"opt_out", "person_key INTEGER NOT NULL, registered_on DATE NOT NULL", "person_key, registered_on"};

std::string_view const indexes =
    "CREATE INDEX condition_by_concept ON condition_occurrence(condition_concept_id, condition_start_date, person_id);"
    "CREATE INDEX condition_by_person ON condition_occurrence(person_id);"
    "CREATE INDEX drug_by_concept ON drug_exposure(drug_concept_id, drug_exposure_start_date, person_id);"
    "CREATE INDEX drug_by_person ON drug_exposure(person_id);"
    "CREATE INDEX visit_by_person ON visit_occurrence(person_id);"
    "CREATE INDEX procedure_by_concept ON procedure_occurrence(procedure_concept_id, procedure_date, person_id);"
    "CREATE INDEX measurement_by_concept ON measurement(measurement_concept_id, measurement_date, person_id);"
    "CREATE INDEX observation_by_concept ON observation(observation_concept_id, observation_date, person_id);"
    "CREATE INDEX period_by_person ON observation_period(person_id);"
    "CREATE INDEX condition_era_by_concept ON condition_era(condition_concept_id, person_id);"
    "CREATE INDEX drug_era_by_concept ON drug_era(drug_concept_id, person_id);"
    "CREATE UNIQUE INDEX ancestor_pairs ON concept_ancestor(ancestor_concept_id, descendant_concept_id);"
    "CREATE INDEX opt_out_by_person ON opt_out(person_key, registered_on);";

}  // namespace ehds::connectors::synthetic::omop
