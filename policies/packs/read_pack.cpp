#include <algorithm>
#include <set>

#include "policies/json/object_reader.hpp"
#include "policies/packs/country_pack.hpp"

namespace ehds::policies {
namespace {

constexpr std::string_view family = "pack";
std::vector<std::string_view> const time_units{"days", "working_days", "months"};

std::vector<localised_text> read_texts(json::object_reader& in, std::string_view name, problems& found) {
  std::vector<localised_text> texts;
  in.each(name, 30, [&](json::value const& item, std::string const& pointer) {
    json::object_reader one(item, pointer, family, found);
    auto language = one.text("language");
    texts.push_back({std::move(language), one.text_or("text", "")});
    if (texts.back().text.empty()) one.fault("missing", "text", "The text is missing.", "Write it.");
    one.refuse_others();
  });
  return texts;
}

deadline read_deadline(json::value const& v, std::string const& where, problems& found) {
  json::object_reader in(v, where, family, found);
  deadline read;
  read.name = in.text("name");
  read.count = in.number("count", 1, 3650);
  read.unit = static_cast<time_unit>(in.one_of("unit", time_units));
  read.extension = in.number_or("extension", 0, 0, 3650);
  read.paused_by = in.texts_or_none("paused_by");
  read.rule = in.text("rule");
  in.refuse_others();
  return read;
}

disclosure_policy read_policy(json::value const& v, std::string const& where, problems& found) {
  json::object_reader in(v, where, family, found);
  disclosure_policy p;
  p.id = in.text("id");
  p.version = in.number("version", 1, 1'000'000);
  p.justification = in.text_or("justification", "");
  if (p.justification.empty())
    in.fault("missing", "justification", "The policy gives no reason.", "Say why these figures.");
  // Below 3 a member of a pair would know the other.
  p.threshold = in.number("threshold", 3, 1000);
  p.rounding = in.number_or("rounding", 1, 1, 1000);
  p.complementary = in.truth_or("complementary", true);
  p.dominant_contributors = in.number_or("dominant_contributors", 2, 1, 10);
  p.dominant_percent = in.number_or("dominant_percent", 85, 10, 100);
  p.smallest_population = in.number_or("smallest_population", p.threshold, p.threshold, 1'000'000);
  p.narrowest_age_band = in.number_or("narrowest_age_band", 5, 1, 100);
  p.cells_per_permit = in.number_or("cells_per_permit", 20'000, 1, 100'000'000);
  p.officer_releases = in.truth_or("officer_releases", true);
  in.refuse_others();
  return p;
}

template <class Item>
void read_list(json::object_reader& in, std::string_view name, std::vector<Item>& list, problems& found,
               Item (*read)(json::value const&, std::string const&, problems&)) {
  in.each(name, 500,
          [&](json::value const& item, std::string const& pointer) { list.push_back(read(item, pointer, found)); });
}

dataset_rule read_dataset(json::value const& v, std::string const& where, problems& found) {
  json::object_reader in(v, where, family, found);
  auto dataset = in.text("dataset");
  dataset_rule rule{std::move(dataset), in.text("policy")};
  in.refuse_others();
  return rule;
}

void check_references(country_pack const& pack, problems& found) {
  std::set<std::string> ids;
  for (auto const& p : pack.disclosure) {
    if (!ids.insert(p.id).second)
      found.push_back({"pack.value", "Two policies are named \"" + p.id + "\".", "/disclosure", "Rename one."});
  }
  std::set<std::string> datasets;
  for (auto const& rule : pack.datasets) {
    if (!ids.contains(rule.policy))
      found.push_back({"pack.value", "No policy is named \"" + rule.policy + "\".", "/datasets", "Correct the name."});
    if (!datasets.insert(rule.dataset).second)
      found.push_back({"pack.value", "Dataset \"" + rule.dataset + "\" has two rules.", "/datasets", "Remove one."});
  }
  if (!datasets.contains("*"))
    found.push_back({"pack.missing", "No policy is given for other datasets.", "/datasets",
                     "Add {\"dataset\": \"*\", \"policy\": ..}."});
  if (pack.languages.empty())
    found.push_back({"pack.missing", "The pack names no language.", "/languages", "Name at least one."});
}

struct reading {
  country_pack pack;
  problems found;
};

reading read_with_faults(std::string_view text) {
  reading done;
  auto const root = json::read(text);
  if (!root) {
    done.found.push_back(root.error());
    return done;
  }
  json::object_reader in(*root, "", family, done.found);
  auto& pack = done.pack;
  in.one_of("country_pack", {"1"});
  pack.country = in.text("country");
  pack.version = in.number("version", 1, 1'000'000);
  pack.authority = read_texts(in, "authority", done.found);
  pack.languages = in.texts_or_none("languages");
  read_list(in, "deadlines", pack.deadlines, done.found, read_deadline);
  pack.fees = read_texts(in, "fees", done.found);
  read_list(in, "disclosure", pack.disclosure, done.found, read_policy);
  read_list(in, "datasets", pack.datasets, done.found, read_dataset);
  pack.source = in.text_or("source", "");
  in.refuse_others();
  if (done.found.empty()) check_references(pack, done.found);
  return done;
}

}  // namespace

result<country_pack> read_country_pack(std::string_view text) {
  auto done = read_with_faults(text);
  if (!done.found.empty()) return std::move(done.found.front());
  return std::move(done.pack);
}

problems faults_in_pack(std::string_view text) { return read_with_faults(text).found; }

disclosure_policy const* find_policy(country_pack const& pack, std::string_view id) {
  auto const found = std::ranges::find(pack.disclosure, id, &disclosure_policy::id);
  return found == pack.disclosure.end() ? nullptr : &*found;
}

result<disclosure_policy> policy_for(country_pack const& pack, std::string_view dataset) {
  auto found = std::ranges::find(pack.datasets, dataset, &dataset_rule::dataset);
  if (found == pack.datasets.end()) found = std::ranges::find(pack.datasets, "*", &dataset_rule::dataset);
  auto const* const policy = found == pack.datasets.end() ? nullptr : find_policy(pack, found->policy);
  if (policy == nullptr)
    return problem{"pack.no_policy", "The pack has no disclosure policy for the dataset.", std::string(dataset),
                   "Add a rule for it or for \"*\"."};
  return *policy;
}

deadline const* find_deadline(country_pack const& pack, std::string_view name) {
  auto const found = std::ranges::find(pack.deadlines, name, &deadline::name);
  return found == pack.deadlines.end() ? nullptr : &*found;
}

std::string in_language(country_pack const& pack, std::vector<localised_text> const& texts, std::string_view language) {
  std::vector<std::string> wanted{std::string(language)};
  wanted.insert(wanted.end(), pack.languages.begin(), pack.languages.end());
  for (auto const& l : wanted) {
    auto const found = std::ranges::find(texts, l, &localised_text::language);
    if (found != texts.end()) return found->text;
  }
  return texts.empty() ? std::string{} : texts.front().text;
}

}  // namespace ehds::policies
