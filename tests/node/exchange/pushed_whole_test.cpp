// Back ends that live on messages which a Domibus pushes whole: each is theirs when they took it, waits as before when
// they did not, and nothing overtakes it.
#include "node/exchange/pushed_back_end.hpp"

using namespace ehds;
using namespace ehds::tests;

TEST_CASE("a message is pushed whole, with its header and all its parts, and is processed when it was taken") {
  pushed_back_end erp;
  auto const large = rough_bytes(1'000'000);
  auto const id = erp.send({"<order/>", large, ""});
  REQUIRE(erp.waiting() == names{id});
  auto const streamed = erp.nodes.wire.streamed.load();
  CHECK(erp.run());
  CHECK_FALSE(erp.run());
  REQUIRE(erp.calls.size() == 1);
  CHECK(erp.nodes.wire.streamed == streamed + 1);  // no memory holds it
  auto const got = erp.message(0);
  CHECK(got.header.message_id == id);
  CHECK(got.header.from.id == "FR");
  CHECK(got.header.action == "order");
  CHECK(got.header.properties == std::vector<edelivery::message_property>{{"finalRecipient", "C4", ""}});
  REQUIRE(got.payloads.size() == 3);
  CHECK(got.payloads[0].mime_type == "text/xml");
  CHECK(got.payloads[0].properties == std::vector<edelivery::message_property>{{"PayloadName", "order.xml", ""}});
  CHECK(erp.bytes(0, got.payloads[0]) == "<order/>");
  CHECK(erp.bytes(0, got.payloads[1]) == large);
  CHECK(erp.bytes(0, got.payloads[2]).empty());
  names headers;
  for (auto const& one : erp.calls[0].headers) headers.push_back(one.name + ": " + one.value);
  CHECK(headers == names{"Content-Type: application/soap+xml; charset=utf-8",
                         "Authorization: Basic " + to_base64("node:a secret")});
  CHECK(erp.calls[0].timeout > std::chrono::milliseconds{20'500});  // more for more bytes
  CHECK(erp.waiting().empty());
  auto const box = erp.nodes.eu->db.read([&](auto& now) { return exchange::find_in_box(now, id, "erp", way::in); });
  CHECK(box->processed_at == erp.nodes.time.now());
  CHECK(erp.nodes.eu.audit_is_whole());
}

TEST_CASE("a message that is not taken waits, is pushed again after a growing pause, and nothing overtakes it") {
  pushed_back_end erp;
  auto const first = erp.send();
  auto const second = erp.send();
  auto const good = erp.answer;
  erp.answer = GENERATE(
      http_call_response{500, {}, "no"},
      http_call_response{200, {{"Content-Type", "application/soap+xml"}}, plugin::write_push_fault("0001", "not now")});
  std::vector<int> pauses;
  for (int seconds = 0; pauses.size() < 3; ++seconds) {
    auto const before = erp.calls.size();
    CHECK_FALSE(erp.run());
    if (erp.calls.size() > before) pauses.push_back(seconds);
    erp.nodes.time.advance(std::chrono::seconds{1});
  }
  CHECK(pauses == std::vector<int>{0, 2, 6});
  CHECK(erp.troubles.size() == 1);
  CHECK(erp.waiting() == names{first, second});
  CHECK(erp.untold(erp.nodes.eu) == names{first, second});
  erp.answer = good;
  erp.wait();
  CHECK(erp.run());
  CHECK(erp.run());
  CHECK_FALSE(erp.run());
  CHECK(erp.words() == names{"m: " + first, "m: " + first, "m: " + first, "m: " + first, "m: " + second});
  CHECK(erp.waiting().empty());
}

TEST_CASE("a dead line is no answer: the message waits, and is pushed when the back end is there") {
  pushed_back_end erp;
  auto const id = erp.send();
  auto const there = erp.nodes.wire.endpoints.extract(erp.hook.url);
  CHECK_FALSE(erp.run());
  CHECK(erp.waiting() == names{id});
  CHECK(erp.troubles.size() == 1);
  erp.nodes.wire.endpoints[erp.hook.url] = there.mapped();
  erp.wait();
  CHECK(erp.run());
  CHECK(erp.waiting().empty());
}

TEST_CASE("what was fetched while it waited is not pushed, and what is behind it goes at once") {
  pushed_back_end erp;
  erp.refuse();
  auto const first = erp.send();
  auto const second = erp.send();
  CHECK_FALSE(erp.run());
  erp.fetch(first);
  erp.take();
  CHECK(erp.run());  // in no pause of the first
  CHECK_FALSE(erp.run());
  CHECK(erp.words() == names{"m: " + first, "m: " + second});
  CHECK(erp.waiting().empty());
}

TEST_CASE("the notice behind a message that was fetched meanwhile has neither its pause nor its attempts") {
  pushed_back_end erp;
  erp.hook.pushes = {domibus_push::message, domibus_push::receive_success};
  erp.refuse();
  auto const id = erp.send();
  for (int n = 0; n < 8; ++n) {
    CHECK_FALSE(erp.run());
    erp.wait();
  }
  CHECK_FALSE(erp.run());  // and it is in its pause now
  auto const before = erp.calls.size();
  erp.fetch(id);
  CHECK_FALSE(erp.run());
  CHECK(erp.calls.size() == before + 1);
  CHECK(erp.troubles.size() == 2);  // its first attempt
  erp.nodes.time.advance(std::chrono::seconds{1});
  CHECK_FALSE(erp.run());
  CHECK(erp.calls.size() == before + 1);
  erp.take();
  erp.nodes.time.advance(std::chrono::seconds{1});
  CHECK(erp.run());
  CHECK(erp.words().back() == "receiveSuccess");
  CHECK_FALSE(erp.run());
}

TEST_CASE("one that is fetched while it is pushed is processed once") {
  pushed_back_end erp;
  auto const id = erp.send();
  erp.while_called = [&] { erp.fetch(id); };
  CHECK(erp.run());
  CHECK(erp.waiting().empty());
  CHECK(erp.nodes.eu.audit_is_whole());
  auto const entries = erp.nodes.eu->db.read([&](store::reading& now) {
    return now.first("SELECT count(*) FROM audit_entry WHERE object = ? AND instr(leaf, 'message.processed') > 0", id)
        ->integer(0);
  });
  CHECK(entries == 1);
}

TEST_CASE("a node that dies when a message was taken, before it noted that, pushes it again") {
  pushed_back_end erp;
  auto const id = erp.send();
  store::arm_fail_point("exchange.noticed");
  CHECK_THROWS_AS(erp.run(), store::simulated_crash);
  store::disarm_fail_points();
  erp.nodes.eu.start();
  CHECK(erp.waiting() == names{id});
  CHECK(erp.run());
  CHECK(erp.words() == names{"m: " + id, "m: " + id});
  CHECK(erp.calls[0].body == erp.calls[1].body);
  CHECK(erp.waiting().empty());
}

TEST_CASE("of one event each push that was chosen goes in its order, and what was taken is not said again") {
  pushed_back_end erp;
  erp.hook.pushes = {domibus_push::message_status_change, domibus_push::send_success, domibus_push::receive_success,
                     domibus_push::message};
  auto const id = erp.send();
  CHECK(erp.run());
  CHECK(erp.waiting().empty());
  erp.refuse();
  CHECK_FALSE(erp.run());
  erp.wait();
  CHECK_FALSE(erp.run());
  erp.take();
  erp.wait();
  erp.nodes.eu.start();
  CHECK(erp.run());
  CHECK_FALSE(erp.run());
  CHECK(erp.words() == names{"m: " + id, "receiveSuccess", "receiveSuccess", "receiveSuccess"});
  erp.calls.clear();
  CHECK(erp.run_at(erp.nodes.fr));
  CHECK(erp.run_at(erp.nodes.fr));
  CHECK_FALSE(erp.run_at(erp.nodes.fr));
  CHECK(erp.words() == names{"sendSuccess", "messageStatusChange"});
  CHECK(erp.calls[1].body.find("<messageStatus>ACKNOWLEDGED</messageStatus>") != std::string::npos);
}

TEST_CASE("another choice in the configuration loses no push: what was said is known by its word") {
  pushed_back_end erp;
  erp.hook.pushes = {domibus_push::message, domibus_push::receive_success, domibus_push::send_success,
                     domibus_push::message_status_change};
  erp.send();
  CHECK(erp.run_at(erp.nodes.fr));
  erp.refuse();
  CHECK_FALSE(erp.run_at(erp.nodes.fr));
  CHECK(erp.run() == false);
  erp.take();
  erp.wait();
  erp.hook.pushes = {domibus_push::message_status_change, domibus_push::receive_success};
  CHECK(erp.run_at(erp.nodes.fr));
  CHECK_FALSE(erp.run_at(erp.nodes.fr));
  CHECK(erp.run());
  CHECK_FALSE(erp.run());
  auto words = erp.words();
  words.erase(words.begin() + 2);  // the message that was refused
  CHECK(words == names{"sendSuccess", "messageStatusChange", "messageStatusChange", "receiveSuccess"});
  CHECK(erp.waiting().size() == 1);
}

TEST_CASE("events of which nothing is pushed are passed, and are not in the list of what failed") {
  pushed_back_end erp;
  for (int n = 0; n < 70; ++n) erp.send();
  auto& fr = erp.nodes.fr;
  CHECK(erp.run_at(fr));  // 64 at once
  CHECK(erp.run_at(fr));
  CHECK_FALSE(erp.run_at(fr));
  CHECK(erp.calls.empty());
  erp.hook.pushes = {domibus_push::send_failure, domibus_push::message_status_change};
  erp.nodes.wire.endpoints.erase("https://EU.example/as4");
  auto const lost = erp.send();
  for (int attempts = 0; attempts < 10; ++attempts) {
    erp.nodes.time.advance(std::chrono::hours{12});
    fr->sender.run_once(erp.nodes.time.now());
  }
  CHECK(erp.run_at(fr));
  erp.refuse();
  CHECK_FALSE(erp.run_at(fr));
  CHECK(erp.untold(fr) == names{lost});
  CHECK(erp.words() == names{"sendFailure", "messageStatusChange"});
  CHECK(erp.calls[1].body.find("<messageStatus>SEND_FAILURE</messageStatus>") != std::string::npos);

  erp.take();
  erp.hook.pushes = {domibus_push::message};
  erp.wait();
  CHECK(erp.run_at(fr));
  CHECK(erp.untold(fr).empty());
}

TEST_CASE("only messages whose events are pushed are in the list of what failed") {
  pushed_back_end erp;
  erp.refuse();
  auto const came = erp.send();
  CHECK_FALSE(erp.run());
  // A message of its own is delivered meanwhile, of which it is told nothing.
  REQUIRE(erp.nodes.eu->db.commit([&](store::transaction& tx) -> result<void> {
    tx.run(
        "INSERT INTO exchange_event (id, back_end, kind, message_id, at) VALUES (?, 'erp', 'message.delivered', "
        "'x@eu', ?)",
        tx.next_number("exchange_event"), erp.nodes.time.now());
    return {};
  }));
  CHECK(erp.untold(erp.nodes.eu) == names{came});
}

TEST_CASE("a message whose bytes the disk lost stops the pushes with the reason, and none when somebody marked it") {
  pushed_back_end erp;
  auto const broken = erp.send({rough_bytes(1'000'000)});
  auto const second = erp.send();
  REQUIRE(erp.nodes.eu.payload_files() > 0);
  erp.nodes.eu.lose_payload_files();
  CHECK_FALSE(erp.run());
  CHECK(erp.calls.empty());
  REQUIRE(erp.troubles.size() == 1);
  CHECK_FALSE(erp.troubles[0].empty());
  erp.fetch(broken);
  CHECK(erp.run());
  CHECK(erp.words() == names{"m: " + second});
}
