#include "dcat/validate/validate.hpp"

#include <catch2/catch.hpp>

#include "../packs.hpp"
#include "shared_samples.hpp"

using namespace ehds;
using namespace ehds::dcat;
using namespace ehds::dcat::tests;

TEST_CASE("A good record conforms") {
  auto const report = r8_rules().check(turtle(fixture("registry.ttl")));
  INFO(to_text(report));
  CHECK(report.conforms);
  CHECK(report.access_level == "NON_PUBLIC");
}

TEST_CASE("The official Release 8 examples conform", "[samples]") {
  auto const name = GENERATE("example-healthdcat-dataset.ttl", "EPRDR-ARCA.ttl");
  auto const path = ehds::tests::shared_sample(std::string("healthdcat-ap/examples/official-r8/") + name);
  if (!path) return;
  auto const report = validate_file_text(file_text(path->string()), name, r8());
  REQUIRE(report);
  INFO(to_text(*report));
  CHECK(report->count(severity::violation) == 0);
}
