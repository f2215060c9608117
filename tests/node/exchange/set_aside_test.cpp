// Messages that a back end never takes: those behind them go first, and they are lost to nobody.
#include "node/exchange/set_aside.hpp"

#include "node/exchange/pushed_back_end.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

http_call_response const fault{
    200, {{"Content-Type", "application/soap+xml"}}, plugin::write_push_fault("0001", "not this one")};

void refuse_often(pushed_back_end& erp, std::int64_t times = exchange::most_refusals - 1) {
  for (std::int64_t n = 0; n < times; ++n) {
    CHECK_FALSE(erp.run());
    erp.wait();
    erp.nodes.eu.start();  // what it knows is in the store
  }
}

void ask_again(pushed_back_end& erp, names const& ids, std::string_view back_end = "erp") {
  REQUIRE(erp.nodes.eu->db.commit([&](store::transaction& tx) -> result<void> {
    exchange::tell_again(tx, back_end, ids, erp.nodes.time.now());
    return {};
  }));
}

std::int64_t counted(pushed_back_end& erp) { return erp.nodes.eu->db.read(exchange::count_set_aside); }

// Its message is set aside.
std::string with_one_aside(pushed_back_end& erp) {
  auto const bad = erp.send();
  auto const good = std::exchange(erp.answer, fault);
  refuse_often(erp);
  CHECK(erp.run());
  erp.answer = good;
  erp.calls.clear();
  CHECK(erp.untold(erp.nodes.eu) == names{bad});
  return bad;
}

}  // namespace

TEST_CASE("a message that is refused twelve times is set aside, and those behind it go at once") {
  pushed_back_end erp;
  auto const bad = erp.send();
  auto const good = erp.send();
  auto const taking = erp.answer;
  erp.answer = GENERATE(as<http_call_response>{}, fault, http_call_response{500, fault.headers, fault.body},
                        http_call_response{400, {}, "no"}, http_call_response{413, {}, ""},
                        http_call_response{415, {}, ""}, http_call_response{422, {}, ""});
  refuse_often(erp);
  CHECK(counted(erp) == 0);
  CHECK(erp.run());  // there is more to tell
  CHECK(counted(erp) == 1);
  CHECK(erp.calls.size() == exchange::most_refusals);
  REQUIRE(erp.aside.size() == 1);
  CHECK(erp.aside[0].starts_with(bad + ": "));
  erp.answer = taking;
  CHECK(erp.run());
  CHECK_FALSE(erp.run());
  CHECK(erp.words().back() == "m: " + good);
  CHECK(erp.waiting() == names{bad});  // the back end can fetch it
  CHECK(erp.untold(erp.nodes.eu) == names{bad});
  CHECK(erp.troubles.size() == 1);
}

TEST_CASE("a back end that is away, or wants nothing from anybody now, loses no message its turn") {
  pushed_back_end erp;
  auto const first = erp.send();
  auto const second = erp.send();
  auto const taking = erp.answer;
  erp.answer = GENERATE(http_call_response{401, fault.headers, fault.body}, http_call_response{403, {}, ""},
                        http_call_response{404, {}, ""}, http_call_response{429, {}, ""},
                        http_call_response{500, {}, "no"}, http_call_response{503, fault.headers, fault.body},
                        http_call_response{200, {{"Content-Type", "text/html"}}, "<html>Sign in</html>"});
  refuse_often(erp, 3 * exchange::most_refusals);
  CHECK(counted(erp) == 0);
  erp.answer = taking;
  erp.calls.clear();
  CHECK(erp.run());
  CHECK(erp.run());
  CHECK(erp.words() == names{"m: " + first, "m: " + second});
}

TEST_CASE("refusals of one message are none of the next") {
  pushed_back_end erp;
  erp.send();
  auto const second = erp.send();
  auto const good = std::exchange(erp.answer, fault);
  refuse_often(erp);
  erp.answer = good;
  CHECK(erp.run());
  erp.answer = fault;
  refuse_often(erp);
  CHECK(counted(erp) == 0);
  CHECK(erp.waiting() == names{second});
}

TEST_CASE("a message that was set aside is pushed once more when somebody names it, and is gone when it was taken") {
  pushed_back_end erp;
  auto const bad = with_one_aside(erp);
  CHECK_FALSE(erp.run());
  ask_again(erp, {"other@x"});
  ask_again(erp, {bad}, "another");
  CHECK_FALSE(erp.run());
  CHECK(erp.calls.empty());
  ask_again(erp, {bad});
  erp.nodes.eu.start();
  CHECK(erp.run());
  CHECK(erp.words() == names{"m: " + bad});
  CHECK(erp.waiting().empty());
  CHECK(counted(erp) == 0);
  CHECK_FALSE(erp.run());
  CHECK(erp.nodes.eu.audit_is_whole());
}

TEST_CASE("a message that is refused once more stays aside, and what comes meanwhile goes before it") {
  pushed_back_end erp;
  auto const bad = with_one_aside(erp);
  auto const next = erp.send();
  ask_again(erp, {bad});
  CHECK(erp.run());
  erp.answer = fault;
  CHECK(erp.run());
  CHECK(erp.words() == names{"m: " + next, "m: " + bad});
  CHECK(erp.aside.size() == 2);
  CHECK_FALSE(erp.run());  // it was asked for once
  CHECK(counted(erp) == 1);
  CHECK(erp.waiting() == names{bad});
}

TEST_CASE("asking for a message while the back end is away is not forgotten: it is pushed when that is there") {
  pushed_back_end erp;
  auto const bad = with_one_aside(erp);
  ask_again(erp, {bad});
  auto const good = std::exchange(erp.answer, http_call_response{503, {}, ""});
  CHECK_FALSE(erp.run());
  CHECK_FALSE(erp.run());  // in its pause
  CHECK(erp.calls.size() == 1);
  erp.answer = good;
  SECTION("after its pause") { erp.nodes.time.advance(std::chrono::minutes{1}); }
  SECTION("or when the clock was set back") { erp.nodes.time.advance(std::chrono::hours{-1}); }
  CHECK(erp.run());
  CHECK(erp.waiting().empty());
}

TEST_CASE("asking for a message that is set aside leaves the one that is next its pause") {
  pushed_back_end erp;
  auto const bad = with_one_aside(erp);
  erp.answer = fault;
  auto const next = erp.send();
  CHECK_FALSE(erp.run());
  ask_again(erp, {bad});
  CHECK(erp.run());
  CHECK_FALSE(erp.run());
  CHECK(erp.words() == names{"m: " + next, "m: " + bad});
  ask_again(erp, {bad, next});
  CHECK_FALSE(erp.run());
  CHECK(erp.words().back() == "m: " + next);
}

TEST_CASE("a message that the back end fetched while it was pushed for the last time is not set aside") {
  pushed_back_end erp;
  auto const bad = erp.send();
  erp.answer = fault;
  SECTION("in its turn") {
    refuse_often(erp);
    erp.while_called = [&] { erp.fetch(bad); };
    erp.run();
  }
  SECTION("when it was asked for") {
    refuse_often(erp);
    erp.run();
    ask_again(erp, {bad});
    erp.while_called = [&] { erp.fetch(bad); };
    erp.run();
  }
  CHECK(counted(erp) == 0);
  CHECK(erp.untold(erp.nodes.eu).empty());
  auto const calls = erp.calls.size();
  ask_again(erp, {bad});
  CHECK_FALSE(erp.run());
  CHECK(erp.calls.size() == calls);
}

TEST_CASE("two partners chose one id: the second message is pushed though the first is set aside") {
  pushed_back_end erp;
  auto const bad = with_one_aside(erp);
  auto const other = erp.send();  // its header keeps this id, by which the test knows it
  REQUIRE(erp.nodes.eu->db.commit([&](store::transaction& tx) -> result<void> {
    CHECK(tx.run("UPDATE exchange_ledger SET message_id = ? WHERE message_id = ?", bad, other) == 1);
    CHECK(tx.run("UPDATE exchange_event SET message_id = ? WHERE message_id = ?", bad, other) == 1);
    return {};
  }));
  CHECK(erp.run());
  CHECK(erp.words() == names{"m: " + other});
  CHECK(counted(erp) == 1);
  CHECK(erp.untold(erp.nodes.eu) == names{bad});
  ask_again(erp, {bad});
  CHECK(erp.run());
  CHECK(erp.words().back() == "m: " + bad);
  CHECK_FALSE(erp.run());
  CHECK(counted(erp) == 0);
}

TEST_CASE("what was refused of other pushes is no refusal of a message that is pushed whole later") {
  pushed_back_end erp;
  auto const before = GENERATE(exchange::webhook_speech::events, exchange::webhook_speech::domibus);
  erp.hook.pushes = {domibus_push::receive_success};
  erp.hook.speech = before;
  erp.send();
  auto const good = std::exchange(erp.answer, http_call_response{400, {}, ""});
  refuse_often(erp, 2 * exchange::most_refusals);
  CHECK(erp.calls.size() == 2 * exchange::most_refusals);
  erp.hook.speech = exchange::webhook_speech::domibus;
  erp.hook.pushes = {domibus_push::message};
  CHECK_FALSE(erp.run());
  CHECK(counted(erp) == 0);
}

TEST_CASE("a webhook that pushes no messages any more has none set aside") {
  pushed_back_end erp;
  with_one_aside(erp);
  erp.hook.pushes = {domibus_push::receive_success};
  erp.send();
  CHECK(erp.run());
  CHECK(counted(erp) == 0);
  CHECK(erp.waiting().size() == 2);
}

TEST_CASE("a message that was set aside and is fetched is no longer counted") {
  pushed_back_end erp;
  auto const bad = with_one_aside(erp);
  ask_again(erp, {bad});
  erp.fetch(bad);
  CHECK(counted(erp) == 0);
  CHECK(erp.untold(erp.nodes.eu).empty());
  CHECK_FALSE(erp.run());
  CHECK(erp.calls.empty());
}

TEST_CASE("the notice behind a message that was set aside is told") {
  pushed_back_end erp;
  erp.hook.pushes = {domibus_push::message, domibus_push::receive_success};
  with_one_aside(erp);
  CHECK(erp.run());
  CHECK(erp.words() == names{"receiveSuccess"});
}

TEST_CASE("a message whose bytes are gone or damaged is set aside in its time") {
  pushed_back_end erp;
  auto const broken = erp.send({rough_bytes(1'000'000)});
  auto const second = erp.send();
  SECTION("gone") { erp.nodes.eu.lose_payload_files(); }
  SECTION("damaged, which shows while they are sent") { erp.nodes.eu.turn_bits_of_payload_files(); }
  refuse_often(erp);
  CHECK(erp.calls.empty());
  CHECK(erp.run());
  CHECK(erp.run());
  CHECK(erp.words() == names{"m: " + second});
  CHECK(erp.untold(erp.nodes.eu) == names{broken});
}

TEST_CASE("a node that dies when a message that was asked for was taken pushes it again, and processes it once") {
  pushed_back_end erp;
  auto const bad = with_one_aside(erp);
  ask_again(erp, {bad});
  store::arm_fail_point("exchange.noticed");
  CHECK_THROWS_AS(erp.run(), store::simulated_crash);
  store::disarm_fail_points();
  erp.nodes.eu.start();
  CHECK(erp.run());
  CHECK(erp.words() == names{"m: " + bad, "m: " + bad});
  CHECK(erp.waiting().empty());
  CHECK(erp.nodes.eu.audit_is_whole());
}

TEST_CASE("a node that dies between the refusal and its note has not counted it") {
  pushed_back_end erp;
  auto const bad = erp.send();
  erp.answer = fault;
  refuse_often(erp);
  store::arm_fail_point("exchange.noticed");
  CHECK_THROWS_AS(erp.run(), store::simulated_crash);
  store::disarm_fail_points();
  erp.nodes.eu.start();
  CHECK(counted(erp) == 0);
  CHECK(erp.aside.empty());
  CHECK(erp.run());
  CHECK(counted(erp) == 1);
  CHECK(erp.waiting() == names{bad});
}
