// What an operator sees and decides of certificates that partners announced by message.
#include <catch2/catch.hpp>

#include "edelivery/keys.hpp"
#include "node/exchange/certificate_updates.hpp"
#include "node/pages/page_house.hpp"

using namespace ehds;
using namespace ehds::node;
using namespace page_tests;
using identity::role;

namespace {

edelivery::pmode updates_with_eu() {
  edelivery::pmode mode;
  mode.id = "updates";
  mode.service = edelivery::certificate_update_service;
  mode.us.id = "FR";
  mode.partner.id = "EU";
  mode.address = "https://eu.example/as4";
  mode.trust.pinned = {edelivery::tests::sender().cert};
  mode.partner_encryption = {edelivery::tests::receiver().cert};
  return mode;
}

// An announcement of the centre waits.
struct updated_house {
  page_house house;
  edelivery::pmode_book book{{updates_with_eu()}};
  edelivery::access_point us{edelivery::tests::receiver(), {edelivery::tests::receiver()}, "fr.example"};
  exchange::dispatcher desk{*house.db, book, us, house.wall, {"FR", "FR", {{"EU", "EU"}}}};
  exchange::certificate_updates updates{desk};
  visitor otto{house};
  visitor vera{house};
  edelivery::credentials const next = edelivery::tests::issued("sender", edelivery::certificate_use::signing,
                                                               &edelivery::tests::authority(), house.wall.now());

  updated_house() {
    house.account("otto", "Otto", {role::operator_});
    house.account("vera", "Vera", {role::auditor});
    otto.sign_in("otto");
    vera.sign_in("vera");
    house.rooms.updates = &updates;
    add("u-1");
  }
  void add(std::string const& id, std::chrono::days lead = std::chrono::days{3}) {
    auto const now = house.wall.now();
    edelivery::agreement_update_request const request{
        {id, now, {}, now + lead, now + lead + std::chrono::days{6}, {"urn:a"}, {"urn:b"}},
        {{"c", edelivery::sha256_digest_of(edelivery::tests::sender().cert), {next.cert}}},
        "It ends <soon>."};
    REQUIRE(house.db->commit([&](store::transaction& tx) -> result<void> {
      exchange::add_update(tx, {0, true, "EU", "EU", "m-" + id + "@eu", "c-1", id, write_agreement_update(request),
                                edelivery::tests::sender().cert.pem(), "pending", now});
      return {};
    }));
  }
  std::string status() const { return updates.all().back().row.status; }
};

}  // namespace

TEST_CASE("the operator reads an announced certificate with its fingerprint and times, and accepts it") {
  updated_house a;
  auto const page = a.otto.get("/certificates");
  CHECK(page.status == 200);
  CHECK(badly_nested(page.body).empty());
  CHECK(has(page, "waits for your decision"));
  CHECK(has(page, a.next.cert.fingerprint()));
  CHECK(has(page, "Active from"));
  CHECK(has(page, "/certificates/updates/1"));
  CHECK(a.otto.post("/certificates/updates/1", {{"decision", "accept"}}).status == 303);
  CHECK(a.status() == "accepted");
  auto const after = a.otto.get("/certificates?lang=fr");
  CHECK(has(after, "accepté"));
  CHECK_FALSE(has(after, "/certificates/updates/1"));
}

TEST_CASE("the operator rejects an announced certificate and says why") {
  updated_house a;
  a.otto.get("/certificates");
  auto const unsaid = a.otto.post("/certificates/updates/1", {{"decision", "reject"}, {"reason", " "}});
  CHECK(unsaid.status == 422);
  CHECK(has(unsaid, "needs a reason"));
  CHECK(a.otto.post("/certificates/updates/1", {{"decision", "reject"}, {"reason", "\x01"}}).status == 422);
  CHECK(a.status() == "pending");
  CHECK(a.otto.post("/certificates/updates/1", {{"decision", "reject"}, {"reason", "Not <now>."}}).status == 303);
  CHECK(a.status() == "rejected");
  CHECK(has(a.otto.get("/certificates"), "Not &lt;now&gt;."));
  CHECK(a.otto.post("/certificates/updates/1", {{"decision", "accept"}}).status == 409);
  CHECK(a.otto.post("/certificates/updates/7", {{"decision", "accept"}}).status == 404);
}

TEST_CASE("a form that says neither accept nor reject decides nothing, and Enter beside the reason rejects") {
  updated_house a;
  auto const page = a.otto.get("/certificates");
  auto const accepting = page.body.find("value=\"accept\"");
  auto const rejecting = page.body.find("value=\"reject\"");
  auto const reason = page.body.find("name=\"reason\"");
  REQUIRE(reason != std::string::npos);
  CHECK(accepting < rejecting);
  CHECK(page.body.find("</form>", accepting) < rejecting);
  CHECK(rejecting < reason);
  CHECK(page.body.find("</form>", rejecting) > reason);
  for (auto const* word : {"", "maybe", "Accept", "accept "}) {
    auto const answer = a.otto.post("/certificates/updates/1", {{"decision", word}, {"reason", "undecided"}});
    CHECK(answer.status == 422);
    CHECK(has(answer, "neither accept nor reject"));
  }
  CHECK(a.otto.post("/certificates/updates/1", {{"reason", "x"}}).status == 422);
  CHECK(a.status() == "pending");
}

TEST_CASE("what waits is marked a week before it is active, with the partner's reason, and not before") {
  updated_house a;
  auto const page = a.otto.get("/certificates");
  CHECK(badly_nested(page.body).empty());
  CHECK(has(page, "It ends &lt;soon&gt;."));
  CHECK(has(page, "decide before it is active"));
  CHECK(has(page, "in time: 1</a>"));
  CHECK(a.otto.post("/certificates/updates/1", {{"decision", "reject"}, {"reason", "No."}}).status == 303);
  a.add("u-2", std::chrono::days{8});
  auto const after = a.otto.get("/certificates?lang=fr");
  CHECK(has(after, "attend votre décision"));
  CHECK_FALSE(has(after, "à décider avant"));
  CHECK_FALSE(has(after, "#announced"));
}

TEST_CASE("an auditor sees announced certificates and decides none, nor does a form without its token") {
  updated_house a;
  auto const page = a.vera.get("/certificates");
  CHECK(has(page, "waits for your decision"));
  CHECK_FALSE(has(page, "/certificates/updates/1"));
  CHECK(a.vera.post("/certificates/updates/1", {{"decision", "accept"}}).status == 403);
  a.otto.get("/certificates");
  CHECK(a.otto.post_without_token("/certificates/updates/1", {{"decision", "accept"}}).status == 403);
  CHECK(a.status() == "pending");
}
