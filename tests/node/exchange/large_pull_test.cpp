// Pulled messages that lie in files on both sides: fetched whole, once, and gone without a trace when they are not
// taken.
#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "node/exchange/kept_bytes.hpp"
#include "node/exchange/pulling.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

// A round, and the time after which what was offered in vain is offered again. Who died or is without power is started
// again.
void turn(puller_and_pulled& both) {
  try {
    both.fetch();
  } catch (store::simulated_crash const&) {
    both.fr.crashed = true;
  } catch (std::exception const&) {
    if (!both.fr.is_dark() && !both.eu.is_dark()) throw;
  }
  if (both.fr.crashed || both.fr.is_dark()) both.fr.start();
  if (both.eu.crashed || both.eu.is_dark()) both.eu.start();
  both.restart();
  both.time.advance(std::chrono::minutes(3));
}

void fetch_whatever_happens(puller_and_pulled& both) {
  for (int rounds = 0; rounds < 3 && both.sent().status != "delivered"; ++rounds) turn(both);
}

// Once, whole, with nothing left over on either side.
void check_fetched(puller_and_pulled& both, std::size_t size) {
  CHECK(both.sent().status == "delivered");
  CHECK(both.fr.got() == actions{"createDataset"});
  CHECK(both.fr.ledger({.direction = "in"}).size() == 1);
  CHECK(both.fr.payload_files() == 2);  // attachments, and the message as it came
  CHECK(both.eu.payload_files() == 2);
  auto const entry = both.fr.ledger({.direction = "in"}).at(0);
  auto const kept =
      both.fr->db.read([&](store::reading& now) { return texts_of(now, both.fr->db.payloads(), entry.seq).value(); });
  CHECK(kept.attachments.size() == size);
  CHECK(sha256_hex(kept.raw) == entry.raw_sha256);
  CHECK(both.fr.audit_is_whole());
  CHECK(both.eu.audit_is_whole());
}

constexpr std::size_t just_large = 300'000;

}  // namespace

TEST_CASE("a large message leaves as a stream and comes into a file, attempt for attempt") {
  puller_and_pulled both;
  auto const id = post_large(both);
  both.wire.script = {mishap::lose_answer};
  CHECK(both.fetch() == 0);
  CHECK(both.sent().status == "in_flight");
  CHECK(both.fr.payload_files() == 0);
  both.time.advance(std::chrono::minutes(3));
  CHECK(both.fetch() == 1);
  CHECK(both.eu.streamed_answers == 2);
  CHECK(both.wire.spooled_answers == 1);
  check_fetched(both, 1'000'000);
  auto const given = both.eu->db.read([&](store::reading& now) {
    return texts_of(now, both.eu->db.payloads(), exchange::find_message(now, id).at(0).seq).value();
  });
  auto const taken = both.fr->db.read([&](store::reading& now) {
    return texts_of(now, both.fr->db.payloads(), exchange::find_message(now, id).at(0).seq).value();
  });
  CHECK(given.attachments == taken.attachments);
  CHECK(both.fr.refusals.empty());
  CHECK(both.eu.refusals.empty());
}

TEST_CASE("a small message is answered and taken from memory") {
  puller_and_pulled both;
  both.eu.post("createDataset");
  CHECK(both.fetch() == 1);
  CHECK(both.eu.streamed_answers == 0);
  CHECK(both.wire.spooled_answers == 0);
}

TEST_CASE("half of a large message is refused, leaves no files, and the message comes again") {
  puller_and_pulled both;
  post_large(both);
  both.wire.script = {mishap::garble_answer};
  both.fetch();
  REQUIRE(both.fr.refusals.size() == 1);
  CHECK(both.fr.refusals[0].code == "EBMS:0007");
  CHECK(both.fr.payload_files() == 0);
  CHECK(both.sent().status == "in_flight");
  both.time.advance(std::chrono::minutes(3));
  CHECK(both.fetch() == 1);
  check_fetched(both, 1'000'000);
}

TEST_CASE("a message larger than its P-Mode allows is not fetched, and the operator hears of it") {
  puller_and_pulled both;
  both.fr.stop();
  auto modes = agreed("FR", "EU");
  modes[1].limits.message_bytes = 900'000;
  test_node narrow("FR", "EU", both.wire, both.time, nullptr, modes);
  exchange::pull_worker worker(narrow->desk, both.wire);
  post_large(both, 17 * 1024 * 1024);
  both.time.advance(std::chrono::minutes(1));
  CHECK(worker.run_once(both.time.now()) == 0);
  REQUIRE(narrow.refusals.size() == 1);
  CHECK(narrow.refusals[0].diagnosis.code == "http_call.too_large");
  CHECK(narrow.payload_files() == 0);
}

TEST_CASE("an answer at length that is no message is told to the operator and leaves no file") {
  puller_and_pulled both;
  int const status = GENERATE(200, 502);
  both.wire.endpoints["https://EU.example/as4"] = [&](auto const&) {
    return http_call_response{status, {{"Content-Type", "text/html"}}, std::string(400'000, 'x')};
  };
  both.fetch();
  REQUIRE_FALSE(both.fr.refusals.empty());
  CHECK(
      both.fr.refusals[0].diagnosis.code.starts_with(status == 200 ? "edelivery.mime." : "edelivery.pull.no_message"));
  CHECK(both.fr.payload_files() == 0);
}

TEST_CASE("a full disk while a large message is fetched: nothing is taken, nothing left over, and it comes later") {
  fault_disk disk;
  puller_and_pulled both(&disk);
  post_large(both);
  disk.set_full(true);
  both.fetch();
  REQUIRE(both.fr.refusals.size() == 1);
  CHECK(both.fr.refusals[0].diagnosis.code == "store.disk_full");
  CHECK(both.fr.payload_files() == 0);
  CHECK(both.fr.got().empty());
  disk.set_full(false);
  both.time.advance(std::chrono::minutes(3));
  CHECK(both.fetch() == 1);
  check_fetched(both, 1'000'000);
}

TEST_CASE("what cannot be read to its end at the giver is never taken for whole") {
  fault_disk disk;
  puller_and_pulled both(nullptr, &disk);
  post_large(both);
  both.eu.when_streaming = [&] { disk.fail_reads(true); };
  CHECK(both.fetch() == 0);
  disk.fail_reads(false);
  both.eu.when_streaming = nullptr;
  CHECK(both.eu.streamed_answers == 1);
  CHECK(both.sent().status == "in_flight");
  CHECK(both.fr.payload_files() == 0);
  both.time.advance(std::chrono::minutes(3));
  CHECK(both.fetch() == 1);
  check_fetched(both, 1'000'000);
}

TEST_CASE("power lost at any moment while a large message is fetched: it comes whole, once", "[crash]") {
  bool const is_puller = GENERATE(true, false);
  std::uint64_t cuts = 0;
  bool fired = true;
  for (std::uint64_t operation = 1; fired; ++operation) {
    fault_disk disk;
    puller_and_pulled both(is_puller ? &disk : nullptr, is_puller ? nullptr : &disk);
    post_large(both, just_large);
    disk.cut_power_at(operation);
    fetch_whatever_happens(both);
    fired = disk.cuts() > 0;
    cuts += disk.cuts();
    INFO((is_puller ? "FR" : "EU") << " lost power at operation " << operation);
    check_fetched(both, just_large);
  }
  CHECK(cuts > 10);
}

#ifdef EHDS_FAIL_POINTS
TEST_CASE("killed at any commit point while a large message is fetched: it comes whole, once", "[crash]") {
  store::disarm_fail_points();
  {
    puller_and_pulled both;
    post_large(both, just_large);
    fetch_whatever_happens(both);
    check_fetched(both, just_large);
  }
  std::size_t kills = 0;
  // Not store.after_commit: here, and not in a process that is really killed, the file that the commit names goes with
  // what held it open. kill_test.cpp kills there.
  for (auto const* point : {"exchange.handed_out", "exchange.fetched", "exchange.examined", "exchange.stored",
                            "exchange.pulled", "exchange.recorded", "store.before_commit", "store.payload_on_disk"}) {
    for (int nth = 1; nth < 20; ++nth) {
      puller_and_pulled both;
      post_large(both, just_large);
      store::arm_fail_point(point, nth);
      fetch_whatever_happens(both);
      bool const fired = !store::is_fail_point_armed();
      store::disarm_fail_points();
      INFO("killed at " << point << ", time " << nth);
      check_fetched(both, just_large);
      CHECK((fired || nth > 1));
      if (!fired) break;
      ++kills;
    }
  }
  CHECK(kills >= 12);
}
#endif
