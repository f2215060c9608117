// What each process of the network is given: keys from a demonstration authority, a configuration, accounts, P-Modes,
// the dataset records of its country and its health data. A fresh story starts with empty stores; keys and data are
// kept.
#include <algorithm>
#include <fstream>

#include "node/demo/network.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

void write(fs::path const& file, json const& content) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << content.dump(2) << '\n';
}

void run_tool(std::vector<std::string> const& command) {
  auto const done = run_to_end(command);
  must(done.code == 0, command.front() + " failed: " + done.output);
}

json account(std::string const& name, std::string const& node, std::vector<std::string> const& roles) {
  return {{"id", name + "." + node},
          {"display_name", name + " of " + node},
          {"organisation", node == "EU" ? "University of Somewhere" : "Health data access body"},
          {"country", node},
          {"roles", roles},
          {"password", {{"text", demo_password}}}};
}

json accounts_of(std::string const& node) {
  json list = json::array({account("operator", node, {"operator"}), account("auditor", node, {"auditor"}),
                           account("editor", node, {"catalogue_editor"})});
  if (node == "EU") {
    list.push_back(account("researcher", node, {"applicant"}));
  } else {
    for (auto const* role : {"screener", "assessor", "decider"}) list.push_back(account(role, node, {role}));
    list.push_back(account("preparer", node, {"data_preparer"}));
    list.push_back(account("releaser", node, {"data_preparer"}));
  }
  return {{"accounts", list}};
}

json pmode(planned_node const& us, planned_node const& partner, std::string const& service, json const& actions) {
  return {{"id", us.id + "-" + partner.id + (service.find("federated") != std::string::npos ? "-queries" : "")},
          {"service", {{"value", service}, {"type", "urn:ehds:service"}}},
          {"actions", actions},
          {"us", {{"id", us.id}}},
          {"partner", {{"id", partner.id}}},
          {"address", partner.url() + "/as4"},
          {"certificates",
           {{"partner_signing", {"../../" + partner.id + "/keys/sign.pem"}},
            {"partner_encryption", "../../" + partner.id + "/keys/encrypt.pem"}}},
          {"retry", {{"initial_delay_seconds", 1}, {"factor", 1.5}, {"max_delay_seconds", 5}}}};
}

std::string clean(fs::path const& path) { return fs::absolute(path).lexically_normal().string(); }

}  // namespace

void network::prepare() {
  fs::create_directories(how_.folder);
  for (auto const* name : {"EU", "FR", "FR-data", "FI", "DK", "platform"}) {
    if (!how_.keep) {
      fs::remove_all(folder_of(name) / "store");
      fs::remove(folder_of(name) / "log.txt");
    }
    fs::create_directories(folder_of(name));
  }
  if (!how_.keep) fs::remove_all(folder_of("platform"));
  fs::create_directories(folder_of("platform"));
  count_runs();
  make_keys();
  make_health_data();
  write_configurations();
  connect();
}

void network::count_runs() {
  auto const file = how_.folder / "run";
  int last = 0;
  if (how_.keep) std::ifstream(file) >> last;
  run_ = last + 1;
  std::ofstream(file) << run_ << '\n';
}

void network::make_keys() {
  auto const ca = how_.folder / "ca";
  if (!fs::exists(ca / "ca.pem")) run_tool({how_.program.string(), "keys", "init-ca", ca.string()});
  auto const issue = [&](std::string const& id, std::string const& country, std::string const& host) {
    if (fs::exists(folder_of(id) / "keys" / "tls.pem")) return;
    run_tool({how_.program.string(), "keys", "issue", (folder_of(id) / "keys").string(), "--ca", ca.string(), "--node",
              id, "--country", country, "--hosts", host + ",localhost"});
  };
  for (auto const& [id, node] : nodes_) issue(id, id, node.address);
  issue("FR-data", "FR", "127.0.0.2");
}

bool network::has_health_data(std::string const& country) const {
  auto const file = health_data(country);
  std::string persons;
  std::ifstream(file.string() + ".persons") >> persons;
  return fs::exists(file) && persons == std::to_string(how_.persons);
}

bool network::lacks_health_data() const {
  return !std::ranges::all_of(countries(), [this](auto const& country) { return has_health_data(country); });
}

void network::make_health_data() {
  fs::create_directories(how_.folder / "health_data");
  int seed = 1;
  for (auto const& country : countries()) {
    auto const file = health_data(country);
    ++seed;
    if (has_health_data(country)) continue;
    tell_quiet("making " + std::to_string(how_.persons) + " persons who do not exist for " + country);
    fs::remove(file);
    run_tool({(how_.program.parent_path() / "ehds-synthetic").string(), "--model", country == "FR" ? "snds" : "omop",
              "--persons", std::to_string(how_.persons), "--seed", std::to_string(seed), "--country", country, "--out",
              file.string()});
    std::ofstream(file.string() + ".persons") << how_.persons;
  }
}

void network::write_configurations() {
  for (auto const& [id, node] : nodes_) {
    write_agreements(node);
    write(folder_of(id) / "accounts.json", accounts_of(id));
    write_configuration(node);
  }
  write_zone_configuration();
}

// The star with the centre; beside it the partners' own agreement, which carries queries and nothing else.
void network::write_agreements(planned_node const& node) {
  json partners = json::array();
  json modes = json::array();
  for (auto const& [other, partner] : nodes_) {
    if (other == node.id) continue;
    partners.push_back({{"nation_id", other}, {"party_id", other}});
    bool const star = node.role == "central" || other == "EU";
    modes.push_back(
        star ? pmode(node, partner, "urn:healthdata-eu:secondary-use", json::array())
             : pmode(node, partner, "urn:ehds:federated-query",
                     json::array({"submitQuery", "queryStatus", "releasedTable", "queryRefused", "validationResult"})));
  }
  write(folder_of(node.id) / "partners.json", {{"partners", partners}});
  write(folder_of(node.id) / "pmodes" / "pmodes.json", {{"pmodes", modes}});
}

json network::health_data_section(std::string const& country) const {
  auto const* const dataset = country == "FR" ? "FR-SNDS" : country == "FI" ? "FI-HILMO" : "DK-LPR";
  return json::array({{{"dataset", dataset},
                       {"profile", country == "FR" ? "flat:snds" : "omop-5.4"},
                       {"engine", "sqlite"},
                       {"path", clean(health_data(country))}}});
}

std::string network::policy_pack_of(std::string const& country) const {
  auto const* const name = country == "FR" ? "fr.json" : country == "FI" ? "fi.json" : "dk.json";
  return clean(how_.source / "policies" / "packs" / name);
}

void network::write_configuration(planned_node const& node) {
  auto const& id = node.id;
  bool const central = node.role == "central";
  json const tls{{"certificate", "keys/tls.pem"}, {"private_key", "keys/tls.key"}};
  json listen = json::array({{{"address", node.address}, {"port", node.port}, {"serves", "public"}, {"tls", tls}}});
  if (node.internal_port != 0) {
    json inner = tls;
    inner["client_ca"] = "keys/ca.pem";
    inner["client_certificates"] = "required";
    listen.push_back({{"address", node.address}, {"port", node.internal_port}, {"serves", "internal"}, {"tls", inner}});
  }
  json config{{"node",
               {{"id", id},
                {"name", node.name},
                {"country", id},
                {"role", node.role},
                {"zone", node.zone},
                {"base_url", node.url()}}},
              {"listen", listen},
              {"store", {{"folder", "store"}}},
              {"keys", {{"folder", "keys"}}},
              {"authority", {{"name", node.authority}}},
              {"accounts", "accounts.json"},
              {"partners", {{"file", "partners.json"}, {"pmodes", "pmodes"}, {"routing", central ? "star" : "mesh"}}},
              {"trusted_ca", "keys/ca.pem"},
              {"clock", {{"adjustable", true}}},
              // A folder of other systems' messages may be brought: each is to get its answer.
              {"limits", {{"unproven_at_once", 10'000}}}};
  if (!central) {
    config["catalogue"] = {{"records", clean(file("records/" + id))}};
    config["policy_pack"] = policy_pack_of(id);
  }
  if (node.zone == "all") config["health_data"] = health_data_section(id);
  if (id == "FR") config["platform"] = {{"url", "http://127.0.0.2:" + std::to_string(platform_port_) + "/handovers"}};
  write(folder_of(id) / "node.json", config);
}

void network::write_zone_configuration() {
  json const edge{{"url", "https://127.0.0.2:" + std::to_string(nodes_.at("FR").internal_port)},
                  {"ca", "keys/ca.pem"},
                  {"certificate", "keys/tls.pem"},
                  {"private_key", "keys/tls.key"},
                  {"authority_keys", "../FR/keys/authority.jwks"}};
  write(folder_of("FR-data") / "node.json", {{"node",
                                              {{"id", "FR-data"},
                                               {"name", "Data zone of France (demonstration)"},
                                               {"country", "FR"},
                                               {"role", "national"},
                                               {"zone", "data"}}},
                                             {"store", {{"folder", "store"}}},
                                             {"keys", {{"folder", "keys"}}},
                                             {"policy_pack", policy_pack_of("FR")},
                                             {"health_data", health_data_section("FR")},
                                             {"clock", {{"adjustable", true}}},
                                             {"edge", edge}});
}

}  // namespace ehds::node::demo
