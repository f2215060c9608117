#include "node/house/one_house.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "base/clock.hpp"
#include "node/http/fields.hpp"
#include "node/identity/keyring.hpp"

namespace ehds::tests {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

std::string told(problems const& found) {
  std::string all;
  for (auto const& one : found) all += to_text(one) + "\n";
  return all;
}

}  // namespace

fs::path keys_of(std::string const& id) {
  static fresh_folder const kept;
  auto const now = system_clock{}.now();
  auto const ca = kept / "ca";
  if (!fs::exists(ca / "ca.pem")) REQUIRE(node::identity::init_authority(ca, now));
  auto const folder = kept.path() / id;
  if (!fs::exists(folder / "tls.pem"))
    REQUIRE(node::identity::issue_keys(ca, folder, {id, id.substr(0, 2), {"127.0.0.1", "localhost"}}, now));
  return folder;
}

std::string accounts_json(std::string const& id) {
  json list = json::array();
  for (auto const role : node::identity::all_roles()) {
    std::string const name(node::identity::to_text(role));
    list.push_back({{"id", name + "." + id},
                    {"display_name", name + " of " + id},
                    {"organisation", "Example"},
                    {"country", id},
                    {"roles", {name}},
                    {"password", {{"text", test_password}}}});
  }
  return json{{"accounts", list}}.dump();
}

node::config::configuration settings_for(std::string const& id, fs::path const& folder) {
  node::config::configuration settings;
  settings.file = folder / "node.json";
  settings.node = {
      id, "Node of " + id, id, node::config::node_role::national, node::config::zone::all, "https://node.example"};
  if (id == "EU") settings.node.role = node::config::node_role::central;
  settings.store = folder / "store";
  settings.keys = keys_of(id);
  settings.authority.name = "Authority of " + id;
  settings.trusted_ca = keys_of(id) / "ca.pem";
  settings.clock_adjustable = true;
  if (id != "EU") settings.policy_pack = EHDS_SOURCE_DIR "/policies/packs/fr.json";
  return settings;
}

void know_the_centre(node::config::configuration& settings) {
  auto const folder = settings.file.parent_path();
  auto const eu = keys_of("EU").string();
  write_json(folder / "partners.json", {{"partners", {{{"nation_id", "EU"}, {"party_id", "EU"}}}}});
  write_json(
      folder / "pmodes/eu.json",
      {{"pmodes",
        {{{"id", settings.node.id + "-EU"},
          {"service", {{"value", "urn:healthdata-eu:secondary-use"}, {"type", "urn:ehds:service"}}},
          {"actions", json::array()},
          {"us", {{"id", settings.node.id}}},
          {"partner", {{"id", "EU"}}},
          {"address", "https://127.0.0.1:1/as4"},
          {"certificates", {{"partner_signing", {eu + "/sign.pem"}}, {"partner_encryption", eu + "/encrypt.pem"}}}}}}});
  settings.partners.file = folder / "partners.json";
  settings.partners.pmodes = folder / "pmodes";
}

one_house::one_house(std::string const& id, std::function<void(node::config::configuration&)> const& change)
    : id_(id), change_(change) {
  build();
}

one_house::~one_house() = default;

void one_house::build() {
  auto settings = settings_for(id_, folder_.path());
  change_(settings);
  auto built = node::house::house::build(std::move(settings));
  if (!built) FAIL(told(built.error()));
  house_ = std::move(*built);
}

void one_house::build_again() {
  house_.reset();
  build();
}

node::http::request request_of(std::string const& method, std::string const& target, header_list const& headers,
                               std::string const& body) {
  node::http::request asked;
  asked.method = method;
  asked.target = target;
  auto const mark = target.find('?');
  asked.path = target.substr(0, mark);
  if (mark != std::string::npos) asked.query = node::http::parse_urlencoded(target.substr(mark + 1)).value();
  for (auto const& [name, value] : headers) asked.headers.add(name, value);
  asked.body = body;
  asked.scheme = "https";
  asked.peer_address = "127.0.0.1";
  return asked;
}

node::http::response one_house::ask(std::string const& method, std::string const& target, header_list const& headers,
                                    std::string const& body) {
  return parts().public_side.answer(request_of(method, target, headers, body));
}

node::http::response one_house::ask_inside(node::http::request asked) { return parts().internal_side.answer(asked); }

std::string one_house::key_with(std::set<node::identity::role> const& roles) {
  return parts().api_keys->issue({"", "A system", "Example", id_, roles}, std::nullopt).value().text;
}

std::string one_house::same_key(std::set<node::identity::role> const& roles) {
  auto& key = keys_[roles];
  if (key.empty()) key = key_with(roles);
  return key;
}

node::http::response one_house::as(std::set<node::identity::role> const& roles, std::string const& method,
                                   std::string const& target, json const& body) {
  return ask(method, target, {{"X-API-Key", same_key(roles)}, {"Content-Type", "application/json"}},
             body.is_null() ? std::string{} : body.dump());
}

json json_of(node::http::response const& answer) { return json::parse(answer.body, nullptr, false); }

void write_json(fs::path const& file, json const& content) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << content.dump(2) << '\n';
}

std::string text_of_file(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  INFO(file.string());
  REQUIRE(in);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return std::move(bytes).str();
}

bool is_problem(node::http::response const& answer) {
  auto const said = json_of(answer);
  return answer.headers.get("Content-Type").starts_with("application/problem+json") && said.is_object() &&
         said.value("status", 0) == answer.status && !said.value("code", "").empty() &&
         !said.value("detail", "").empty();
}

one_house with_a_centre() {
  return one_house("FR", [](auto& settings) {
    know_the_centre(settings);
    settings.catalogue.records = EHDS_SOURCE_DIR "/node/demo/records/FR";
  });
}

}  // namespace ehds::tests
