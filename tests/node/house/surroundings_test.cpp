// What config check and serve find before anything is opened.
#include "node/house/surroundings.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "connectors/data/synthetic/country.hpp"
#include "connectors/data/synthetic/omop_world.hpp"
#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;

namespace {

std::filesystem::path const& finnish_data() {
  static fresh_folder const folder;
  static auto const file = [] {
    auto made = folder.path() / "omop.sqlite";
    connectors::synthetic::write_omop_world({connectors::synthetic::find_country("FI").value(), 3, 200}, made, {});
    return made;
  }();
  return file;
}

// A node that holds FI-HILMO, as it should be.
struct described {
  fresh_folder folder;
  node::config::configuration settings = settings_for("FR", folder.path());
  described() {
    settings.node.zone = node::config::zone::all;
    settings.policy_pack = std::filesystem::path(EHDS_SOURCE_DIR) / "policies/packs/fi.json";
    settings.health_data = {{"FI-HILMO", "omop-5.4", "sqlite", finnish_data()}};
  }
  std::string found() const {
    std::string text;
    for (auto const& one : node::house::check_surroundings(settings)) text += one.code + " " + one.where + "\n";
    return text;
  }
  void with_account(json const& roles) {
    settings.accounts = folder.path() / "some_accounts.json";
    write_json(
        settings.accounts,
        {{"accounts", {{{"id", "both"}, {"roles", roles}, {"password", {{"text", "long enough to be taken"}}}}}}});
  }
};

}  // namespace

TEST_CASE("a configuration whose surroundings are sound has no findings") {
  described one;
  CHECK(one.found().empty());
}

TEST_CASE("an unknown data model is named with its place") {
  described one;
  one.settings.health_data[0].profile = "omop-9";
  CHECK(one.found() == "zone.profile /health_data/0/profile\n");
}

TEST_CASE("health data that are no database, or another one, are found before a query finds out") {
  described one;
  auto const text = one.folder.path() / "notes.txt";
  std::ofstream(text) << "no database at all, but long enough to look at it twice\n";
  one.settings.health_data[0].path = text;
  CHECK(one.found() == "connectors.data.open /health_data/0/path (notes.txt)\n");

  one.settings.health_data[0].path = finnish_data();
  one.settings.health_data[0].profile = "flat:snds";
  CHECK(one.found().starts_with("connectors.data.table /health_data/0/path (omop.sqlite)\n"));
}

TEST_CASE("a file of accounts is read with its accounts: nobody audits what he runs") {
  described one;
  one.with_account({"auditor", "operator"});
  CHECK(one.found().starts_with("identity.duties /accounts"));
  CHECK(node::house::check_surroundings(one.settings).front().detail.starts_with("Account both: "));
  one.with_account({"auditor"});
  CHECK(one.found().empty());
  one.with_account({"emperor"});
  CHECK(one.found().starts_with("identity.accounts /accounts"));
}

TEST_CASE("what the check finds keeps a node from starting") {
  described one;
  one.settings.health_data[0].profile = "omop-9";
  auto const built = node::house::house::build(one.settings);
  REQUIRE_FALSE(built);
  CHECK(built.error().front().code == "zone.profile");
}

TEST_CASE("health data without a record in the folder of records are a finding of the check") {
  described one;
  one.settings.catalogue.records = std::filesystem::path(EHDS_SOURCE_DIR) / "node/demo/records/FI";
  CHECK(node::house::check_records(one.settings).empty());
  one.settings.health_data[0].id = "FI-NOWHERE";
  auto const found = node::house::check_records(one.settings);
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == "zone.catalogue");
  CHECK(found[0].where == "/health_data/0/dataset");
  one.settings.node.zone = node::config::zone::data;
  CHECK(node::house::check_records(one.settings).empty());
}
