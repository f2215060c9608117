#include "connectors/data/synthetic/codes.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ehds::connectors::synthetic {
namespace {

using namespace concepts;

constexpr code condition(concept_id id, concept_id parent, std::string_view name, std::string_view icd10) {
  return {id, parent, name, "Condition", icd10.empty() ? "" : "ICD10", icd10};
}
constexpr code drug(concept_id id, concept_id parent, std::string_view name, std::string_view atc) {
  return {id, parent, name, "Drug", "ATC", atc};
}

constexpr std::array plain = {
    code{male, 0, "Male", "Gender", "", ""},
    code{female, 0, "Female", "Gender", "", ""},
    code{inpatient, 0, "Hospital stay", "Visit", "", ""},
    code{outpatient, 0, "Outpatient visit", "Visit", "", ""},
    code{registry_record, 0, "Register record", "Type Concept", "", ""},
    code{dispensing_record, 0, "Pharmacy dispensing record", "Type Concept", "", ""},
    code{percent, 0, "per cent", "Unit", "", ""},
    code{mmhg, 0, "millimetre of mercury", "Unit", "", ""},
    code{micromole, 0, "micromole per litre", "Unit", "", ""},
    code{none, 0, "Not recorded", "Race", "", ""},
    code{coronary_stent, 0, "Stent in a coronary artery", "Procedure", "", ""},
    code{colonoscopy, 0, "Colonoscopy", "Procedure", "", ""},
    code{mastectomy, 0, "Removal of a breast", "Procedure", "", ""},
    code{knee_replacement, 0, "Knee replacement", "Procedure", "", ""},
    code{hba1c, 0, "Glycated haemoglobin in blood", "Measurement", "", ""},
    code{systolic_pressure, 0, "Systolic blood pressure", "Measurement", "", ""},
    code{creatinine, 0, "Creatinine in serum", "Measurement", "", ""},
    code{current_smoker, 0, "Smokes now", "Observation", "", ""},
    code{never_smoker, 0, "Does not smoke", "Observation", "", ""},
};

constexpr std::array conditions = {
    condition(any_disease, 0, "Disease", ""),
    condition(metabolic, any_disease, "Endocrine or metabolic disease", ""),
    condition(diabetes, metabolic, "Diabetes mellitus", "E14"),
    condition(diabetes_type_1, diabetes, "Diabetes mellitus type 1", "E10"),
    condition(diabetes_type_2, diabetes, "Diabetes mellitus type 2", "E11"),
    condition(diabetes_type_2_plain, diabetes_type_2, "Type 2 diabetes, no complication", "E11.9"),
    condition(diabetes_type_2_kidney, diabetes_type_2, "Type 2 diabetes with kidney disease", "E11.2"),
    condition(diabetes_type_2_eye, diabetes_type_2, "Type 2 diabetes with eye disease", "E11.3"),
    condition(obesity, metabolic, "Obesity", "E66"),
    condition(circulatory, any_disease, "Disease of the circulation", ""),
    condition(hypertension, circulatory, "High blood pressure", "I10"),
    condition(ischaemic, circulatory, "Ischaemic heart disease", ""),
    condition(angina, ischaemic, "Angina pectoris", "I20"),
    condition(infarction, ischaemic, "Acute myocardial infarction", "I21"),
    condition(chronic_ischaemic, ischaemic, "Chronic ischaemic heart disease", "I25"),
    condition(heart_failure, circulatory, "Heart failure", "I50"),
    condition(atrial_fibrillation, circulatory, "Atrial fibrillation", "I48"),
    condition(stroke, circulatory, "Cerebral infarction", "I63"),
    condition(respiratory, any_disease, "Disease of the airways", ""),
    condition(copd, respiratory, "Chronic obstructive lung disease", "J44"),
    condition(asthma, respiratory, "Asthma", "J45"),
    condition(influenza, respiratory, "Influenza", "J11"),
    condition(common_cold, respiratory, "Acute infection of the upper airways", "J06"),
    condition(mental, any_disease, "Mental disorder", ""),
    condition(depression, mental, "Depressive episode", "F32"),
    condition(neoplasm, any_disease, "Neoplasm", ""),
    condition(breast_cancer, neoplasm, "Cancer of the breast", "C50"),
    condition(prostate_cancer, neoplasm, "Cancer of the prostate", "C61"),
    condition(colorectal_cancer, neoplasm, "Cancer of the colon", "C18"),
    condition(lung_cancer, neoplasm, "Cancer of the lung", "C34"),
    condition(musculoskeletal, any_disease, "Disease of bones, joints or muscles", ""),
    condition(knee_arthrosis, musculoskeletal, "Arthrosis of the knee", "M17"),
    condition(ossifying_fibrodysplasia, musculoskeletal, "Fibrodysplasia ossificans progressiva", "M61.1"),
};

constexpr std::array drugs = {
    drug(2'000'002'010, 0, "Medicines for diabetes", "A10"),
    drug(2'000'002'011, 2'000'002'010, "Insulins", "A10A"),
    drug(insulin_glargine, 2'000'002'011, "insulin glargine", "A10AE04"),
    drug(2'000'002'016, 2'000'002'010, "Glucose-lowering medicines, not insulins", "A10B"),
    drug(metformin, 2'000'002'016, "metformin", "A10BA02"),
    drug(gliclazide, 2'000'002'016, "gliclazide", "A10BB09"),
    drug(empagliflozin, 2'000'002'016, "empagliflozin", "A10BK03"),
    drug(2'000'002'020, 0, "Medicines for the cardiovascular system", "C"),
    drug(ramipril, 2'000'002'020, "ramipril", "C09AA05"),
    drug(amlodipine, 2'000'002'020, "amlodipine", "C08CA01"),
    drug(bisoprolol, 2'000'002'020, "bisoprolol", "C07AB07"),
    drug(atorvastatin, 2'000'002'020, "atorvastatin", "C10AA05"),
    drug(2'000'002'030, 0, "Medicines against clotting", "B01A"),
    drug(aspirin, 2'000'002'030, "acetylsalicylic acid, low dose", "B01AC06"),
    drug(apixaban, 2'000'002'030, "apixaban", "B01AF02"),
    drug(2'000'002'040, 0, "Medicines for obstructed airways", "R03"),
    drug(salbutamol, 2'000'002'040, "salbutamol, inhaled", "R03AC02"),
    drug(tiotropium, 2'000'002'040, "tiotropium", "R03BB04"),
    drug(budesonide_formoterol, 2'000'002'040, "formoterol and budesonide", "R03AK07"),
    drug(2'000'002'050, 0, "Medicines for depression", "N06A"),
    drug(sertraline, 2'000'002'050, "sertraline", "N06AB06"),
    drug(escitalopram, 2'000'002'050, "escitalopram", "N06AB10"),
    drug(2'000'002'060, 0, "Hormone therapy", "L02"),
    drug(tamoxifen, 2'000'002'060, "tamoxifen", "L02BA01"),
    drug(2'000'002'070, 0, "Medicines for pain", "N02"),
    drug(paracetamol, 2'000'002'070, "paracetamol", "N02BE01"),
    drug(2'000'002'080, 0, "Vaccines", "J07"),
    drug(influenza_vaccine, 2'000'002'080, "influenza vaccine", "J07BB02"),
};

template <std::size_t A, std::size_t B, std::size_t C>
constexpr auto joined(std::array<code, A> const& a, std::array<code, B> const& b, std::array<code, C> const& c) {
  std::array<code, A + B + C> all{};
  auto next = std::copy(a.begin(), a.end(), all.begin());
  next = std::copy(b.begin(), b.end(), next);
  std::copy(c.begin(), c.end(), next);
  return all;
}
constexpr auto everything = joined(plain, conditions, drugs);

}  // namespace

std::span<code const> all_codes() { return everything; }

code const& find_code(concept_id id) {
  for (auto const& candidate : everything)
    if (candidate.id == id) return candidate;
  throw std::logic_error("no such concept in the synthetic vocabulary");
}

}  // namespace ehds::connectors::synthetic
