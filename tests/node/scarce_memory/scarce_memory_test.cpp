// No memory for one allocation, wherever it is made while a message is received or sent: no receipt without its
// message, nothing half done, and the node goes on.
#include "node/scarce_memory/scarce_memory.hpp"

#include <catch2/catch.hpp>
#include <new>

#include "base/ids.hpp"
#include "edelivery/libraries/libraries.hpp"
#include "edelivery/said_to_terminal.hpp"
#include "node/exchange/sealed_for_eu.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

edelivery::wire_message message_of_fr(std::string const& id, std::size_t attachment) {
  auto message = with_json(R"({"type":"createDataset","content":{}})", id);
  if (attachment > 0) message.payloads.push_back({"application/zip", random_bytes(attachment), "", {}, nullptr});
  return sealed_for_eu(message);
}

// The answer as the caller sees it: what is thrown for want of memory is a 503 of the server's.
edelivery::reply received(test_node& node, edelivery::wire_message const& message) try {
  if (message.body.size() <= store::payload_row_limit) return node->desk.receive(message.content_type, message.body);
  auto spool = node->db.payloads().begin();
  if (!spool || !(*spool)->add(message.body)) return {503, "", ""};
  return node->desk.receive(message.content_type, *std::move(spool));
} catch (std::bad_alloc const&) {
  return {503, "", ""};
}

// Before any test uses OpenSSL: later it takes no allocator.
bool const are_libraries_prepared = (edelivery::prepare_libraries(), true);

bool is_receipted(edelivery::reply const& answer) {
  return answer.status == 200 && answer.body.find("NonRepudiationInformation") != std::string::npos;
}

// The sender may ask again: 503, or the error that says that we could not keep it.
bool asks_for_it_again(edelivery::reply const& answer) {
  return answer.status == 503 || answer.body.find("EBMS:0202") != std::string::npos;
}

std::int64_t stored(test_node& node, std::string const& id) {
  return node->db.read([&](store::reading& now) {
    return now.first("SELECT count(*) FROM exchange_ledger WHERE direction = 'in' AND message_id = ?", id)->integer(0);
  });
}

// A program that left because its store was broken is started again.
void restart_broken(test_node& node) {
  if (!node->db.healthy()) node.start();
}

// Each message meets its own scarcity, step by step, until one is through that met none. Gives how many met it.
int receive_in_scarcity(allocations whose, std::int64_t step, std::size_t attachment) {
  two_nodes both;
  auto const files = [&] { return static_cast<std::int64_t>(both.eu.payload_files()); };
  int met = 0;
  bool fired = true;
  for (std::int64_t nth = 1; fired; nth += step) {
    auto const id = std::to_string(nth) + "@FR.example";
    auto const message = message_of_fr(id, attachment);
    auto const files_before = files();
    fail_allocation(whose, nth);
    auto const answer = received(both.eu, message);
    fired = end_of_scarcity();
    met += fired ? 1 : 0;
    INFO("allocation " << nth << ", status " << answer.status << ": " << answer.body.substr(0, 200));
    if (is_receipted(answer))
      REQUIRE(stored(both.eu, id) == 1);
    else
      CHECK(asks_for_it_again(answer));
    restart_broken(both.eu);
    // The sender asks again, as after every answer that is no receipt.
    auto const refused_before = both.eu.refusals.size();
    auto const again = received(both.eu, message);
    INFO("and again: " << again.status << ' '
                       << (both.eu.refusals.size() > refused_before ? to_text(both.eu.refusals.back().diagnosis)
                                                                    : "no refusal told"));
    REQUIRE(is_receipted(again));
    REQUIRE(stored(both.eu, id) == 1);
    REQUIRE(files() - files_before == (attachment > store::payload_row_limit ? 2 : 0));
    REQUIRE(both.eu->db.healthy());
  }
  CHECK(both.eu.got().size() == both.eu.ledger({.direction = "in", .count = 100'000}).size());
  CHECK(both.eu.audit_is_whole());
  return met;
}

// The same for the sender: whatever it could not do, it does later, and the partner has each message once.
int send_in_scarcity(allocations whose, std::int64_t step, std::string const& attachment) {
  two_nodes both;
  int met = 0;
  bool fired = true;
  for (std::int64_t nth = 1; fired; nth += step) {
    auto const id = both.fr.post(
        {.to_nation = "EU", .action = "createDataset", .content = R"({"identifier":"d1"})", .attachments = attachment});
    fail_allocation(whose, nth);
    try {
      both.fr->sender.run_once(both.time.now());
    } catch (std::exception const&) {  // the background work goes on with its next round
    }
    fired = end_of_scarcity();
    met += fired ? 1 : 0;
    restart_broken(both.fr);
    restart_broken(both.eu);
    for (int turns = 0; turns < 4 && status_of(both.fr, id) != "delivered"; ++turns) {
      both.time.advance(std::chrono::hours(3));
      both.fr->sender.run_once(both.time.now());
    }
    INFO("allocation " << nth);
    REQUIRE(status_of(both.fr, id) == "delivered");
    REQUIRE(stored(both.eu, id) == 1);
  }
  CHECK(both.eu.got().size() ==
        static_cast<std::size_t>(both.fr.ledger({.direction = "out", .count = 100'000}).size()));
  CHECK(both.fr.audit_is_whole());
  return met;
}

}  // namespace

TEST_CASE("no memory for one of our allocations while a message is received: it is refused, and comes again") {
  CHECK(receive_in_scarcity(allocations::ours, 3, 0) > 100);
}

TEST_CASE("no memory for one of our allocations while a large message is received: no file is left over") {
  CHECK(receive_in_scarcity(allocations::ours, 11, 300'000) > 50);
}

TEST_CASE("no memory for one of our allocations while a message is sent: it leaves later, and comes once") {
  CHECK(send_in_scarcity(allocations::ours, 7, "") > 50);
}

#ifdef EHDS_OWN_MALLOC
// libxml2 tells of such an allocation with a piece of what it was reading.
TEST_CASE("no memory for one allocation of the libraries while a message is received: they write nothing of it") {
  said_to_terminal said;
  int const met = receive_in_scarcity(allocations::of_libraries, 1, 0);
  CHECK(said.end() == "");
  CHECK(met > 600);
}

TEST_CASE("no memory for one allocation of the libraries while a message is sent: it leaves later, and comes once") {
  CHECK(send_in_scarcity(allocations::of_libraries, 5, "") > 100);
  CHECK(send_in_scarcity(allocations::of_libraries, 11, random_bytes(300'000)) > 50);
}
#endif
