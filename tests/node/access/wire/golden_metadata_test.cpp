// application_metadata.json as it is written, kept as golden files; and every tolerance of its reader as a table.
// EHDS_ACCEPT=1 writes what is made as what is expected from now on.
#include "node/access/wire/application_metadata.hpp"

#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace ehds;
using namespace ehds::node::access;
using json = nlohmann::ordered_json;

namespace {

// Wrapped for people: the wire has one line.
std::string for_people(std::string const& text) { return json::parse(text).dump(1) + "\n"; }

void compare_with_golden(std::string const& name, std::string const& text) {
  auto const file = std::string{EHDS_TEST_DIR "/golden/"} + name;
  if (std::getenv("EHDS_ACCEPT") != nullptr) std::ofstream(file) << text;
  std::stringstream kept;
  kept << std::ifstream(file).rdbuf();
  CHECK(text == kept.str());
}

// The smallest document, with one member in another shape.
application_document read_with(std::string const& name, json const& value) {
  json document = {{"application_id", "a"},
                   {"application_type", "DATA_ACCESS_APPLICATION"},
                   {"datasets", json::array({{{"dataset_id", "d"}}})},
                   {"form", json::object()}};
  document[name] = value;
  return read_application_metadata(document.dump()).value();
}

dataset_reference dataset_with(json const& members) {
  json node = {{"dataset_id", "d"}};
  node.update(members);
  return read_with("datasets", json::array({node})).datasets.at(0);
}

}  // namespace

TEST_CASE("An access application is written as the golden file has it") {
  compare_with_golden("access_application.json",
                      for_people(write_application_metadata(access_samples::access_application({"FI", "FR"}))));
}

TEST_CASE("A data request is written as the golden file has it") {
  compare_with_golden("request_application.json",
                      for_people(write_application_metadata(access_samples::request_application({"DK"}))));
}

TEST_CASE("Every golden document is read and written again without a change") {
  for (auto const* name : {"access_application.json", "request_application.json"}) {
    std::stringstream kept;
    kept << std::ifstream(std::string{EHDS_TEST_DIR "/golden/"} + name).rdbuf();
    auto const read = read_application_metadata(kept.str());
    CAPTURE(name);
    REQUIRE(read);
    CHECK(for_people(write_application_metadata(*read)) == kept.str());
  }
}

TEST_CASE("Every member of a document comes back as it was, letters of every language too") {
  auto all = access_samples::access_application({"FR"});
  all.title = "Sydämen vuodenajat \"ja\" \\ \n \u20ac \U0001F494";
  all.language = "fi";
  all.version = 7;
  all.translations_json = R"({"en":{"section2":{"projectName":"Seasons"}}})";
  all.datasets[0].titles = {{"fi", "Hoitojaksot"}, {"en", "Stays"}};
  all.datasets[0].distributions = {{"d1", "Table"}, {"d2", "Tää"}};
  all.attachments = {{"f1", "plan.pdf", 5}, {"f2", "größe.docx", 1'048'576}};
  auto const read = read_application_metadata(write_application_metadata(all)).value();

  CHECK(read.title == all.title);
  CHECK(read.language == "fi");
  CHECK(read.version == 7);
  CHECK(read.translations_json == all.translations_json);
  CHECK(read.date_submitted == all.date_submitted);
  CHECK(read.form_release == all.form_release);
  CHECK(read.datasets[0].titles == all.datasets[0].titles);
  CHECK(read.datasets[0].title("en") == "Stays");
  CHECK(read.datasets[0].title("sv") == "Hoitojaksot");
  REQUIRE(read.datasets[0].distributions.size() == 2);
  CHECK(read.datasets[0].distributions[1].title == "Tää");
  REQUIRE(read.attachments.size() == 2);
  CHECK(read.attachments[1].size == 1'048'576);
  CHECK(write_application_metadata(read) == write_application_metadata(all));
}

TEST_CASE("The type is known in the words of the wire, as a text or as a choice") {
  CHECK(read_with("application_type", "DATA_REQUEST_APPLICATION").type == application_type::data_request);
  CHECK(read_with("application_type", {{"key", "DATA_REQUEST_APPLICATION"}}).type == application_type::data_request);
  CHECK(read_with("application_type", {{"value", "DATA_ACCESS_APPLICATION"}}).type == application_type::data_access);
  for (json const& bad : {json("PERMIT"), json(""), json(nullptr), json(7), json::array({"DATA_ACCESS_APPLICATION"})}) {
    json const document = {{"application_id", "a"}, {"application_type", bad}, {"datasets", {{{"dataset_id", "d"}}}}};
    CHECK(read_application_metadata(document.dump()).error().where == "/application_type");
  }
}

TEST_CASE("A version is a number from one; what is none counts as the first") {
  CHECK(read_with("version", 3).version == 3);
  for (json const& odd : {json(0), json(-4), json("3"), json(nullptr), json(2.5)})
    CHECK(read_with("version", odd).version == 1);
  CHECK(read_with("version", 9'000'000'000).version == 100'000);
}

TEST_CASE("Titles, countries, authorities and applicants are read in every shape seen on the wire") {
  CHECK(read_with("title", "Plain").title == "Plain");
  CHECK(read_with("title", {{"fr", "Titre"}, {"en", "Title"}}).title == "Titre");
  CHECK(read_with("title", 7).title.empty());
  CHECK(read_with("user", "u-1").applicant == "u-1");
  CHECK(read_with("user", {{"id", "u-2"}, {"email", "x@example.org"}}).applicant == "u-2");
  CHECK(dataset_with({{"country", "FI"}}).country == "FI");
  CHECK(dataset_with({{"country", {{"country_id", "FI"}}}}).country == "FI");
  CHECK(dataset_with({{"country", {{"country_id", {{"key", "FI"}}}}}}).country == "FI");
  CHECK(dataset_with({{"country", 7}}).country.empty());
  CHECK(dataset_with({{"hdab", "Findata"}}).authority == "Findata");
  CHECK(dataset_with({{"hdab", {{"name", "Findata"}}}}).authority == "Findata");
  CHECK(dataset_with({{"publisher", {{"name", "THL"}}}}).publisher == "THL");
  CHECK(dataset_with({{"title", {{"en", 7}, {"fi", "Otsikko"}}}}).title() == "Otsikko");
  CHECK(dataset_with(json::object()).title() == "d");
  CHECK(dataset_with({{"distributions", "none"}}).distributions.empty());
}

TEST_CASE("Files are those the envelope lists, else those the form names, wherever they stand in it") {
  json const file = {{"id", "7"}, {"name", "a.pdf"}, {"size", 3}};
  json form = {{"section5", {{"plan", json::array({file})}}},
               {"section6", json::array({{{"deep", {{"deeper", file}}}}})},
               {"section9", {{"name", "no file"}, {"size", 3}}}};
  CHECK(read_with("form", form).attachments.size() == 2);

  json document = json::parse(write_application_metadata(access_samples::access_application({"FR"})));
  document["form"] = form;
  CHECK(read_application_metadata(document.dump())->attachments.size() == 1);
  document["attachments"] = json::array();
  CHECK(read_application_metadata(document.dump())->attachments.empty());
}

TEST_CASE("A size that is no size is none, never a huge one") {
  for (json const& odd : {json(-1), json("5"), json(1e300), json(nullptr), json(18446744073709551615ULL)})
    CHECK(read_with("attachments", json::array({{{"id", "1"}, {"name", "a.pdf"}, {"size", odd}}}))
              .attachments.at(0)
              .size == 0);
}

TEST_CASE("The countries of an application are each named once, in order") {
  auto application = access_samples::access_application({"FR", "DK", "FI"});
  application.datasets.push_back(access_samples::dataset("another", "DK"));

  CHECK(application.countries() == std::vector<std::string>{"DK", "FI", "FR"});
  application.datasets.clear();
  CHECK(application.countries().empty());
}

TEST_CASE("What is no document is refused by its own reason") {
  auto const code = [](std::string const& text) { return read_application_metadata(text).error().code; };

  CHECK(code("") == "access.json.syntax");
  CHECK(code("null") == "access.metadata.missing");
  CHECK(code("[]") == "access.metadata.missing");
  CHECK(code(R"({"application_id":"a","application_id":"b"})") == "access.json.duplicate_key");
  CHECK(code(std::string(100, '[')) == "access.json.too_deep");
  CHECK(code(std::string(5 * 1024 * 1024, ' ')) == "access.json.too_large");
  CHECK(code("{\"application_id\":\"\xff\"}") == "access.json.syntax");
}
