// What the ledger shows: filters, pages, times and digests; and what an operator may send again.
#include <catch2/catch.hpp>
#include <set>

#include "base/bytes.hpp"
#include "node/exchange/kept_bytes.hpp"
#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

using exchange::ledger_filter;

// Three datasets told, one status, two of them after another; all delivered and answered.
struct told {
  two_nodes both;
  std::vector<std::string> ids;

  told() {
    for (auto const* subject : {"d1", "d2", "d3"}) {
      ids.push_back(both.fr.post({.to_nation = "EU", .action = "createDataset", .content = "{}", .subject = subject}));
      both.turn();
    }
    both.eu.next_verdict = {{"x.y", "No.", "", ""}};
    ids.push_back(both.fr.post({.to_nation = "EU", .action = "statusUpdate", .content = "{}", .subject = "d1"}));
    both.turns(2);
  }

  std::size_t count(ledger_filter filter) {
    filter.count = 100;
    return both.fr.ledger(filter).size();
  }
};

result<void> requeue(test_node& node, std::string const& id) {
  return node->db.commit([&](store::transaction& tx) { return node->desk.requeue(tx, id); });
}

}  // namespace

TEST_CASE("each filter of the ledger takes what it names and nothing else, and filters add up") {
  told all;
  struct row {
    char const* what;
    ledger_filter filter;
    std::size_t count;
  };
  std::vector<row> const rows{
      {"everything", {}, 8},
      {"sent", {.direction = "out"}, 4},
      {"received", {.direction = "in"}, 4},
      {"neither", {.direction = "sideways"}, 0},
      {"of a nation", {.nation_id = "EU"}, 8},
      {"of another nation", {.nation_id = "FI"}, 0},
      {"of an action", {.action = "createDataset"}, 3},
      {"answers", {.action = "validationResult"}, 4},
      {"of a subject", {.subject = "d1"}, 2},
      {"of an empty subject", {.subject = ""}, 4},
      {"delivered", {.status = "delivered"}, 4},
      {"valid", {.status = "valid"}, 4},
      {"of an action and a subject", {.action = "createDataset", .subject = "d1"}, 1},
      {"sent and valid", {.direction = "out", .status = "valid"}, 0},
  };
  for (auto const& one : rows) {
    CAPTURE(one.what);
    CHECK(all.count(one.filter) == one.count);
  }
}

TEST_CASE("a filter is a value, never a piece of a statement") {
  told all;
  for (auto const* trick : {"' OR '1'='1", "%", "_", "*", "EU' --", "\0"})
    CHECK(all.count({.nation_id = std::string{trick}}) == 0);
}

TEST_CASE("pages follow each other without a gap and without an entry twice, for every page size") {
  told all;
  for (std::size_t size = 1; size <= 9; ++size) {
    std::vector<std::int64_t> seen;
    std::int64_t before = 0;
    for (;;) {
      auto const page = all.both.fr.ledger({.before = before, .count = size});
      if (page.empty()) break;
      CHECK(page.size() <= size);
      for (auto const& entry : page) seen.push_back(entry.seq);
      before = page.back().seq;
    }
    CAPTURE(size);
    CHECK(seen == std::vector<std::int64_t>{8, 7, 6, 5, 4, 3, 2, 1});
  }
}

TEST_CASE("a page of a filter goes on where it ended, whatever arrived meanwhile") {
  told all;
  auto const first = all.both.fr.ledger({.direction = "out", .count = 2});
  all.both.fr.post({.to_nation = "EU", .action = "deleteDataset", .content = "{}", .subject = "d1"});
  auto const second = all.both.fr.ledger({.direction = "out", .before = first.back().seq, .count = 2});

  REQUIRE(second.size() == 2);
  CHECK(second[0].subject == "d2");
  CHECK(second[1].subject == "d1");
}

TEST_CASE("an entry proves what was sent: the digests are of the bytes that are kept") {
  told all;
  for (auto const& entry : all.both.fr.ledger()) {
    auto const bytes = all.both.fr->db.read(
        [&](store::reading& now) { return texts_of(now, all.both.fr->db.payloads(), entry.seq).value(); });
    CAPTURE(entry.seq, entry.action);
    CHECK(sha256_hex(bytes.envelope) == entry.content_sha256);
    CHECK(sha256_hex(bytes.raw) == entry.raw_sha256);
    CHECK(entry.has_receipt);
    CHECK(bytes.receipt.find("Receipt") != std::string::npos);
  }
}

TEST_CASE("a message that was only posted has no signed bytes, no receipt and no end, but a time when it is due") {
  two_nodes both;
  auto const id = both.fr.post("statusUpdate");
  auto const entry = both.fr.ledger().at(0);

  CHECK(entry.status == "queued");
  CHECK(entry.attempts == 0);
  CHECK(entry.raw_sha256.empty());
  CHECK_FALSE(entry.has_receipt);
  CHECK_FALSE(entry.settled_at);
  CHECK(entry.due == both.time.now());
  CHECK(entry.message_id == id);
}

TEST_CASE("a message is found by its id on both sides, and an unknown id finds nothing") {
  told all;
  for (auto const& id : all.ids)
    for (auto* node : {&all.both.fr, &all.both.eu}) {
      auto const found = (*node)->db.read([&](store::reading& now) { return exchange::find_message(now, id); });
      REQUIRE(found.size() == 1);
      CHECK(found[0].message_id == id);
    }
  CHECK(all.both.fr->db.read([](store::reading& now) { return exchange::find_message(now, "none").size(); }) == 0);
}

TEST_CASE("every message has an id of its own that names its access point") {
  two_nodes both;
  std::set<std::string> ids;
  for (int n = 0; n < 50; ++n) ids.insert(both.fr.post("statusUpdate"));

  CHECK(ids.size() == 50);
  for (auto const& id : ids) CHECK(id.ends_with("@FR.example"));
}

TEST_CASE("the outbox tells what is open, since when, and what was given up") {
  two_nodes both;
  both.eu.stop();
  both.fr.post("statusUpdate");
  both.time.advance(std::chrono::minutes(1));
  both.fr.post("statusUpdate");
  CHECK(both.fr.outbox().open == 2);
  CHECK(both.fr.outbox().oldest_open == noon());
  both.turns_of_fr(60);

  CHECK(both.fr.outbox().open == 0);
  CHECK(both.fr.outbox().dead_letters == 2);
  CHECK_FALSE(both.fr.outbox().oldest_open);
}

TEST_CASE("a dead letter that is sent again gets all its attempts again") {
  two_nodes both;
  both.eu.stop();
  auto const id = both.fr.post("statusUpdate");
  both.turns_of_fr(40);
  CHECK(both.wire.calls == 5);
  REQUIRE(requeue(both.fr, id));
  both.turns_of_fr(40);

  CHECK(both.wire.calls == 10);
  CHECK(both.fr.outbox().dead_letters == 1);
  CHECK(both.fr.audit_is_whole());
}

TEST_CASE("a message that waits is tried at once when the operator says so, with all its attempts, and arrives once") {
  two_nodes both;
  both.eu.stop();
  auto const id = both.fr.post("statusUpdate");
  both.fr->sender.run_once(both.time.now());
  both.eu.start();
  both.fr->sender.run_once(both.time.now());
  CHECK(both.eu.got().empty());  // it waits for its time
  REQUIRE(requeue(both.fr, id));
  CHECK(both.fr.ledger().at(0).status == "queued");
  CHECK(both.fr.ledger().at(0).attempts == 0);
  both.fr->sender.run_once(both.time.now());
  both.turns(2);

  CHECK(both.eu.got() == std::vector<std::string>{"statusUpdate"});
}

TEST_CASE("a received message cannot be requeued: it was never ours to send") {
  told all;
  auto const received = all.both.fr.ledger({.direction = "in"}).at(0).message_id;

  CHECK(requeue(all.both.fr, received).error().code == "exchange.outbox.unknown");
}

TEST_CASE("a dead letter holds up nothing that is said after it about the same thing") {
  two_nodes both;
  both.eu.stop();
  auto const lost = both.fr.post({.to_nation = "EU", .action = "createDataset", .content = "{}", .subject = "d1"});
  both.turns_of_fr(40);
  REQUIRE(both.fr.outbox().dead_letters == 1);
  both.eu.start();
  both.fr.post({.to_nation = "EU", .action = "updateDataset", .content = "{}", .subject = "d1"});
  both.turn();

  CHECK(both.eu.got() == std::vector<std::string>{"updateDataset"});
  REQUIRE(requeue(both.fr, lost));
  both.turn();
  CHECK(both.eu.got() == std::vector<std::string>{"updateDataset", "createDataset"});
}

TEST_CASE("of one thing all is sent in order even when every other request is lost") {
  two_nodes both;
  std::vector<std::string> wanted;
  for (int n = 0; n < 6; ++n) {
    wanted.push_back("step" + std::to_string(n));
    both.fr.post({.to_nation = "EU", .action = wanted.back(), .content = "{}", .subject = "a1"});
    both.wire.script.push_back(mishap::lose_request);
    both.wire.script.push_back(mishap::none);
  }
  for (int n = 0; n < 12; ++n) {
    both.fr->sender.run_once(both.time.now());
    both.time.advance(std::chrono::minutes(10));
  }

  CHECK(both.eu.got() == wanted);
}

TEST_CASE("messages without a subject wait for nobody") {
  two_nodes both;
  both.wire.script = {mishap::lose_request};
  both.fr.post({.to_nation = "EU", .action = "first", .content = "{}"});
  both.fr->sender.run_once(both.time.now());
  both.fr.post({.to_nation = "EU", .action = "second", .content = "{}"});
  both.fr->sender.run_once(both.time.now());

  CHECK(both.eu.got() == std::vector<std::string>{"second"});
}

TEST_CASE("a message posted inside an effect that is refused is never sent") {
  two_nodes both;
  auto const refused = both.fr->db.commit([&](store::transaction& tx) -> result<void> {
    if (auto posted = both.fr->desk.post(tx, {.to_nation = "EU", .action = "a", .content = "{}"}); !posted)
      return posted.error();
    return problem{"tests.no", "No.", "", ""};
  });
  both.turns(2);

  CHECK_FALSE(refused);
  CHECK(both.wire.calls == 0);
  CHECK(both.fr.ledger().empty());
  CHECK(both.eu.got().empty());
}
