// One message of the ledger, what it was about, and the messages refused at the door.
#include <catch2/catch.hpp>
#include <memory>

#include "edelivery/keys.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/ledger.hpp"
#include "node/exchange/tables.hpp"
#include "node/pages/page_house.hpp"

using namespace ehds;
using namespace ehds::node;
using namespace page_tests;
using identity::role;

namespace {

struct told_house {
  page_house house;
  visitor otto{house};
  visitor vera{house};
  visitor sam{house};
  edelivery::pmode_book const book{};
  edelivery::access_point const us{edelivery::tests::receiver(), {edelivery::tests::receiver()}, "fr.example"};
  std::unique_ptr<exchange::dispatcher> desk;

  told_house() {
    house.account("otto", "Otto", {role::operator_});
    house.account("vera", "Vera", {role::auditor});
    house.account("sam", "Sam", {role::screener});
    for (auto* one : {&otto, &vera, &sam}) one->sign_in(one == &otto ? "otto" : one == &vera ? "vera" : "sam");
  }

  // A message that failed twice and waits, or was given up, and the answer to another one in its conversation.
  void tell(std::string const& subject, edelivery::outbound_status status = edelivery::outbound_status::waiting) {
    exchange::ledger_row sent;
    sent.message_id = "m-1@fr";
    sent.conversation_id = "c-1";
    sent.service = "urn:s";
    sent.action = "createDataset";
    sent.nation_id = "EU";
    sent.party_id = "EU-AP";
    sent.subject = subject;
    sent.at = house.wall.now();
    sent.content_sha256 = "abc123";
    sent.raw_sha256 = "def456";
    auto answer = sent;
    answer.is_incoming = true;
    answer.message_id = "m-2@eu";
    answer.original_message_id = "m-1@fr";
    answer.action = "validationResult";
    answer.subject.clear();
    answer.valid = true;
    REQUIRE(house.db->commit([&](store::transaction& tx) -> result<void> {
      auto const seq = exchange::add_to_ledger(tx, sent);
      edelivery::outbound row;
      row.message_id = sent.message_id;
      row.pmode_id = "star";
      row.status = status;
      row.attempts = 2;
      row.code = "EBMS:0005";
      row.reason = "no answer: <cut>";
      row.queued_at = row.due = sent.at;
      exchange::add_to_outbox(tx, {seq, "EU-AP", subject, row});
      row.attempts = 1;
      exchange::note_attempt(tx, seq, row, sent.at);
      row.attempts = 2;
      exchange::note_attempt(tx, seq, row, sent.at);
      exchange::add_to_ledger(tx, answer);
      return {};
    }));
  }

  // From here on dead letters can be sent again.
  void open_desk() {
    desk = std::make_unique<exchange::dispatcher>(*house.db, book, us, house.wall,
                                                  exchange::exchange_settings{"FR", "FR", {{"EU", "EU"}}});
    house.rooms.messages = desk.get();
  }

  void refuse(int count) {
    REQUIRE(house.db->commit([&](store::transaction& tx) -> result<void> {
      for (int n = 0; n < count; ++n)
        tx.run(
            "INSERT INTO exchange_refusal (number, at, code, message_id, pmode_id, problem, detail, bytes, "
            "explanation) "
            "VALUES (?, ?, 'EBMS:0101', 'x<y>@eu', 'star', 'edelivery.authentication.digest', 'It was <changed>.', 77, "
            "?)",
            tx.next_number("exchange_refusal"), house.wall.now(),
            R"({"left_out":3,"steps":[{"step":"reference","about":"cid:<a>","outcome":"wrong",
                "facts":[{"name":"digest given","value":"AA=="},{"name":"digest computed","value":"BB=="}]},
               {"step":"P-Mode","about":"","outcome":"good","facts":[]}]})");
      return {};
    }));
  }
};

}  // namespace

TEST_CASE("a message is shown with its attempts, digests, conversation and what it was about") {
  told_house a;
  auto const dataset = a.house.dataset("FR-1", "Stays in hospital");
  a.tell(dataset);
  auto const page = a.otto.get("/ledger/m-1%40fr");
  REQUIRE(page.status == 200);
  CHECK(badly_nested(page.body).empty());
  for (auto const* text : {"createDataset", "m-1@fr", "EU-AP", "urn:s", "c-1", "abc123", "def456", "EBMS:0005",
                           "no answer: &lt;cut&gt;", "Attempts to send it"})
    CHECK(has(page, text));
  CHECK(has(page, "href=\"/datasets/" + dataset + "\""));
  CHECK(has(page, "href=\"/ledger?subject=" + dataset + "\""));
  CHECK(has(page, "href=\"/ledger/m-2%40eu\""));  // its answer, in the story
  CHECK_FALSE(has(page, "href=\"/ledger/m-1%40fr\""));
  auto const answer = a.otto.get("/ledger/m-2%40eu");
  CHECK(has(answer, "href=\"/ledger/m-1%40fr\""));
  CHECK_FALSE(has(answer, "Attempts to send it"));
  CHECK(has(answer, "Nothing that this node keeps."));
  CHECK(a.otto.get("/ledger/none").status == 404);
}

TEST_CASE("the bytes of a message are offered to auditors, the page to them and operators") {
  told_house a;
  a.tell("FR-1");
  CHECK(has(a.vera.get("/ledger/m-1%40fr"), "/api/ledger-bytes/1?of=raw"));
  CHECK_FALSE(has(a.otto.get("/ledger/m-1%40fr"), "/api/ledger-bytes/"));
  CHECK(a.sam.get("/ledger/m-1%40fr").status == 403);
  CHECK(a.sam.get("/refusals").status == 403);
  CHECK(a.sam.get("/refusals/1").status == 403);
  visitor nobody(a.house);
  CHECK(nobody.get("/refusals").status == 303);
}

TEST_CASE("the ledger leads to each message, and a dataset to the messages about it for those who may see them") {
  told_house a;
  auto const dataset = a.house.dataset("FR-1", "Stays in hospital");
  a.tell(dataset);
  CHECK(has(a.otto.get("/ledger"), "href=\"/ledger/m-1%40fr\""));
  CHECK(has(a.otto.get("/ledger"), "href=\"/refusals\""));
  CHECK(has(a.otto.get("/datasets/" + dataset), "href=\"/ledger?subject=" + dataset + "\""));
  visitor nobody(a.house);
  CHECK_FALSE(has(nobody.get("/datasets/" + dataset), "/ledger?subject="));
}

TEST_CASE("a dead letter is tried again from its page, by an operator and with the form's token alone") {
  told_house a;
  a.open_desk();
  a.tell("FR-1", edelivery::outbound_status::failed);
  auto const status = [&] {
    return a.house.db->read([](store::reading& now) { return exchange::find_message(now, "m-1@fr").at(0).status; });
  };
  std::string const path = "/ledger/m-1%40fr/requeue";
  CHECK_FALSE(has(a.vera.get("/ledger/m-1%40fr"), "Try again"));
  CHECK(a.vera.post(path, {}).status == 403);
  auto const page = a.otto.get("/ledger/m-1%40fr");
  CHECK(badly_nested(page.body).empty());
  CHECK(has(page, "action=\"" + path + "\""));
  CHECK(has(page, "Try again"));
  CHECK(a.otto.post_without_token(path, {}).status == 403);
  CHECK(status() == "failed");
  auto const again = a.otto.post(path, {});
  CHECK(again.status == 303);
  CHECK(again.headers.get("Location") == "/ledger/m-1%40fr");
  CHECK(status() == "queued");
  CHECK_FALSE(has(a.otto.get("/ledger/m-1%40fr"), "Try again"));
  auto const done = a.house.db->read([](store::reading& now) { return audit::recent(now, 1); });
  CHECK(done.at(0).leaf.find("message.requeue") != std::string::npos);
  CHECK(done.at(0).leaf.find("otto") != std::string::npos);
  CHECK(a.otto.post("/ledger/none/requeue", {}).status == 404);
}

TEST_CASE("a message that was delivered meanwhile is not sent again, and the page says why") {
  told_house a;
  a.open_desk();
  a.tell("FR-1", edelivery::outbound_status::delivered);
  auto const again = a.otto.post("/ledger/m-1%40fr/requeue", {});
  CHECK(again.status == 409);
  CHECK(has(again, "status of the message is delivered"));
  CHECK(has(again, "exchange.outbox.delivered"));
}

TEST_CASE("who is not signed in any more comes back to the page whose form it was") {
  told_house a;
  struct {
    char const *form, *back;
  } const cases[] = {{"/ledger/m-1%40fr/requeue", "/ledger/m-1%40fr"},
                     {"/ledger/m-1%40fr/requeue?x=1", "/ledger/m-1%40fr"},
                     {"/desk/cases/c-1/commands", "/desk/cases/c-1"},
                     {"/drafts/d-1/submission", "/drafts/d-1"},
                     {"/certificates/updates/1", "/"}};  // no page of its own
  for (auto const& [form, back] : cases) {
    INFO(form);
    visitor nobody(a.house);
    CHECK(nobody.post(form, {}).headers.get("Location") == "/sign-in?next=" + http::percent_encode(back));
  }
}

TEST_CASE("the ledger is filtered by status, and says by which") {
  told_house a;
  a.tell("FR-1", edelivery::outbound_status::failed);
  auto const dead = a.otto.get("/ledger?status=failed");
  CHECK(badly_nested(dead.body).empty());
  CHECK(has(dead, "href=\"/ledger/m-1%40fr\""));
  CHECK_FALSE(has(dead, "m-2%40eu"));
  CHECK(has(dead, "<option value=\"failed\" selected"));
  auto const none = a.otto.get("/ledger?status=delivered");
  CHECK(has(none, "None yet."));
  CHECK_FALSE(has(a.otto.get("/ledger"), " selected"));
  auto const no_status = a.otto.get("/ledger?status=zzz");
  CHECK(has(no_status, "None yet."));
  CHECK(has(no_status, "<option value=\"zzz\" selected"));
  CHECK(has(no_status, ">zzz</option>"));
}

TEST_CASE("what names a partner is told apart, with whether the partner signed it") {
  told_house a;
  a.refuse(3);
  REQUIRE(a.house.db->commit([](store::transaction& tx) -> result<void> {
    tx.run("UPDATE exchange_refusal SET party = 'EU', proven = number % 2 WHERE number > 1");
    return {};
  }));
  auto const all = a.otto.get("/refusals");
  CHECK(badly_nested(all.body).empty());
  CHECK(has(all, "href=\"/refusals/1\""));
  CHECK(has(all, "EU (claimed, not proven)"));
  CHECK(has(all, "href=\"/refusals?of=parties\""));
  auto const parties = a.otto.get("/refusals?of=parties");
  CHECK_FALSE(has(parties, "href=\"/refusals/1\""));
  CHECK(has(parties, "href=\"/refusals/2\""));
  CHECK(has(a.vera.get("/refusals/2"), "EU (claimed, not proven)"));
  CHECK_FALSE(has(a.vera.get("/refusals/3"), "claimed"));
  CHECK(has(a.vera.get("/refusals/2?lang=fr"), "allégué"));
}

TEST_CASE("what was refused is listed by page and shown step by step") {
  told_house a;
  CHECK(has(a.otto.get("/refusals"), "None yet."));
  a.refuse(51);
  auto const list = a.otto.get("/refusals");
  CHECK(badly_nested(list.body).empty());
  CHECK(has(list, "href=\"/refusals/51\""));
  CHECK_FALSE(has(list, "href=\"/refusals/1\""));
  CHECK(has(list, "before=2"));
  CHECK(has(a.vera.get("/refusals?before=2"), "href=\"/refusals/1\""));
  auto const page = a.vera.get("/refusals/7");
  CHECK(page.status == 200);
  CHECK(badly_nested(page.body).empty());
  for (auto const* text : {"EBMS:0101", "It was &lt;changed&gt;.", "x&lt;y&gt;@eu", "cid:&lt;a&gt;", "WRONG",
                           "AA==", "BB==", "digest computed", "Further steps that are not kept: 3"})
    CHECK(has(page, text));
  CHECK(has(a.vera.get("/refusals/7?lang=fr"), "INCORRECT"));
  CHECK(a.vera.get("/refusals/99").status == 404);
  CHECK(a.vera.get("/refusals/x").status == 404);
}
