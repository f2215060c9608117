// Queries become SQL: golden texts for three dialects, and what must never become SQL.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "cleared.hpp"
#include "connectors/data/sql/compile.hpp"
#include "connectors/data/sql/words.hpp"

using namespace ehds;
using namespace ehds::tests;
using namespace ehds::connectors;

namespace {

dataset_profile profile_for(policies::aggregate_query const& query) {
  return query.variant == "omop-5.4" ? shipped_profile("omop-5.4", "FI") : shipped_profile("snds-flat", "FR");
}

// EHDS_ACCEPT=1 writes what is made as what is expected from now on.
void check_golden(std::filesystem::path const& file, std::string const& made) {
  if (std::getenv("EHDS_ACCEPT") != nullptr) {
    std::ofstream{file, std::ios::binary} << made;
    WARN("accepted " << file.filename().string());
    return;
  }
  CHECK(made == text_of_file(file));
}

sql_choices shown(sql_dialect dialect, std::string schema = "") {
  return {.dialect = dialect, .schema = std::move(schema), .opt_out_snapshot = parse_date(snapshot_text).value()};
}

// A query with one text from outside in the given place.
policies::aggregate_query with_code(std::string const& code, bool as_prefix) {
  auto query = query_of("diabetes-snds");
  auto& set = query.concept_sets[0];
  set.codes.clear();
  set.prefixes.clear();
  (as_prefix ? set.prefixes : set.codes) = {code};
  return query;
}

problems faults(policies::aggregate_query const& query) { return faults_for(query, profile_for(query)); }

bool has_code(problems const& found, std::string_view code) {
  for (auto const& one : found)
    if (one.code == code) return true;
  return false;
}

}  // namespace

TEST_CASE("each protocol compiles to the accepted SQL in every dialect") {
  auto const name =
      GENERATE(as<std::string>{}, "diabetes-omop", "diabetes-snds", "influenza-events", "metformin-supply",
               "first-depression", "diabetes-without-pressure", "boxes-snds", "rare-disease");
  auto const query = query_of(name);
  auto const profile = profile_for(query);
  INFO(name);

  auto const sqlite = compile(query, profile, shown(sql_dialect::sqlite)).value();
  auto const postgresql = compile(query, profile, shown(sql_dialect::postgresql, "cdm")).value();
  auto const trino = compile(query, profile, shown(sql_dialect::trino, "hive.cdm")).value();

  check_golden(protocol_folder(name) / "sqlite.sql", to_script(sqlite));
  check_golden(protocol_folder(name) / "postgresql.sql", to_script(postgresql));
  check_golden(protocol_folder(name) / "trino.sql", to_script(trino));
}

TEST_CASE("the same question in other words compiles to the same text") {
  auto query = query_of("diabetes-without-pressure");
  auto const profile = profile_for(query);
  auto const before = to_script(compile(query, profile, shown(sql_dialect::sqlite)).value());
  std::swap(query.concept_sets[0], query.concept_sets[2]);

  CHECK(to_script(compile(query, profile, shown(sql_dialect::sqlite)).value()) == before);
}

TEST_CASE("a code stays a text, whatever is in it") {
  auto const query = with_code("A10' OR '1'='1", false);

  auto const compiled = compile(query, profile_for(query), shown(sql_dialect::sqlite)).value();

  CHECK(compiled.cells.find("'A10'' OR ''1''=''1'") != std::string::npos);
  CHECK(compiled.cells.find("OR '1'='1'") == std::string::npos);
}

TEST_CASE("codes that could mean more than themselves are refused") {
  for (auto const& code :
       std::vector<std::string>{"A10\\' OR 1=1 --", "A10\nUNION", std::string("A10\0x", 5), "\xc3\x28"})
    CHECK(has_code(faults(with_code(code, false)), "sql.literal"));
  for (std::string const prefix : {"A10%", "A_0", "*", "A10'", "[A-Z]", "A10 ", "?", "A10;DROP TABLE x", "A1\\"})
    CHECK(has_code(faults(with_code(prefix, true)), "sql.codes"));
}

TEST_CASE("texts in column tests are quoted and of the column's type") {
  auto query = query_of("diabetes-snds");
  auto const profile = profile_for(query);
  auto const with_test = [&](policies::column_test test) {
    query.population.is = std::move(test);
    return query;
  };

  auto const injected = with_test({"ben_res_reg", policies::comparison::equals, {std::string{"FR1') OR ('a'='a"}}});
  CHECK(compile(injected, profile, {}).value().cells.find("= 'FR1'') OR (''a''=''a')") != std::string::npos);

  CHECK(has_code(faults_for(with_test({"ben_nai_ann", policies::comparison::equals, {std::string{"1 OR 1"}}}), profile),
                 "sql.type"));
  CHECK(
      has_code(faults_for(with_test({"ben_dte_maj", policies::comparison::at_least, {std::string{"today"}}}), profile),
               "sql.type"));
  CHECK(has_code(faults_for(with_test({"ben_res_reg", policies::comparison::at_least, {std::string{"FR1"}}}), profile),
                 "sql.type"));
  CHECK(has_code(faults_for(with_test({"ben_nir_psa; --", policies::comparison::equals, {std::string{"x"}}}), profile),
                 "sql.column"));
}

TEST_CASE("tables, columns, systems and sets that the profile does not offer are refused by name") {
  auto query = query_of("boxes-snds");
  auto const profile = profile_for(query);
  query.events->table = "er_pha_f; DROP TABLE ir_ben_r";
  CHECK(has_code(faults_for(query, profile), "sql.table"));

  query = query_of("boxes-snds");
  query.measures[2].of = "prix";
  CHECK(has_code(faults_for(query, profile), "sql.column"));

  query = query_of("boxes-snds");
  query.concept_sets[0].system = "SNOMED";
  CHECK(has_code(faults_for(query, profile), "sql.codes"));

  query = query_of("boxes-snds");
  query.variant = "omop-5.4";
  CHECK(has_code(faults_for(query, profile), "sql.variant"));

  query = query_of("boxes-snds");
  query.by.push_back({.name = "postcode", .at = {}, .breaks = {}, .from = 0, .to = 0});
  CHECK(has_code(faults_for(query, profile), "query.undeclared_dimension"));

  query = query_of("diabetes-omop");
  query.concept_sets[0].items[0].excluded = true;
  CHECK(has_code(faults(query), "sql.concept_set"));

  query = query_of("metformin-supply");
  query.measures.push_back({policies::measured::events, "", 0, 0, 7});
  CHECK(has_code(faults(query), "sql.type"));
}

TEST_CASE("all faults of a query are found, not the first only") {
  auto query = query_of("diabetes-snds");
  query.variant = "flat:other";
  query.concept_sets[0].prefixes = {"A%"};
  query.concept_sets[1].prefixes = {"E'"};

  CHECK(faults_for(query, shipped_profile("snds-flat", "FR")).size() >= 3);
}

TEST_CASE("a schema is a plain name or is refused") {
  auto const query = query_of("rare-disease");

  CHECK(compile(query, profile_for(query), shown(sql_dialect::trino, "hive.cdm_54")));
  for (std::string const schema : {"cdm; DROP", "CDM", "a..b", ".a", "a.", "1a", "a\"b"})
    CHECK_FALSE(compile(query, profile_for(query), shown(sql_dialect::postgresql, schema)));
}

TEST_CASE("dialects are read by their names") {
  CHECK(read_dialect("sqlite").value() == sql_dialect::sqlite);
  CHECK(read_dialect("postgresql").value() == sql_dialect::postgresql);
  CHECK(read_dialect("trino").value() == sql_dialect::trino);
  CHECK(read_dialect("oracle").error().code == "sql.dialect");
}

TEST_CASE("values are written as each dialect reads them") {
  sql_words const sqlite{sql_dialect::sqlite, ""};
  sql_words const trino{sql_dialect::trino, "hive.cdm"};
  auto const day = parse_date("2024-02-29").value();

  CHECK(sqlite.day(day) == "'2024-02-29'");
  CHECK(trino.day(day) == "DATE '2024-02-29'");
  CHECK(sqlite.text("L'Haÿ").value() == "'L''Haÿ'");
  CHECK(sqlite.starts_with("t.code", "E11.9").value() == "t.code GLOB 'E11.9*'");
  CHECK(trino.starts_with("t.code", "E11.9").value() == "t.code LIKE 'E11.9%'");
  CHECK(trino.table("person") == "hive.cdm.person");
  CHECK(sqlite.number(-5) == "-5");
}
