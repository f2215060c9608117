// ehds-node as4 ping: beside a running node through its API, else by itself.
#include <catch2/catch.hpp>
#include <fstream>

#include "node/house/two_houses.hpp"
#include "node/verbs/program.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;

namespace {

// The configuration that the program reads, with the authority under which both nodes serve.
std::string config_of(two_houses& net, std::string const& id) {
  auto const file = net.write_config(id);
  auto content = json::parse(text_of_file(file));
  content["trusted_ca"] = (keys_of(id) / "ca.pem").string();
  write_json(file, content);
  return file;
}

std::string password_in(std::filesystem::path const& file) {
  std::ofstream(file) << test_password << '\n';
  return file.string();
}

}  // namespace

TEST_CASE("as4 ping asks the running node, which sends the test message itself") {
  fresh_folder const people;
  std::ofstream(people / "accounts.json") << accounts_json("FR");
  two_houses net([&](auto& settings) {
    if (settings.node.id == "FR") settings.accounts = people / "accounts.json";
  });
  auto const config = config_of(net, "FR");
  auto const secret = password_in(net.folder("FR") / "password");
  auto const doors = net.fr().house().addresses();
  auto const url = doors.at(0).substr(doors.at(0).find(' ') + 1);
  auto const ping = [&](std::string const& pmode, std::vector<std::string> more) {
    std::vector<std::string> words{"as4", "ping", config, "--pmode", pmode, "--url", url};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  std::vector<std::string> const operator_of_fr{"--account", "operator.FR", "--password-file", secret};
  auto const good = ping("FR-EU", operator_of_fr);
  INFO(good.complaint << good.output);
  CHECK(good.code == 0);
  CHECK(good.output.find("status           delivered\n") != std::string::npos);
  CHECK(good.output.find("signed by        ") != std::string::npos);
  CHECK(good.output.find(test_password) == std::string::npos);
  CHECK(is_one_sentence(ping("nothing", operator_of_fr), "P-Mode"));
  CHECK(is_one_sentence(ping("FR-EU", {"--account", "auditor.FR", "--password-file", secret}), "403"));
  CHECK(is_one_sentence(ping("FR-EU", {"--account", "nobody", "--password-file", secret}), "401"));

  // After three calls without an answer the partner is left alone for a while, and ping says so.
  net.stop("EU");
  std::string silent;
  for (int n = 0; n < 6 && silent.find("\npartner silent   for ") == std::string::npos; ++n)
    silent = ping("FR-EU", {"--account", "operator.FR", "--password-file", secret, "--wait", "1"}).output;
  INFO(silent);
  CHECK(silent.find(" calls: not called before 20") != std::string::npos);

  // Without an account it would have to open the store beside the node: it does not.
  auto const beside = run({"as4", "ping", config, "--pmode", "FR-EU"});
  CHECK(beside.code == 2);
  CHECK(is_one_sentence(beside, "the node is running on this folder"));
}

TEST_CASE("as4 ping of a node that does not run opens its store, and says when nobody answers") {
  two_houses net;
  auto const config = config_of(net, "FR");
  net.stop("FR");
  auto const good = run({"as4", "ping", config, "--pmode", "FR-EU", "--json"});
  INFO(good.complaint << good.output);
  REQUIRE(good.code == 0);
  auto const told = json::parse(good.output);
  CHECK(told.at("status") == "delivered");
  CHECK(told.at("receipt_id").get<std::string>().ends_with("@eu.as4.ehds"));
  CHECK(told.at("receipt_signer").get<std::string>().find("SHA-256") != std::string::npos);

  net.stop("EU");
  auto const silent = run({"as4", "ping", config, "--pmode", "FR-EU", "--wait", "1"});
  CHECK(silent.code == 1);
  CHECK(silent.output.find("status           waiting: EBMS:0005") != std::string::npos);
}

TEST_CASE("as4 says once how it is used, and a password that cannot be read is one sentence") {
  auto const usage = run({"as4"}).complaint;
  CHECK(usage.find("usage:") == usage.rfind("usage:"));
  CHECK(usage.find("\n       ehds-node as4 ping CONFIG") != std::string::npos);
  fresh_folder const folder;
  write_json(folder / "node.json", {{"node", {{"id", "FR"}, {"country", "FR"}, {"base_url", "http://127.0.0.1:1"}}},
                                    {"listen", json::array()},
                                    {"store", {{"folder", "store"}}},
                                    {"keys", {{"folder", "keys"}}}});
  for (std::string const password : {"/nowhere/password", "/"}) {
    auto const config = (folder / "node.json").string();
    for (auto const& words : std::vector<std::vector<std::string>>{
             {"as4", "ping", config, "--pmode", "x", "--account", "a", "--password-file", password},
             {"keys", "announce", config, "--for", "sign", "--account", "a", "--password-file", password}}) {
      auto const done = run(words);
      CHECK(done.code == 2);
      CHECK(is_one_sentence(done, password + " cannot be read"));
      CHECK(done.complaint.find("Mend: ") != std::string::npos);
    }
  }
}

TEST_CASE("as4 ping says how it is asked") {
  for (auto const& words : std::vector<std::vector<std::string>>{
           {"as4", "ping"},
           {"as4", "ping", "/nowhere"},
           {"as4", "ping", "/nowhere", "--pmode", "x", "--account", "operator"},
           {"as4", "ping", "/nowhere", "--pmode"},
       }) {
    auto const done = run(words);
    CHECK(done.code == 2);
    CHECK(done.complaint.find("usage: ehds-node as4 ping") != std::string::npos);
  }
  CHECK(is_one_sentence(run({"as4", "ping", "/nowhere", "--pmode", "x"}), "/nowhere"));
}
