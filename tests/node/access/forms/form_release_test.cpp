#include "node/access/forms/form_release.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace ehds::node::access;

namespace {

std::set<std::string> articles(form_definition const& form) {
  std::set<std::string> all;
  for (auto const& section : form.sections)
    for (auto const& field : section.fields) all.insert(field.article);
  return all;
}

}  // namespace

TEST_CASE("The access form asks for everything that Article 67(2) names") {
  auto const* const form = shipped_form("r8", application_type::data_access);
  REQUIRE(form != nullptr);

  CHECK(form->sections.size() == 10);
  for (auto const* article : {"67(2)(a)", "67(2)(b)", "67(2)(c)", "67(2)(d)", "67(2)(e)", "67(2)(f)", "67(2)(g)",
                              "67(2)(h)", "67(2)(i)", "67(2)(j)", "67(2)(k)", "67(4)", "67(5)"})
    CHECK(articles(*form).contains(article));
}

TEST_CASE("The request form asks for everything that Article 69(2) names") {
  auto const* const form = shipped_form("r8", application_type::data_request);
  REQUIRE(form != nullptr);

  CHECK(form->sections.size() == 8);
  for (auto const* article : {"69(2)(a)", "69(2)(b)", "69(2)(c)", "69(2)(d)", "69(2)(e)", "69(2)(f)", "69(2)(g)"})
    CHECK(articles(*form).contains(article));
  CHECK(form->field("section7", "descriptionOfSafeguards")->national);
}

TEST_CASE("Every field of the shipped forms has words in both languages and a condition that can be met") {
  auto const type = GENERATE(application_type::data_access, application_type::data_request);
  auto const* const form = shipped_form(newest_form_release(), type);
  REQUIRE(form != nullptr);

  for (auto const& section : form->sections) {
    CHECK_FALSE(section.title.fr.empty());
    for (auto const& field : section.fields) {
      CAPTURE(section.key, field.key);
      CHECK_FALSE(field.label.en.empty());
      CHECK_FALSE(field.label.fr.empty());
      if (!field.required_if) continue;
      auto const dot = field.required_if->field.find('.');
      auto const bare = dot == std::string::npos;
      auto const in = bare ? section.key : field.required_if->field.substr(0, dot);
      CHECK(form->field(in, bare ? field.required_if->field : field.required_if->field.substr(dot + 1)) != nullptr);
    }
  }
}

TEST_CASE("Section six is answered once for each country and section two is public") {
  auto const* const form = shipped_form("r8", application_type::data_access);

  CHECK(form->section("section6")->per_country);
  CHECK_FALSE(form->section("section5")->per_country);
  CHECK(form->section("section2")->is_public);
  CHECK(form->section("section99") == nullptr);
  CHECK(form->field("section2", "nothing") == nullptr);
}

TEST_CASE("A form of a release that nobody knows is not there") {
  CHECK(shipped_form("r3", application_type::data_access) == nullptr);
}

TEST_CASE("A broken form file is refused with its place") {
  auto const bad =
      GENERATE(R"({"type":"DATA_ACCESS_APPLICATION"})", R"({"release":"x","type":"NOTHING"})",
               R"({"release":"x","type":"request","sections":[{"number":1}]})",
               R"({"release":"x","type":"request","sections":[{"key":"s","fields":[{"key":"k","type":"odd"}]}]})",
               R"({"release":"x","type":"request","sections":[{"key":"s","fields":[{"key":"k","type":"choice"}]}]})");

  CHECK(read_form_definition(bad).error().code == "access.form.definition");
}

TEST_CASE("A type is known by its code and by its short word of the dispatcher") {
  CHECK(application_type_of("DATA_REQUEST_APPLICATION") == application_type::data_request);
  CHECK(application_type_of("application") == application_type::data_access);
  CHECK_FALSE(application_type_of("other"));
  CHECK(to_code(application_type::data_access) == "DATA_ACCESS_APPLICATION");
}
