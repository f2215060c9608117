// Data that we did not make: GiBleed, 2,694 persons in OMOP. Skipped where it is not at hand.
#include <catch2/catch.hpp>

#include "cleared.hpp"
#include "connectors/data/engine/sqlite_engine.hpp"
#include "real_omop.hpp"
#include "shared_samples.hpp"
#include "synthetic_world.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

std::string query_text(std::string const& table, std::string const& concept_item, std::string const& more) {
  return R"({"aq":"1","protocol":"gibleed","variant":"omop-5.4","dataset":"urn:test:gibleed",
    "concept_sets":[{"name":"asked","items":[)" +
         concept_item + R"(]}],"population":{"filter":{"exists_in":{"table":")" + table +
         R"(","concept_set":"asked"}}},"unit":"person","measures":[{"measure":"persons"}],)" + more + "}";
}

figures_by_label run_real(std::filesystem::path const& database, std::string const& text) {
  manual_clock const now{noon()};
  connectors::sqlite_engine engine{database, shipped_profile("omop-5.4", "FI"), "another zone's secret", now};
  auto const table = engine.run(clear(policies::read_aggregate_query(text).value()));
  if (!table) FAIL(to_text(table.error()));
  return figures_of(*table);
}

}  // namespace

TEST_CASE("counts over GiBleed equal plain SQL counts", "[samples]") {
  auto const folder = shared_sample("omop/gibleed");
  if (!folder) return;
  temporary_folder const made;
  auto const database = made.path() / "gibleed.sqlite";
  load_csv_tables(
      *folder, {"person", "observation_period", "condition_occurrence", "drug_exposure", "concept", "concept_ancestor"},
      database);
  std::string const sex = "CASE p.gender_concept_id WHEN 8507 THEN 'male' ELSE 'female' END";

  SECTION("a condition by sex and age, with everybody as denominator") {
    auto const found = run_real(database, query_text("condition_occurrence", R"({"concept_id":192671})",
                                                     R"("by":[{"dimension":"sex"},{"dimension":"age_band",
                                                "at":"2019-12-31","breaks":[0,50,60]}],"denominator":true)"));

    CHECK(found ==
          recount(database,
                  "SELECT " + sex +
                      " AS sex, CASE WHEN 2019 - year_of_birth < 50 THEN '0-49' WHEN 2019 - year_of_birth < 60 "
                      "THEN '50-59' ELSE '60+' END AS age, total(p.person_id IN (SELECT person_id FROM "
                      "condition_occurrence WHERE condition_concept_id = 192671)), count(*) FROM person p "
                      "GROUP BY 1, 2",
                  2));
  }
  SECTION("a condition with all its kinds, as the vocabulary says") {
    auto const found = run_real(
        database, query_text("condition_occurrence", R"({"concept_id":4274025,"descendants":true})", R"("by":[])"));

    CHECK(found == recount(database,
                           "SELECT count(DISTINCT person_id) FROM condition_occurrence WHERE condition_concept_id = "
                           "4274025 OR condition_concept_id IN (SELECT c.concept_id FROM concept c, concept_ancestor a "
                           "WHERE a.ancestor_concept_id = 4274025 AND a.descendant_concept_id = c.concept_id)",
                           0));
    CHECK(found.at({}).values.front() > 2'000);
  }
  SECTION("the year of the first dispensation of a medicine") {
    auto const found = run_real(
        database,
        query_text("drug_exposure", R"({"concept_id":1118084})",
                   R"("events":{"table":"drug_exposure","concept_set":"asked"},"by":[{"dimension":"year","from":1970,
                   "to":2019},{"dimension":"sex"}])"));

    CHECK(found.size() > 20);
    CHECK(found ==
          recount(database,
                  "SELECT substr(first, 1, 4) AS y, sex, count(*) FROM (SELECT min(drug_exposure_start_date) "
                  "AS first, " +
                      sex +
                      " AS sex FROM drug_exposure d JOIN person p USING (person_id) WHERE "
                      "drug_concept_id = 1118084 GROUP BY person_id) WHERE y BETWEEN '1970' AND '2019' GROUP BY y, "
                      "sex",
                  2));
  }
}
