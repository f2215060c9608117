// What config check and serve find before anything is opened.
#include "node/house/surroundings.hpp"

#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "base/clock.hpp"
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

TEST_CASE("what the exchange would read is read by the check: P-Modes, certificates, partners, back ends") {
  described one;
  know_the_centre(one.settings);
  CHECK(one.found().empty());
  auto const pmodes = one.folder / "pmodes/eu.json";
  auto const good = json::parse(text_of_file(pmodes));
  auto const partners = json::parse(text_of_file(one.folder / "partners.json"));

  SECTION("a broken P-Mode file") {
    std::ofstream(pmodes) << "{\n{";
    CHECK(one.found() == "edelivery.pmode.json /partners/pmodes (eu.json, line 2, column 1)\n");
  }
  SECTION("a P-Mode that lacks everything") {
    write_json(pmodes, {{"pmodes", json::array({json::object()})}});
    CHECK(one.found().find("edelivery.pmode.missing /partners/pmodes (eu.json/pmodes/0/id)\n") != std::string::npos);
  }
  SECTION("certificates that are not there") {
    auto wrong = good;
    wrong["pmodes"][0]["certificates"] = {{"partner_signing", {"no.pem"}}, {"partner_encryption", "none.pem"}};
    write_json(pmodes, wrong);
    auto const found = node::house::check_surroundings(one.settings);
    REQUIRE(found.size() == 2);
    CHECK(found[0].code == "edelivery.pmode.certificate");
    CHECK(found[0].detail.find((one.folder / "pmodes/no.pem").string()) != std::string::npos);
  }
  SECTION("a file of partners that is none") {
    write_json(one.folder / "partners.json", {{"partnerz", json::array()}});
    CHECK(one.found() ==
          "config.missing /partners/file (partners.json/partners)\n"
          "config.unknown_key /partners/file (partners.json/partnerz)\n");
  }
  SECTION("a file of partners that is no JSON, and one with two faults") {
    std::ofstream(one.folder / "partners.json") << "{\n{";
    CHECK(one.found() == "config.syntax /partners/file (partners.json, line 2, column 1)\n");
    write_json(one.folder / "partners.json",
               {{"partners", {{{"nation_id", "eu"}, {"party_id", "EU"}}, {{"nation_id", "FR"}}}}});
    CHECK(one.found() ==
          "config.value /partners/file (partners.json/partners/0/nation_id)\n"
          "config.missing /partners/file (partners.json/partners/1/party_id)\n");
  }
  SECTION("a partner without a nation") {
    write_json(one.folder / "partners.json", {{"partners", json::array()}});
    CHECK(one.found() == "config.partners.unlisted /partners/file (FR-EU)\n");
  }
  SECTION("a file where the folder of P-Modes should be") {
    one.settings.partners.pmodes = pmodes;
    CHECK(one.found().starts_with("config.path /partners/pmodes ("));
  }
  SECTION("a back end that takes what is the node's own, and a P-Mode that no Domibus is asked for") {
    one.settings.back_ends = {{"erp", {{"urn:healthdata-eu:secondary-use", {}}}, "", ""}};
    one.settings.access_point.kind = node::config::access_point_kind::domibus;
    auto pulled = good;
    pulled["pmodes"][0].update({{"binding", "pull"}, {"direction", "receive"}, {"mpc", "urn:mpc"}});
    write_json(pmodes, pulled);
    CHECK(one.found() ==
          "exchange.back_end /back_ends/0/takes/0/service\nconfig.access_point.pull /partners/pmodes (FR-EU)\n");
  }
  if (!one.found().empty()) CHECK_FALSE(node::house::house::build(one.settings));
}

TEST_CASE("a store that is no folder, or cannot be made into one, is found before it is opened") {
  described one;
  std::ofstream(one.folder / "some_file") << "no folder\n";
  auto const& [store, wrong] = GENERATE(table<std::string, bool>({
      {"store", false},
      {"not/yet/there", false},
      {".", false},
      {"some_file", true},
      {"some_file/store", true},
      {"some_file/store/below", true},
      {std::string(300, 's'), true},
  }));
  CAPTURE(store);
  one.settings.store = one.folder.path() / store;
  CHECK(one.found() == (wrong ? "config.path /store/folder\n" : ""));
  if (wrong) CHECK_FALSE(node::house::house::build(one.settings));
}

namespace {

// A superuser may write everywhere.
struct without_rights {
  uid_t const was = geteuid();
  without_rights() {
    if (was == 0) REQUIRE(seteuid(65534) == 0);
  }
  ~without_rights() { CHECK(seteuid(was) == 0); }
  without_rights(without_rights const&) = delete;
  without_rights& operator=(without_rights const&) = delete;
};

}  // namespace

TEST_CASE("a store in a folder that the node may not write is found before it is opened") {
  described one;
  auto const folder = one.folder / "closed";
  std::filesystem::create_directories(folder);
  one.settings.store = folder / GENERATE("", "store", "not/yet/there");
  one.settings.keys = one.folder / "nokeys";  // those of the tests are for their owner alone
  one.settings.trusted_ca.clear();
  std::filesystem::permissions(one.folder.path(), std::filesystem::perms(0755));
  auto const is_found = [&](unsigned mode) {
    std::filesystem::permissions(folder, std::filesystem::perms(mode));
    without_rights const here;
    return one.found().find("config.path /store/folder\n") != std::string::npos;
  };
  CHECK(is_found(0555));
  CHECK_FALSE(is_found(0777));
}

TEST_CASE("a door at what is no address is found before any is opened") {
  described one;
  one.settings.listen.resize(2);
  auto const& [address, wrong] = GENERATE(table<std::string, bool>({
      {"127.0.0.1", false},
      {"0.0.0.0", false},
      {"::1", false},
      {"300.1.1.1", true},
      {"localhost", true},
      {"127.0.0.1:80", true},
      {"", true},
  }));
  one.settings.listen[1].address = address;
  CHECK(one.found() == (wrong ? "http.bind /listen/1/address (" + address + ":0)\n" : ""));
  if (wrong) CHECK_FALSE(node::house::house::build(one.settings));
}

TEST_CASE("keys and certificates are looked at by the check, each with its place") {
  described one;
  SECTION("a folder of keys that is not there is one finding") {
    one.settings.keys = one.folder / "nokeys";
    CHECK(one.found() == "config.path /keys/folder\n");
  }
  SECTION("a folder that cannot be looked at is one finding among the others") {
    one.settings.keys = one.folder.path() / std::string(300, 'k');
    one.settings.partners.pmodes = one.folder.path() / std::string(300, 'p');
    CHECK(one.found().starts_with("config.path /keys/folder\nconfig.path /partners/pmodes ("));
    CHECK(node::house::check_surroundings(one.settings).front().detail.find("name too long") != std::string::npos);
  }
  SECTION("an empty folder of keys has none of them") {
    std::filesystem::create_directories(one.folder / "keys");
    one.settings.keys = one.folder / "keys";
    auto const found = node::house::check_surroundings(one.settings);
    CHECK(found.size() == 3);  // those of the access point, of the authority and of the audit log
    for (auto const& each : found) CHECK(each.where.starts_with("/keys/folder ("));
  }
  SECTION("certificates of doors and of those we call") {
    auto const wrong = one.folder / "no.pem";
    std::ofstream(wrong) << "no certificate\n";
    node::config::listen_section door;
    door.tls = node::config::tls_section{keys_of("FR") / "tls.pem", wrong, {}, {}};
    one.settings.listen = {{}, door};
    one.settings.trusted_ca = wrong;
    CHECK(one.found() == "http.certificate /listen/1/tls (" + wrong.string() + ")\nhttp.certificate /trusted_ca (" +
                             wrong.string() + ")\n");
  }
  SECTION("a data zone without the keys of its authority") {
    one.settings.node.zone = node::config::zone::data;
    CHECK(one.found() == "zone.authority_keys /edge/authority_keys\n");
    one.settings.edge.authority_keys = keys_of("FR") / "authority.jwks";
    CHECK(one.found().empty());
  }
}

TEST_CASE("a national node names its policy pack; the centre has none") {
  described one;
  one.settings.health_data.clear();
  one.settings.policy_pack.clear();
  auto const found = node::house::check_surroundings(one.settings);
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == "config.missing");
  CHECK(found[0].where == "/policy_pack");
  CHECK(found[0].mend.find("policies/packs") != std::string::npos);
  CHECK_FALSE(node::house::house::build(one.settings));
  one.settings.node.role = node::config::node_role::central;
  CHECK(one.found().empty());
  one.settings.node.role = node::config::node_role::national;
  one.settings.node.zone = node::config::zone::data;
  CHECK(one.found().empty());
}

TEST_CASE("health data without a record in the folder of records are told, and are no hindrance") {
  described one;
  one.settings.catalogue.records = std::filesystem::path(EHDS_SOURCE_DIR) / "node/demo/records/FI";
  CHECK(node::house::check_records(one.settings).unrecorded.empty());
  one.settings.health_data[0].id = "FI-NOWHERE";
  auto const found = node::house::check_records(one.settings);
  CHECK(found.refused.empty());
  REQUIRE(found.unrecorded.size() == 1);
  CHECK(found.unrecorded[0].code == "zone.catalogue");
  CHECK(found.unrecorded[0].where == "/health_data/0/dataset");
  one.settings.node.zone = node::config::zone::data;
  CHECK(node::house::check_records(one.settings).unrecorded.empty());
}

TEST_CASE("the release and the folder of the records are looked at, with records and without") {
  described one;
  one.settings.health_data.clear();
  auto const& [name, wrong] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {".", ""},
      {"some_file", "config.path /catalogue/records\n"},
      {std::string(300, 'r'), "config.path /catalogue/records\n"},
  }));
  std::ofstream(one.folder / "some_file") << "no folder\n";
  if (!name.empty()) one.settings.catalogue.records = one.folder.path() / name;
  CHECK(one.found() == wrong);
  CHECK(node::house::check_records(one.settings).refused.empty());
  one.settings.catalogue.release = "r99";
  CHECK(one.found() == "pack.unknown /catalogue/release\n" + wrong);
  CHECK(node::house::check_records(one.settings).refused.empty());
  one.settings.node.zone = node::config::zone::data;
  CHECK(one.found().empty());
}

TEST_CASE("an internal door that asks for no certificate is doubted where a data zone has to come in") {
  described one;
  one.settings.listen.assign(1, {});
  one.settings.listen[0].serves = node::config::served::internal_side;
  auto const is_doubted = [&] {
    auto const all = node::house::find_doubts(one.settings, system_clock{}.now());
    return std::ranges::any_of(all, [](auto const& each) { return each.code == "config.door.no_certificate"; });
  };
  CHECK_FALSE(is_doubted());  // who watches the node
  one.settings.node.zone = node::config::zone::edge;
  CHECK(is_doubted());
  one.settings.listen[0].tls.emplace().ask = node::config::ask_certificate::wanted;
  CHECK_FALSE(is_doubted());
}

TEST_CASE("what a node starts with and cannot use is doubted, with its place and the name that was meant") {
  described one;
  know_the_centre(one.settings);
  auto const doubts = [&] {
    std::string text;
    for (auto const& each : node::house::find_doubts(one.settings, system_clock{}.now()))
      text += each.where + " " + each.mend + "\n";
    return text;
  };
  auto const mode = one.folder / "pmodes/eu.json";
  auto agreed = json::parse(text_of_file(mode));
  agreed["pmodes"][0]["service"]["value"] = "urn:orders";
  agreed["pmodes"][0]["actions"] = {"order", "invoice"};
  write_json(mode, agreed);
  one.settings.back_ends = {{"erp", {{"urn:orders", {}}}, "", ""}};
  CHECK(doubts().empty());

  SECTION("partners and back ends without a P-Mode") {
    one.settings.back_ends = {{"erp", {{"urn:orders", {"order", "invoices"}}, {"urn:order", {}}}, "", ""},
                              {"other", {{"urn:something-else", {"x"}}}, "", ""}};
    write_json(one.folder / "partners.json",
               {{"partners", {{{"nation_id", "EU"}, {"party_id", "EU"}}, {{"nation_id", "SE"}, {"party_id", "EUX"}}}}});
    CHECK(doubts() ==
          "/partners/file (/partners/1/party_id) Did you mean \"EU\"? Or add a P-Mode for it.\n"
          "/back_ends/0/takes/0/actions/1 Did you mean \"invoice\"? Or add a P-Mode for it.\n"
          "/back_ends/0/takes/1/service Did you mean \"urn:orders\"? Or add a P-Mode for it.\n"
          "/back_ends/1/takes/0/service Add a P-Mode for it.\n"
          "/partners/pmodes (FR-EU) Add them to the \"takes\" of a back end, or set the P-Mode's direction to send.\n");
    CHECK(one.found().empty());  // no hindrance
    agreed["pmodes"][0].erase("actions");
    write_json(mode, agreed);
    CHECK(doubts().find("/actions/") == std::string::npos);
  }
  SECTION("no P-Mode at all") {
    std::filesystem::rename(mode, one.folder / "pmodes/eu.txt");
    CHECK(doubts() == "/partners/pmodes Put them there, in files that end in .json.\n");
    one.settings.partners.file.clear();
    one.settings.back_ends.clear();
    CHECK(doubts().empty());
    one.settings.back_ends = {{"erp", {{"urn:orders", {}}}, "", ""}};
    one.settings.partners.pmodes.clear();
    CHECK(doubts() == "/partners/pmodes Name the folder that holds the P-Modes.\n");
  }
  SECTION("keys that everybody may read, each once") {
    std::filesystem::copy(keys_of("FR"), one.folder / "keys");
    one.settings.keys = one.folder / "keys";
    node::config::listen_section door;
    door.tls = node::config::tls_section{one.folder / "keys/tls.pem", one.folder / "keys/tls.key", {}, {}};
    one.settings.listen = {door};
    CHECK(doubts().empty());
    std::filesystem::permissions(one.folder / "keys/tls.key", std::filesystem::perms(0644));
    std::filesystem::permissions(one.folder / "keys/tls.pem", std::filesystem::perms(0644));
    std::filesystem::permissions(one.folder / "keys/sign.key", std::filesystem::perms(0640));
    auto const key = (one.folder / "keys/tls.key").string();
    CHECK(doubts() == "/keys/folder Let its owner alone read it: chmod 600 " + key + ".\n");
    one.settings.keys = one.folder / "elsewhere";
    CHECK(doubts() == "/listen/0/tls/private_key Let its owner alone read it: chmod 600 " + key + ".\n");
  }
}

TEST_CASE("a secret of person tokens that is damaged is found before the zone is built") {
  described one;
  std::filesystem::copy(keys_of("FR"), one.folder / "keys");
  one.settings.keys = one.folder / "keys";
  auto const secret = one.folder / "keys/person-tokens.secret";
  std::filesystem::remove(secret);  // made by another house with these keys
  CHECK(one.found().empty());
  std::ofstream(secret) << "short";
  CHECK(one.found() == "zone.secret /keys/folder (" + secret.string() + ")\n");
  CHECK_FALSE(node::house::house::build(one.settings));
  std::ofstream(secret) << std::string(32, 's');
  CHECK(one.found().empty());
  std::ofstream(secret) << "short";
  one.settings.health_data.clear();
  CHECK(one.found().empty());
}
