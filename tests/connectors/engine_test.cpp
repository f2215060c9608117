// The engine against plain SQL that a person wrote without looking at the compiler.
#include "connectors/data/engine/sqlite_engine.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "cleared.hpp"
#include "connectors/data/sqlite/connection.hpp"
#include "policies/disclosure/raw_cells.hpp"
#include "synthetic_world.hpp"

using namespace ehds;
using namespace ehds::tests;
using connectors::sqlite_engine;

namespace {

std::string const secret = "the test zone's own secret";

struct world {
  std::filesystem::path database;
  connectors::dataset_profile profile;
};
world world_of(std::string const& protocol) {
  if (protocol.ends_with("-snds")) return {french_snds(), shipped_profile("snds-flat", "FR")};
  return {finnish_omop(), shipped_profile("omop-5.4", "FI")};
}

result<policies::raw_table> run(policies::aggregate_query const& query, world const& where,
                                std::string_view snapshot = snapshot_text, connectors::engine_limits limits = {}) {
  manual_clock const now{noon()};
  return sqlite_engine{where.database, where.profile, secret, now, limits}.run(clear(query, snapshot));
}

std::set<std::uint64_t> tokens_of(policies::raw_table const& table) {
  std::set<std::uint64_t> tokens;
  for (auto const& cell : policies::disclosure::raw_reading::of(table).cells)
    for (auto const& one : cell.persons) tokens.insert(one.person);
  return tokens;
}

}  // namespace

TEST_CASE("every protocol's table equals its independent recount") {
  auto const name =
      GENERATE(as<std::string>{}, "diabetes-omop", "diabetes-snds", "influenza-events", "metformin-supply",
               "first-depression", "diabetes-without-pressure", "boxes-snds", "rare-disease");
  auto const query = query_of(name);
  auto const where = world_of(name);
  INFO(name);

  auto const table = run(query, where);
  REQUIRE(table);

  auto const expected = recount(where.database, text_of_file(protocol_folder(name) / "recount.sql"), query.by.size());
  CHECK_FALSE(expected.empty());
  CHECK(figures_of(*table) == expected);
}

TEST_CASE("the planted rare disease has four persons, and nobody else is counted") {
  auto const table = run(query_of("rare-disease"), world_of("rare-disease"));

  REQUIRE(table);
  CHECK(figures_of(*table) == figures_by_label{{{}, {{4}}}});
  CHECK(tokens_of(*table).size() == 4);
}

TEST_CASE("an objection on or before the snapshot takes a person out, a later one does not") {
  temporary_folder const folder;
  auto const file = folder.path() / "objecting.sqlite";
  connectors::synthetic::write_omop_world(plan_for("FI", 400), file, {});
  auto const query = query_of("rare-disease");
  world const where{file, shipped_profile("omop-5.4", "FI")};
  {
    auto database = connectors::sqlite::connection::create(folder.path() / "other.sqlite");
    database.run("ATTACH '" + file.string() +
                 "' AS w; INSERT INTO w.opt_out SELECT min(person_id), '2025-03-10' FROM "
                 "w.condition_occurrence WHERE condition_concept_id = 2000001502");
  }
  auto const persons = [&](std::string_view snapshot) {
    return figures_of(run(query, where, snapshot).value()).at({}).values.front();
  };

  CHECK(persons("2025-03-09") == 4);
  CHECK(persons("2025-03-10") == 3);
  CHECK(persons("2026-01-01") == 3);
}

TEST_CASE("the persons of the dataset are those observed who have not objected") {
  auto const table = run(query_of("diabetes-omop"), world_of("diabetes-omop"));

  REQUIRE(table);
  CHECK(dataset_persons_of(*table) ==
        world_persons - count_in(finnish_omop(),
                                 "SELECT count(DISTINCT person_key) FROM opt_out WHERE registered_on <= "
                                 "'2025-06-30'"));
}

TEST_CASE("the same persons have the same tokens, however the question is put") {
  auto query = query_of("rare-disease");
  auto const first = run(query, world_of("rare-disease"));
  query.by.push_back({.name = "sex", .at = {}, .breaks = {}, .from = 0, .to = 0});

  auto const second = run(query, world_of("rare-disease"));

  REQUIRE(first);
  REQUIRE(second);
  CHECK(tokens_of(*first) == tokens_of(*second));
}

TEST_CASE("a query that takes too long is stopped") {
  auto const table = run(query_of("diabetes-omop"), world_of("diabetes-omop"), snapshot_text,
                         {.time = std::chrono::milliseconds{0}, .rows = 1'000'000});

  REQUIRE_FALSE(table);
  CHECK(table.error().code == "engine.time_limit");
}

TEST_CASE("a query that gives too many rows is stopped") {
  auto const table = run(query_of("diabetes-omop"), world_of("diabetes-omop"), snapshot_text,
                         {.time = std::chrono::minutes{1}, .rows = 10});

  REQUIRE_FALSE(table);
  CHECK(table.error().code == "engine.row_limit");
}

TEST_CASE("a clearance that has ended runs nothing") {
  manual_clock now{noon()};
  auto const cleared = clear(query_of("rare-disease"));
  sqlite_engine engine{finnish_omop(), shipped_profile("omop-5.4", "FI"), secret, now};
  now.set(cleared.expires());

  auto const table = engine.run(cleared);

  REQUIRE_FALSE(table);
  CHECK(table.error().code == "engine.expired");
}

TEST_CASE("a database that is missing, not a database, or of another model gives one clear problem") {
  temporary_folder const folder;
  auto const query = query_of("rare-disease");
  auto const profile = shipped_profile("omop-5.4", "FI");
  std::filesystem::path const text = folder.path() / "text.sqlite";
  std::filesystem::copy_file(protocol_folder("rare-disease") / "recount.sql", text);

  CHECK(run(query, {folder.path() / "none.sqlite", profile}).error().code == "connectors.data.open");
  CHECK(run(query, {text, profile}).error().code == "connectors.data.open");
  CHECK(run(query, {french_snds(), profile}).error().code == "engine.database");
}

TEST_CASE("the health database cannot be written through the engine's connection") {
  auto opened = connectors::sqlite::connection::open_read_only(finnish_omop()).value();

  CHECK_THROWS_AS(opened.run("DELETE FROM person"), connectors::sqlite::fault);
  CHECK_THROWS_AS(opened.run("CREATE TABLE x (y)"), connectors::sqlite::fault);
}
