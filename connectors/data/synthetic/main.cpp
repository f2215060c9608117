// ehds-synthetic: makes a health database of persons who do not exist.
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/numbers.hpp"
#include "base/problem.hpp"
#include "connectors/data/synthetic/omop_world.hpp"
#include "connectors/data/synthetic/snds_world.hpp"

namespace {

using namespace ehds;
using namespace ehds::connectors::synthetic;

constexpr std::string_view usage =
    "usage: ehds-synthetic --model omop|snds --persons N --seed S --country FI|DK|FR --out FILE.sqlite [--csv DIR]\n";

struct wish {
  std::string model;
  population_plan plan;
  std::filesystem::path file;
  std::filesystem::path csv_folder;
};

problem wrong(std::string option, std::string detail) {
  return {"connectors.synthetic.usage", std::move(detail), std::move(option), std::string{usage}};
}

result<std::map<std::string, std::string>> read_options(int count, char** words) {
  std::map<std::string, std::string> options{{"--model", ""},   {"--persons", ""}, {"--seed", "1"},
                                             {"--country", ""}, {"--out", ""},     {"--csv", ""}};
  for (int i = 1; i < count; i += 2) {
    auto const known = options.find(words[i]);
    if (known == options.end() || i + 1 >= count) return wrong(words[i], "This option is not known or has no value.");
    known->second = words[i + 1];
  }
  return options;
}

result<wish> read_wish(int count, char** words) {
  auto options = read_options(count, words);
  if (!options) return options.error();
  auto const model = options->at("--model");
  if (model != "omop" && model != "snds") return wrong("--model", "The model must be omop or snds.");
  auto const persons = parse_number<std::int64_t>(options->at("--persons"));
  if (!persons || *persons < 100 || *persons > 100'000'000)
    return wrong("--persons", "The number of persons must be between 100 and 100000000.");
  auto const seed = parse_number<std::uint64_t>(options->at("--seed"));
  if (!seed) return wrong("--seed", "The seed must be a whole number.");
  auto where = find_country(options->at("--country"));
  if (!where) return where.error();
  if (options->at("--out").empty()) return wrong("--out", "The file to write is missing.");
  return wish{model, {*where, *seed, *persons}, options->at("--out"), options->at("--csv")};
}

int make(wish const& wanted) {
  if (!wanted.csv_folder.empty()) std::filesystem::create_directories(wanted.csv_folder);
  auto const start = std::chrono::steady_clock::now();
  // Made beside and renamed, so that a cut never leaves half a database under the wanted name.
  auto const part = wanted.file.string() + ".part";
  if (wanted.model == "omop") {
    write_omop_world(wanted.plan, part, wanted.csv_folder);
  } else {
    write_snds_world(wanted.plan, part, wanted.csv_folder);
  }
  std::filesystem::rename(part, wanted.file);
  auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%s: %lld persons of %s as %s in %.1f s, %.1f MB\n", wanted.file.c_str(),
              static_cast<long long>(wanted.plan.persons), std::string{wanted.plan.of.name}.c_str(),
              wanted.model.c_str(), took, static_cast<double>(std::filesystem::file_size(wanted.file)) / 1e6);
  return 0;
}

}  // namespace

int main(int count, char** words) try {
  auto const wanted = read_wish(count, words);
  if (!wanted) {
    std::fprintf(stderr, "%s\n", to_text(wanted.error()).c_str());
    return 2;
  }
  return make(*wanted);
} catch (std::exception const& broken) {
  std::fprintf(stderr, "ehds-synthetic: %s\n", broken.what());
  return 1;
}
