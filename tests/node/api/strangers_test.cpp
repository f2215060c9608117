// What somebody who did not sign in may cost the node.
#include <catch2/catch.hpp>

#include "base/ids.hpp"
#include "node/api/surfaces.hpp"
#include "node/audit/log.hpp"
#include "node/catalogue/record_book.hpp"
#include "node/store/fresh_folder.hpp"

using namespace ehds;
using namespace ehds::node;

namespace {

std::vector<store::migration> tables() {
  std::vector<store::migration> all;
  for (auto const& some : {audit::migrations(), identity::migrations(), catalogue::record_book::migrations()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

struct open_node {
  tests::fresh_folder folder;
  manual_clock wall{parse_rfc3339("2026-11-24T09:00:00Z").value()};
  store::database db = store::database::open(folder / "node.sqlite", {.migrations = tables()}).value();
  dcat::release_pack pack = dcat::load_release_pack(EHDS_SOURCE_DIR "/dcat/release/packs/r8").value();
  dcat::validator rules{pack};
  identity::accounts accounts{db, wall};
  identity::sessions sessions{db, wall};
  identity::api_keys keys{db, wall};
  catalogue::record_book records{
      db,
      wall,
      pack,
      rules,
      {"FR", "EU"},
      [](store::transaction&, catalogue::dataset_message const&) -> result<std::string> { return "m"; },
      [](store::transaction&, std::string_view, std::string_view, std::string_view) {}};
  audit::checkpoint_signer signer = audit::signer_from_pem("FR", audit::make_signing_key_pem()).value();
  api::rooms rooms;
  http::router router;

  open_node() {
    rooms.db = &db;
    rooms.wall = &wall;
    rooms.accounts = &accounts;
    rooms.sessions = &sessions;
    rooms.api_keys = &keys;
    rooms.records = &records;
    rooms.audit_signer = &signer;
    for (auto& route : api::catalogue_routes(rooms)) router.add(std::move(route));
    for (auto& route : api::ledger_routes(rooms)) router.add(std::move(route));
    for (auto& route : api::session_routes(rooms)) router.add(std::move(route));
  }

  http::response ask(std::string method, std::string path, std::string body = {}, std::string token = {}) {
    http::request asked;
    asked.method = std::move(method);
    asked.target = path;
    asked.path = std::move(path);
    asked.body = std::move(body);
    asked.headers.set("Content-Type", asked.path == "/api/session" ? "application/json" : "text/turtle");
    if (!token.empty()) asked.headers.set("Authorization", "Bearer " + token);
    return router.answer(asked);
  }
};

}  // namespace

TEST_CASE("a stranger cannot keep the validator busy with megabytes, somebody who signed in may check them") {
  open_node node;
  auto const one = std::string(1024 * 1024, '#');
  CHECK(node.ask("POST", "/api/validation", one).status == 422);
  auto const refused = node.ask("POST", "/api/validation", one + "#");
  CHECK(refused.status == 413);
  CHECK(refused.body.find("sign in") != std::string::npos);
  CHECK(node.ask("POST", "/api/validation", one + "#", "made up").status == 413);

  REQUIRE(node.accounts.create({{"editor", "Editor", "", "FR", {}}, "correct horse battery"}));
  auto const session =
      node.ask("POST", "/api/session", R"({"account":"editor","password":"correct horse battery"})").body;
  auto const begin = session.find("\"token\":\"") + 9;
  auto const token = session.substr(begin, session.find('"', begin) - begin);
  CHECK(node.ask("POST", "/api/validation", one + "#", token).status == 422);
}

TEST_CASE("asking for the checkpoint signs nothing: the newest stored one is served") {
  open_node node;
  std::string note;
  auto const add = [&](bool sign) {
    REQUIRE(node.db.commit([&](store::transaction& tx) -> result<void> {
      audit::append(tx, node.wall.now(), {"user:1", "permit.issue", "application:1", "done"});
      if (sign) note = audit::sign_checkpoint(tx, node.wall.now(), "ehds-node/FR/audit", node.signer);
      return {};
    }));
  };
  add(false);
  CHECK(node.ask("GET", "/audit/checkpoint").status == 404);
  add(true);
  add(false);
  auto const served = node.ask("GET", "/audit/checkpoint");
  CHECK(served.status == 200);
  CHECK(served.body == note);
  CHECK(node.db.read([](store::reading& now) { return audit::checkpoints(now); }).size() == 1);
}
