// Verbs that look at a file: records, queries, permits, keys, configurations.
#include <catch2/catch.hpp>
#include <fstream>

#include "connectors/data/synthetic/country.hpp"
#include "connectors/data/synthetic/omop_world.hpp"
#include "node/house/one_house.hpp"
#include "node/identity/jws.hpp"
#include "node/identity/signing_key.hpp"
#include "node/verbs/program.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;

namespace {

std::string const source = EHDS_SOURCE_DIR;

// A query of the demonstration, about a dataset: there the story names it.
std::string query_file(fresh_folder const& folder, std::string const& name) {
  auto query = json::parse(text_of_file(source + "/node/demo/queries/" + name));
  query["dataset"] = "D-1";
  return file_with(folder, "query.json", query.dump());
}

}  // namespace

TEST_CASE("validate: 0 conforms, 1 does not, 2 cannot be read") {
  fresh_folder const folder;
  auto const good = run({"validate", source + "/node/demo/records/FR/FR-SNDS.ttl"});
  CHECK(good.code == 0);
  CHECK_FALSE(good.output.empty());
  auto const bad = run({"validate", source + "/node/demo/records/incomplete.ttl", "--json"});
  CHECK(bad.code == 1);
  auto const report = json::parse(bad.output);
  CHECK(report.at("conforms") == false);
  auto const missing = run({"validate", "/nowhere.ttl"});
  CHECK(missing.code == 2);
  CHECK(is_one_sentence(missing, "/nowhere.ttl"));
  for (auto const& name : {file_with(folder, "broken.ttl", "this is no Turtle"), folder.path().string()}) {
    auto const unread = run({"validate", name});
    INFO(name << unread.complaint);
    CHECK(unread.code == 2);
    CHECK(is_one_sentence(unread, ""));
  }
  CHECK(run({"validate", source + "/node/demo/records/FR/FR-SNDS.ttl", "--release", "r99"}).code == 2);
}

TEST_CASE("query sql prints a script in each dialect and runs nothing") {
  fresh_folder const folder;
  auto const* const dialect = GENERATE("sqlite", "postgresql", "trino");
  for (auto const* query : {"t2dm.snds.json", "t2dm.omop.json"}) {
    auto const done = run({"query", "sql", "--dialect", dialect, query_file(folder, query)});
    INFO(dialect << " " << query << " " << done.complaint);
    CHECK(done.code == 0);
    CHECK(done.output.find("SELECT") != std::string::npos);
    CHECK(done.complaint.empty());
  }
}

TEST_CASE("query sql: the hash alone, an unknown dialect, a query with faults, no query at all") {
  fresh_folder const folder;
  auto const query = query_file(folder, "t2dm.omop.json");
  auto const hash = run({"query", "sql", "--hash", query});
  CHECK(hash.code == 0);
  CHECK(hash.output.starts_with("sha256:"));
  CHECK(hash.output.size() == 7 + 64 + 1);
  CHECK(run({"query", "sql", "--dialect", "cobol", query}).code == 2);
  auto const faulty = run({"query", "sql", file_with(folder, "q.json", "{\"nonsense\": 1}")});
  CHECK(faulty.code == 1);
  CHECK(faulty.output.empty());
  CHECK(run({"query", "sql", "/nowhere.json"}).code == 2);
}

TEST_CASE("permit verify: the payload of a good one, 1 for another key or one changed letter") {
  fresh_folder const folder;
  auto const key = node::identity::signing_key::make();
  auto const jws = node::identity::sign_jws(R"({"permit_id":"FR-2026-0001"})", "permit+jwt", key);
  auto const keys = file_with(folder, "keys.json", node::identity::to_jwks({key.public_half()}));
  auto const others =
      file_with(folder, "others.json", node::identity::to_jwks({node::identity::signing_key::make().public_half()}));
  auto const good = run({"permit", "verify", file_with(folder, "permit.jws", jws + "\n"), "--jwks", keys});
  CHECK(good.code == 0);
  CHECK(json::parse(good.output).at("permit_id") == "FR-2026-0001");
  CHECK(run({"permit", "verify", folder / "permit.jws", "--jwks", others}).code == 1);
  CHECK(run({"permit", "verify", folder / "permit.jws", "--jwks", keys, "--type", "other+jwt"}).code == 1);
  for (auto const at : {jws.find('.') + 3, jws.rfind('.') + 3}) {
    auto changed = jws;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    auto const bad = run({"permit", "verify", file_with(folder, "bad.jws", changed), "--jwks", keys});
    CHECK(bad.code == 1);
    CHECK(bad.output.empty());
    CHECK(is_one_sentence(bad, ""));
  }
  CHECK(run({"permit", "verify", folder / "permit.jws"}).code == 2);
  CHECK(run({"permit", "verify", folder / "permit.jws", "--jwks", file_with(folder, "no.json", "{")}).code == 2);
}

TEST_CASE("keys: an authority, a node's keys, and a list of what is there") {
  fresh_folder const folder;
  auto const keys = keys_of("FR");
  auto const shown = run({"keys", "show", keys.string()});
  CHECK(shown.code == 0);
  for (auto const* file : {"sign.pem", "encrypt.pem", "tls.pem"}) CHECK(shown.output.find(file) != std::string::npos);
  CHECK(shown.output.find("PRIVATE") == std::string::npos);
  CHECK(run({"keys", "show", "/nowhere"}).code == 1);
  CHECK(run({"keys", "issue", folder / "x", "--ca", "/nowhere", "--node", "FR", "--country", "FR"}).code == 1);
  CHECK(run({"keys", "issue", folder / "x", "--node", "FR"}).code == 2);
  CHECK(run({"keys", "melt", "x"}).code == 2);
}

TEST_CASE("keys init-ca and keys issue say what they made and what they kept") {
  fresh_folder const folder;
  std::string const ca = folder / "ca";
  std::string const keys = folder / "keys";
  auto const made = run({"keys", "init-ca", ca});
  CHECK(made.output == "the authority is in " + ca + "; made: ca.key, ca.pem; kept, since it was there: nothing\n");
  auto const again = run({"keys", "init-ca", ca});
  CHECK(again.output == "the authority is in " + ca + "; made: nothing; kept, since it was there: ca.key, ca.pem\n");
  auto const issue = [&] {
    return run({"keys", "issue", keys, "--ca", ca, "--node", "FR", "--country", "FR", "--hosts", "localhost"}).output;
  };
  CHECK(issue().ends_with("kept, since it was there: nothing\n"));
  std::filesystem::remove(keys + "/tls.pem");  // half a pair is made anew
  auto const mended = issue();
  CHECK(mended.find("; made: tls.key, tls.pem; kept, ") != std::string::npos);
  CHECK(mended.find("sign.key") != std::string::npos);
}

TEST_CASE("config: a good one, all findings of a bad one, and the published schema") {
  fresh_folder const folder;
  auto const schema = run({"config", "schema"});
  CHECK(schema.code == 0);
  CHECK(json::parse(schema.output).contains("properties"));
  json content{{"node", {{"id", "FR"}, {"country", "FR"}}},
               {"listen", {{{"port", 0}}}},
               {"store", {{"folder", "store"}}},
               {"keys", {{"folder", keys_of("FR").string()}}},
               {"policy_pack", source + "/policies/packs/fr.json"}};
  auto const good = file_with(folder, "good.json", content.dump());
  auto const checked = run({"config", "check", good});
  INFO(checked.complaint);
  CHECK(checked.code == 0);
  auto const bad = run({"config", "check", file_with(folder, "bad.json", R"({"nod": 1, "listen": 5})")});
  CHECK(bad.code == 1);
  CHECK(bad.complaint.find("/nod") != std::string::npos);
  CHECK(bad.complaint.find("/listen") != std::string::npos);
  CHECK(run({"config", "check", "/nowhere.json"}).code == 1);
}

TEST_CASE("config check refuses what serve refuses, in the same words") {
  fresh_folder const folder;
  json config{{"node", {{"id", "FR"}, {"country", "FR"}}},
              {"listen", {{{"port", 0}}}},
              {"store", {{"folder", "store"}}},
              {"keys", {{"folder", keys_of("FR").string()}}},
              {"partners", {{"file", "partners.json"}, {"pmodes", "pmodes"}}}};
  write_json(folder / "partners.json", {{"partnerz", json::array()}});
  write_json(folder / "pmodes/one.json", {{"pmodes", {{{"id", 1}}}}});
  auto const file = file_with(folder, "node.json", config.dump());
  auto const checked = run({"config", "check", file});
  auto const served = run({"serve", "--config", file});
  CHECK(checked.code == 1);
  CHECK(served.code == 1);
  CHECK(checked.complaint == served.complaint);
  for (auto const* place : {"/policy_pack", "/partners/file", "/partners/pmodes (one.json/pmodes/0/id)"}) {
    INFO(checked.complaint);
    CHECK(checked.complaint.find("(at " + std::string(place)) != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(folder / "store"));
}

namespace {

// A configuration with records, in a folder of its own.
struct with_records {
  fresh_folder folder;
  std::string file = folder / "node.json";
  with_records(json const& release, json const& health_data) {
    std::filesystem::create_directories(folder / "records");
    write_json(file, {{"node", {{"id", "FI"}, {"country", "FI"}}},
                      {"listen", {{{"port", 0}}}},
                      {"store", {{"folder", "store"}}},
                      {"keys", {{"folder", keys_of("FI").string()}}},
                      {"policy_pack", source + "/policies/packs/fi.json"},
                      {"catalogue", {{"records", "records"}, {"release", release}}},
                      {"health_data", health_data}});
  }
};

}  // namespace

TEST_CASE("config check knows a release that serve does not know, and records that it would not take") {
  with_records const of_no_release("r99", json::array());
  auto const unknown = run({"config", "check", of_no_release.file});
  CHECK(is_one_sentence(unknown, "(at /catalogue/release)"));
  CHECK(unknown.code == 1);
  CHECK(run({"serve", "--config", of_no_release.file}).complaint == unknown.complaint);

  with_records const node("r8", json::array());
  CHECK(run({"config", "check", node.file}).code == 0);
  std::ofstream(node.folder / "records/broken.ttl") << "<a> <b> \"no end";
  bool const is_begun = GENERATE(false, true);
  if (is_begun) write_json(node.folder / "store/node.sqlite", "some store");
  auto const broken = run({"config", "check", node.file});
  CHECK(broken.code == 1);
  CHECK(is_one_sentence(broken, "(at /catalogue/records (broken.ttl: "));
  if (!is_begun) CHECK(run({"serve", "--config", node.file}).complaint == broken.complaint);
}

TEST_CASE("config check warns of health data without a record, for an editor may bring it") {
  fresh_folder const data;
  connectors::synthetic::write_omop_world({connectors::synthetic::find_country("FI").value(), 3, 200},
                                          data / "omop.sqlite", {});
  with_records const node("r8", {{{"dataset", "FI-HILMO"},
                                  {"profile", "omop-5.4"},
                                  {"engine", "sqlite"},
                                  {"path", (data / "omop.sqlite").string()}}});
  auto const warned = run({"config", "check", node.file});
  CHECK(warned.code == 0);
  CHECK(is_one_sentence(warned, "warning: The dataset FI-HILMO has no record"));
  std::filesystem::copy(source + "/node/demo/records/FI", node.folder / "records");
  CHECK(run({"config", "check", node.file}).complaint.empty());
}
