// A whole node that judges its partner by a revocation list: taken from its place, kept, counted and shown.
#include <catch2/catch.hpp>

#include <fstream>

#include "edelivery/revoking_authority.hpp"
#include "node/house/one_house.hpp"
#include "node/house/partners.hpp"
#include "node/house/surroundings.hpp"

using namespace ehds;
using namespace ehds::tests;
using namespace ehds::node;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// The rehearsal authority that issued the keys of every house.
edelivery::credentials authority_of_houses() {
  auto const folder = keys_of("FR").parent_path() / "ca";
  return edelivery::load_credentials(folder / "ca.pem", folder / "ca.key").value();
}

// As OpenSSL's program takes times: UTC, to the second.
std::string asn1(instant when) {
  auto text = to_rfc3339(when).substr(0, 19) + "Z";
  std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'T'; });
  return text;
}

std::string list_of_now(std::vector<edelivery::certificate> revoked) {
  auto const now = system_clock{}.now();
  return edelivery::tests::revoking_authority(authority_of_houses())
      .list({.revoked = std::move(revoked),
             .from = asn1(now - std::chrono::hours{1}),
             .until = asn1(now + std::chrono::hours{24})});
}

void ask_lists(node::config::configuration& settings, std::string const& place) {
  know_the_centre(settings);
  auto const file = settings.partners.pmodes / "eu.json";
  auto pmodes = json::parse(text_of_file(file));
  auto& certificates = pmodes["pmodes"][0]["certificates"];
  certificates["authorities"] = {keys_of("FR").string() + "/ca.pem"};
  certificates["revocation"] = {{"lists", {place, "http://127.0.0.1:1/gone.crl"}}, {"policy", "soft"}};
  write_json(file, pmodes);
}

std::string measure(one_house& node, std::string const& name) {
  auto const text = node.ask_inside(request_of("GET", "/metrics")).body;
  auto const at = text.find("\n" + name + " ");
  if (at == std::string::npos) return "none";
  return text.substr(at + name.size() + 2, text.find('\n', at + 1) - at - name.size() - 2);
}

}  // namespace

TEST_CASE("a node takes a list from a file, counts whom it names, and knows it after a restart without the file") {
  fresh_folder const outside;
  auto const file = outside / "ca.crl";
  auto const partner = edelivery::certificate::load(keys_of("EU") / "sign.pem").value();
  one_house node("FR", [&](auto& settings) { ask_lists(settings, file.string()); });
  CHECK(measure(node, "ehds_revocation_lists_not_current") == "2");
  CHECK(measure(node, "ehds_partner_certificates_revoked") == "0");

  std::ofstream(file, std::ios::binary) << list_of_now({partner});
  auto& p = node.parts();
  auto const told = p.lists->run_once(*p.wire, p.wall.now());

  CHECK(told.size() == 1);  // nobody answers at the other place
  CHECK(measure(node, "ehds_revocation_lists_not_current") == "1");
  CHECK(measure(node, "ehds_partner_certificates_revoked") == "1");
  CHECK(measure(node, "ehds_certificates_ending") != "none");

  fs::remove(file);
  node.build_again();
  CHECK(measure(node, "ehds_partner_certificates_revoked") == "1");
}

TEST_CASE("a place that is no address is a file beside its P-Mode") {
  fresh_folder const room;
  auto settings = settings_for("FR", room.path());
  ask_lists(settings, "lists/ca.crl");

  auto const book = node::house::load_pmodes(settings);

  REQUIRE(book);
  auto const& terms = book->all().front().trust.revocation;
  CHECK(terms.lists.at(0) == (settings.partners.pmodes / "lists/ca.crl").string());
  CHECK(terms.lists.at(1) == "http://127.0.0.1:1/gone.crl");
  CHECK(terms.shelf);
  CHECK(node::house::revocation_folder(settings) == settings.store / "revocation");
}

TEST_CASE("a device that cannot be used is found before the node starts") {
  fresh_folder const room;
  auto settings = settings_for("FR", room.path());
  settings.device.module = "/nowhere/module.so";
  auto const found = node::house::check_surroundings(settings);
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == "edelivery.key.device");
  CHECK(found[0].where.starts_with("/keys/device"));
}
