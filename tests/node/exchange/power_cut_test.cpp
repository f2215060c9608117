// Power lost while a large message is pushed to a node, and with it all that was not synced: whoever has a receipt may
// rely on every byte, and what has none comes again, once.
#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/exchange/back_end_box.hpp"
#include "node/exchange/kept_bytes.hpp"
#include "node/exchange/submission.hpp"
#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

constexpr std::size_t pushed_size = 300'000;

// Who gets what was sent: the node itself, or a program of the country.
enum class taker { node, back_end };

struct sent_large {
  taker whose;
  std::string content = random_bytes(pushed_size);
  std::string id = {};
};

void hand_over(two_nodes& net, sent_large& message) {
  if (message.whose == taker::node) {
    message.id = net.fr.post({.to_nation = "EU",
                              .action = "dataAccessApplication",
                              .content = R"({"application_id":"a1"})",
                              .attachments = message.content});
    return;
  }
  for (auto* node : {&net.fr, &net.eu}) {
    node->back_ends = {{"erp", {{"urn:nobody", {}}}}};
    node->start();
  }
  memory_source const bytes(message.content);
  exchange::submission order{.caller = "key:1",
                             .back_end = "erp",
                             .idempotency_key = "1",
                             .pmode_id = "urn:nobody/EU",
                             .action = "order",
                             .parts = {{"a", "application/pdf", "", {}, &bytes}}};
  message.id = exchange::submit(net.fr->desk, order).value().message_id;
}

result<std::string> content_of(store::reading& now, store::payload_store const& payloads, sent_large const& message,
                               std::int64_t seq) {
  if (message.whose == taker::node) {
    auto kept = texts_of(now, payloads, seq);
    return kept ? result<std::string>(std::move(kept->attachments)) : kept.error();
  }
  auto const found = exchange::find_in_box(now, message.id, "erp", exchange::way::in);
  REQUIRE(found);
  auto const part = exchange::open_part(now, payloads, *found, 1);
  return part ? text_of(part->get()) : part.error();
}

// "whole", or what is wrong with the content of the entry `seq` of the ledger.
std::string state_of_content(test_node& node, sent_large const& message, std::int64_t seq) {
  auto const content =
      node->db.read([&](store::reading& now) { return content_of(now, node->db.payloads(), message, seq); });
  if (!content) return content.error().code;
  return *content == message.content ? "whole" : "other bytes";
}

// It came once; every byte of it is there, and of the message as it travelled too.
void check_whole(test_node& node, sent_large const& message) {
  auto const came = node->db.read([&](store::reading& now) { return exchange::find_message(now, message.id); });
  REQUIRE(came.size() == 1);
  CHECK(state_of_content(node, message, came[0].seq) == "whole");
  auto const kept = node->db.read([&](store::reading& now) { return texts_of(now, node->db.payloads(), came[0].seq); });
  REQUIRE(kept);
  CHECK(sha256_hex(kept->raw) == came[0].raw_sha256);
  CHECK(node.payload_files() == 2);
}

// At once, if it did not happen before. Of the writes that were not synced the disk has done the first few.
void lose_power(test_node& node, fault_disk& disk, std::size_t unsynced_writes_kept) {
  if (!disk.is_dark()) disk.cut_power_at(1);
  node.stop();
  disk.restore_power(unsynced_writes_kept);
  node.start();
}

}  // namespace

TEST_CASE("power lost at any moment while a large message is pushed: a receipt has its bytes, and it is taken once",
          "[crash]") {
  auto const whose = GENERATE(taker::node, taker::back_end);
  auto const unsynced_writes_kept = GENERATE(std::size_t{0}, std::size_t{5});
  int cuts = 0;
  int receipts = 0;
  bool was_cut = true;
  for (std::uint64_t operation = 1; was_cut; ++operation) {
    fault_disk disk;
    fault_disk steady;  // that syncs at no cost
    two_nodes net(&steady, &disk);
    sent_large message{whose};
    hand_over(net, message);
    INFO("power lost at operation " << operation << ", then " << unsynced_writes_kept << " unsynced writes were there");
    disk.cut_power_at(operation);
    net.fr->sender.run_once(net.time.now());
    was_cut = disk.cuts() > 0;
    cuts += was_cut ? 1 : 0;
    lose_power(net.eu, disk, unsynced_writes_kept);
    if (status_of(net.fr, message.id) == "delivered") {
      ++receipts;
      check_whole(net.eu, message);
    }
    net.time.advance(std::chrono::minutes(10));
    net.turns(2);
    CHECK(status_of(net.fr, message.id) == "delivered");
    check_whole(net.eu, message);
    CHECK(net.eu.audit_is_whole());
  }
  CHECK(cuts > 12);  // the body alone is written in five pieces, the part in as many
  CHECK(receipts > 0);
}
