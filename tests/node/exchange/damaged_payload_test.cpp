// A message that the disk changed never leaves: not to a partner, not to one that fetches, not to a Domibus, not to a
// back end. It is a dead letter with its reason, and the others go on.
#include <catch2/catch.hpp>

#include "node/exchange/back_end_box.hpp"
#include "node/exchange/behind_domibus.hpp"
#include "node/exchange/pulling.hpp"
#include "node/exchange/submission.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

// A bit of one small payload, which the ledger or a part names.
void turn_bit_of(test_node& node, std::string const& id) {
  REQUIRE(node->db.commit([&](store::transaction& tx) -> result<void> {
    auto bytes = tx.first("SELECT bytes FROM store_payload WHERE id = ?", id)->text(0);
    bytes[bytes.size() / 2] ^= 1;
    CHECK(tx.run("UPDATE store_payload SET bytes = ? WHERE id = ?", store::blob{bytes}, id) == 1);
    return {};
  }));
}

std::string named_by(test_node& node, store::sql question) {
  return node->db.read([&](store::reading& now) { return now.first(question).value().text(0); });
}

void check_dead_letter(test_node& node, std::string const& id) {
  auto const entry = node->db.read([&](store::reading& now) { return exchange::find_message(now, id).at(0); });
  CHECK(entry.status == "failed");
  CHECK(entry.code == "EBMS:0004");
  CHECK(entry.reason == "this node could not send it: A stored payload is not what was stored.");
  CHECK(node.outbox().dead_letters == 1);
  CHECK(node->db.payloads().damaged() > 0);
}

// What was written, and the bytes as they were signed.
constexpr store::sql written{"SELECT envelope FROM exchange_ledger WHERE direction = 'out' ORDER BY seq LIMIT 1"};
constexpr store::sql attached{"SELECT attachments FROM exchange_ledger WHERE direction = 'out' ORDER BY seq LIMIT 1"};
constexpr store::sql signed_bytes{"SELECT raw FROM exchange_ledger WHERE direction = 'out' ORDER BY seq LIMIT 1"};

exchange::outgoing_business_message with_attachment() {
  return {.to_nation = "EU", .action = "createDataset", .content = R"({"identifier":"d1"})", .attachments = "a zip"};
}

}  // namespace

TEST_CASE("what was to be sent and is damaged is not signed: a dead letter, and the next message leaves") {
  auto const which = GENERATE(as<store::sql>{}, written, attached);
  two_nodes both;
  auto const id = both.fr.post(with_attachment());
  auto const next = both.fr.post("updateDataset");
  turn_bit_of(both.fr, named_by(both.fr, which));
  both.turns_of_fr(1);

  check_dead_letter(both.fr, id);
  CHECK(status_of(both.fr, next) == "delivered");
  CHECK(both.eu.got() == std::vector<std::string>{"updateDataset"});
  CHECK(both.fr.audit_is_whole());
}

TEST_CASE("signed bytes that are damaged between two attempts are not sent; sent again they are signed anew") {
  two_nodes both;
  both.wire.script = {mishap::lose_request};
  auto const id = both.fr.post("createDataset");
  both.turns_of_fr(1);
  int const calls = both.wire.calls;
  turn_bit_of(both.fr, named_by(both.fr, signed_bytes));
  both.turns_of_fr(1);

  check_dead_letter(both.fr, id);
  CHECK(both.wire.calls == calls);
  CHECK(both.eu.got().empty());
  REQUIRE(both.fr->db.commit([&](store::transaction& tx) { return both.fr->desk.requeue(tx, id); }));
  both.turns_of_fr(1);
  CHECK(status_of(both.fr, id) == "delivered");
  CHECK(both.eu.got() == std::vector<std::string>{"createDataset"});
}

TEST_CASE("a damaged message is not handed out to the partner that fetches, who gets the next one") {
  puller_and_pulled both;
  auto const id = both.eu.post("createDataset");
  both.eu.post("updateDataset");
  turn_bit_of(both.eu, named_by(both.eu, written));
  CHECK(both.fetch() == 1);
  check_dead_letter(both.eu, id);
  CHECK(both.fr.got() == actions{"updateDataset"});
}

TEST_CASE("a receipt for fetched bytes that are damaged here is to come again: it is not told to be wrong") {
  puller_and_pulled both;
  auto const id = both.eu.post("createDataset");
  auto const now = both.time.now();
  auto const receipt = both.unseen_receipt(now);
  auto const raw = named_by(both.eu, signed_bytes);
  turn_bit_of(both.eu, raw);
  auto const told = both.eu->desk.receive(receipt.content_type, receipt.body);
  auto const signal = edelivery::open_signal(told.content_type, told.body, agreed("FR", "EU")[1], now);
  REQUIRE(signal);
  CHECK(std::get<edelivery::error_signal>(signal->content).errors.front().code == "EBMS:0202");
  CHECK(status_of(both.eu, id) == "in_flight");
  turn_bit_of(both.eu, raw);  // the store was brought back
  CHECK(both.eu->desk.receive(receipt.content_type, receipt.body).status == 204);
  CHECK(status_of(both.eu, id) == "delivered");
}

TEST_CASE("a damaged message is not handed over to Domibus") {
  auto const which = GENERATE(as<store::sql>{}, written, attached);
  behind_domibus node;
  auto const id = node.fr.post(with_attachment());
  turn_bit_of(node.fr, named_by(node.fr, which));
  node.send();
  check_dead_letter(node.fr, id);
  CHECK(node.domibus.sent.empty());
}

TEST_CASE("a part of a back end's message that is damaged is neither sent nor handed out, and the other parts are") {
  two_nodes both;
  for (auto* node : {&both.fr, &both.eu}) {
    node->back_ends = {{"erp", {{"urn:nobody", {}}}}};
    node->start();
  }
  auto const hand_in = [&](std::string const& key) {
    exchange::submission order;
    order.caller = "key:1";
    order.back_end = "erp";
    order.idempotency_key = key;
    order.pmode_id = "urn:nobody/EU";
    order.action = "order";
    memory_source const plan("the plan of the house"), note("a note");
    order.parts = {{"plan", "text/plain", "", {}, &plan}, {"note", "text/plain", "", {}, &note}};
    return exchange::submit(both.fr->desk, order).value().message_id;
  };
  auto const first_part = store::sql{"SELECT payload FROM exchange_part ORDER BY seq, place LIMIT 1"};
  auto const lost = hand_in("1");
  turn_bit_of(both.fr, named_by(both.fr, first_part));
  auto const sent = hand_in("2");
  both.turns_of_fr(1);
  check_dead_letter(both.fr, lost);
  CHECK(status_of(both.fr, sent) == "delivered");

  turn_bit_of(both.eu, named_by(both.eu, first_part));
  both.eu->db.read([&](store::reading& now) {
    auto const message = exchange::find_in_box(now, sent, "erp").value();
    auto const damaged = exchange::open_part(now, both.eu->db.payloads(), message, 1);
    REQUIRE_FALSE(damaged);
    CHECK(damaged.error().code == "store.payload_damaged");
    std::string space;
    CHECK(exchange::open_part(now, both.eu->db.payloads(), message, 2).value()->look(0, 99, space).value() == "a note");
  });
  CHECK(both.eu->db.payloads().damaged() == 1);
}
