#pragma once
// The small vocabulary of the synthetic world. Concept ids are ours (above 2,000,000,000, the range that OMOP leaves to
// sites); names are ours; each standard concept maps to a public code (ICD-10, ATC). No vocabulary row of anybody else.
#include <cstdint>
#include <span>
#include <string_view>

namespace ehds::connectors::synthetic {

using concept_id = std::int32_t;

struct code {
  concept_id id;
  concept_id parent;  // 0 at the top
  std::string_view name;
  std::string_view domain;  // Condition, Drug, Procedure, Measurement, Observation, Gender, Visit, Type Concept, Unit
  std::string_view system;  // ICD10, ATC, or empty
  std::string_view public_code;  // with the dot: E11.9; empty when the concept has none
};

// In an order where parents come before children.
std::span<code const> all_codes();
code const& find_code(concept_id id);  // the id must exist

// The source concept that stands for the public code of a standard concept.
constexpr concept_id source_of(concept_id standard) { return standard + 100'000'000; }

namespace concepts {
inline constexpr concept_id vocabulary = 2'000'000'000, male = 2'000'000'001, female = 2'000'000'002,
                            inpatient = 2'000'000'010, outpatient = 2'000'000'011, registry_record = 2'000'000'020,
                            dispensing_record = 2'000'000'021, percent = 2'000'000'030, mmhg = 2'000'000'031,
                            micromole = 2'000'000'032, none = 2'000'000'040;

inline constexpr concept_id any_disease = 2'000'001'000, metabolic = 2'000'001'010, diabetes = 2'000'001'011,
                            diabetes_type_1 = 2'000'001'012, diabetes_type_2 = 2'000'001'013,
                            diabetes_type_2_plain = 2'000'001'014, diabetes_type_2_kidney = 2'000'001'015,
                            diabetes_type_2_eye = 2'000'001'016, obesity = 2'000'001'017;
inline constexpr concept_id circulatory = 2'000'001'100, hypertension = 2'000'001'101, ischaemic = 2'000'001'110,
                            angina = 2'000'001'111, infarction = 2'000'001'112, chronic_ischaemic = 2'000'001'113,
                            heart_failure = 2'000'001'120, atrial_fibrillation = 2'000'001'121, stroke = 2'000'001'122;
inline constexpr concept_id respiratory = 2'000'001'200, copd = 2'000'001'201, asthma = 2'000'001'202,
                            influenza = 2'000'001'203, common_cold = 2'000'001'204;
inline constexpr concept_id mental = 2'000'001'300, depression = 2'000'001'301;
inline constexpr concept_id neoplasm = 2'000'001'400, breast_cancer = 2'000'001'401, prostate_cancer = 2'000'001'402,
                            colorectal_cancer = 2'000'001'403, lung_cancer = 2'000'001'404;
inline constexpr concept_id musculoskeletal = 2'000'001'500, knee_arthrosis = 2'000'001'501,
                            ossifying_fibrodysplasia = 2'000'001'502;

inline constexpr concept_id metformin = 2'000'002'013, gliclazide = 2'000'002'014, empagliflozin = 2'000'002'015,
                            insulin_glargine = 2'000'002'012, ramipril = 2'000'002'021, amlodipine = 2'000'002'022,
                            bisoprolol = 2'000'002'023, atorvastatin = 2'000'002'024, aspirin = 2'000'002'031,
                            apixaban = 2'000'002'032, salbutamol = 2'000'002'041, tiotropium = 2'000'002'042,
                            budesonide_formoterol = 2'000'002'043, sertraline = 2'000'002'051,
                            escitalopram = 2'000'002'052, tamoxifen = 2'000'002'061, paracetamol = 2'000'002'071,
                            influenza_vaccine = 2'000'002'081;

inline constexpr concept_id coronary_stent = 2'000'003'001, colonoscopy = 2'000'003'002, mastectomy = 2'000'003'003,
                            knee_replacement = 2'000'003'004;
inline constexpr concept_id hba1c = 2'000'004'001, systolic_pressure = 2'000'004'002, creatinine = 2'000'004'003;
inline constexpr concept_id current_smoker = 2'000'005'001, never_smoker = 2'000'005'002;
}  // namespace concepts

}  // namespace ehds::connectors::synthetic
