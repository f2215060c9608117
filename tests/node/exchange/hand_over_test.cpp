// What a node behind a Domibus sends: handed over once, whatever dies or fails, and followed to its end.
#include <catch2/catch.hpp>

#include "node/exchange/behind_domibus.hpp"
#include "node/exchange/submission.hpp"
#include "node/exchange/test_message.hpp"

using namespace ehds;
using namespace ehds::tests;
using plugin::message_status;

TEST_CASE("a message is handed over with its header and bytes, followed, and delivered when Domibus says so") {
  behind_domibus node;
  auto const id = node.fr.post(
      {.to_nation = "EU", .action = "createDataset", .content = R"({"identifier":"d1"})", .attachments = "a zip"});
  node.send();
  REQUIRE(node.domibus.sent.contains(id));
  auto const& taken = node.domibus.sent.at(id);
  CHECK(taken.header.from.id == "FR");
  CHECK(taken.header.to.id == "EU");
  CHECK(taken.header.service == exchange::star_service);
  CHECK(taken.header.service_type == "urn:ehds:service");
  CHECK(taken.header.action == "createDataset");
  CHECK_FALSE(taken.header.conversation_id.empty());
  CHECK(taken.header.properties ==
        std::vector<edelivery::message_property>{{"originalSender", "FR", ""}, {"finalRecipient", "EU", ""}});
  REQUIRE(taken.payloads.size() == 2);
  CHECK(exchange::read_envelope(taken.payloads[0])->content == R"({"identifier":"d1"})");
  CHECK(taken.payloads[1] == "a zip");
  CHECK(taken.types == std::vector<std::string>{"application/json", "application/zip"});
  CHECK_FALSE(taken.processing);
  CHECK(node.domibus.authorizations.back() == "Basic " + to_base64("plugin:a secret"));
  CHECK(node.sent().status == "waiting");
  CHECK(node.sent().reason == "Domibus has it");

  node.domibus.sent.at(id).status = message_status::waiting_for_retry;
  node.send();
  CHECK(node.sent().status == "waiting");
  CHECK(node.sent().reason == "Domibus has it: WAITING_FOR_RETRY");
  node.domibus.sent.at(id).status = message_status::acknowledged;
  node.send();
  CHECK(node.sent().status == "delivered");
  CHECK(node.sent().attempts == 1);
  CHECK_FALSE(node.sent().has_receipt);  // Domibus keeps it
  CHECK(node.domibus.operations == std::vector<std::string>{"submit", "status", "status"});
  CHECK(node.attempts().size() == 1);
  node.send();
  CHECK(node.domibus.operations.size() == 3);
  CHECK(node.fr.audit_is_whole());
}

TEST_CASE("a message that its partner fetches is handed over at once all the same, with the word for it") {
  auto fetched = pmode_between("FR", "EU", std::string(exchange::star_service));
  fetched.binding = edelivery::mep_binding::pull;
  fetched.way = edelivery::direction::send;
  fetched.mpc = "urn:example:mpc:EU";
  behind_domibus node(nullptr, {fetched});
  auto const id = node.fr.post("createDataset");
  node.domibus.first_status = message_status::ready_to_pull;
  node.send();
  REQUIRE(node.domibus.sent.contains(id));
  auto& taken = node.domibus.sent.at(id);
  CHECK(taken.processing == plugin::processing_type::pull);
  CHECK(taken.header.mpc == "urn:example:mpc:EU");
  node.send();
  CHECK(node.sent().reason == "Domibus has it: READY_TO_PULL");
  taken.status = message_status::acknowledged;
  node.send();
  CHECK(node.sent().status == "delivered");
}

TEST_CASE("answers with MTOM are heard as well") {
  behind_domibus node;
  node.domibus.speaks_mtom = true;
  node.domibus.first_status = message_status::acknowledged;
  node.fr.post("createDataset");
  node.send();
  node.send();
  CHECK(node.sent().status == "delivered");
}

TEST_CASE("what Domibus gives up is a dead letter with its reason; sent again there and here, it arrives") {
  behind_domibus node;
  node.domibus.first_status = message_status::send_failure;
  node.domibus.errors = {{"EBMS:0301", "no receipt from EU", "", plugin::access_point_role::sending, {}}};
  auto const id = node.fr.post("createDataset");
  node.send();
  node.send();
  CHECK(node.sent().status == "failed");
  CHECK(node.sent().code == "EBMS:0301");
  CHECK(node.sent().reason.find("no receipt from EU") != std::string::npos);
  CHECK(node.fr.outbox().dead_letters == 1);

  node.domibus.sent.at(id).status = message_status::send_enqueued;  // its operator
  static_cast<void>(node.fr->db.commit([&](store::transaction& tx) { return node.fr->desk.requeue(tx, id); }));
  node.send();
  CHECK(node.sent().status == "waiting");
  node.domibus.sent.at(id).status = message_status::acknowledged;
  node.send();
  CHECK(node.sent().status == "delivered");
  CHECK(node.domibus.sent.size() == 1);
}

TEST_CASE("a message that Domibus lost is a dead letter, and handed over anew when it is sent again") {
  behind_domibus node;
  auto const id = node.fr.post("createDataset");
  node.send();
  node.domibus.sent.clear();
  node.send();
  CHECK(node.sent().status == "waiting");
  node.send();
  CHECK(node.sent().status == "failed");
  static_cast<void>(node.fr->db.commit([&](store::transaction& tx) { return node.fr->desk.requeue(tx, id); }));
  node.send();
  CHECK(node.domibus.sent.contains(id));
}

TEST_CASE("an answer that was lost is no second message: whoever tries again asks first") {
  behind_domibus node;
  node.wire.script = {mishap::lose_answer};
  auto const id = node.fr.post("createDataset");
  node.send();
  CHECK(node.sent().status == "waiting");
  CHECK(node.sent().code == "EBMS:0005");
  node.send();
  CHECK(node.sent().reason == "Domibus has it");
  CHECK(node.sent().code.empty());
  CHECK(node.domibus.asked("submit") == 1);
  CHECK(node.domibus.sent.size() == 1);

  // The question is lost as well: Domibus refuses the id, which says that it has the message.
  behind_domibus other;
  other.wire.script = {mishap::lose_answer, mishap::lose_request};
  other.fr.post("createDataset");
  other.send();
  other.send();
  CHECK(other.domibus.asked("submit") == 2);
  CHECK(other.sent().reason == "Domibus has it");
  CHECK(other.domibus.sent.size() == 1);
}

TEST_CASE("whatever else comes back is tried again, and said to the operator") {
  struct {
    std::string said;
    http_call_response answer;
  } const cases[] = {
      {"HTTP 401", page(401, "<html>sign in</html>")},
      {"HTTP 502", page(502, "Bad gateway", "text/plain")},
      {"HTTP 200", page(200, "rubbish", "application/soap+xml")},
      {"HTTP 200", page(200, "", "")},
      {"HTTP 500", page(500, std::string(100'000, '<'), "application/soap+xml")},
      {"another question",
       page(200, edelivery::tests::answer_of("getStatusResponse", "RECEIVED"), "application/soap+xml")},
      {"WS_PLUGIN:0002 no such user", scripted_domibus::fault("WS_PLUGIN:0002", "no such user")},
      {"EBMS:0010 no P-Mode", scripted_domibus::fault("EBMS:0010", "no P-Mode")},
  };
  for (auto const& [said, answer] : cases) {
    behind_domibus node;
    node.domibus.instead["submit"] = answer;
    node.fr.post("createDataset");
    node.send();
    INFO(node.sent().reason);
    CHECK(node.sent().status == "waiting");
    CHECK(node.sent().attempts == 1);
    CHECK(node.sent().reason.find(said) != std::string::npos);
    CHECK(node.attempts().size() == 1);
    node.domibus.instead.clear();
    node.send(std::chrono::hours(1));
    CHECK(node.sent().reason == "Domibus has it");
  }
}

TEST_CASE("what Domibus refuses twice running is a dead letter; what it cannot say is tried to the end") {
  behind_domibus node;
  node.domibus.instead["submit"] = scripted_domibus::fault("WS_PLUGIN:0003", "no P-Mode fits");
  node.fr.post("createDataset");
  node.send();
  node.send();
  CHECK(node.sent().status == "failed");
  CHECK(node.sent().code == "EBMS:0010");
  CHECK(node.sent().reason == "Domibus does not take it: WS_PLUGIN:0003 no P-Mode fits");

  behind_domibus down;
  down.wire.endpoints[scripted_domibus::url] = nullptr;
  down.fr.post("createDataset");
  for (int n = 0; n < 5; ++n) down.send(std::chrono::hours(1));
  CHECK(down.sent().status == "failed");
  CHECK(down.sent().code == "EBMS:0301");
  CHECK(down.attempts().size() == 5);
}

TEST_CASE("a Domibus that took it under another id is not believed") {
  behind_domibus node;
  node.domibus.instead["submit"] = page(
      200, edelivery::tests::answer_of("submitResponse", "<messageID>other@x</messageID>"), "application/soap+xml");
  node.fr.post("createDataset");
  node.send();
  CHECK(node.sent().status == "failed");
  CHECK(node.sent().reason.find("other@x") != std::string::npos);
}

TEST_CASE("a status that cannot be read changes nothing, for as long as it takes") {
  behind_domibus node;
  auto const id = node.fr.post("createDataset");
  node.send();
  node.domibus.instead["status"] = page(200, "rubbish");
  for (int n = 0; n < 50; ++n) node.send();
  CHECK(node.sent().status == "waiting");
  CHECK(node.sent().attempts == 1);
  CHECK(node.attempts().empty());
  node.wire.endpoints[scripted_domibus::url] = nullptr;
  for (int n = 0; n < 50; ++n) node.send();
  CHECK(node.sent().status == "waiting");
  node.wire.endpoints[scripted_domibus::url] = [&](auto const& request) { return node.domibus.answer(request); };
  node.domibus.instead.clear();
  node.domibus.sent.at(id).status = message_status::acknowledged;
  node.send();
  node.send();
  CHECK(node.sent().status == "delivered");
}

TEST_CASE("messages about one subject wait for each other until Domibus says how the first ended") {
  behind_domibus node;
  auto const first = node.fr.post(
      {.to_nation = "EU", .action = "createDataset", .content = R"({"identifier":"d1"})", .subject = "d1"});
  auto const second = node.fr.post(
      {.to_nation = "EU", .action = "updateDataset", .content = R"({"identifier":"d1"})", .subject = "d1"});
  node.send();
  node.send();
  CHECK(node.domibus.sent.contains(first));
  CHECK_FALSE(node.domibus.sent.contains(second));
  node.domibus.sent.at(first).status = message_status::acknowledged;
  node.send();
  CHECK(node.domibus.sent.contains(second));
}

TEST_CASE("a notice makes the next question come now, for a message that waits there and no other") {
  behind_domibus node;
  auto const id = node.fr.post("createDataset");
  node.fr->sender.look_at({id, "never@heard"}, node.time.now());
  node.send(std::chrono::seconds(1));
  node.domibus.sent.at(id).status = message_status::acknowledged;
  node.send(std::chrono::seconds(1));
  CHECK(node.sent().status == "waiting");
  node.fr->sender.look_at({"never@heard", id}, node.time.now());
  node.send(std::chrono::seconds(1));
  CHECK(node.sent().status == "delivered");
  node.fr->sender.look_at({id}, node.time.now());
  CHECK(node.sent().status == "delivered");
}

TEST_CASE("a message of a back end goes with its parts, a large one from where it lies") {
  behind_domibus node;
  node.fr.back_ends = {{"erp", {{"urn:nobody", {}}}}};
  node.restart();
  std::string const large(700'000, 'z');
  memory_source const bytes(large);
  memory_source const note("note");
  auto const taken = exchange::submit(
      node.fr->desk,
      {.caller = "key:1",
       .back_end = "erp",
       .idempotency_key = "1",
       .pmode_id = "urn:nobody/EU",
       .action = "order",
       .properties = {{"originalSender", "C1", ""}},
       .parts = {{"a", "application/pdf", "", {}, &bytes}, {"b", "text/plain", "utf-8", {{"kind", "x", ""}}, &note}}});
  REQUIRE(taken);
  node.send();
  auto const& sent = node.domibus.sent.at(taken->message_id);
  REQUIRE(sent.payloads.size() == 2);
  CHECK(sent.payloads[0] == large);
  CHECK(sent.payloads[1] == "note");
  CHECK(sent.header.properties == std::vector<edelivery::message_property>{{"originalSender", "C1", ""}});
}

TEST_CASE("a test message is one for Domibus too") {
  behind_domibus node;
  std::string id;
  REQUIRE(node.fr->db.commit([&](store::transaction& tx) -> result<void> {
    auto posted = exchange::post_test(tx, node.fr->desk, std::string(exchange::star_service) + "/EU");
    if (!posted) return posted.error();
    id = *posted;
    return {};
  }));
  node.send();
  CHECK(node.domibus.sent.at(id).header.is_test());
  CHECK(node.domibus.sent.at(id).payloads.empty());
}

TEST_CASE("messages that were signed here before a Domibus came go there with what they say") {
  two_nodes both;
  both.eu.stop();
  auto const id = both.fr.post("createDataset");
  both.fr->sender.run_once(both.time.now());
  CHECK(both.fr.ledger().at(0).attempts == 1);
  scripted_domibus domibus;
  exchange::plugin_line const line{both.wire, {scripted_domibus::url, "", ""}};
  both.wire.endpoints[scripted_domibus::url] = [&](auto const& request) { return domibus.answer(request); };
  both.fr.line = &line;
  both.fr.start();
  both.turns_of_fr(2);
  REQUIRE(domibus.sent.contains(id));
  CHECK(exchange::read_envelope(domibus.sent.at(id).payloads.at(0))->content == R"({"identifier":"d1"})");
  CHECK(domibus.authorizations.empty());
}
