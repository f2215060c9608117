// The answers that the story's researcher gives: both forms are complete under Release 8, and what France asks about
// later is there to be asked about.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "node/access/forms/attachment_rules.hpp"
#include "node/access/forms/form_check.hpp"
#include "node/access/forms/form_release.hpp"

using namespace ehds;
using namespace ehds::node::access;
using nlohmann::json;

namespace {

std::filesystem::path const answers_folder = EHDS_SOURCE_DIR "/node/demo/answers";
date const the_day = *parse_date("2026-11-22");

std::string text_of(std::string const& name) {
  std::ifstream in(answers_folder / name, std::ios::binary);
  INFO(name);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t name_file(json& answer, json const& file) {
  if (answer == "@file") {
    answer = file;
    return 1;
  }
  std::size_t named = 0;
  if (answer.is_structured())
    for (auto& part : answer) named += name_file(part, file);
  return named;
}

application_document filled(std::string const& name, application_type type, std::vector<std::string> const& countries) {
  auto answers = json::parse(text_of(name));
  auto const size = text_of("research_plan.odt").size();
  CHECK(name_file(answers, {{"id", "f1"}, {"name", "research_plan.odt"}, {"size", size}}) > 0);
  application_document application;
  application.application_id = "11111111-2222-4333-8444-555555555555";
  application.type = type;
  application.form_release = "r8";
  application.form_json = answers.dump();
  application.attachments = {{"f1", "research_plan.odt", size}};
  for (auto const& country : countries)
    application.datasets.push_back({country + "-1", country, {}, country, {}, {}, {}});
  return application;
}

std::string told(problems const& found) {
  std::string text;
  for (auto const& one : found) text += to_text(one) + "\n";
  return text;
}

struct form_case {
  std::string file;
  application_type type;
  std::vector<std::string> countries;
};

auto both_forms() {
  return GENERATE(values<form_case>({
      {"access_application.json", application_type::data_access, {"FR", "FI"}},
      {"data_request.json", application_type::data_request, {"FR", "FI", "DK"}},
  }));
}

}  // namespace

TEST_CASE("The form that the researcher fills is complete") {
  auto const form = both_forms();
  auto const found =
      check_complete(*shipped_form("r8", form.type), filled(form.file, form.type, form.countries), the_day);
  INFO(told(found));
  CHECK(found.empty());
}

TEST_CASE("Each section can be saved by itself, with nothing that the form does not know") {
  auto const form = both_forms();
  auto const answers = json::parse(filled(form.file, form.type, form.countries).form_json);
  for (auto const& [section, answer] : answers.items()) {
    INFO(section);
    auto const found = check_section(*shipped_form("r8", form.type), section, answer.dump());
    INFO(told(found));
    CHECK(found.empty());
  }
}

TEST_CASE("The French criteria name no diagnosis code yet") {
  auto const answers = json::parse(text_of("access_application.json"));
  auto const& french = answers.at("section6").at(0);
  CHECK(french.at("country_id") == "FR");
  CHECK(french.at("inclusionCriteria").get<std::string>().find("E11") == std::string::npos);
}

TEST_CASE("The attached plan is a small OpenDocument text") {
  auto const bytes = text_of("research_plan.odt");
  CHECK(allowed_attachment("research_plan.odt", bytes.size()));
  CHECK(bytes.size() < 3 * 1024);
  CHECK(bytes.starts_with("PK"));
  CHECK(bytes.substr(30, 47) == "mimetypeapplication/vnd.oasis.opendocument.text");
}
