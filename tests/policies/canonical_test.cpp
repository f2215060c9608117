// Which questions are the same question: pairs of conditions and of whole queries with equal and with unequal hashes.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "policies/aggregate_query.hpp"
#include "policies/example_query.hpp"

using namespace ehds::policies;
using examples::diabetes_query;
using examples::replaced;

namespace {

struct pair_of_texts {
  std::string rule, one, other;
};

std::string with_condition(std::string const& condition) {
  return R"({"aq":"1","protocol":"p","variant":"flat:snds","dataset":"d","population":{"filter":)" + condition +
         R"(},"unit":"person","by":[],"measures":[{"measure":"persons"}]})";
}

std::string column(std::string const& name, std::string const& op, std::string const& value) {
  auto const list = op == "in" || op == "between";
  return R"({"column":{"column":")" + name + R"(","op":")" + op + "\"," + (list ? "\"values\":" : "\"value\":") +
         value + "}}";
}

std::string all(std::string const& parts) { return R"({"all":[)" + parts + "]}"; }
std::string any(std::string const& parts) { return R"({"any":[)" + parts + "]}"; }
std::string negated(std::string const& part) { return R"({"not":)" + part + "}"; }
std::string stays(std::string const& more) { return R"({"exists_in":{"table":"stay")" + more + "}}"; }

std::string checked_hash_of(std::string const& text) {
  auto const read = read_aggregate_query(text);
  INFO(text);
  if (!read) FAIL(ehds::to_text(read.error()));
  // The canonical text is a fixed point: reading and writing it again changes nothing.
  auto const again = read_aggregate_query(canonical_text(*read));
  REQUIRE(again);
  CHECK(canonical_text(*again) == canonical_text(*read));
  CHECK(normal_form(*again) == normal_form(normal_form(*read)));
  return query_hash(*read);
}

std::string const a = column("sex", "equals", "1");
std::string const b = column("birth_year", "at_most", "1950");
std::string const c = column("region", "equals", "\"FR-75\"");

std::vector<pair_of_texts> const same{
    {"the order of all", all(a + "," + b), all(b + "," + a)},
    {"the order of any", any(a + "," + b), any(b + "," + a)},
    {"a doubled part of all", all(a + "," + a + "," + b), all(a + "," + b)},
    {"a doubled part of any", any(b + "," + a + "," + b), any(a + "," + b)},
    {"all of one", all(a), a},
    {"any of one", any(a), a},
    {"all inside all", all(a + "," + all(b + "," + c)), all(a + "," + b + "," + c)},
    {"any inside any", any(any(a + "," + b) + "," + c), any(a + "," + b + "," + c)},
    {"an empty all inside all", all(a + "," + all("")), a},
    {"all of one any of two", all(any(a + "," + b)), any(b + "," + a)},
    {"any of one all of two inside all", all(c + "," + any(all(a + "," + b))), all(a + "," + b + "," + c)},
    {"two negations", negated(negated(a)), a},
    {"four negations", negated(negated(negated(negated(a)))), a},
    {"three negations", negated(negated(negated(a))), negated(a)},
    {"two negations around all inside all", all(c + "," + negated(negated(all(a + "," + b)))),
     all(a + "," + b + "," + c)},
    {"two negations with a group of one between", negated(all(negated(a))), a},
    {"in with one value", column("sex", "in", "[1]"), a},
    {"in with one value twice", column("sex", "in", "[1,1]"), a},
    {"the order of in", column("sex", "in", "[2,1]"), column("sex", "in", "[1,2]")},
    {"between one value and itself", column("sex", "between", "[1,1]"), a},
    {"one row at least is the default", stays(R"(,"at_least":1)"), stays("")},
    {"the order of tests on rows",
     stays(R"(,"where":[{"column":"x","op":"equals","value":1},{"column":"y","op":"equals","value":2}])"),
     stays(R"(,"where":[{"column":"y","op":"equals","value":2},{"column":"x","op":"in","values":[1]}])")},
    {"no tests and an empty list of tests", stays(R"(,"where":[])"), stays("")},
};

std::vector<pair_of_texts> const different{
    {"all and any", all(a + "," + b), any(a + "," + b)},
    {"a condition and its negation", a, negated(a)},
    {"everybody and somebody", all(""), a},
    {"the negation of all and all of negations", negated(all(a + "," + b)), all(negated(a) + "," + negated(b))},
    {"a number and the text of it", column("sex", "equals", "1"), column("sex", "equals", "\"1\"")},
    {"at least and at most", column("x", "at_least", "1"), column("x", "at_most", "1")},
    {"at least and equals", column("x", "at_least", "1"), column("x", "equals", "1")},
    {"in two values and between them", column("x", "in", "[1,2]"), column("x", "between", "[1,2]")},
    {"another column", column("x", "equals", "1"), column("y", "equals", "1")},
    {"a column in other case", column("x", "equals", "1"), column("X", "equals", "1")},
    {"another table", stays(""), R"({"exists_in":{"table":"stays"}})"},
    {"two rows at least", stays(R"(,"at_least":2)"), stays("")},
    {"a window", stays(R"(,"window":{"from":"2020-01-01","to":"2020-12-31"})"), stays("")},
    {"a window a day longer", stays(R"(,"window":{"from":"2020-01-01","to":"2020-12-31"})"),
     stays(R"(,"window":{"from":"2020-01-01","to":"2021-01-01"})")},
    {"a text with a blank at its end", column("x", "equals", "\"a\""), column("x", "equals", "\"a \"")},
    {"a text in another normal form", column("x", "equals", "\"\u00e9\""), column("x", "equals", "\"e\u0301\"")},
    {"any with one more way", any(a + "," + b), any(a + "," + b + "," + c)},
    {"groups that hold each other", all(a + "," + any(b + "," + c)), any(a + "," + all(b + "," + c))},
};

struct fault {
  std::string from, to, code, where;
};
std::vector<fault> const faults_of_members{
    {"\"aq\":\"1\",", "", "query.missing", "/aq"},
    {"\"aq\":\"1\"", "\"aq\":1", "query.type", "/aq"},
    {"\"protocol\":\"t2dm-2026\",", "", "query.missing", "/protocol"},
    {"\"t2dm-2026\"", "\"\"", "query.value", "/protocol"},
    {"\"t2dm-2026\"", "{}", "query.type", "/protocol"},
    {"\"variant\":\"omop-5.4\",", "", "query.missing", "/variant"},
    {"omop-5.4", "omop-6", "query.value", "/variant"},
    {"omop-5.4", "flat:", "query.value", "/variant"},
    {"omop-5.4", "flat:snds", "query.value", "/concept_sets/0"},
    {"\"dataset\":\"urn:demo:fi:care-register\",", "", "query.missing", "/dataset"},
    {"\"urn:demo:fi:care-register\"", "null", "query.type", "/dataset"},
    {"\"name\":\"t2dm\",", "", "query.missing", "/concept_sets/0/name"},
    {"2000000101", "\"2000000101\"", "query.type", "/concept_sets/0/items/0/concept_id"},
    {"\"descendants\":true", "\"descendants\":1", "query.type", "/concept_sets/0/items/0/descendants"},
    {"\"descendants\":true", "\"descendant\":true", "query.unknown_member", "/concept_sets/0/items/0/descendant"},
    {"{\"concept_id\":2000000101,\"descendants\":true}", "", "query.value", "/concept_sets/0/items"},
    {"\"population\":{\"filter\":", "\"population\":{\"filters\":", "query.missing", "/population/filter"},
    {"\"exists_in\":{", "\"exist_in\":{", "query.missing", "/population/filter"},
    {"\"table\":\"condition_occurrence\",", "", "query.missing", "/population/filter/exists_in/table"},
    {"\"concept_set\":\"t2dm\"", "\"concept_set\":\"t1dm\"", "query.value", "/population/filter/exists_in/concept_set"},
    {"\"from\":\"2020-01-01\",", "", "query.missing", "/population/filter/exists_in/window/from"},
    {"2020-01-01", "2020-02-30", "query.value", "/population/filter/exists_in/window/from"},
    {"2020-01-01", "2025-01-01", "query.value", "/population/filter/exists_in/window/to"},
    {"\"unit\":\"person\",", "", "query.missing", "/unit"},
    {"\"unit\":\"person\"", "\"unit\":\"persons\"", "query.value", "/unit"},
    {"\"unit\":\"person\"", "\"unit\":\"event\"", "query.value", "/events"},
    {"\"by\":[{\"dimension\":\"sex\"},", "\"by\":[{\"dimension\":\"\"},", "query.value", "/by/0/dimension"},
    {"{\"dimension\":\"sex\"},", "{\"dimension\":\"sex\"},{\"dimension\":\"sex\"},", "query.value", "/by"},
    {"{\"dimension\":\"sex\"},", "{\"dimension\":\"sex\",\"breaks\":[0]},", "query.unknown_member", "/by/0/breaks"},
    {"\"at\":\"2024-12-31\",", "", "query.missing", "/by/1/at"},
    {"[0,18,40,65,80]", "[18,40]", "query.value", "/by/1/breaks"},
    {"[0,18,40,65,80]", "[0,40,18]", "query.value", "/by/1/breaks"},
    {"[0,18,40,65,80]", "[0,0]", "query.value", "/by/1/breaks"},
    {"[0,18,40,65,80]", "[]", "query.value", "/by/1/breaks"},
    {"[0,18,40,65,80]", "[0,151]", "query.value", "/by/1/breaks/1"},
    {"{\"measure\":\"persons\"}", "", "query.value", "/measures"},
    {"{\"measure\":\"persons\"}", "{\"measure\":\"mean\"}", "query.value", "/measures/0/measure"},
    {"{\"measure\":\"persons\"}", "{\"measure\":\"persons\"},{\"measure\":\"persons\"}", "query.value", "/measures/0"},
    {"{\"measure\":\"persons\"}", "{\"measure\":\"events\"}", "query.value", "/events"},
    {"{\"measure\":\"persons\"}", "{\"measure\":\"sum\",\"clip\":[0,9]}", "query.missing", "/measures/0/of"},
    {"{\"measure\":\"persons\"}", "{\"measure\":\"sum\",\"of\":\"x\",\"clip\":[9,0]}", "query.value",
     "/measures/0/clip"},
    {"{\"measure\":\"persons\"}", "{\"measure\":\"sum\",\"of\":\"x\",\"clip\":[5]}", "query.value", "/measures/0/clip"},
};

}  // namespace

TEST_CASE("conditions that mean the same by the rules have one hash") {
  for (auto const& row : same) {
    INFO(row.rule);
    CHECK(checked_hash_of(with_condition(row.one)) == checked_hash_of(with_condition(row.other)));
  }
}

TEST_CASE("conditions that mean something else have another hash") {
  for (auto const& row : different) {
    INFO(row.rule);
    CHECK(checked_hash_of(with_condition(row.one)) != checked_hash_of(with_condition(row.other)));
  }
}

TEST_CASE("no two of all the conditions above share a hash unless they were said to") {
  for (auto const& row : different)
    for (auto const& equal : same)
      if (row.one != equal.one && row.one != equal.other && row.other == equal.one)
        CHECK(checked_hash_of(with_condition(row.one)) != checked_hash_of(with_condition(equal.other)));
}

TEST_CASE("everything outside of the condition changes the hash, spelling does not") {
  auto const plain = checked_hash_of(diabetes_query());
  std::vector<std::pair<std::string, std::string>> const changes{
      {"t2dm-2026", "t2dm-2027"},
      {"care-register", "care-register-2"},
      {"2000000101", "2000000102"},
      {",\"descendants\":true", ",\"descendants\":false"},
      {"2020-01-01", "2020-01-02"},
      {"\"to\":\"2024-12-31\"", "\"to\":\"2024-12-30\""},
      {"condition_occurrence", "drug_exposure"},
      {"\"at\":\"2024-12-31\"", "\"at\":\"2024-12-30\""},
      {"[0,18,40,65,80]", "[0,18,40,65]"},
      {"{\"dimension\":\"sex\"},", ""},
      {"{\"dimension\":\"sex\"}", "{\"dimension\":\"region\"}"},
      {"\"unit\":\"person\"", "\"unit\":\"person\",\"denominator\":true"},
  };
  for (auto const& [from, to] : changes) {
    INFO(from + " -> " + to);
    auto const changed = replaced(diabetes_query(), from, to);
    REQUIRE(changed != diabetes_query());
    CHECK(checked_hash_of(changed) != plain);
  }
  std::vector<std::pair<std::string, std::string>> const spellings{
      {"\"unit\":\"person\"", "\"unit\":\"person\",\"denominator\":false"},
      {"\"descendants\":true", "\"descendants\":true,\"excluded\":false"},
      {"\"aq\":\"1\",", " \"aq\" : \"1\" ,\n"},
      {"t2dm-2026", "t2dm\\u002d2026"},
      {"\"concept_id\":2000000101,\"descendants\":true", "\"descendants\":true,\"concept_id\":2000000101"},
  };
  for (auto const& [from, to] : spellings) {
    INFO(from + " -> " + to);
    CHECK(checked_hash_of(replaced(diabetes_query(), from, to)) == plain);
  }
}

TEST_CASE("every member of a query that is missing or of another type is refused with its place") {
  for (auto const& row : faults_of_members) {
    INFO(row.from + " -> " + row.to);
    auto const text = replaced(diabetes_query(), row.from, row.to);
    REQUIRE(text != diabetes_query());
    auto const faults = faults_in_query(text);
    bool told = false;
    for (auto const& fault : faults) {
      UNSCOPED_INFO(ehds::to_text(fault));
      told = told || (fault.code == row.code && fault.where == row.where);
      CHECK_FALSE(fault.mend.empty());
    }
    CHECK(told);
    CHECK_FALSE(read_aggregate_query(text));
  }
}
