// ehds-node keys announce: the running node tells its partners of the certificate that was imported.
#include <catch2/catch.hpp>
#include <fstream>

#include "edelivery/certificate_update/agreement_update.hpp"
#include "node/house/next_key.hpp"
#include "node/house/two_houses.hpp"
#include "node/http/server.hpp"
#include "node/identity/joining.hpp"
#include "node/verbs/program.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

struct announcing_house {
  fresh_folder keys;
  fresh_folder people;
  two_houses net;
  std::string config;
  std::string url;
  std::string secret;

  announcing_house() : net(changing()) {
    config = net.write_config("FR");
    auto content = json::parse(text_of_file(config));
    content["trusted_ca"] = (keys_of("FR") / "ca.pem").string();
    write_json(config, content);
    auto const doors = net.fr().house().addresses();
    url = doors.at(0).substr(doors.at(0).find(' ') + 1);
    secret = (people / "password").string();
    std::ofstream(secret) << test_password << '\n';
  }
  std::function<void(node::config::configuration&)> changing() {
    fs::copy(keys_of("FR"), keys / "FR");
    std::ofstream(people / "accounts.json") << accounts_json("FR");
    return [this](node::config::configuration& settings) {
      auto modes = json::parse(text_of_file(settings.partners.pmodes / "one.json"));
      modes["pmodes"][0]["id"] = modes["pmodes"][0]["id"].get<std::string>() + "-updates";
      modes["pmodes"][0]["service"] = {{"value", edelivery::certificate_update_service}};
      write_json(settings.partners.pmodes / "updates.json", modes);
      if (settings.node.id != "FR") return;
      settings.keys = keys / "FR";
      settings.accounts = people / "accounts.json";
    };
  }
  void bring_next() { bring_next_signing_key(keys / "FR"); }
  auto announce(std::vector<std::string> more, std::string const& account = "operator.FR") {
    std::vector<std::string> words{"keys",  "announce",        config, "--url", url, "--account",
                                   account, "--password-file", secret};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
};

}  // namespace

TEST_CASE("keys announce has the running node tell its partners, and says what it cannot tell") {
  announcing_house a;
  CHECK(is_one_sentence(a.announce({"--for", "sign"}), "keys import"));  // nothing was imported
  a.bring_next();
  auto const good = a.announce({"--for", "sign"});
  INFO(good.complaint << good.output);
  CHECK(good.code == 0);
  auto const next = node::identity::find_coming(a.keys / "FR", "sign").value().next.front();
  CHECK(good.output.starts_with("announced to EU, number 1\n  agreement FR-EU-updates, active from 20"));
  CHECK(good.output.find("counts until it ends\n  " + next.subject() + ", valid from " + to_rfc3339(next.not_before()) +
                         " to " + to_rfc3339(next.not_after()) + ", sha256 " + next.fingerprint() + "\n") !=
        std::string::npos);
  auto const late = a.announce({"--for", "sign", "--activate-by", "2020-01-01T00:00:00Z"});
  CHECK(late.code == 1);
  CHECK(late.output.starts_with("not to EU: "));
  CHECK(late.output.find("Give a time in the future") != std::string::npos);
  CHECK(is_one_sentence(a.announce({"--for", "sign,tls"}), "keys roll"));
  CHECK(is_one_sentence(a.announce({"--for", "sign", "--partner", "DE"}), "P-Mode"));
  CHECK(is_one_sentence(a.announce({"--for", "sign"}, "auditor.FR"), "403"));
}

TEST_CASE("keys announce says of each partner's announcement its own dates") {
  announcing_house a;
  a.bring_next();
  REQUIRE(a.announce({"--for", "sign"}).code == 0);
  auto const by = to_rfc3339(std::chrono::floor<std::chrono::seconds>(system_clock{}.now()) + std::chrono::days{20});
  auto const until = to_rfc3339(std::chrono::floor<std::chrono::seconds>(system_clock{}.now()) + std::chrono::days{40});
  auto const second = a.announce({"--for", "sign", "--activate-by", by, "--expire-by", until});
  INFO(second.complaint << second.output);
  CHECK(second.output.starts_with("announced to EU, number 2\n"));
  CHECK(second.output.find("active from " + by + ", the one before counts until " + until + "\n") != std::string::npos);
  CHECK(second.output.find("until it ends") == std::string::npos);
}

TEST_CASE("keys announce says how it is asked") {
  for (auto const& words : std::vector<std::vector<std::string>>{
           {"keys", "announce"},
           {"keys", "announce", "/nowhere", "--for", "sign"},
           {"keys", "announce", "/nowhere", "--account", "a", "--password-file", "b"},
           {"keys", "announce", "/nowhere", "--for", "sign", "--account", "a"},
       }) {
    auto const done = run(words);
    CHECK(done.code == 2);
    CHECK(done.complaint.find("usage: ehds-node keys announce") != std::string::npos);
  }
}

TEST_CASE("keys announce sends what it was given and nothing else: what is left out is the node's to choose") {
  fresh_folder const folder;
  system_clock const wall;
  node::http::io_thread io;
  node::http::router doors;
  json sent;
  doors.add("POST", "/api/session", [](auto&) { return node::http::json(R"({"token": "t"})"); });
  doors.add("POST", "/api/certificate-updates", [&](node::http::request const& asked) {
    sent = json::parse(asked.body);
    return node::http::json(R"({"announced": [], "not_announced": []})");
  });
  auto const served = node::http::server::bind(io, {{{}}}, wall).value();
  served->start({{"public", doors.as_application()}});
  write_json(folder / "node.json", {{"node", {{"id", "FR"}, {"country", "FR"}}},
                                    {"listen", {{{"port", 0}}}},
                                    {"store", {{"folder", "store"}}},
                                    {"keys", {{"folder", keys_of("FR").string()}}}});
  auto const announce = [&](std::vector<std::string> const& more) {
    std::vector<std::string> words{"keys",
                                   "announce",
                                   folder / "node.json",
                                   "--url",
                                   served->listeners().front().url(),
                                   "--account",
                                   "ada",
                                   "--password-file",
                                   file_with(folder, "password", "long enough"),
                                   "--for",
                                   "sign,encrypt"};
    words.insert(words.end(), more.begin(), more.end());
    auto const done = run(words);
    INFO(done.complaint);
    CHECK(done.code == 0);
    return sent;
  };
  json const keys{"sign", "encrypt"};
  CHECK(announce({}) == json{{"keys", keys}});
  CHECK(announce({"--partner", "EU", "--expire-by", "2027-01-31T12:00:00Z"}) ==
        json{{"keys", keys}, {"partner", "EU"}, {"expire_by", "2027-01-31T12:00:00Z"}});
  CHECK(announce({"--another-subject"}) == json{{"keys", keys}, {"another_subject", true}});
  served->stop(std::chrono::seconds{1});
}
