// Verbs that look into the store of a node: its audit log and its ledger; and a raw message that it kept.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "node/house/one_house.hpp"
#include "node/house/two_houses.hpp"
#include "node/verbs/program.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;

TEST_CASE("audit verify: a whole log, a witness, an export, and one flipped byte") {
  two_houses net;
  net.publish("FR-SNDS");
  auto const store = (net.folder("FR") / "store/node.sqlite").string();
  auto const keys = net.folder("FR") / "audit.keys";
  auto const witness = net.folder("FR") / "witness";
  std::ofstream(keys) << net.fr().ask("GET", "/audit/key").body;
  std::ofstream(witness) << net.fr().ask("GET", "/audit/checkpoint").body;
  auto const good = run({"audit", "verify", store, "--keys", keys.string(), "--witness", witness.string()});
  INFO(good.complaint);
  CHECK(good.code == 0);
  CHECK(good.output.find("the log is whole") != std::string::npos);

  auto const exported = run({"audit", "export", store});
  auto const file = net.folder("FR") / "log.jsonl";
  std::ofstream(file, std::ios::binary) << exported.output;
  CHECK(run({"audit", "verify", file.string(), "--keys", keys.string()}).code == 0);
  auto changed = exported.output;
  changed[changed.find("record.put") + 1] = 'X';
  std::ofstream(file, std::ios::binary) << changed;
  auto const bad = run({"audit", "verify", file.string(), "--keys", keys.string()});
  CHECK(bad.code == 1);
  CHECK(bad.output.find("NOT whole") != std::string::npos);

  net.stop();
  auto const copy = net.folder("FR") / "copy.sqlite";
  // The newest entries are still in the write-ahead log: the copy has all of them in one file.
  auto const copying = "sqlite3 '" + store + "' \"VACUUM INTO '" + copy.string() + "'\"";
  REQUIRE(std::system(copying.c_str()) == 0);  // NOLINT: our own words
  auto bytes = text_of_file(copy);
  auto const at = bytes.find("record.publish");
  REQUIRE(at != std::string::npos);
  bytes[at] = 'R';
  std::ofstream(copy, std::ios::binary) << bytes;
  auto const flipped = run({"audit", "verify", copy.string(), "--keys", keys.string()});
  CHECK(flipped.code == 1);
  INFO(flipped.output << flipped.complaint);
  CHECK(flipped.output.find("NOT whole") != std::string::npos);
  CHECK(run({"audit", "verify", "/nowhere.sqlite", "--keys", keys.string()}).code == 2);
  CHECK(run({"audit", "verify", (net.folder("FR") / "store").string(), "--keys", keys.string()}).code == 0);
  CHECK(is_one_sentence(run({"audit", "verify", store}), "--keys"));
  CHECK(run({"audit", "verify", store, "--keys", (keys_of("FR") / "audit.verifier").string()}).code == 0);
  for (auto const* likely : {"authority.jwks", "audit.key"}) {
    auto const wrong = run({"audit", "verify", store, "--keys", (keys_of("FR") / likely).string()});
    INFO(wrong.complaint);
    CHECK(wrong.code == 2);
    CHECK(wrong.output.empty());
    CHECK(is_one_sentence(wrong, likely));
    CHECK(is_one_sentence(wrong, "at /audit/key (on the node itself the file audit.verifier"));
  }
}

TEST_CASE("ledger lists and shows what was said; as4 open reads a message that was kept") {
  two_houses net;
  auto const message = net.publish("FR-SNDS");
  auto const config = net.write_config("EU");
  auto const list = run({"ledger", "list", "--config", config});
  INFO(list.complaint);
  CHECK(list.code == 0);
  CHECK(list.output.starts_with("seq\tat\tdirection"));
  CHECK(list.output.find(message) != std::string::npos);
  CHECK(list.output.find("createDataset") != std::string::npos);
  auto const one = run({"ledger", "show", message, "--config", config});
  CHECK(one.code == 0);
  CHECK(one.output.find("content sha256") != std::string::npos);
  auto const none = run({"ledger", "show", "nothing", "--config", config});
  CHECK(none.code == 1);
  CHECK(is_one_sentence(none, "no message"));
  CHECK(run({"ledger", "list", "--config", "/nowhere"}).code == 2);

  auto const raw = net.folder("EU") / "message";
  std::ofstream(raw, std::ios::binary) << net.raw_at_centre(message);
  auto const opened = run({"as4", "open", raw.string(), "--config", config});
  INFO(opened.output << opened.complaint);
  CHECK(opened.code == 0);
  auto const said = json::parse(opened.output);
  CHECK(said.at("outcome") == "accepted");
  CHECK(said.at("messageId") == message);
  CHECK(said.at("parts").size() == 1);
  auto const later = run({"as4", "open", raw.string(), "--config", config, "--at", "2055-01-01T00:00:00Z"});
  CHECK(later.code == 1);
  CHECK(is_one_sentence(run({"as4", "open", raw.string(), "--config", config, "--at", "noon"}), "--at"));
  auto bytes = text_of_file(raw);
  auto const at = bytes.size() - 200;
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  std::ofstream(raw, std::ios::binary) << bytes;
  auto const refused = run({"as4", "open", raw.string(), "--config", config});
  CHECK(refused.code == 1);
  CHECK(json::parse(refused.output).at("outcome") == "refused");

  auto const explained = run({"as4", "open", raw.string(), "--config", config, "--explain"});
  CHECK(explained.code == 1);
  for (auto const* step : {"MIME body: ok", "P-Mode: ok", "certificate of the signer: ok", "signature value: ok",
                           "reference cid:", "digest computed: ", "encrypted key ", "payload cid:", "verdict: WRONG",
                           "told to the peer: EBMS:0102"}) {
    INFO(step << " in " << explained.output);
    CHECK(explained.output.find(step) != std::string::npos);
  }
  auto const whole = run({"as4", "open", raw.string(), "--config", config, "--explain", "--json"});
  CHECK(json::parse(whole.output).at("outcome") == "refused");
  CHECK(json::parse(whole.output).at("explanation").at("steps").back().at("step") == "verdict");
}
