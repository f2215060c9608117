// Many at once: the threads of a real node.
#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "edelivery/message/pack.hpp"
#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;

TEST_CASE("a hundred copies of one message at once: one delivery, a hundred identical receipts") {
  two_nodes both;
  auto const& mode = both.fr->desk.book().all().front();
  edelivery::outgoing_message out;
  out.action = "createDataset";
  out.payloads.push_back({"application/json", R"({"type":"createDataset","content":{}})", "utf-8", {}});
  auto const packed = edelivery::pack(out, mode, both.fr->desk.us(), both.time.now()).value();
  auto const wire = edelivery::seal(packed, mode, both.time.now()).value();
  std::mutex guard;
  std::multiset<std::string> receipts;
  std::vector<std::thread> senders;
  for (int n = 0; n < 4; ++n)
    senders.emplace_back([&] {
      for (int turn = 0; turn < 25; ++turn) {
        auto const answer = both.eu->desk.receive(wire.content_type, wire.body);
        std::scoped_lock const lock(guard);
        receipts.insert(answer.body);
      }
    });
  for (auto& one : senders) one.join();

  CHECK(both.eu.got().size() == 1);
  CHECK(receipts.size() == 100);
  CHECK(receipts.count(*receipts.begin()) == 100);
  CHECK(both.eu.audit_is_whole());
}

TEST_CASE("several workers for one partner send each message once") {
  two_nodes both;
  for (int n = 0; n < 12; ++n) both.fr.post("statusUpdate");
  std::vector<std::thread> workers;
  std::atomic<std::size_t> tried = 0;
  for (int n = 0; n < 3; ++n)
    workers.emplace_back([&] {
      memory_wire own;
      own.endpoints = both.wire.endpoints;
      exchange::sender_worker worker(both.fr->desk, own, [] { return 0.5; });
      for (int round = 0; round < 12; ++round) tried += worker.run_for("EU", both.time.now());
    });
  for (auto& one : workers) one.join();
  both.turn();

  CHECK(both.eu.got().size() == 12);
  CHECK(both.eu.ledger({.direction = "in"}).size() == 12);
  for (auto const& entry : both.fr.ledger({.direction = "out"})) CHECK(entry.attempts == 1);
}
