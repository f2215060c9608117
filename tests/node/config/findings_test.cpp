// Every finding that a wrong configuration brings, as one golden table: place, sentence and mend.
// EHDS_ACCEPT=1 writes what is said now as what is expected from now on.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "node/config/configuration.hpp"
#include "node/config/schema.hpp"

using namespace ehds;
using namespace ehds::node::config;
using nlohmann::ordered_json;

namespace {

ordered_json good() {
  return ordered_json::parse(R"({
    "node": {"id": "FR", "name": "France", "country": "FR", "role": "national", "zone": "all",
             "base_url": "https://127.0.0.2:8443"},
    "listen": [{"address": "127.0.0.2", "port": 8443, "serves": "public",
                "tls": {"certificate": "a.pem", "private_key": "a.key", "client_ca": "ca.pem",
                        "client_certificates": "wanted"}},
               {"address": "127.0.0.2", "port": 8444, "serves": "internal"}],
    "tls": {"minimum_version": "1.2", "suites": ["TLS_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
            "groups": ["x25519"]},
    "store": {"folder": "store"},
    "keys": {"folder": "keys", "device": {"module": "module.so", "pin": {"env": "TOKEN"}}},
    "accounts": "accounts.json",
    "policy_pack": "fr.json",
    "authority": {"name": "HDH", "signing_key": "permits.key"},
    "catalogue": {"records": "records", "release": "r8"},
    "partners": {"file": "partners.json", "pmodes": "pmodes", "routing": "star"},
    "access_point": {"kind": "domibus", "url": "https://ap.example/domibus/services/wsplugin", "user": "ehds",
                     "password": {"env": "TOKEN"}, "ca": "ap.pem", "look_every_seconds": 9,
                     "push": {"user": "domibus", "password": {"env": "TOKEN"}}},
    "health_data": [{"dataset": "FR-SNDS", "profile": "flat:snds", "engine": "sqlite", "path": "snds.sqlite"}],
    "platform": {"kind": "http", "url": "https://spe.example/h", "ca": "spe.pem", "token": {"env": "TOKEN"}},
    "edge": {"url": "https://edge.example", "ca": "ca.pem", "certificate": "z.pem", "private_key": "z.key",
             "authority_keys": "authority.jwks"},
    "trusted_ca": "ca.pem",
    "clock": {"adjustable": true},
    "limits": {"workers": 2, "queue": 3, "connections": 4, "connections_per_peer": 5, "body_bytes": 2048,
               "message_bytes": 4096, "stop_seconds": 6, "unproven_at_once": 7, "unproven_per_second": 8}
  })");
}

std::expected<configuration, problems> parse_document(ordered_json const& document) {
  auto const env = [](std::string const& name) -> std::optional<std::string> {
    if (name == "TOKEN") return "secret-of-the-platform";
    return std::nullopt;
  };
  return parse_configuration(document.dump(), "/etc/node", env);
}

std::string said_of(ordered_json const& document) {
  auto const made = parse_document(document);
  if (made) return "  good\n";
  std::string text;
  for (auto const& p : made.error())
    text += "  " + p.code + " at " + p.where + ": " + p.detail + (p.mend.empty() ? "" : " -> " + p.mend) + "\n";
  return text;
}

// Every place of the document that holds a value, deepest last.
void places(ordered_json const& node, ordered_json::json_pointer const& at,
            std::vector<ordered_json::json_pointer>& into) {
  if (!at.empty()) into.push_back(at);
  if (node.is_object())
    for (auto const& [name, member] : node.items()) places(member, at / name, into);
  if (node.is_array())
    for (std::size_t n = 0; n < node.size(); ++n) places(node[n], at / n, into);
}

std::vector<ordered_json::json_pointer> all_places() {
  std::vector<ordered_json::json_pointer> all;
  places(good(), ordered_json::json_pointer{}, all);
  return all;
}

void without(ordered_json& document, ordered_json::json_pointer const& at) {
  auto& parent = document[at.parent_pointer()];
  if (parent.is_array())
    parent.erase(static_cast<std::size_t>(std::stoul(at.back())));
  else
    parent.erase(at.back());
}

// One document a place with that change, and what is said of it.
template <class Change>
std::string table_of(std::string const& title, Change const& change) {
  std::string text = "# " + title + "\n";
  for (auto const& at : all_places()) {
    auto document = good();
    change(document, at);
    text += at.to_string() + "\n" + said_of(document);
  }
  return text;
}

void compare_with_golden(std::string const& name, std::string const& text) {
  auto const file = std::string{EHDS_TEST_DIR "/golden/"} + name;
  if (std::getenv("EHDS_ACCEPT") != nullptr) std::ofstream(file) << text;
  std::stringstream kept;
  kept << std::ifstream(file).rdbuf();
  CHECK(text == kept.str());
}

}  // namespace

TEST_CASE("the configuration that the table starts from is good") { CHECK(said_of(good()) == "  good\n"); }

TEST_CASE("what is said when any one entry is left out") {
  compare_with_golden("left_out.txt", table_of("left out", without));
}

TEST_CASE("what is said when any one entry is of another kind") {
  compare_with_golden("another_kind.txt",
                      table_of("a list of a list instead", [](ordered_json& document, auto const& at) {
                        document[at] = ordered_json::array({ordered_json::array()});
                      }));
}

TEST_CASE("what is said when any one entry is null") {
  compare_with_golden("null.txt",
                      table_of("null instead", [](ordered_json& document, auto const& at) { document[at] = nullptr; }));
}

TEST_CASE("what is said when any one entry is misspelled names the entry that was meant") {
  for (auto const& at : all_places()) {
    auto document = good();
    auto& parent = document[at.parent_pointer()];
    if (parent.is_array() || at.back() == "env") continue;  // a secret is one of two shapes
    auto const name = at.back();
    auto const misspelled = name + "x";
    auto const value = parent[name];
    parent.erase(name);
    parent[misspelled] = value;
    auto const text = said_of(document);
    CAPTURE(at.to_string(), text);
    CHECK(text.find("config.unknown_key at " + (at.parent_pointer() / misspelled).to_string()) != std::string::npos);
    CHECK(text.find("Did you mean \"" + name + "\"?") != std::string::npos);
  }
}

TEST_CASE("every number is taken at its least and at its most, and refused one beyond") {
  struct row {
    char const* at;
    std::int64_t least, most;
  };
  for (auto const& one : std::vector<row>{{"/listen/0/port", 0, 65535},
                                          {"/limits/workers", 1, 256},
                                          {"/limits/queue", 1, 100'000},
                                          {"/limits/connections", 1, 100'000},
                                          {"/limits/connections_per_peer", 1, 100'000},
                                          {"/limits/body_bytes", 1024, 1'073'741'824},
                                          {"/limits/message_bytes", 1024, 2'147'483'648},
                                          {"/limits/unproven_at_once", 1, 1'000'000},
                                          {"/limits/unproven_per_second", 1, 1'000'000},
                                          {"/limits/stop_seconds", 0, 3600}}) {
    auto const with = [&](ordered_json const& value) {
      auto document = good();
      document[ordered_json::json_pointer{one.at}] = value;
      return said_of(document);
    };
    CAPTURE(one.at);
    CHECK(with(one.least) == "  good\n");
    CHECK(with(one.most) == "  good\n");
    for (ordered_json const& bad : {ordered_json(one.least - 1), ordered_json(one.most + 1), ordered_json(1e300),
                                    ordered_json(1.5), ordered_json("1"), ordered_json(true)})
      CHECK(with(bad).find(std::string{" at "} + one.at + ": ") != std::string::npos);
  }
}

TEST_CASE("no finding repeats a secret, wherever the secret was written by mistake") {
  for (auto const& at : all_places()) {
    auto document = good();
    document[at] = "hunter2-secret";
    if (at.to_string().find("/platform") != 0) continue;
    CAPTURE(at.to_string());
    if (at.to_string() == "/platform/token") CHECK(said_of(document).find("hunter2") == std::string::npos);
    CHECK(said_of(document).find("secret-of-the-platform") == std::string::npos);
  }
}

TEST_CASE("each zone wants its own: an edge no data, a data zone an edge and no public door") {
  auto document = good();
  document["node"]["zone"] = "edge";
  CHECK(said_of(document).find("config.value at /health_data") != std::string::npos);
  document.erase("health_data");
  CHECK(said_of(document) == "  good\n");

  document = good();
  document["node"]["zone"] = "data";
  CHECK(said_of(document).find("config.value at /listen/0/serves") != std::string::npos);
  document["listen"][0]["serves"] = "internal";
  CHECK(said_of(document) == "  good\n");
  document.erase("listen");
  CHECK(said_of(document) == "  good\n");
  document.erase("edge");
  CHECK(said_of(document).find("config.missing at /edge") != std::string::npos);
}

TEST_CASE("countries are two capital letters and addresses are of the web") {
  auto const with = [](char const* at, char const* value) {
    auto document = good();
    document[ordered_json::json_pointer{at}] = value;
    return said_of(document);
  };
  for (auto const* bad : {"fr", "Fr", "FRA", "F", "F1", "ÉÉ", "F "})
    CHECK(with("/node/country", bad).find("config.value at /node/country") != std::string::npos);
  for (auto const* at : {"/node/base_url", "/edge/url", "/platform/url"}) {
    for (auto const* bad : {"ftp://x", "x.example", "javascript:alert(1)", "//x", "HTTPS//x", " https://x"})
      CHECK(with(at, bad).find(std::string{"config.value at "} + at) != std::string::npos);
    CHECK(with(at, "https://x.example:8443/path") == "  good\n");
    CHECK(with(at, "http://127.0.0.1") == "  good\n");
  }
}
