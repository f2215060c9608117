// What a receipt promises: it is given after the fsync, one fsync serves all who wait, and none is given when it fails.
#include <catch2/catch.hpp>
#include <latch>
#include <set>
#include <thread>

#include "edelivery/message/pack.hpp"
#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;
using namespace std::chrono_literals;

namespace {

edelivery::wire_message message_number(two_nodes& both, int n) {
  auto const& mode = both.fr->desk.book().all().front();
  edelivery::outgoing_message out;
  out.action = "statusUpdate";
  out.message_id = "m" + std::to_string(n) + "@FR.example";
  out.payloads.push_back({"application/json", R"({"type":"statusUpdate","content":{}})", "utf-8", {}});
  return edelivery::seal(edelivery::pack(out, mode, both.fr->desk.us(), both.time.now()).value(), mode, both.time.now())
      .value();
}

bool is_receipt(edelivery::reply const& answer) {
  return answer.body.find("NonRepudiationInformation") != std::string::npos;
}

}  // namespace

TEST_CASE("messages that arrive together share one fsync, and none is acknowledged before it") {
  constexpr int receivers = 24;
  fault_disk disk;
  two_nodes both(nullptr, &disk);
  std::vector<edelivery::wire_message> wires;
  for (int n = 0; n < receivers; ++n) wires.push_back(message_number(both, n));
  std::latch begun(1);
  std::latch go_on(1);
  // The writer is held up, as by a slow disk, until all receivers wait for it.
  std::thread slow([&] {
    static_cast<void>(both.eu->db.commit([&](store::transaction&) -> result<void> {
      begun.count_down();
      go_on.wait();
      return {};
    }));
  });
  begun.wait();
  std::vector<edelivery::reply> answers(receivers);
  std::vector<std::thread> all;
  for (std::size_t n = 0; n < wires.size(); ++n)
    all.emplace_back([&, n] { answers[n] = both.eu->desk.receive(wires[n].content_type, wires[n].body); });
  while (both.eu->db.counts().waiting < receivers) std::this_thread::yield();
  auto const syncs = disk.syncs();
  CHECK(both.eu->db.counts().effects <= 2);  // nothing was stored, nobody has an answer
  for (auto const& one : answers) CHECK(one.body.empty());
  go_on.count_down();
  for (auto& one : all) one.join();
  slow.join();

  for (auto const& one : answers) CHECK(is_receipt(one));
  CHECK(both.eu.got().size() == receivers);
  CHECK(disk.syncs() - syncs <= 2);  // the writer's own, and one for all
}

TEST_CASE("when fsync fails there is no receipt, the store says it is broken, and the process is told to leave, once") {
  fault_disk disk;
  two_nodes both(nullptr, &disk);
  std::vector<std::string> said;
  both.eu.on_broken = [&](std::string const& reason) { said.push_back(reason); };
  both.eu.start();
  auto const id = both.fr.post("createDataset");
  disk.fail_syncs(true);
  both.fr->sender.run_once(both.time.now());

  CHECK(status_of(both.fr, id) == "waiting");
  CHECK_FALSE(both.eu->db.healthy());
  REQUIRE(said.size() == 1);
  CHECK_FALSE(said[0].empty());
  for (auto const& body : both.wire.answers) CHECK(body.find("EBMS:0202") != std::string::npos);

  // The fault passes, and the store still takes nothing: nobody knows what is on the disk. Only a restart recovers it.
  disk.fail_syncs(false);
  auto const wire = message_number(both, 1);
  CHECK_FALSE(is_receipt(both.eu->desk.receive(wire.content_type, wire.body)));
  CHECK(said.size() == 1);
  both.eu.start();
  both.turns(4);
  CHECK(both.eu.got() == std::vector<std::string>{"createDataset"});
  CHECK(status_of(both.fr, id) == "delivered");
}

TEST_CASE("a receipt that comes when its attempt counted as lost is taken, whatever became of the message since") {
  bool const gave_up = GENERATE(false, true);
  two_nodes both;
  both.wire.script = {mishap::none};
  auto const id = both.fr.post("createDataset");
  auto const whole = both.wire.endpoints["https://EU.example/as4"];
  exchange::sender_worker other(both.fr->desk, both.wire, [] { return 0.5; });
  bool first = true;
  both.wire.endpoints["https://EU.example/as4"] = [&](http_call_request const& request) {
    auto answer = whole(request);
    if (!first) return http_call_response{};  // cut
    first = false;
    // The answer is on its way for longer than the lease, and the others find nobody.
    for (int n = 0; n < (gave_up ? 10 : 1); ++n) {
      both.time.advance(std::chrono::hours(3));
      other.run_once(both.time.now());
    }
    CHECK(status_of(both.fr, id) == (gave_up ? "failed" : "waiting"));
    return answer;
  };
  both.fr->sender.run_once(both.time.now());

  CHECK(status_of(both.fr, id) == "delivered");
  CHECK(both.eu.got() == std::vector<std::string>{"createDataset"});
  auto const entry = both.fr.ledger({.direction = "out"}).at(0);
  CHECK(entry.has_receipt);
  CHECK(entry.reason == (gave_up ? "a receipt came after giving up (EBMS:0301)" : ""));
  CHECK(both.fr.audit_is_whole());
}

TEST_CASE("an attempt that counted as lost is in the ledger like the one that took its place") {
  two_nodes both;
  auto const id = both.fr.post("createDataset");
  exchange::sender_worker other(both.fr->desk, both.wire, [] { return 0.5; });
  bool first = true;
  both.wire.endpoints["https://EU.example/as4"] = [&](http_call_request const&) {
    if (std::exchange(first, false)) {
      both.time.advance(std::chrono::seconds(121));
      other.run_once(both.time.now());
      return http_call_response{500, {}, "much too late"};
    }
    return http_call_response{503, {}, "not now"};
  };
  both.fr->sender.run_once(both.time.now());

  auto const attempts =
      both.fr->db.read([&](store::reading& now) { return exchange::attempts_of(now, both.fr.ledger().at(0).seq); });
  REQUIRE(attempts.size() == 2);
  CHECK(attempts[0].attempt == 2);
  CHECK(attempts[1].attempt == 1);
  CHECK(attempts[1].begun_at < attempts[0].begun_at);
  CHECK(both.fr.ledger().at(0).attempts == 2);
  CHECK(status_of(both.fr, id) == "waiting");
}

TEST_CASE("a call ends before its lease does, so that how it ended can be noted") {
  auto mode = pmode_between("FR", "EU", std::string(exchange::star_service));
  mode.retry.answer_timeout = GENERATE(std::chrono::seconds{3}, std::chrono::seconds{30});
  memory_wire wire;
  manual_clock time{noon()};
  test_node fr("FR", "EU", wire, time, nullptr, {mode});
  std::chrono::milliseconds given{0};
  wire.endpoints["https://EU.example/as4"] = [&](http_call_request const& request) {
    given = request.timeout;
    return http_call_response{};
  };
  fr.post("createDataset");
  fr->sender.run_once(time.now());
  CHECK(given > mode.retry.answer_timeout * 0.8);
  CHECK(given < mode.retry.answer_timeout);
}

TEST_CASE("the ledger keeps how each attempt ended, and the report of a missing receipt even when a later one came") {
  two_nodes both;
  both.eu.stop();
  auto const id = both.fr.post("createDataset");
  both.turns_of_fr(40);
  auto const seq = both.fr.ledger().at(0).seq;
  auto const history = [&] {
    return both.fr->db.read([&](store::reading& now) { return exchange::attempts_of(now, seq); });
  };
  REQUIRE(history().size() == 5);
  for (int n = 0; n < 4; ++n) {
    CHECK(history()[static_cast<std::size_t>(n)].attempt == n + 1);
    CHECK(history()[static_cast<std::size_t>(n)].code == "EBMS:0005");
  }
  CHECK(history()[4].code == "EBMS:0301");
  CHECK(history()[4].reason.find("no receipt after 5 attempts") != std::string::npos);
  CHECK(both.fr.ledger().at(0).code == "EBMS:0301");

  both.eu.start();
  REQUIRE(both.fr->db.commit([&](store::transaction& tx) { return both.fr->desk.requeue(tx, id); }));
  both.turn();
  REQUIRE(history().size() == 6);
  CHECK(history()[4].code == "EBMS:0301");
  CHECK(history()[5].attempt == 1);
  CHECK(history()[5].code.empty());
  CHECK(both.fr.ledger({.direction = "out"}).at(0).code.empty());
  CHECK(both.eu->db.read([](store::reading& now) { return exchange::attempts_of(now, 1); }).empty());
}

TEST_CASE("receipts and errors are signed and come with HTTP 200") {
  two_nodes both;
  auto const wire = message_number(both, 1);
  auto const good = both.eu->desk.receive(wire.content_type, wire.body);
  auto spoiled = wire.body;
  spoiled.replace(spoiled.find("statusUpdate"), 12, "statusupdate");
  auto const bad = both.eu->desk.receive(wire.content_type, spoiled);
  both.eu.consumer_fails = true;
  auto const other = message_number(both, 2);
  auto const later = both.eu->desk.receive(other.content_type, other.body);

  for (auto const& [answer, wanted] :
       {std::pair{good, "NonRepudiationInformation"}, std::pair{bad, "EBMS:0"}, std::pair{later, "EBMS:0202"}}) {
    CHECK(answer.status == 200);
    CHECK(answer.content_type == "application/soap+xml;charset=UTF-8");
    CHECK(answer.body.find(wanted) != std::string::npos);
    CHECK(answer.body.find("ds:SignatureValue") != std::string::npos);
  }
}
