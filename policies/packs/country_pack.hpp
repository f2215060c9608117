#pragma once
// The rules of one country as data: who decides, in which time, at what price, and how figures may leave. One strict
// JSON file a country (policies/packs/fr.json); the country's own staff edit it, code does not know any country.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "policies/disclosure/policy.hpp"

namespace ehds::policies {

enum class time_unit { days, working_days, months };

// A period of the procedure: decision 3 months, once 3 more with reasons.
struct deadline {
  std::string name;  // "decision", "completion", "acceptance", "statistical_answer", "information"
  std::int64_t count = 0;
  time_unit unit = time_unit::days;
  std::int64_t extension = 0;          // in the same unit; 0: none
  std::vector<std::string> paused_by;  // events that stop the clock: "requestInfo"
  std::string rule;                    // "EHDS Art. 68(4)"
};

struct localised_text {
  std::string language;  // BCP 47
  std::string text;
};

// Which disclosure policy a dataset has; "*" is for all others.
struct dataset_rule {
  std::string dataset;
  std::string policy;
};

struct country_pack {
  std::string country;  // ISO 3166-1
  std::int64_t version = 1;
  std::vector<localised_text> authority;
  std::vector<std::string> languages;  // the first is the one acts are written in
  std::vector<deadline> deadlines;
  std::vector<localised_text> fees;
  std::vector<disclosure_policy> disclosure;
  std::vector<dataset_rule> datasets;
  std::string source;  // where the figures come from, and which are demonstration values
};

// Problems: pack.* with a JSON pointer; json.* when it is not JSON.
result<country_pack> read_country_pack(std::string_view text);
problems faults_in_pack(std::string_view text);

// The one place of this room that opens a file, once at start. Problems: pack.file, and those above.
result<country_pack> read_country_pack_file(std::filesystem::path const& file);

// The packs that come with the program, by name: "packs/fr.json", "packs/fi.json", "packs/dk.json".
std::optional<std::string_view> shipped_pack(std::string_view path);

disclosure_policy const* find_policy(country_pack const& pack, std::string_view id);
// The dataset's own rule, else that of "*". Problem: pack.no_policy.
result<disclosure_policy> policy_for(country_pack const& pack, std::string_view dataset);
deadline const* find_deadline(country_pack const& pack, std::string_view name);

// The text in that language, else in the pack's first language, else the first there is.
std::string in_language(country_pack const& pack, std::vector<localised_text> const& texts, std::string_view language);

}  // namespace ehds::policies
