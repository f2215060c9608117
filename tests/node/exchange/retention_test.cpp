// The bytes of messages go when their time is over; what was said and heard stays, and so do receipts.
#include "node/exchange/retention.hpp"

#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "edelivery/sender/outbound.hpp"
#include "node/exchange/kept_bytes.hpp"
#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

constexpr std::chrono::days kept{30};

std::string much() {
  std::string text;
  while (text.size() < 400'000) text += sha256_hex(random_uuid());
  return text;
}

exchange::outgoing_business_message large() {
  return {.to_nation = "EU", .action = "createDataset", .content = R"({"identifier":"d1"})", .attachments = much()};
}

std::int64_t rows(test_node& node) {
  return node->db.read([](store::reading& now) { return now.first("SELECT count(*) FROM store_payload")->integer(0); });
}

result<kept_texts> bytes(test_node& node, char const* direction) {
  return node->db.read([&](store::reading& now) {
    return texts_of(now, node->db.payloads(),
                    exchange::list(now, {.direction = direction, .action = "createDataset"}).at(0).seq);
  });
}

struct delivered : two_nodes {
  delivered() {
    fr.post(large());
    turn();
    turn();
  }
  std::size_t forget(test_node& node) { return exchange::forget_bytes(node->db, time.now() - kept); }
};

}  // namespace

TEST_CASE("payloads and raw bytes of a delivered message go after the days, rows and files, and digests stay") {
  delivered both;
  CHECK(both.forget(both.fr) == 0);
  both.time.advance(kept - std::chrono::hours(1));
  CHECK(both.forget(both.fr) == 0);
  both.time.advance(std::chrono::hours(2));
  auto const before = both.fr.ledger();
  REQUIRE(both.fr.payload_files() > 0);
  REQUIRE(both.eu.payload_files() > 0);

  CHECK(both.forget(both.fr) == 2);  // what was sent, and the answer that came
  CHECK(both.forget(both.eu) == 2);
  CHECK(both.forget(both.fr) == 0);

  CHECK(both.fr.payload_files() == 0);
  CHECK(both.eu.payload_files() == 0);
  CHECK(rows(both.fr) == 0);
  CHECK(rows(both.eu) == 0);
  auto const after = both.fr.ledger();
  REQUIRE(after.size() == before.size());
  for (std::size_t n = 0; n < after.size(); ++n) {
    CHECK(after[n].raw_sha256 == before[n].raw_sha256);
    CHECK(after[n].content_sha256 == before[n].content_sha256);
    CHECK(after[n].status == before[n].status);
  }
  CHECK_FALSE(bytes(both.fr, "out")->receipt.empty());
  CHECK(bytes(both.fr, "out")->raw.empty());
  CHECK(bytes(both.fr, "out")->is_forgotten);
  CHECK(both.fr.audit_is_whole());
}

TEST_CASE("a repetition gets the stored receipt when the bytes of the message are long gone") {
  two_nodes both;
  std::string type;
  std::string sent;
  auto const serve = both.wire.endpoints.at("https://EU.example/as4");
  both.wire.endpoints["https://EU.example/as4"] = [&](http_call_request const& request) {
    type = request.headers.at(0).value;
    sent = request.body;
    return serve(request);
  };
  both.fr.post("createDataset");
  both.fr->sender.run_once(both.time.now());
  auto const first = both.wire.answers.at(0);
  both.time.advance(kept + std::chrono::hours(1));
  CHECK(exchange::forget_bytes(both.eu->db, both.time.now() - kept) == 1);
  CHECK(both.eu->desk.receive(type, sent).body == first);
  CHECK(both.eu.got().size() == 1);
}

TEST_CASE("what waits and what failed keeps its bytes, and a dead letter is sent again after years") {
  two_nodes both;
  both.eu.stop();
  auto const id = both.fr.post(large());
  both.fr->sender.run_once(both.time.now());
  both.time.advance(kept + std::chrono::hours(1));
  CHECK(exchange::forget_bytes(both.fr->db, both.time.now() - kept) == 0);  // it waits
  both.turns_of_fr(10);
  REQUIRE(both.fr.ledger({.direction = "out"}).at(0).status == "failed");
  both.time.advance(kept + std::chrono::hours(1));
  CHECK(exchange::forget_bytes(both.fr->db, both.time.now() - kept) == 0);
  both.eu.start();
  static_cast<void>(both.fr->db.commit([&](store::transaction& tx) { return both.fr->desk.requeue(tx, id); }));
  both.turn();
  CHECK(both.fr.ledger({.direction = "out"}).at(0).status == "delivered");
  CHECK(both.eu.got() == std::vector<std::string>{"createDataset"});
  both.time.advance(kept + std::chrono::hours(1));
  both.turn();
  CHECK(exchange::forget_bytes(both.fr->db, both.time.now() - kept) >= 1);
  CHECK(both.fr.payload_files() == 0);  // with those that were signed before
}

TEST_CASE("attachments that another message still names stay") {
  two_nodes both;
  auto ready = both.fr->db.payloads().prepare(much()).value();
  static_cast<void>(both.fr->db.commit([&](store::transaction& tx) -> result<void> {
    store::payload_store::put(tx, ready);
    return {};
  }));
  exchange::outgoing_business_message message{.to_nation = "EU", .action = "createDataset", .content = "{}"};
  message.attachments_payload = ready.id;
  both.fr.post(message);
  both.turn();
  both.turn();
  both.time.advance(kept + std::chrono::hours(1));
  both.fr.post(message);
  CHECK(exchange::forget_bytes(both.fr->db, both.time.now() - kept) == 2);
  both.turn();
  CHECK(both.fr.ledger({.direction = "out"}).at(0).status == "delivered");
}

TEST_CASE("as many messages are taken in one effect as were asked for") {
  two_nodes both;
  for (int n = 0; n < 5; ++n) both.fr.post("createDataset", R"({"identifier":"d)" + std::to_string(n) + "\"}");
  both.turns(3);
  both.time.advance(kept + std::chrono::hours(1));
  auto const before = both.time.now() - kept;
  std::size_t all = 0;
  for (std::size_t some = 0; (some = exchange::forget_bytes(both.fr->db, before, 3)) > 0; all += some) CHECK(some <= 3);
  CHECK(all == 10);
}

TEST_CASE("a message that a late receipt settled after its requeue keeps no bytes either") {
  two_nodes both;
  both.wire.script = std::vector<mishap>(20, mishap::lose_answer);
  edelivery::http_answer late;
  auto const serve = both.wire.endpoints.at("https://EU.example/as4");
  both.wire.endpoints["https://EU.example/as4"] = [&](http_call_request const& request) {
    auto answer = serve(request);
    late = {answer.status, answer.header("Content-Type"), answer.body};
    return answer;
  };
  auto const id = both.fr.post(large());
  both.turns_of_fr(10);
  REQUIRE(both.fr.ledger({.direction = "out"}).at(0).status == "failed");
  static_cast<void>(both.fr->db.commit([&](store::transaction& tx) { return both.fr->desk.requeue(tx, id); }));
  REQUIRE(both.fr->sender.take_signal(id, late, both.time.now()));
  REQUIRE(both.fr.ledger({.direction = "out"}).at(0).status == "delivered");

  both.time.advance(kept + std::chrono::hours(1));
  CHECK(exchange::forget_bytes(both.fr->db, both.time.now() - kept) == 1);
  CHECK(rows(both.fr) == 0);
  CHECK(both.fr.payload_files() == 0);
}
