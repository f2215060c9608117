// A receipt is repeated as it was given or not at all: what the disk changed never leaves.
#include <catch2/catch.hpp>

#include "edelivery/ebms/read_messaging.hpp"
#include "edelivery/xml/soap.hpp"
#include "node/exchange/sealed_for_eu.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

// A message of FR's that EU gets as often as one likes, and a store of EU's that one can damage.
struct repeated_message {
  two_nodes both;
  edelivery::wire_message wire = sealed_for_eu(with_json("{}", "once@FR.example"));

  edelivery::reply receive() { return both.eu->desk.receive(wire.content_type, wire.body); }
};

template <class... Arguments>
void change(test_node& node, store::sql statement, Arguments const&... given) {
  REQUIRE(node->db.commit([&](store::transaction& tx) -> result<void> {
    CHECK(tx.run(statement, given...) == 1);
    return {};
  }));
}

std::string receipt_of(test_node& node) {
  return node->db.read([](store::reading& now) { return now.first("SELECT receipt FROM exchange_inbox")->text(0); });
}

std::string error_of(edelivery::reply const& answer) {
  auto const envelope = edelivery::parse_envelope(answer.body);
  REQUIRE(envelope);
  auto const content = edelivery::read_messaging(envelope->messaging());
  REQUIRE(content);
  REQUIRE(std::holds_alternative<edelivery::error_signal>(*content));
  return std::get<edelivery::error_signal>(*content).errors.at(0).code;
}

}  // namespace

TEST_CASE("a stored receipt that the disk changed is not repeated: the partner is to ask again, the operator is told") {
  repeated_message a;
  auto const first = a.receive();
  CHECK(a.receive().body == first.body);
  CHECK(a.both.eu->desk.damaged_receipts() == 0);

  auto damaged = receipt_of(a.both.eu);
  damaged[damaged.find("SignalMessage") + 5] ^= 1;
  change(a.both.eu, "UPDATE exchange_inbox SET receipt = ?", store::blob{damaged});
  auto const second = a.receive();
  CHECK(second.status == 200);
  CHECK(error_of(second) == "EBMS:0202");
  CHECK(a.both.eu->desk.damaged_receipts() == 1);
  REQUIRE(a.both.eu.refusals.size() == 1);
  CHECK(a.both.eu.refusals[0].diagnosis.code == "exchange.inbox.damaged");
  CHECK(a.both.eu.refusals[0].message_id == "once@FR.example");
  auto const kept = a.both.eu->db.read([](store::reading& now) { return exchange::list_refusals(now, 0, 10); });
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].origin == exchange::refusal_origin{"FR", true});

  // It was taken once, and stays so.
  CHECK(a.both.eu.ledger({.direction = "in"}).size() == 1);
  CHECK(a.both.eu.audit_is_whole());
}

TEST_CASE("a sender goes on asking a partner whose receipt is damaged, and has it when the store is whole again") {
  two_nodes both;
  both.wire.script = {mishap::lose_answer};
  auto const id = both.fr.post("createDataset");
  both.turns_of_fr(1);
  auto const whole = receipt_of(both.eu);
  change(both.eu, "UPDATE exchange_inbox SET receipt = ?", store::blob{std::string_view(whole).substr(1)});
  both.turns_of_fr(2);
  CHECK(status_of(both.fr, id) == "waiting");
  CHECK(both.eu->desk.damaged_receipts() == 2);
  change(both.eu, "UPDATE exchange_inbox SET receipt = ?", store::blob{whole});
  both.turns_of_fr(1);
  CHECK(status_of(both.fr, id) == "delivered");
  CHECK(both.wire.answers.back() == whole);
  CHECK(both.eu.got() == std::vector<std::string>{"createDataset"});
}

TEST_CASE("a damaged fingerprint does not make a repetition look like another message") {
  repeated_message a;
  static_cast<void>(a.receive());
  change(a.both.eu, "UPDATE exchange_inbox SET fingerprint = 'x' || substr(fingerprint, 2)");
  CHECK(error_of(a.receive()) == "EBMS:0202");
  CHECK(a.both.eu->desk.damaged_receipts() == 1);
}

TEST_CASE("a receipt of before, which has no digest, is repeated as it is") {
  repeated_message a;
  auto const first = a.receive();
  change(a.both.eu, "UPDATE exchange_inbox SET sha256 = NULL");
  CHECK(a.receive().body == first.body);
  CHECK(a.both.eu.refusals.empty());
}
