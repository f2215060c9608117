#include "policies/aggregate_query.hpp"

#include <catch2/catch.hpp>

#include "policies/example_query.hpp"
#include "policies/table_layout.hpp"

using namespace ehds::policies;
using examples::diabetes_query;
using examples::replaced;

namespace {

std::string code_of(std::string const& text) {
  auto const read = read_aggregate_query(text);
  return read ? "" : read.error().code;
}

std::string with_filter(std::string const& condition) {
  return R"({"aq":"1","protocol":"p","variant":"flat:snds","dataset":"d","population":{"filter":)" + condition +
         R"(},"unit":"person","by":[],"measures":[{"measure":"persons"}]})";
}

std::string hash_of(std::string const& text) { return query_hash(read_aggregate_query(text).value()); }

std::string const male = R"({"column":{"column":"sex","op":"equals","value":1}})";
std::string const old = R"({"column":{"column":"birth_year","op":"at_most","value":1950}})";

}  // namespace

TEST_CASE("a well-formed query is read whole") {
  auto const query = read_aggregate_query(diabetes_query()).value();

  CHECK(query.protocol == "t2dm-2026");
  CHECK(query.concept_sets.at(0).items.at(0).descendants);
  auto const& exists = std::get<exists_in>(query.population.is);
  CHECK(exists.rows.table == "condition_occurrence");
  CHECK(exists.at_least == 1);
  CHECK(ehds::to_text(exists.rows.window->to) == "2024-12-31");
  CHECK(query.by.at(1).breaks == std::vector<std::int64_t>{0, 18, 40, 65, 80});
  CHECK(query.measures.at(0).what == measured::persons);
  CHECK_FALSE(query.denominator);
}

TEST_CASE("reading the canonical text gives the same canonical text") {
  auto const query = read_aggregate_query(diabetes_query(R"(,"denominator":true)")).value();
  auto const text = canonical_text(query);
  CHECK(canonical_text(read_aggregate_query(text).value()) == text);
  CHECK(query_hash(query).starts_with("sha256:"));
  CHECK(query_hash(query).size() == 7 + 64);
}

TEST_CASE("the canonical text is RFC 8785 of the normal form") {
  CHECK(canonical_text(read_aggregate_query(with_filter(male)).value()) ==
        R"({"aq":"1","by":[],"concept_sets":[],"dataset":"d","denominator":false,"measures":[{"measure":"persons"}],)"
        R"("population":{"filter":{"column":{"column":"sex","op":"equals","value":1}}},"protocol":"p",)"
        R"("unit":"person","variant":"flat:snds"})");
}

TEST_CASE("the same question in other words has the same hash") {
  auto const plain = hash_of(with_filter(R"({"all":[)" + male + "," + old + "]}"));

  CHECK(hash_of(with_filter(R"({"all":[)" + old + "," + male + "]}")) == plain);
  CHECK(hash_of(with_filter(R"({"all":[)" + old + R"(,{"all":[)" + male + "]}]}")) == plain);
  CHECK(hash_of(with_filter(R"({"not":{"not":{"all":[)" + old + "," + male + "," + male + "]}}}")) == plain);
  CHECK(hash_of(with_filter(R"({"any":[{"all":[)" + old + "," + male + "]}]}")) == plain);
  CHECK(hash_of(with_filter(R"({"all":[)" + old + R"(,{"column":{"column":"sex","op":"in","values":[1,1]}}]})")) ==
        plain);
  CHECK(hash_of(with_filter(R"({"all":[)" + old + R"(,{"column":{"column":"sex","op":"between","values":[1,1]}}]})")) ==
        plain);
  CHECK(hash_of("\n " + replaced(with_filter(R"({"all":[)" + male + "," + old + "]}"), "sex", "s\\u0065x")) == plain);
}

TEST_CASE("another question has another hash") {
  auto const plain = hash_of(diabetes_query());
  CHECK(hash_of(replaced(diabetes_query(), "2000000101", "2000000102")) != plain);
  CHECK(hash_of(replaced(diabetes_query(), ",\"descendants\":true", "")) != plain);
  CHECK(hash_of(replaced(diabetes_query(), "2024-12-31", "2024-12-30")) != plain);
  CHECK(hash_of(diabetes_query(R"(,"denominator":true)")) != plain);
  CHECK(hash_of(with_filter(R"({"not":)" + male + "}")) != hash_of(with_filter(male)));
}

TEST_CASE("what is not in the closed world is refused by name") {
  struct refused_case {
    std::string text;
    std::string code;
    std::string where;
  };
  auto const q = diabetes_query();
  std::vector<refused_case> const cases{
      {"", "json.syntax", ""},
      {"[]", "query.type", ""},
      {"{}", "query.missing", "/aq"},
      {q + "x", "json.syntax", ""},
      {std::string("{\"a\":\"\xff\"}"), "json.not_utf8", ""},
      {std::string(300'000, ' '), "json.too_large", ""},
      {std::string(100, '['), "json.too_deep", ""},
      {diabetes_query(R"(,"sql":"select 1")"), "query.unknown_member", "/sql"},
      {diabetes_query(R"(,"unit":"event")"), "json.doubled_member", ""},
      {replaced(q, "\"aq\":\"1\"", "\"aq\":\"2\""), "query.value", "/aq"},
      {replaced(q, "2000000101", "1e400"), "json.number", ""},
      {replaced(q, "2000000101", "9007199254740992"), "json.number", ""},
      {replaced(q, "2000000101", "1.5"), "json.number", ""},
      {replaced(q, "2000000101", "-7"), "query.value", "/concept_sets/0/items/0/concept_id"},
      {replaced(q, "\"persons\"", "\"minimum\""), "query.value", "/measures/0/measure"},
      {replaced(q, "\"person\"", "\"row\""), "query.value", "/unit"},
      {replaced(q, "omop-5.4", "omop-9"), "query.value", "/variant"},
      {replaced(q, "omop-5.4", "flat:snds"), "query.value", "/concept_sets/0"},
      {replaced(q, "\"concept_set\":\"t2dm\"", "\"concept_set\":\"t1dm\""), "query.value",
       "/population/filter/exists_in/concept_set"},
      {replaced(q, "[0,18,40,65,80]", "[0,40,18]"), "query.value", "/by/1/breaks"},
      {replaced(q, "[0,18,40,65,80]", "[18,40]"), "query.value", "/by/1/breaks"},
      {replaced(q, "{\"dimension\":\"sex\"}", "{\"dimension\":\"sex\",\"level\":2}"), "query.unknown_member",
       "/by/0/level"},
      {replaced(q, "2020-01-01", "2025-01-01"), "query.value", "/population/filter/exists_in/window/to"},
      {replaced(q, "2020-01-01", "2020-02-30"), "query.value", "/population/filter/exists_in/window/from"},
      {replaced(q, "{\"dimension\":\"sex\"}", "{\"dimension\":\"year\",\"from\":2020,\"to\":2024}"), "query.value",
       "/events"},
      {with_filter(R"({"any":[]})"), "query.value", "/population/filter/any"},
      {with_filter(R"({"all":[],"any":[]})"), "query.unknown_member", "/population/filter/any"},
      {with_filter("{}"), "query.missing", "/population/filter"},
      {with_filter(R"({"column":{"column":"sex","op":"like","value":"%"}})"), "query.value",
       "/population/filter/column/op"},
      {with_filter(R"({"column":{"column":"sex","op":"in","values":[]}})"), "query.value",
       "/population/filter/column/values"},
      {with_filter(R"({"column":{"column":"sex","op":"between","values":[2,1]}})"), "query.value",
       "/population/filter/column/values"},
      {with_filter(R"({"column":{"column":"sex","op":"equals","value":true}})"), "query.type",
       "/population/filter/column/value"},
  };

  for (auto const& c : cases) {
    INFO(c.text.substr(0, 400));
    auto const read = read_aggregate_query(c.text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == c.code);
    CHECK(read.error().where == c.where);
    CHECK_FALSE(read.error().mend.empty());
  }
}

TEST_CASE("a query whose canonical text would be too large is refused") {
  std::string items;
  for (int i = 0; i < 4900; ++i) items += R"({"concept_id":20000)" + std::to_string(10'000 + i) + R"(},)";
  CHECK(code_of(replaced(diabetes_query(), R"("items":[)", R"("items":[)" + items)) == "query.too_large");
}

TEST_CASE("all faults of a query come at once") {
  auto const found = faults_in_query(
      replaced(replaced(diabetes_query(R"(,"x":1)"), "\"persons\"", "\"median\""), "[0,18,40,65,80]", "[]"));
  CHECK(found.size() == 3);
}

TEST_CASE("events must be said when they are counted, and only then") {
  std::string const events = R"(,"events":{"table":"condition_occurrence","concept_set":"t2dm"})";
  auto const counting = replaced(diabetes_query(events), "{\"measure\":\"persons\"}",
                                 R"({"measure":"events"},{"measure":"sum","of":"days_supply","clip":[0,365]})");
  auto const query = read_aggregate_query(counting).value();
  CHECK(query.measures.at(0).cap_per_person == 50);
  CHECK(query.measures.at(1).clip_to == 365);
  CHECK(canonical_text(read_aggregate_query(canonical_text(query)).value()) == canonical_text(query));
  CHECK(code_of(diabetes_query(events)) == "query.value");
  CHECK(code_of(replaced(counting, events, "")) == "query.value");
  CHECK(code_of(replaced(counting, "[0,365]", "[365,0]")) == "query.value");
}

TEST_CASE("the layout of the answer is known before any data is read") {
  auto const query = read_aggregate_query(diabetes_query()).value();
  auto const layout = lay_out(query, {{"sex", {"female", "male"}}}).value();

  CHECK(layout.cell_count() == 10);
  CHECK(layout.labels_of(0) == std::vector<std::string>{"female", "0-17"});
  CHECK(layout.labels_of(9) == std::vector<std::string>{"male", "80+"});
  for (std::size_t cell = 0; cell < layout.cell_count(); ++cell)
    CHECK(layout.cell_at(layout.position_of(cell)) == cell);
}

TEST_CASE("undeclared dimensions and too many cells have no layout") {
  auto const query = read_aggregate_query(diabetes_query()).value();
  CHECK(lay_out(query, {}).error().code == "query.undeclared_dimension");

  std::vector<std::string> const many(3000, "x");
  CHECK(lay_out(query, {{"sex", many}}).error().code == "query.too_many_cells");
}
