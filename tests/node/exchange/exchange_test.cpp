#include <catch2/catch.hpp>

#include "edelivery/message/pack.hpp"
#include "node/exchange/kept_bytes.hpp"
#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

using actions = std::vector<std::string>;

}  // namespace

TEST_CASE("a message arrives once, is answered as valid, and both ledgers tell the same story") {
  two_nodes both;
  auto const id = both.fr.post({.to_nation = "EU",
                                .action = "createDataset",
                                .content = R"({"identifier":"d1"})",
                                .attachments = "PK zip",
                                .subject = "d1"});
  both.turns(2);

  CHECK(both.eu.got() == actions{"createDataset"});
  CHECK(both.fr.got() == actions{"validationResult"});
  auto const sent = both.fr.ledger({.direction = "out"});
  auto const received = both.eu.ledger({.direction = "in"});
  REQUIRE(sent.size() == 1);
  REQUIRE(received.size() == 1);
  CHECK(sent[0].message_id == id);
  CHECK(sent[0].status == "delivered");
  CHECK(sent[0].attempts == 1);
  CHECK(sent[0].has_receipt);
  CHECK(sent[0].settled_at);
  CHECK_FALSE(sent[0].due);
  CHECK(received[0].message_id == id);
  CHECK(received[0].status == "valid");
  CHECK(received[0].nation_id == "FR");
  CHECK(received[0].subject == "d1");
  CHECK(received[0].content_sha256 == sent[0].content_sha256);
  CHECK(received[0].conversation_id == sent[0].conversation_id);
  CHECK(both.fr.audit_is_whole());
  CHECK(both.eu.audit_is_whole());
  CHECK(both.fr.outbox().open == 0);
}

TEST_CASE("the answer names the message it answers, in the header and for the consumer") {
  two_nodes both;
  auto const id = both.fr.post("createDataset");
  both.turns(2);

  auto const answer = both.fr.ledger({.direction = "in"}).at(0);

  CHECK(answer.action == "validationResult");
  CHECK(answer.original_message_id == id);
  CHECK(both.fr.ledger({.direction = "out"}).size() == 1);  // an answer is not answered
}

TEST_CASE("what the consumer finds goes back as a validation result, and the message counts as not valid") {
  two_nodes both;
  both.eu.next_verdict = {{"dcat.missing", "The title is missing.", "dct:title", "Add one."}};
  both.fr.post("createDataset");
  both.turns(2);

  CHECK(both.eu.ledger({.direction = "in"}).at(0).status == "not_valid");
  auto const seq = both.fr.ledger({.direction = "in"}).at(0).seq;
  auto const bytes =
      both.fr->db.read([&](store::reading& now) { return texts_of(now, both.fr->db.payloads(), seq).value(); });
  auto const content = exchange::read_envelope(bytes.envelope).value().content;
  CHECK(exchange::read_validation(content).value().found == both.eu.next_verdict);
}

TEST_CASE("a partner that is down gets the message when it comes up, once, with the same id and digest") {
  two_nodes both;
  both.eu.stop();
  auto const id = both.fr.post("createDataset");
  both.turns_of_fr(2);
  CHECK(status_of(both.fr, id) == "waiting");
  auto const digest = both.fr.ledger().at(0).raw_sha256;

  both.eu.start();
  both.turns(3);

  CHECK(both.eu.got() == actions{"createDataset"});
  CHECK(status_of(both.fr, id) == "delivered");
  CHECK(both.fr.ledger({.direction = "out"}).at(0).raw_sha256 == digest);
  CHECK(both.fr.ledger({.direction = "out"}).at(0).attempts == 3);
}

TEST_CASE("a lost request, a lost answer, a garbled answer and a doubled request: delivered once") {
  auto const what = GENERATE(mishap::lose_request, mishap::lose_answer, mishap::garble_answer, mishap::send_twice);
  two_nodes both;
  both.wire.script = {what, what};
  auto const id = both.fr.post("createDataset");

  both.turns(5);

  CHECK(both.eu.got() == actions{"createDataset"});
  CHECK(both.fr.got() == actions{"validationResult"});
  CHECK(status_of(both.fr, id) == "delivered");
}

TEST_CASE("a repeated message gets the stored receipt again, byte for byte") {
  two_nodes both;
  std::vector<std::string> bodies;
  auto const whole = both.wire.endpoints["https://EU.example/as4"];
  both.wire.endpoints["https://EU.example/as4"] = [&](http_call_request const& request) {
    bodies.push_back(whole(request).body);
    both.time.advance(std::chrono::minutes(3));
    auto answer = whole(request);
    bodies.push_back(answer.body);
    return answer;
  };
  both.fr.post("createDataset");
  both.fr->sender.run_once(both.time.now());

  REQUIRE(bodies.size() == 2);
  CHECK_FALSE(bodies[0].empty());
  CHECK(bodies[0] == bodies[1]);
  CHECK(both.eu.got() == actions{"createDataset"});
  CHECK(both.eu.audit_is_whole());
}

TEST_CASE("another message under a used id is refused and the first one stays untouched") {
  two_nodes both;
  auto const& mode = both.fr->desk.book().all().front();
  auto const send = [&](std::string const& content) {
    edelivery::outgoing_message out;
    out.action = "createDataset";
    out.message_id = "same@FR.example";
    out.payloads.push_back({"application/json", R"({"type":"createDataset","content":)" + content + "}", "utf-8", {}});
    auto const packed = edelivery::pack(out, mode, both.fr->desk.us(), both.time.now()).value();
    auto const wire = edelivery::seal(packed, mode, both.time.now()).value();
    return both.eu->desk.receive(wire.content_type, wire.body).body;
  };
  CHECK(send(R"({"a":1})").find("Receipt") != std::string::npos);

  auto const answer = send(R"({"a":2})");

  CHECK(answer.find("EBMS:0003") != std::string::npos);
  CHECK(both.eu.got() == actions{"createDataset"});
  CHECK(both.eu.ledger({.direction = "in"}).size() == 1);
}

TEST_CASE("a consumer that cannot take a message now leaves no trace and the sender tries again") {
  two_nodes both;
  bool const throws = GENERATE(true, false);
  (throws ? both.eu.consumer_throws : both.eu.consumer_fails) = true;
  auto const id = both.fr.post("createDataset");
  both.turn();
  CHECK(both.eu.got().empty());
  CHECK(both.eu.ledger().empty());
  CHECK(status_of(both.fr, id) == "waiting");

  both.eu.consumer_throws = both.eu.consumer_fails = false;
  both.turn();
  CHECK(both.eu.got() == actions{"createDataset"});
}

TEST_CASE("a message without a receipt in all attempts is a dead letter, told once, and can be sent again") {
  two_nodes both;
  std::vector<exchange::outcome> ends;
  both.fr->desk.on_outcome([&](store::transaction&, exchange::outcome const& end) { ends.push_back(end); });
  both.eu.stop();
  auto const id =
      both.fr.post({.to_nation = "EU", .action = "statusUpdate", .content = "{}", .subject = "application 1"});
  both.turns_of_fr(40);

  REQUIRE(ends.size() == 1);
  CHECK(ends[0].code == "EBMS:0301");
  CHECK_FALSE(ends[0].delivered);
  CHECK(ends[0].subject == "application 1");
  CHECK(ends[0].to_nation == "EU");
  CHECK(both.fr.outbox().dead_letters == 1);
  CHECK(both.fr.ledger({.status = "failed"}).size() == 1);
  CHECK(both.wire.calls == 5);

  both.eu.start();
  REQUIRE(both.fr->db.commit([&](store::transaction& tx) { return both.fr->desk.requeue(tx, id); }));
  both.turn();
  CHECK(both.eu.got() == actions{"statusUpdate"});
  REQUIRE(ends.size() == 2);
  CHECK(ends[1].delivered);
  // Delivered stays delivered, and who wants it otherwise is told.
  auto const again = both.fr->db.commit([&](store::transaction& tx) { return both.fr->desk.requeue(tx, id); });
  CHECK(again.error().code == "exchange.outbox.delivered");
  CHECK(again.error().detail.find("status of the message is delivered") != std::string::npos);
  both.turn();
  CHECK(both.eu.got() == actions{"statusUpdate"});
  auto const unknown = both.fr->db.commit([&](store::transaction& tx) { return both.fr->desk.requeue(tx, "no"); });
  CHECK(unknown.error().code == "exchange.outbox.unknown");
}

TEST_CASE("a message signed under a clock that ran ahead waits, and leaves when the clocks agree") {
  two_nodes both;
  both.eu.own_time.emplace(both.time.now() - std::chrono::hours(30));
  both.eu.start();
  auto const id = both.fr.post("createDataset");
  both.turns_of_fr(4);
  CHECK(status_of(both.fr, id) == "waiting");
  CHECK(both.eu.got().empty());
  CHECK(both.eu.refusals.size() == 4);

  both.eu.own_time->advance(std::chrono::hours(30));
  both.turn();
  CHECK(both.eu.got() == actions{"createDataset"});
  CHECK(status_of(both.fr, id) == "delivered");
}

TEST_CASE("a dead letter signed under a wrong clock is signed anew when it is sent again, with its id and content") {
  two_nodes both;
  auto const year = std::chrono::hours(24 * 366);
  both.time.advance(year);  // FR's clock; EU has its own
  both.eu.own_time.emplace(noon());
  both.eu.start();
  auto const id = both.fr.post("createDataset");
  both.turns_of_fr(5);
  CHECK(status_of(both.fr, id) == "failed");
  auto const before = both.fr.ledger().at(0);

  both.time.set(noon());
  REQUIRE(both.fr->db.commit([&](store::transaction& tx) { return both.fr->desk.requeue(tx, id); }));
  both.turn();

  CHECK(both.eu.got() == actions{"createDataset"});
  auto const after = both.fr.ledger({.direction = "out"}).at(0);
  CHECK(after.status == "delivered");
  CHECK(after.message_id == before.message_id);
  CHECK(after.content_sha256 == before.content_sha256);
  CHECK(after.raw_sha256 != before.raw_sha256);
}

TEST_CASE("sent again although the partner had it: the receipt it repeats names the first signature and is accepted") {
  two_nodes both;
  both.wire.script = {mishap::lose_answer, mishap::lose_answer, mishap::lose_answer, mishap::lose_answer,
                      mishap::lose_answer};
  auto const id = both.fr.post("createDataset");
  both.turns_of_fr(20);
  CHECK(status_of(both.fr, id) == "failed");
  CHECK(both.eu.got() == actions{"createDataset"});

  REQUIRE(both.fr->db.commit([&](store::transaction& tx) { return both.fr->desk.requeue(tx, id); }));
  both.fr->sender.run_once(both.time.now());

  CHECK(both.eu.got() == actions{"createDataset"});
  CHECK(status_of(both.fr, id) == "delivered");
  auto const seq = both.fr.ledger({.direction = "out"}).at(0).seq;
  auto const proof =
      both.fr->db.read([&](store::reading& now) { return texts_of(now, both.fr->db.payloads(), seq).value(); });
  CHECK(proof.receipt.find("Receipt") != std::string::npos);
}

TEST_CASE("a clock that is set back does not hold up what a fast clock put off") {
  two_nodes both;
  both.eu.stop();
  both.time.advance(std::chrono::hours(24 * 30));
  auto const id = both.fr.post("createDataset");
  for (int n = 0; n < 3; ++n) both.fr->sender.run_once(both.time.now());
  CHECK(status_of(both.fr, id) == "waiting");

  both.time.set(noon());
  int const calls = both.wire.calls;
  both.fr->sender.run_once(both.time.now());
  CHECK(both.wire.calls == calls + 1);
}

TEST_CASE("what is said about one thing arrives in order, other things overtake it") {
  two_nodes both;
  both.wire.script = {mishap::lose_request};
  both.fr.post({.to_nation = "EU", .action = "createDataset", .content = "{}", .subject = "d1"});
  both.fr->sender.run_once(both.time.now());  // the first is lost and waits
  both.fr.post({.to_nation = "EU", .action = "updateDataset", .content = "{}", .subject = "d1"});
  both.fr.post({.to_nation = "EU", .action = "statusUpdate", .content = "{}", .subject = "a1"});

  both.fr->sender.run_once(both.time.now());
  CHECK(both.eu.got() == actions{"statusUpdate"});
  both.turns(3);
  CHECK(both.eu.got() == actions{"statusUpdate", "createDataset", "updateDataset"});
}

TEST_CASE("a partner that does not answer is left alone for a while, then asked with one message") {
  two_nodes both;
  both.eu.stop();
  for (int n = 0; n < 20; ++n) both.fr.post("statusUpdate");

  both.fr->sender.run_once(both.time.now());
  CHECK(both.wire.calls == 3);
  CHECK(both.fr->sender.next_due() == both.time.now() + std::chrono::seconds(15));
  both.fr->sender.run_once(both.time.now());
  CHECK(both.wire.calls == 3);
  both.time.advance(std::chrono::minutes(1));
  both.fr->sender.run_once(both.time.now());
  CHECK(both.wire.calls == 4);

  both.eu.start();
  both.turns(3);
  CHECK(both.eu.got().size() == 20);
  CHECK_FALSE(both.fr->sender.next_due());
}

TEST_CASE("the sender of a message is who signed it, whatever its JSON says") {
  two_nodes both;
  both.fr.post("createDataset", R"({"nation_id":"FI","identifier":"d1"})");
  both.turn();

  CHECK(both.eu->db.read([](store::reading& now) { return now.first("SELECT sender FROM tests_got")->text(0); }) ==
        "FR");
  CHECK(both.eu.ledger({.nation_id = "FR", .subject = "d1"}).size() == 1);
}

TEST_CASE("a message whose JSON contradicts its header, or is none, is kept and answered as not valid") {
  two_nodes both;
  auto const& mode = both.fr->desk.book().all().front();
  auto const json = GENERATE(as<std::string>{}, R"({"type":"other","content":{}})", "no json",
                             R"({"type":"createDataset","message_id":"x","content":{}})");
  edelivery::outgoing_message out;
  out.action = "createDataset";
  out.payloads.push_back({"application/json", json, "utf-8", {}});
  auto const wire =
      edelivery::seal(edelivery::pack(out, mode, both.fr->desk.us(), both.time.now()).value(), mode, both.time.now());

  auto const answer = both.eu->desk.receive(wire->content_type, wire->body);
  both.turns(2);

  CHECK(answer.body.find("Receipt") != std::string::npos);
  CHECK(both.eu.got().empty());
  CHECK(both.eu.ledger({.direction = "in"}).at(0).status == "not_valid");
  CHECK(both.fr.got() == actions{"validationResult"});
}

TEST_CASE("the partners' own service has no validation results, and a service nobody serves is said to be so") {
  two_nodes both;
  both.fr.post({.to_nation = "EU",
                .action = "submitQuery",
                .content = "{}",
                .service = std::string(exchange::partners_service)});
  both.fr.post({.to_nation = "EU", .action = "anything", .content = "{}", .service = "urn:nobody"});
  both.turns(2);

  CHECK(both.eu.got() == actions{"submitQuery"});
  CHECK(both.eu.ledger({.action = "anything"}).at(0).status == "not_valid");
  CHECK(both.fr.ledger({.direction = "in"}).size() == 1);
}

TEST_CASE("a message from an access point that no nation stands for touches nothing and says why") {
  two_nodes both;
  both.eu.lists_partner = false;
  both.eu.start();
  both.fr.post("createDataset");
  both.turns(2);

  CHECK(both.eu.got().empty());
  auto const entry = both.eu.ledger({.direction = "in"}).at(0);
  CHECK(entry.status == "not_valid");
  CHECK(entry.nation_id.empty());
  CHECK(entry.party_id == "FR");
  CHECK(both.fr.ledger({.direction = "out"}).at(0).status == "delivered");
  CHECK(both.eu.audit_is_whole());
}

TEST_CASE("what is not AS4 or not from a partner is refused at the door, told, and not stored") {
  two_nodes both;
  auto const answer = both.eu->desk.receive("text/plain", "hello");
  CHECK(answer.status == 400);
  CHECK(both.eu.refusals.size() == 1);
  static_cast<void>(both.eu->desk.receive("application/soap+xml", "<x/>"));

  CHECK(both.eu.refusals.size() == 2);
  CHECK(both.eu.ledger().empty());
}

TEST_CASE("posting to nobody, without an agreement or without an object is refused in words") {
  two_nodes both;
  auto const refused = [&](exchange::outgoing_business_message const& message) {
    return both.fr->db
        .commit([&](store::transaction& tx) -> result<void> {
          auto posted = both.fr->desk.post(tx, message);
          if (!posted) return posted.error();
          return {};
        })
        .error()
        .code;
  };

  CHECK(refused({.to_nation = "XX", .action = "a", .content = "{}"}) == "exchange.partner.unknown");
  CHECK(refused({.to_nation = "EU", .action = "a", .content = "{}", .service = "urn:x"}) == "edelivery.pmode.none");
  CHECK(refused({.to_nation = "EU", .action = "a", .content = "7"}) == "exchange.content");
  CHECK(both.fr.ledger().empty());
}

TEST_CASE("a large attachment goes through files and arrives whole") {
  two_nodes both;
  std::string zip;
  for (int n = 0; zip.size() < 700'000; ++n) zip += std::to_string(n * 7919) + '\n';
  both.fr.post({.to_nation = "EU", .action = "dataAccessApplication", .content = "{}", .attachments = zip});
  both.turns(2);

  auto const seq = both.eu.ledger({.direction = "in"}).at(0).seq;
  auto const bytes =
      both.eu->db.read([&](store::reading& now) { return texts_of(now, both.eu->db.payloads(), seq).value(); });
  CHECK(bytes.attachments == zip);
  CHECK(bytes.raw_type.starts_with("multipart/related"));
  CHECK_FALSE(bytes.receipt.empty());
  CHECK(both.eu->db.read([&](store::reading& now) {
    return texts_of(now, both.eu->db.payloads(), 999).error().code;
  }) == "exchange.ledger.unknown");
}

TEST_CASE("an outbox of thousands is looked through by index") {
  two_nodes both;
  both.eu.stop();
  REQUIRE(both.fr->db.commit([&](store::transaction& tx) -> result<void> {
    for (int n = 0; n < 3000; ++n) {
      auto const posted = both.fr->desk.post(
          tx, {.to_nation = "EU", .action = "statusUpdate", .content = "{}", .subject = "a" + std::to_string(n % 50)});
      if (!posted) return posted.error();
    }
    return {};
  }));

  auto const begin = std::chrono::steady_clock::now();
  both.fr->sender.run_for("EU", both.time.now());
  auto const took = std::chrono::steady_clock::now() - begin;

  CHECK(both.wire.calls == 3);
  CHECK(took < std::chrono::seconds(2));
}
