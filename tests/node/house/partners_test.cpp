#include "node/house/partners.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "edelivery/security/request.hpp"
#include "node/identity/joining.hpp"
#include "node/identity/keyring.hpp"
#include "node/store/fresh_folder.hpp"

using namespace ehds;
using namespace ehds::node;

namespace {

edelivery::pmode mode_with(std::string const& id, std::string const& partner) {
  edelivery::pmode mode;
  mode.id = id;
  mode.partner.id = partner;
  return mode;
}

}  // namespace

TEST_CASE("a P-Mode partner that the partners file forgot is found at start, by name") {
  edelivery::pmode_book const book({mode_with("star", "EU"), mode_with("queries", "fi-ap"), mode_with("old", "DK")});
  auto const found = house::check_partners(book, {{"EU", "EU"}, {"", "DK"}});
  REQUIRE(found.size() == 2);
  CHECK(found[0].code == "config.partners.unlisted");
  CHECK(found[0].where == "queries");
  CHECK(found[0].detail.find("'fi-ap'") != std::string::npos);
  CHECK(found[1].where == "old");
  CHECK(house::check_partners(book, {{"EU", "EU"}, {"FI", "fi-ap"}, {"DK", "DK"}}).empty());
  CHECK(house::check_partners({}, {}).empty());
}

TEST_CASE("the partners that the README shows are read") {
  auto const page = read_file(EHDS_SOURCE_DIR "/node/config/README.md").value();
  auto const at = page.find("```json\n") + 8;
  tests::fresh_folder const folder;
  config::configuration settings;
  settings.partners.file = folder / "partners.json";
  std::ofstream(settings.partners.file) << page.substr(at, page.find("```", at) - at);
  auto const read = house::load_partners(settings);
  REQUIRE(read);
  REQUIRE(read->size() == 2);
  CHECK(read->at(1).nation_id == "SE");
  CHECK(read->at(1).party_id == "se-ehds-ap1");
}

TEST_CASE("keys of a profile that cannot be looked at are an error that names them") {
  namespace fs = std::filesystem;
  tests::fresh_folder const room;
  fs::path const keys = room / "keys";
  auto const now = system_clock{}.now();
  REQUIRE(identity::init_authority(room / "ca", now));
  REQUIRE(identity::issue_keys(room / "ca", keys, {"FR", "FR", {"localhost"}, {}}, now));
  config::configuration settings;
  settings.node.id = "FR";
  settings.keys = keys;
  REQUIRE(house::load_access_point(settings));
  for (auto const* name : {"encrypt-eddsa.pem", "sign-eddsa.pem"}) {
    fs::create_symlink(keys / name, keys / name);
    CHECK(house::load_access_point(settings).error().where == keys / name);
  }
}

TEST_CASE("keys of every profile stay open while they are rolled over") {
  namespace fs = std::filesystem;
  tests::fresh_folder const room;
  fs::path const ca = room / "ca";
  fs::path const before = room / "before";
  fs::path const after = room / "after";
  auto const now = system_clock{}.now();
  identity::node_names const names{"FR", "FR", {"localhost"}, {"edelivery-2.0-ecdsa"}};
  REQUIRE(identity::init_authority(ca, now));
  REQUIRE(identity::issue_keys(ca, before, names, now));
  REQUIRE(identity::issue_keys(ca, after, names, now));
  for (std::string const name : {"encrypt", "encrypt-ecdsa", "sign", "sign-ecdsa"})
    for (std::string const kind : {".pem", ".key"}) fs::copy(after / (name + kind), before / (name + ".next" + kind));
  config::configuration settings;
  settings.node.id = "FR";
  settings.keys = before;

  auto us = house::load_access_point(settings);

  REQUIRE(us);
  CHECK(us->decryption.size() == 4);
  CHECK(us->signed_before.empty());
  for (auto const* name : {"encrypt-ecdsa", "sign", "sign-ecdsa"}) REQUIRE(identity::roll_key(before, name, now));
  us = house::load_access_point(settings);
  REQUIRE(us);
  REQUIRE(us->decryption.size() == 4);
  // The rolled one comes before the one it replaced.
  CHECK(us->decryption[2].cert == edelivery::certificate::load(after / "encrypt-ecdsa.pem").value());
  CHECK(us->decryption[3].cert == edelivery::certificate::load(before / "encrypt-ecdsa.old.pem").value());
  REQUIRE(us->signed_before.size() == 2);
  CHECK(us->signed_before[0] == edelivery::certificate::load(before / "sign.old.pem").value());
  CHECK(us->signed_before[1] == edelivery::certificate::load(before / "sign-ecdsa.old.pem").value());
}
