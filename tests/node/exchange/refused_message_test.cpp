// A message for a back end that is refused although its partner signed it: the back end is told, once.
#include "node/exchange/refused_message.hpp"

#include <catch2/catch.hpp>

#include "node/exchange/pushed_back_end.hpp"
#include "node/exchange/sealed_for_eu.hpp"
#include "node/exchange/set_aside.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

// EU alone, whose back end may be told.
struct told_of_refused {
  fault_disk disk;
  manual_clock time{noon()};
  memory_wire wire;
  test_node eu{"EU", std::vector<std::string>{"FR", "DE"}, wire, time, &disk};

  told_of_refused() { serve({{"erp", {{"urn:nobody", {}}}}}); }
  void serve(std::vector<exchange::back_end> back_ends) {
    eu.back_ends = std::move(back_ends);
    eu.start();
  }
  // The code of the error, or "receipt".
  std::string receive(edelivery::wire_message const& message) {
    auto const answer = eu->desk.receive(message.content_type, message.body).body;
    auto const at = answer.find("EBMS:");
    return at == std::string::npos ? "receipt" : answer.substr(at, 9);
  }
  std::vector<exchange::box_event> events() {
    return eu->db.read([](store::reading& now) { return exchange::events_after(now, {}); });
  }
  names kinds() {
    names all;
    for (auto const& one : events()) all.push_back(one.kind + " " + one.party + " " + one.message_id);
    return all;
  }
};

edelivery::wire_message order_of(std::string const& id, std::string const& sender = "FR",
                                 std::string const& signer = {}) {
  return sealed_for_eu(with_json("{}", id), sender, signer.empty() ? sender : signer, "urn:nobody");
}

}  // namespace

TEST_CASE(
    "a back end is told once of a message that its partner signed and that cannot be taken, however often it comes") {
  told_of_refused a;
  auto const damaged = tampered(order_of("one@FR.example"));
  for (int n = 0; n < exchange::looks_a_minute + 5; ++n) CHECK(a.receive(damaged) == "EBMS:0102");
  a.eu.start();
  CHECK(a.receive(damaged) == "EBMS:0102");
  // Beyond the looks at messages of this partner, too.
  CHECK(a.receive(tampered(order_of("two@FR.example"))) == "EBMS:0102");
  for (int n = 0; n < exchange::looks_a_minute; ++n) a.receive(damaged);
  CHECK(a.receive(tampered(order_of("three@FR.example"))) == "EBMS:0102");
  CHECK(a.receive(tampered(order_of("one@FR.example", "DE"))) == "EBMS:0102");
  CHECK(a.kinds() == names{"message.refused FR one@FR.example", "message.refused FR two@FR.example",
                           "message.refused FR three@FR.example", "message.refused DE one@FR.example"});
  auto const first = a.events().at(0);
  CHECK(exchange::write_event(first) ==
        R"({"id":1,"event":"message.refused","back_end":"erp","message_id":"one@FR.example",)"
        R"("at":"2026-11-22T12:00:00.000Z","party":"FR","code":"EBMS:0102",)"
        R"("reason":"The message could not be decrypted"})");
  CHECK(a.eu.ledger().empty());
}

TEST_CASE("a message that was refused may still come whole, and then it arrives") {
  told_of_refused a;
  auto const whole = order_of("one@FR.example");
  a.receive(tampered(whole));
  CHECK(a.receive(whole) == "receipt");
  CHECK(a.kinds() == names{"message.refused FR one@FR.example", "message.arrived  one@FR.example"});
}

TEST_CASE("a back end is not told of what nobody has proven, what is not for it, or what has an id that was taken") {
  told_of_refused a;
  CHECK(a.receive(order_of("lie@FR.example", "FR", "nobody")) != "receipt");
  auto altered = order_of("altered@FR.example");
  altered.body[altered.body.find("createDataset")] = 'C';
  CHECK(a.receive(altered) != "receipt");
  CHECK(a.receive(tampered(sealed_for_eu(with_json("{}")))) == "EBMS:0102");
  CHECK(a.kinds().empty());

  auto const whole = order_of("one@FR.example");
  CHECK(a.receive(whole) == "receipt");
  CHECK(a.receive(tampered(whole)) == "EBMS:0102");
  auto const other = sealed_for_eu(with_json(R"({"other": 1})", "one@FR.example"), "FR", "FR", "urn:nobody");
  CHECK(a.receive(other) == "EBMS:0003");
  CHECK(a.kinds() == names{"message.arrived  one@FR.example"});

  a.serve({{"erp", {{"urn:nobody", {"another"}}}}});
  CHECK(a.receive(tampered(order_of("two@FR.example"))) == "EBMS:0102");
  CHECK(a.events().size() == 1);
}

TEST_CASE("what is refused for now comes again, and no back end is told of it") {
  exchange::back_end_list const erp({{"erp", {{"urn:nobody", {}}}}});
  edelivery::refusal why{"EBMS:0303", {}, "one@FR.example", "", {}, "FR", true, "urn:nobody", "order"};
  CHECK(exchange::refused_for_back_end(why, erp).value().back_end == "erp");
  why.code = "EBMS:0202";
  CHECK_FALSE(exchange::refused_for_back_end(why, erp));
}

TEST_CASE("a store that takes nothing keeps the sender trying until its receiver's back end is told") {
  told_of_refused a;
  auto const damaged = tampered(order_of("one@FR.example"));
  a.disk.set_full(true);
  CHECK(a.receive(damaged) == "EBMS:0202");
  a.disk.set_full(false);
  CHECK(a.kinds().empty());
  CHECK(a.receive(damaged) == "EBMS:0102");
  CHECK(a.kinds().size() == 1);
  // Who was told is asked nothing of the disk any more.
  a.disk.set_full(true);
  CHECK(a.receive(damaged) == "EBMS:0102");
}

TEST_CASE("a back end that was written for Domibus hears receiveFailure, again until it takes it") {
  pushed_back_end erp;
  erp.hook.pushes = exchange::webhook{}.pushes;
  auto const damaged = tampered(order_of("one@FR.example"));
  erp.nodes.eu->desk.receive(damaged.content_type, damaged.body);
  erp.refuse();
  CHECK_FALSE(erp.run());
  CHECK(erp.troubles == names{"The back end answered with a SOAP fault (Receiver, 0001)."});
  CHECK(erp.untold(erp.nodes.eu).empty());  // nothing of it is there
  erp.take();
  erp.wait();
  CHECK(erp.run());
  CHECK_FALSE(erp.run());
  CHECK(erp.words() == names{"receiveFailure", "receiveFailure"});
  CHECK(erp.calls.at(1).body.find("<messageID>one@FR.example</messageID>") != std::string::npos);

  erp.hook.pushes = {domibus_push::message, domibus_push::receive_success, domibus_push::message_status_change};
  auto const other = tampered(order_of("two@FR.example"));
  erp.nodes.eu->desk.receive(other.content_type, other.body);
  while (erp.run()) continue;
  CHECK(erp.calls.size() == 2);
}

TEST_CASE("a back end that never takes the word of a refused message hears what is behind it") {
  pushed_back_end erp;
  erp.hook.pushes = exchange::webhook{}.pushes;
  auto const in_words = GENERATE(exchange::webhook_speech::domibus, exchange::webhook_speech::events);
  erp.hook.speech = in_words;
  auto const damaged = tampered(order_of("one@FR.example"));
  erp.nodes.eu->desk.receive(damaged.content_type, damaged.body);
  auto const good = erp.send();
  auto const taking = erp.answer;
  if (in_words == exchange::webhook_speech::domibus)
    erp.refuse();
  else
    erp.answer = {GENERATE(400, 413, 415, 422), {}, "what is message.refused?"};
  for (std::int64_t n = 1; n < exchange::most_refusals; ++n) {
    CHECK_FALSE(erp.run());
    erp.wait();
    erp.nodes.eu.start();  // what it knows is in the store
  }
  CHECK(erp.run());  // there is more to tell
  REQUIRE(erp.news.size() == 2);
  CHECK(erp.news[1].what == exchange::notice_news::kind::left_untold);
  CHECK(erp.news[1].message_id == "one@FR.example");
  erp.answer = taking;
  CHECK(erp.run());
  CHECK_FALSE(erp.run());
  CHECK(erp.calls.size() == exchange::most_refusals + 1);
  CHECK(erp.calls.back().body.find(good) != std::string::npos);
}

TEST_CASE("a back end that is away, or wants nothing now, loses no word of a refused message") {
  pushed_back_end erp;
  erp.hook.pushes = exchange::webhook{}.pushes;
  auto const damaged = tampered(order_of("one@FR.example"));
  erp.nodes.eu->desk.receive(damaged.content_type, damaged.body);
  auto const taking = std::exchange(erp.answer, http_call_response{503, {}, ""});
  for (std::int64_t n = 0; n < 2 * exchange::most_refusals; ++n) {
    CHECK_FALSE(erp.run());
    erp.wait();
  }
  erp.answer = taking;
  CHECK(erp.run());
  CHECK(erp.words().back() == "receiveFailure");
}

TEST_CASE("events of before a refused message was one are told as they were, and new ones after them") {
  fresh_folder const folder;
  auto const all = exchange::migrations();
  auto older = all;
  std::erase_if(older, [](auto const& step) { return step.room == "exchange_back_end" && step.version == 5; });
  REQUIRE(older.size() + 1 == all.size());
  {
    auto db = store::database::open(folder / "n.sqlite", {.migrations = older}).value();
    REQUIRE(db.commit([](store::transaction& tx) -> result<void> {
      tx.run(
          "INSERT INTO exchange_event (id, back_end, kind, message_id, at) VALUES (?, 'erp', 'message.arrived', 'm1', "
          "0)",
          tx.next_number("exchange_event"));
      return {};
    }));
  }
  auto db = store::database::open(folder / "n.sqlite", {.migrations = all}).value();
  for (int n = 0; n < 2; ++n) CHECK(exchange::tell_refused(db, {"erp", "FR", "m2", "EBMS:0303"}, noon()));
  auto const events = db.read([](store::reading& now) { return exchange::events_after(now, {}); });
  REQUIRE(events.size() == 2);
  CHECK(events[0].message_id == "m1");
  CHECK(events[0].code.empty());
  CHECK(exchange::write_event(events[0]).find("code") == std::string::npos);
  CHECK(events[1].id == 2);
  CHECK(events[1].code == "EBMS:0303");
}
