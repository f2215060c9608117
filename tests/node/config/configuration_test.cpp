// What a configuration says, and what is said about a wrong one.
#include "node/config/configuration.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "base/ids.hpp"

using namespace ehds;
using namespace ehds::node::config;

namespace {

environment const no_environment = [](std::string const&) -> std::optional<std::string> { return std::nullopt; };

std::expected<configuration, problems> parse(std::string_view text, environment const& env = no_environment) {
  return parse_configuration(text, "/etc/node", env);
}

// The smallest configuration, with more members in it.
std::string with(std::string const& more) {
  return R"({"node": {"id": "FR", "country": "FR"}, "store": {"folder": "store"}, "keys": {"folder": "keys"})" +
         std::string{more.find("\"listen\"") == std::string::npos ? R"(, "listen": [])" : ""} +
         (more.empty() ? "" : ", ") + more + "}";
}

std::string said(std::expected<configuration, problems> const& made) {
  std::string all;
  if (made) return "good";
  for (auto const& p : made.error()) all += (all.empty() ? "" : "\n") + p.code + " " + to_text(p);
  return all;
}

struct wrong_text {
  std::string text, said;
};
std::vector<wrong_text> const wrong_texts{
    {"{",
     "config.syntax The file is not JSON. (at line 1, column 2) Mend: Look for a missing comma, bracket or "
     "quotation "
     "mark there; comments are // and /* */."},
    {"{\n  \"node\": {},\n  \"store\" {}\n}",
     "config.syntax The file is not JSON. (at line 3, column 11) Mend: Look for a missing comma, bracket or "
     "quotation mark "
     "there; comments are // and /* */."},
    {R"({"clock": {}, "clock": {}})",
     "config.syntax The entry \"clock\" stands in one object twice. (at clock) Mend: Keep one of them."},
    {"[]",
     "config.type An object is expected here. (at /) Mend: Write {...}.\n"
     "config.missing This section is missing. (at /node) Mend: Add \"node\".\n"
     "config.missing This section is missing. (at /store) Mend: Add \"store\".\n"
     "config.missing This section is missing. (at /keys) Mend: Add \"keys\".\n"
     "config.missing This section is missing. (at /listen) Mend: Add \"listen\"."},
    {with(R"("polcy_pack": "fr.json")"),
     "config.unknown_key There is no entry of this name. (at /polcy_pack) Mend: Did you mean \"policy_pack\"?"},
    {with(R"("clock": {"ajustable": true})"),
     "config.unknown_key There is no entry of this name. (at /clock/ajustable) Mend: Did you mean \"adjustable\"?"},
    {with(R"("clock": {"speed": 2})"),
     "config.unknown_key There is no entry of this name. (at /clock/speed) Mend: Use one of: adjustable."},
    {with(R"("clock": {"adjustable": "yes"})"),
     "config.type true or false is expected here. (at /clock/adjustable) Mend: Write true or false without "
     "quotation marks."},
    {with(R"("clock": true)"), "config.type An object is expected here. (at /clock) Mend: Write {...}."},
    {with(R"("health_data": {})"), "config.type A list is expected here. (at /health_data) Mend: Write [...]."},
    {with(R"("back_ends": [{"name": "erp", "takes": []}])"),
     "config.missing Without messages of its own a back end has nothing to exchange. (at /back_ends/0/takes) Mend: Add "
     "\"takes\": [{\"service\": ...}]."},
    {with(R"("back_ends": [{"name": "erp", "takes": [{"service": "urn:x", "actions": "one"}]}])"),
     "config.type A list of texts is expected here. (at /back_ends/0/takes/0/actions) Mend: Write [\"...\", \"...\"]."},
    {with(R"("back_ends": [{"name": "erp", "takes": [{"service": "urn:x"}], "webhook": {"url": "https://x"}}])"),
     "config.missing Without a secret the back end cannot tell who calls it. (at /back_ends/0/webhook/secret) Mend: "
     "Add "
     "\"secret\": {\"file\": ...}."},
    {with(
         R"("back_ends": [{"name": "erp", "takes": [{"service": "urn:x"}], "webhook": {"kind": "domibus", "url": "https://x", "secret": {"file": "/proc/self/cmdline"}}}])"),
     "config.missing The secret is the password of a user, who is not named. (at /back_ends/0/webhook/user) Mend: Add "
     "\"user\"."},
    {with(
         R"("back_ends": [{"name": "erp", "takes": [{"service": "urn:x"}], "webhook": {"kind": "domibus", "url": "https://x", "user": "node"}}])"),
     "config.missing Without a secret the back end cannot tell who calls it. (at /back_ends/0/webhook/secret) Mend: "
     "Add \"secret\": {\"file\": ...}."},
    {with(
         R"("back_ends": [{"name": "erp", "takes": [{"service": "urn:x"}], "webhook": {"url": "https://x", "user": "node", "secret": {"file": "/proc/self/cmdline"}}}])"),
     "config.value A user is for a back end that was written for Domibus. (at /back_ends/0/webhook/kind) Mend: Leave "
     "it out, or write \"domibus\"."},
    {with(
         R"("back_ends": [{"name": "erp", "takes": [{"service": "urn:x"}], "webhook": {"kind": "soap", "url": "https://x", "secret": {"file": "/proc/self/cmdline"}}}])"),
     "config.value \"soap\" is not a word for this place. (at /back_ends/0/webhook/kind) Mend: Use one of: events, "
     "domibus."},
    {with(
         R"("back_ends": [{"name": "erp", "takes": [{"service": "urn:x"}], "webhook": {"url": "https://x", "pushes": ["message"], "secret": {"file": "/proc/self/cmdline"}}}])"),
     "config.value What is pushed is chosen for a back end that was written for Domibus. (at "
     "/back_ends/0/webhook/pushes) Mend: Leave it out: it is told of all events; or write \"kind\": \"domibus\"."},
    {with(
         R"("back_ends": [{"name": "erp", "takes": [{"service": "urn:x"}], "webhook": {"kind": "domibus", "url": "https://x", "pushes": ["SUBMIT_MESSAGE"]}}])"),
     "config.value \"SUBMIT_MESSAGE\" is not a word for this place. (at /back_ends/0/webhook/pushes/0) Mend: Use some "
     "of: message, receive_success, receive_failure, send_success, send_failure, message_status_change."},
    {with(
         R"("back_ends": [{"name": "erp", "takes": [{"service": "urn:x"}], "webhook": {"kind": "domibus", "url": "https://x", "pushes": []}}])"),
     "config.type A list of words is expected here. (at /back_ends/0/webhook/pushes) Mend: Use some of: message, "
     "receive_success, receive_failure, send_success, send_failure, message_status_change."},
    {with(R"("accounts": 7)"),
     "config.type A text is expected here. (at /accounts) Mend: Write it between quotation marks."},
    {with(R"("listen": [{"port": 70000}])"),
     "config.value The number is out of range. (at /listen/0/port) Mend: Write a whole number from 0 to 65535."},
    {with(R"("listen": [{"port": -1}])"),
     "config.value The number is out of range. (at /listen/0/port) Mend: Write a whole number from 0 to 65535."},
    {with(R"("listen": [{"port": "8443"}])"),
     "config.type A whole number is expected here. (at /listen/0/port) Mend: Write a whole number from 0 to 65535."},
    {with(R"("listen": [{"port": 80.5}])"),
     "config.type A whole number is expected here. (at /listen/0/port) Mend: Write a whole number from 0 to 65535."},
    {with(R"("listen": [{"serves": "everyone"}])"),
     "config.value \"everyone\" is not a word for this place. (at /listen/0/serves) Mend: Use one of: public, "
     "internal."},
    {with(R"("listen": [{"tls": {"certificate": "a.pem"}}])"),
     "config.missing This entry is missing. (at /listen/0/tls/private_key) Mend: Add \"private_key\"."},
    {with(R"("listen": [{"tls": {"certificate": "a", "private_key": "b", "client_certificates": "required"}}])"),
     "config.missing Certificates of callers cannot be judged without an authority. (at /listen/0/tls/client_ca) "
     "Mend: Name "
     "the PEM file of who signs them."},
    {with(R"("listen": [{"port": 1}, {"port": 1}])"),
     "config.value This address and port stand in the list twice. (at /listen/1/port) Mend: Choose another port."},
    {with(R"("platform": {"token": "hunter2"})"),
     "config.secret A secret must not stand in this file. (at /platform/token) Mend: Write {\"file\": \"path\"} or "
     "{\"env\": "
     "\"NAME\"}."},
    {with(R"("platform": {"token": {"env": "NONE"}})"),
     "config.secret The environment has no variable NONE. (at /platform/token) Mend: Set it, or name another one."},
    {with(R"("platform": {"token": {"file": "none"}})"),
     "config.secret There is no readable secret in the file none. (at /platform/token) Mend: Set it, or name "
     "another one."},
    {with(R"("access_point": {"kind": "domibus"})"),
     "config.missing Messages go to a Domibus, and nothing says where it is. (at /access_point/url) Mend: Add the "
     "address of its WS plug-in: https://host/domibus/services/wsplugin."},
    {with(R"("access_point": {"url": "https://d", "look_every_seconds": 5})"),
     "config.value A node that is its own access point needs none of the other entries. (at /access_point/kind) Mend: "
     "Leave them out, or write \"domibus\"."},
    {with(R"("access_point": {"kind": "domibus", "url": "https://d", "user": "plugin"})"),
     "config.missing User and password of the plug-in go together. (at /access_point/password) Mend: Add \"user\", and "
     "\"password\": {\"file\": ...}."},
    {with(R"("access_point": {"kind": "domibus", "url": "https://d", "push": {"user": "domibus"}})"),
     "config.missing Without a password anybody could push messages to this node. (at /access_point/push/password) "
     "Mend: Add \"password\": {\"file\": ...}."},
    {with(R"("access_point": {"push": {"user": "domibus", "password": {"file": "none"}}})"),
     "config.secret There is no readable secret in the file none. (at /access_point/push/password) Mend: Set it, or "
     "name another one.\n"
     "config.value A node that is its own access point needs none of the other entries. (at /access_point/kind) Mend: "
     "Leave them out, or write \"domibus\"."},
    {with(
         R"("listen": [{"port": 1}], "access_point": {"kind": "domibus", "url": "https://d", "push": {"user": "d", "password": {"file": "/proc/self/cmdline"}}})"),
     "config.missing The Domibus is to push messages, and no door serves the internal side. (at /listen) Mend: Add a "
     "door with \"serves\": \"internal\"."},
    {with(R"("access_point": {"kind": "domibus", "url": "d.example"})"),
     "config.value This is no web address. (at /access_point/url) Mend: Write https://host:port/path."},
    {with(R"("access_point": {"kind": "domibus", "url": "https://d", "user": "p", "password": "hunter2"})"),
     "config.secret A secret must not stand in this file. (at /access_point/password) Mend: Write {\"file\": \"path\"} "
     "or "
     "{\"env\": "
     "\"NAME\"}."},
    {with(R"("platform": {"url": "spe.example"})"),
     "config.value This is no web address. (at /platform/url) Mend: Write https://host:port/path."},
    {with(R"("health_data": [{"dataset": "A", "profile": "omop-5.4", "path": "a"}])"),
     "config.missing Health data is not queried without the rules of its country. (at /policy_pack) Mend: Name the "
     "policy "
     "pack."},
    {with(R"("policy_pack": "p", "health_data": [{"dataset": "A", "profile": "p", "engine": "oracle", "path": "a"}])"),
     "config.value \"oracle\" is no engine of this release. (at /health_data/0/engine) Mend: Use sqlite."},
    {with(
         R"("policy_pack": "p", "health_data": [{"dataset": "A", "profile": "p", "path": "a"}, {"dataset": "A", "profile": "p", "path": "b"}])"),
     "config.value This dataset stands in the list twice. (at /health_data/1/dataset) Mend: Keep one of them."},
    {with(R"("tls": {"minimum_version": "1.1"})"),
     "config.value \"1.1\" is no version of TLS that may be the least one. (at /tls/minimum_version) Mend: Write "
     "\"1.2\" or \"1.3\"."},
    {with(R"("tls": {"minimum_version": "1.3", "suites": ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]})"),
     "config.value Suites of TLS 1.2 are named, which is not spoken. (at /tls/suites) Mend: Leave them out, or let "
     "minimum_version be \"1.2\"."},
    {with(R"("tls": {"groups": ["x25519", "x25519", "secp224r1"]})"),
     "config.value \"x25519\" stands here twice. (at /tls/groups/1) Mend: Keep the first.\n"
     "config.value \"secp224r1\" is not a word for this place. (at /tls/groups/2) Mend: Use some of: x25519, "
     "secp256r1, "
     "secp384r1, secp521r1, x448."},
    {R"({"node": {"id": "", "country": "France"}, "store": {"folder": "s"}, "keys": {}, "listen": []})",
     "config.type A text is expected here. (at /node/id) Mend: Write it between quotation marks.\n"
     "config.value A country is two capital letters. (at /node/country) Mend: Write FR, or EU for the centre.\n"
     "config.missing This entry is missing. (at /keys/folder) Mend: Add \"folder\"."},
    {R"({"node": {"id": "FR", "country": "FR", "zone": "data"}, "store": {"folder": "s"}, "keys": {"folder": "k"}, "listen": [{}]})",
     "config.missing A data zone pulls its work from its edge, which is not named. (at /edge) Mend: Add \"edge\": "
     "{\"url\": "
     "..., \"certificate\": ..., \"private_key\": ...}.\n"
     "config.value A data zone opens no door to the outside. (at /listen/0/serves) Mend: Remove it, or let it serve "
     "internal."},
    {R"({"node": {"id": "FR", "country": "FR", "zone": "edge"}, "store": {"folder": "s"}, "keys": {"folder": "k"}, "listen": [],
          "policy_pack": "p", "health_data": [{"dataset": "A", "profile": "p", "path": "a"}]})",
     "config.value The edge zone holds no health data. (at /health_data) Mend: Move it to the configuration of the "
     "data zone."},
};

}  // namespace

TEST_CASE("a whole configuration is read, comments and all") {
  auto const made = parse(R"({
    // a rehearsal
    "$schema": "configuration.schema.json",
    "node": {"id": "FR", "name": "Edge of France", "country": "FR", "role": "national", "zone": "all",
             "base_url": "https://127.0.0.2:8443"},
    "listen": [
      {"address": "127.0.0.2", "port": 8443, "serves": "public",
       "tls": {"certificate": "keys/tls.pem", "private_key": "keys/tls.key"}},
      {"address": "127.0.0.2", "port": 0, "serves": "internal",
       "tls": {"certificate": "keys/tls.pem", "private_key": "keys/tls.key", "client_ca": "/ca.pem",
               "client_certificates": "required"}}
    ],
    "tls": {"minimum_version": "1.3", "suites": ["TLS_AES_256_GCM_SHA384"], "groups": ["x448", "x25519"]},
    "store": {"folder": "store"}, /* one file in there */
    "keys": {"folder": "../keys"},
    "accounts": "accounts.json",
    "policy_pack": "fr.json",
    "authority": {"name": "HDH", "signing_key": "permits.key"},
    "catalogue": {"records": "records", "release": "r8"},
    "partners": {"file": "partners.json", "pmodes": "pmodes", "routing": "mesh", "private_publishers": true},
    "health_data": [{"dataset": "FR-SNDS", "profile": "flat:snds", "engine": "sqlite", "path": "/data/snds.sqlite"}],
    "platform": {"kind": "http", "url": "https://spe.example/h", "ca": "spe.pem", "token": {"env": "SPE_TOKEN"}},
    "trusted_ca": "keys/ca.pem",
    "clock": {"adjustable": true},
    "limits": {"workers": 2, "queue": 3, "connections": 4, "connections_per_peer": 5, "body_bytes": 2048,
               "message_bytes": 4096, "stop_seconds": 6, "unproven_at_once": 7, "unproven_per_second": 8}
  })",
                          [](std::string const& name) { return std::optional<std::string>{"value of " + name}; });

  INFO(said(made));
  REQUIRE(made);
  CHECK(made->node.name == "Edge of France");
  CHECK(made->listen[0].port == 8443);
  CHECK(made->listen[0].tls->certificate == "/etc/node/keys/tls.pem");
  CHECK(made->listen[0].tls->ask == ask_certificate::none);
  CHECK(made->listen[1].serves == served::internal_side);
  CHECK(made->listen[1].tls->client_ca == "/ca.pem");
  CHECK(made->listen[1].tls->ask == ask_certificate::required);
  CHECK(made->tls.minimum_version == "1.3");
  CHECK(made->tls.suites == std::vector<std::string>{"TLS_AES_256_GCM_SHA384"});
  CHECK(made->tls.groups == std::vector<std::string>{"x448", "x25519"});
  CHECK(made->store == "/etc/node/store");
  CHECK(made->keys == "/etc/keys");
  CHECK(made->accounts == "/etc/node/accounts.json");
  CHECK(made->policy_pack == "/etc/node/fr.json");
  CHECK(made->authority.name == "HDH");
  CHECK(made->authority.signing_key == "/etc/node/permits.key");
  CHECK(made->catalogue.records == "/etc/node/records");
  CHECK(made->partners.routing == routing::mesh);
  CHECK(made->partners.private_publishers);
  CHECK(made->health_data.at(0).path == "/data/snds.sqlite");
  CHECK(made->platform.token == "value of SPE_TOKEN");
  CHECK(made->trusted_ca == "/etc/node/keys/ca.pem");
  CHECK(made->clock_adjustable);
  CHECK(made->limits.stop == std::chrono::seconds{6});
  CHECK(made->limits.message_bytes == 4096);
  CHECK(made->limits.unproven_at_once == 7);
  CHECK(made->limits.unproven_per_second == 8);
}

TEST_CASE("a country that keeps its Domibus names its plug-in, and the password by its place alone") {
  auto const made = parse(with(R"("access_point": {"kind": "domibus", "user": "ehds", "ca": "ap.pem",
      "url": "https://ap.example/domibus/services/wsplugin", "password": {"env": "AP_PASSWORD"}, "look_every_seconds": 9,
      "push": {"user": "domibus", "password": {"env": "PUSH"}}})"),
                          [](std::string const& name) { return std::optional<std::string>{"value of " + name}; });

  INFO(said(made));
  REQUIRE(made);
  CHECK(made->access_point.kind == access_point_kind::domibus);
  CHECK(made->access_point.url == "https://ap.example/domibus/services/wsplugin");
  CHECK(made->access_point.user == "ehds");
  CHECK(made->access_point.password == "value of AP_PASSWORD");
  CHECK(made->access_point.ca == "/etc/node/ap.pem");
  CHECK(made->access_point.look_every == std::chrono::seconds{9});
  CHECK(made->access_point.push_user == "domibus");
  CHECK(made->access_point.push_password == "value of PUSH");
}

TEST_CASE("a back end that was written for Domibus is told as that one does") {
  auto const made = parse(with(R"("back_ends": [
      {"name": "erp", "takes": [{"service": "urn:x"}],
       "webhook": {"kind": "domibus", "url": "https://erp", "user": "node", "secret": {"env": "ERP"}}},
      {"name": "old", "takes": [{"service": "urn:y"}], "webhook": {"kind": "domibus", "url": "https://old"}},
      {"name": "new", "takes": [{"service": "urn:z"}],
       "webhook": {"kind": "domibus", "url": "https://new", "pushes": ["message", "message_status_change"]}}])"),
                          [](std::string const& name) { return std::optional<std::string>{"value of " + name}; });
  INFO(said(made));
  REQUIRE(made);
  auto const& erp = made->back_ends.at(0);
  CHECK(erp.webhook == webhook_kind::domibus);
  CHECK(erp.webhook_url == "https://erp");
  CHECK(erp.webhook_user == "node");
  CHECK(erp.webhook_secret == "value of ERP");
  CHECK(made->back_ends.at(1).webhook_user.empty());
  CHECK(made->back_ends.at(1).webhook_pushes ==
        std::vector<std::string>{"receive_success", "receive_failure", "send_success", "send_failure"});
  CHECK(made->back_ends.at(2).webhook_pushes == std::vector<std::string>{"message", "message_status_change"});
}

TEST_CASE("the smallest configuration has sensible defaults") {
  auto const made = parse(with(""));

  INFO(said(made));
  REQUIRE(made);
  CHECK(made->node.role == node_role::national);
  CHECK(made->tls.minimum_version == "1.2");
  CHECK(made->tls.suites.empty());
  CHECK(made->node.zone == zone::all);
  CHECK(made->node.name == "FR");
  CHECK(made->authority.name == "FR");
  CHECK_FALSE(made->clock_adjustable);
  CHECK(made->partners.routing == routing::star);
  CHECK_FALSE(made->partners.private_publishers);
  CHECK(to_text(made->node.role) == "national");
  CHECK(to_text(made->node.zone) == "all");
  CHECK(to_text(made->partners.routing) == "star");
  CHECK(made->access_point.kind == access_point_kind::own);
  CHECK(to_text(made->access_point.kind) == "own");
}

TEST_CASE("what is wrong is said in one clear sentence with its place and its mend") {
  auto const wrong = GENERATE(from_range(wrong_texts));

  CHECK(said(parse(wrong.text)) == wrong.said);
}

TEST_CASE("all findings come at once") {
  auto const made =
      parse(with(R"("clock": {"a": 1}, "accounts": 7, "listen": [{"port": -1}], "limits": {"workers": 0})"));

  REQUIRE_FALSE(made);
  CHECK(made.error().size() == 4);
}

TEST_CASE("a secret is never repeated in what is said") {
  CHECK(said(parse(with(R"("platform": {"token": "hunter2"})"))).find("hunter2") == std::string::npos);
}

TEST_CASE("deep and large files are refused") {
  CHECK(said(parse(std::string(100'000, '['))).starts_with("config.syntax"));
  CHECK(said(parse(with("\"accounts\": " + std::string(40, '[') + std::string(40, ']')))).starts_with("config.syntax"));
  CHECK(said(parse(std::string(2'000'000, ' '))).starts_with("config.syntax"));
}

TEST_CASE("a number beyond every range is a finding, not an exception") {
  CHECK(said(parse(with(R"("limits": {"workers": 2E222222222222})")))
            .starts_with("config.syntax The file holds a value"));
  CHECK(said(parse(with(R"("limits": {"workers": 99999999999999999999999})"))).starts_with("config.type"));
}

TEST_CASE("a configuration file is read from where it lies, and what it names must be there") {
  auto const folder = std::filesystem::temp_directory_path() / ("ehds-config-" + random_uuid());
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "node.json") << with(
      R"("accounts": "accounts.json", "platform": {"token": {"file": "token"}})");
  std::ofstream(folder / "token") << "secret\n";

  auto const missing = read_configuration(folder / "node.json", no_environment);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().size() == 1);
  CHECK(missing.error().front().code == "config.path");
  CHECK(missing.error().front().where == "/accounts");

  std::ofstream(folder / "accounts.json") << "{}";
  auto const read = read_configuration(folder / "node.json", no_environment);
  REQUIRE(read);
  CHECK(read->platform.token == "secret");
  CHECK(read->file == folder / "node.json");

  CHECK(read_configuration(folder / "none.json", no_environment).error().front().code == "config.unreadable");
  CHECK(read_configuration(folder, no_environment).error().front().code == "config.unreadable");
  std::filesystem::remove_all(folder);
}

TEST_CASE("the environment of the process is asked by name") {
  ::setenv("EHDS_CONFIG_TEST", "x", 1);

  CHECK(process_environment()("EHDS_CONFIG_TEST") == "x");
  CHECK_FALSE(process_environment()("EHDS_CONFIG_TEST_NONE"));
}
