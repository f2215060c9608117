// Profiles: those shipped are whole, and what is wrong with another is said in one go.
#include "connectors/data/profile/dataset_profile.hpp"

#include <catch2/catch.hpp>

#include "cleared.hpp"
#include "connectors/data/profile/check_profile.hpp"

using namespace ehds;
using namespace ehds::tests;
using namespace ehds::connectors;

namespace {

std::string const smallest = R"({
  "profile": "small", "variant": "flat:small",
  "person": {"table": "people", "key": "id", "birth_year": "born", "columns": [
    {"name": "id", "type": "text"}, {"name": "born", "type": "integer"}, {"name": "sex", "type": "integer"}]},
  "tables": [{"name": "stays", "person_key": "id", "date": "day", "columns": [
    {"name": "id", "type": "text"}, {"name": "day", "type": "day"}, {"name": "code", "type": "text"}],
    "codes": [{"column": "code", "system": "ICD-10"}]}],
  "dimensions": [{"name": "sex", "column": "sex", "values": [{"label": "female", "of": [2]}]}]
})";

std::string with(std::string const& from, std::string const& to) {
  auto text = smallest;
  auto const at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string code_of(std::string const& text) {
  auto const found = faults_in_profile(text);
  return found.empty() ? "" : found.front().code;
}

}  // namespace

TEST_CASE("the shipped profiles are without fault") {
  for (std::string const name : {"omop-5.4", "snds-flat"}) {
    auto const text =
        text_of_file(std::filesystem::path{EHDS_SOURCE_DIR} / "connectors/data/profiles" / (name + ".json"));
    auto const found = faults_in_profile(text);
    INFO(name << ": " << (found.empty() ? "" : to_text(found.front())));
    CHECK(found.empty());
  }
}

TEST_CASE("a profile says what queries may use") {
  auto const profile = read_profile(smallest).value();

  CHECK(profile.variant == "flat:small");
  CHECK(find_table(profile, "stays") != nullptr);
  CHECK(find_table(profile, "people") == nullptr);
  CHECK(find_column(profile.person.columns, "born")->type == column_type::integer);
  CHECK_FALSE(profile.observed);
}

TEST_CASE("a country sees its own regions") {
  auto const finnish = declared_dimensions(shipped_profile("omop-5.4", "FI"));
  auto const danish = declared_dimensions(shipped_profile("omop-5.4", "DK"));

  REQUIRE(finnish.size() == 2);
  CHECK(finnish[0].values == std::vector<std::string>{"female", "male"});
  CHECK(finnish[1].values == std::vector<std::string>{"FI19", "FI1B", "FI1C", "FI1D", "FI20"});
  CHECK(danish[1].values.front() == "DK01");
}

TEST_CASE("names that are no plain identifiers never get as far as SQL") {
  for (std::string const name : {"people; DROP TABLE x", "People", "people p", "1people", "", "p\\\"", "pe-ople"})
    CHECK_FALSE(code_of(with("\"people\"", "\"" + name + "\"")).empty());
  CHECK(code_of(with("\"name\": \"stays\"", "\"name\": \"st ays\"")) == "profile.value");
  CHECK(is_plain_name("t_mco_b"));
  CHECK_FALSE(is_plain_name(std::string(64, 'a')));
}

TEST_CASE("a profile that does not fit together is refused by name") {
  CHECK(code_of(with("\"key\": \"id\"", "\"key\": \"nir\"")) == "profile.reference");
  CHECK(code_of(with("\"birth_year\": \"born\"", "\"birth_year\": \"id\"")) == "profile.reference");
  CHECK(code_of(with("\"date\": \"day\"", "\"date\": \"code\"")) == "profile.reference");
  CHECK(code_of(with("\"column\": \"code\"", "\"column\": \"cod\"")) == "profile.reference");
  CHECK(code_of(with("\"of\": [2]", "\"of\": [\"2\"]")) == "profile.reference");
  CHECK(code_of(with("\"column\": \"sex\"", "\"column\": \"gender\"")) == "profile.reference");
  CHECK(code_of(with("{\"name\": \"born\", \"type\": \"integer\"}", "{\"name\": \"id\", \"type\": \"text\"}")) ==
        "profile.reference");
  CHECK(code_of(with("\"type\": \"day\"", "\"type\": \"day\", \"at\": \"elsewhere.day\"")) == "profile.reference");
}

TEST_CASE("unknown members, missing members and broken JSON are refused") {
  CHECK(code_of(with("\"variant\"", "\"variante\"")) == "profile.missing");
  CHECK(code_of(with("\"profile\": \"small\"", "\"profile\": \"small\", \"sql\": \"x\"")) == "profile.unknown_member");
  CHECK(code_of(with("\"type\": \"day\"", "\"type\": \"timestamp\"")) == "profile.value");
  CHECK(code_of("{") == "profile.json");
  CHECK(read_profile("[]").error().code == "profile.type");
}

TEST_CASE("all faults of a profile are told at once") {
  auto const text = with("\"key\": \"id\", \"birth_year\": \"born\"", "\"key\": \"nir\", \"birth_year\": \"year\"");

  CHECK(faults_in_profile(text).size() == 2);
}
