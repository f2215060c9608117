// What keeps a node from starting: one clear sentence each, and an exit code that is not zero.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "node/house/one_house.hpp"
#include "node/verbs/program.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

json door(int port) {
  auto const keys = keys_of("FR").string();
  return json::array({{{"address", "127.0.0.1"},
                       {"port", port},
                       {"serves", "public"},
                       {"tls", {{"certificate", keys + "/tls.pem"}, {"private_key", keys + "/tls.key"}}}}});
}

json good_config() {
  return {{"node", {{"id", "FR"}, {"country", "FR"}}},
          {"listen", door(0)},
          {"store", {{"folder", "store"}}},
          {"keys", {{"folder", keys_of("FR").string()}}},
          {"policy_pack", EHDS_SOURCE_DIR "/policies/packs/fr.json"}};
}

// Serves until it is told to end; here it must not get so far.
ran start(fresh_folder const& folder, json const& config) {
  write_json(folder / "node.json", config);
  return run({"serve", "--config", (folder / "node.json").string()});
}

void check_refused(ran const& done, std::string const& naming) {
  INFO(done.complaint);
  CHECK(done.code != 0);
  CHECK(done.code < 124);
  CHECK(is_one_sentence(done, naming));
  CHECK(done.output.find("ready") == std::string::npos);
}

}  // namespace

TEST_CASE("a wrong key in the configuration") {
  fresh_folder const folder;
  auto config = good_config();
  config["nodes"] = 1;
  check_refused(start(folder, config), "/nodes");
}

TEST_CASE("a certificate that cannot be read") {
  fresh_folder const folder;
  auto config = good_config();
  config["listen"][0]["tls"]["certificate"] = (folder / "no.pem").string();
  std::ofstream(folder / "no.pem") << "this is no certificate";
  check_refused(start(folder, config), "no.pem");
}

TEST_CASE("config check and serve warn of the same") {
  fresh_folder const folder;
  fs::create_directories(folder / "pmodes");
  auto config = good_config();
  config["back_ends"] = json::array({{{"name", "erp"}, {"takes", {{{"service", "urn:orders"}}}}}});
  config["partners"] = {{"pmodes", "pmodes"}};
  write_json(folder / "node.json", config);
  auto const checked = run({"config", "check", (folder / "node.json").string()});
  CHECK(checked.code == 0);
  CHECK(checked.output == "the configuration is good\n");
  CHECK(is_one_sentence(checked, "warning: Back ends are listed"));
  config["store"]["folder"] = "node.json";  // so that serve ends
  auto const served = start(folder, config);
  CHECK(served.code == 1);
  CHECK(served.complaint.starts_with(checked.complaint));
}

TEST_CASE("fewer open files than connections are warned of") {
  fresh_folder const folder;
  write_json(folder / "node.json", good_config());
  auto const shell = "ulimit -n 1024; exec " EHDS_PROGRAM " config check " + (folder / "node.json").string() +
                     " >/dev/null 2>" + (folder / "said").string();
  REQUIRE(std::system(shell.c_str()) == 0);
  ran const checked{0, "", text_of_file(folder / "said")};
  INFO(checked.complaint);
  CHECK(is_one_sentence(checked, "warning: This system grants 1024 open files, fewer than 4096 connections"));
}

TEST_CASE("keys that are not there") {
  fresh_folder const folder;
  auto config = good_config();
  config["keys"]["folder"] = (folder / "nokeys").string();
  check_refused(start(folder, config), "nokeys");
}

TEST_CASE("a port that somebody else has") {
  int const taken = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  REQUIRE(bind(taken, reinterpret_cast<sockaddr*>(&at), size) == 0);
  REQUIRE(listen(taken, 1) == 0);
  REQUIRE(getsockname(taken, reinterpret_cast<sockaddr*>(&at), &size) == 0);
  fresh_folder const folder;
  auto config = good_config();
  config["listen"] = door(ntohs(at.sin_port));
  check_refused(start(folder, config), std::to_string(ntohs(at.sin_port)));
  close(taken);
}

TEST_CASE("a record file that is damaged, and one that does not conform") {
  fresh_folder const folder;
  fs::create_directories(folder / "records");
  auto config = good_config();
  config["catalogue"] = {{"records", (folder / "records").string()}};
  std::ofstream(folder / "records/damaged.ttl") << "<a> <b> \"no end";
  check_refused(start(folder, config), "damaged.ttl");
  fs::remove(folder / "records/damaged.ttl");
  fs::copy_file(EHDS_SOURCE_DIR "/node/demo/records/incomplete.ttl", folder / "records/incomplete.ttl");
  auto const incomplete = start(folder, config);
  CHECK(incomplete.code == 1);
  CHECK(incomplete.complaint.find("incomplete.ttl") != std::string::npos);
}

TEST_CASE("a policy pack that is not there or no pack") {
  fresh_folder const folder;
  auto config = good_config();
  config["policy_pack"] = (folder / "pack.json").string();
  check_refused(start(folder, config), "pack.json");
  std::ofstream(folder / "pack.json") << "{}";
  auto const empty = start(folder, config);
  CHECK(empty.code == 1);
  CHECK(empty.complaint.starts_with("ehds-node: "));
}

TEST_CASE("health data that is not there, or under a model that nobody knows") {
  fresh_folder const folder;
  auto config = good_config();
  config["health_data"] = json::array(
      {{{"dataset", "FR-SNDS"}, {"profile", "flat:snds"}, {"engine", "sqlite"}, {"path", folder / "data.sqlite"}}});
  check_refused(start(folder, config), "data.sqlite");
  std::ofstream(folder / "data.sqlite") << "";
  config["health_data"][0]["profile"] = "mumps";
  check_refused(start(folder, config), "mumps");
}

TEST_CASE("a store that is some other file, or cannot be made") {
  fresh_folder const folder;
  auto config = good_config();
  config["store"]["folder"] = "/proc/store";
  check_refused(start(folder, config), "/proc/store");
  fs::create_directories(folder / "store");
  std::ofstream(folder / "store/node.sqlite") << std::string(5000, 'x');
  config["store"]["folder"] = "store";
  check_refused(start(folder, config), "node.sqlite");
}

TEST_CASE("accounts, partners and P-Modes that are no such thing") {
  fresh_folder const folder;
  std::ofstream(folder / "list.json") << "[1]";
  auto config = good_config();
  config["accounts"] = "list.json";
  check_refused(start(folder, config), "");
  config.erase("accounts");
  config["partners"] = {{"file", "list.json"}};
  check_refused(start(folder, config), "list.json");
  fs::create_directories(folder / "pmodes");
  std::ofstream(folder / "pmodes/one.json") << "{\"pmodes\": [{}]}";
  config["partners"] = {{"pmodes", "pmodes"}};
  auto const wrong = start(folder, config);
  CHECK(wrong.code == 1);
  CHECK(wrong.complaint.find("one.json") != std::string::npos);
}
