// What was said to whom and what was done, for operators and auditors.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/audit/verify.hpp"
#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;

namespace {

std::string publish(one_house& fr) {
  REQUIRE(fr.as({role::catalogue_editor}, "POST", "/api/datasets/FR-SNDS/publication").status == 204);
  auto const entries = json_of(fr.as({role::operator_}, "GET", "/api/ledger?subject=FR-SNDS")).at("entries");
  return entries.at(0).at("message_id").get<std::string>();
}

void sign_now(one_house& fr) {
  auto& p = fr.parts();
  REQUIRE(p.db->commit([&](node::store::transaction& tx) -> result<void> {
    node::audit::sign_checkpoint(tx, p.wall.now(), "ehds-node/FR/audit", *p.audit_signer);
    return {};
  }));
}

}  // namespace

TEST_CASE("a message is in the ledger by direction, nation, action, subject and status, newest first") {
  auto fr = with_a_centre();
  auto const message = publish(fr);
  REQUIRE(fr.as({role::catalogue_editor}, "POST", "/api/datasets/FR-ESIS/publication").status == 204);
  auto const total = [&](std::string const& query) {
    return json_of(fr.as({role::auditor}, "GET", "/api/ledger?" + query)).at("entries").size();
  };
  CHECK(total("") == 2);
  CHECK(total("direction=out") == 2);
  CHECK(total("direction=in") == 0);
  CHECK(total("nation_id=EU&action=createDataset&subject=FR-SNDS") == 1);
  CHECK(total("nation_id=FI") == 0);
  CHECK(total("status=delivered") == 0);
  CHECK(total("count=1") == 1);
  auto const first = json_of(fr.as({role::auditor}, "GET", "/api/ledger?count=1")).at("entries").at(0);
  CHECK(first.at("subject") == "FR-ESIS");
  CHECK(total("before=" + first.at("seq").dump()) == 1);
  auto const one = json_of(fr.as({role::operator_}, "GET", "/api/ledger/" + node::http::percent_encode(message)));
  CHECK(one.at("entries").at(0).at("action") == "createDataset");
  CHECK(one.at("entries").at(0).at("has_receipt") == false);
}

TEST_CASE("one message is shown with how each attempt to send it ended") {
  auto fr = with_a_centre();
  auto const message = publish(fr);
  auto const entry = [&] {
    return json_of(fr.as({role::operator_}, "GET", "/api/ledger/" + message)).at("entries").at(0);
  };
  CHECK(entry().at("history").empty());
  CHECK(fr.parts().sender->run_next(fr.parts().wall.now()));  // nobody is there
  auto const history = entry().at("history");
  REQUIRE(history.size() == 1);
  CHECK(history.at(0).at("attempt") == 1);
  CHECK(history.at(0).at("code") == "EBMS:0005");
  CHECK(history.at(0).at("reason").get<std::string>().starts_with("no answer: "));
  CHECK(parse_rfc3339(history.at(0).at("begun_at").get<std::string>()));
}

TEST_CASE("an operator puts a message back into the queue; an unknown one is not found") {
  auto fr = with_a_centre();
  auto const message = publish(fr);
  CHECK(fr.as({role::operator_}, "POST", "/api/ledger/" + node::http::percent_encode(message) + "/requeue").status ==
        204);
  for (auto const* path : {"/api/ledger/nothing", "/api/ledger-bytes/77", "/api/ledger-bytes/x"}) {
    INFO(path);
    auto const answer = fr.as({role::auditor}, "GET", path);
    CHECK(answer.status == 404);
    CHECK_FALSE(json_of(answer).at("mend").get<std::string>().empty());
  }
  auto const unknown = fr.as({role::operator_}, "POST", "/api/ledger/nothing/requeue");
  CHECK(unknown.status == 404);
  CHECK_FALSE(json_of(unknown).at("mend").get<std::string>().empty());
}

TEST_CASE("the bytes of a large message leave as they are read, and such as are not what was stored never whole") {
  auto fr = with_a_centre();
  auto& inside = fr.parts();
  REQUIRE(inside.db->commit([&](node::store::transaction& tx) -> result<void> {
    auto const posted = inside.messages->post(tx, {.to_nation = "EU",
                                                   .action = "dataAccessApplication",
                                                   .content = R"({"application_id":"a1"})",
                                                   .attachments = random_bytes(1'000'000)});
    return posted ? result<void>{} : posted.error();
  }));
  auto const raw = [&] {
    auto const entry = json_of(fr.as({role::auditor}, "GET", "/api/ledger")).at("entries").at(0);
    return std::pair{fr.as({role::auditor}, "GET", "/api/ledger-bytes/" + entry.at("seq").dump() + "?of=raw"),
                     entry.at("raw_sha256").get<std::string>()};
  };
  auto const unsigned_yet = raw();
  CHECK(unsigned_yet.first.status == 200);
  CHECK(unsigned_yet.first.body.empty());
  CHECK_FALSE(unsigned_yet.first.stream);

  CHECK(inside.sender->run_next(inside.wall.now()));  // signs it; nobody is there
  auto const [whole, raw_sha256] = raw();
  CHECK(whole.headers.get("Content-Type").starts_with("multipart/related"));
  CHECK(whole.body.empty());
  REQUIRE(whole.stream);
  sha256_stream digest;
  auto const take = [&](std::string_view piece) -> result<void> {
    digest.add(piece);
    return {};
  };
  REQUIRE(each_piece(*whole.stream, take));
  CHECK(to_hex(digest.finish()) == raw_sha256);

  for (auto const& file : std::filesystem::directory_iterator(fr.folder() / "store/node.sqlite.payloads")) {
    std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(-1, std::ios::end);
    bytes.put('!');
  }
  auto const damaged = raw().first;
  REQUIRE(damaged.stream);
  auto const read = each_piece(*damaged.stream, [](std::string_view) -> result<void> { return {}; });
  REQUIRE_FALSE(read);
  CHECK(read.error().code == "store.payload_damaged");
}

TEST_CASE("the audit log shows who did what, newest first, by object") {
  auto fr = with_a_centre();
  publish(fr);
  auto const entries = json_of(fr.as({role::auditor}, "GET", "/api/audit?count=1")).at("entries");
  REQUIRE(entries.size() == 1);
  CHECK(entries.at(0).at("action") == "record.publish");
  auto const of_one = json_of(fr.as({role::auditor}, "GET", "/api/audit?object=FR-SNDS")).at("entries");
  CHECK(of_one.size() == 2);  // put and publish
}

TEST_CASE("anybody gets a signed checkpoint and the key that verifies it; looking again adds nothing") {
  auto fr = with_a_centre();
  CHECK(fr.ask("GET", "/audit/checkpoint").status == 404);
  sign_now(fr);
  auto const note = fr.ask("GET", "/audit/checkpoint");
  auto const key = fr.ask("GET", "/audit/key");
  CHECK(note.status == 200);
  CHECK(note.body.starts_with("ehds-node/FR/audit\n"));
  CHECK(key.body.starts_with("ehds-node-FR+"));
  node::audit::verification_terms terms;
  terms.keys = {key.body.substr(0, key.body.find('\n'))};
  terms.witnessed = note.body;
  auto const checked = node::audit::verify_store(fr.folder() / "store/node.sqlite", terms);
  REQUIRE(checked);
  CHECK(checked->is_whole());
  auto const checkpoints = checked->checkpoints;
  for (int i = 0; i < 3; ++i) CHECK(fr.ask("GET", "/audit/checkpoint").body == note.body);
  CHECK(node::audit::verify_store(fr.folder() / "store/node.sqlite", terms)->checkpoints == checkpoints);
}
