// Messages that lie in files: taken once, kept whole, and gone without a trace when they are not taken.
#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/exchange/kept_bytes.hpp"
#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

std::string send(two_nodes& net, std::string attachments) {
  return net.fr.post({.to_nation = "EU",
                      .action = "dataAccessApplication",
                      .content = R"({"application_id":"a1"})",
                      .attachments = std::move(attachments)});
}

exchange::ledger_entry entry_of(test_node& node, std::string const& message) {
  auto const found = node->db.read([&](store::reading& now) { return exchange::find_message(now, message); });
  REQUIRE(found.size() == 1);
  return found[0];
}

bool is_delivered(two_nodes& net, std::string const& message) {
  return entry_of(net.fr, message).status == "delivered";
}

std::string gzip_proof(std::size_t size) { return random_bytes(size); }

}  // namespace

TEST_CASE("a large message is taken from its file, attachments and raw bytes and all") {
  two_nodes net;
  auto const zip = gzip_proof(3'000'000);
  auto const id = send(net, zip);
  net.turn();
  CHECK(is_delivered(net, id));
  CHECK(net.eu.got() == std::vector<std::string>{"dataAccessApplication"});
  CHECK(net.eu.last.attachments == zip);
  CHECK(net.eu.last.attachments_size == zip.size());
  CHECK(net.eu.payload_files() == 2);
  auto const entry = entry_of(net.eu, id);
  CHECK(entry.status == "valid");
  auto const kept =
      net.eu->db.read([&](store::reading& now) { return texts_of(now, net.eu->db.payloads(), entry.seq).value(); });
  CHECK(kept.attachments == zip);
  CHECK(sha256_hex(kept.raw) == entry.raw_sha256);
  CHECK(kept.raw.size() > zip.size());
  CHECK(net.eu->db.read([&](store::reading& now) {
    return net.eu->db.payloads().get(now, net.eu.last.attachments_payload).value() == zip;
  }));
}

TEST_CASE("a large message that comes twice is kept once, files too") {
  two_nodes net;
  net.wire.script = {mishap::send_twice};
  auto const id = send(net, gzip_proof(1'000'000));
  net.turn();
  CHECK(is_delivered(net, id));
  CHECK(net.eu.got().size() == 1);
  CHECK(net.eu.payload_files() == 2);
}

TEST_CASE("a large message under way is not sent a second time, however short the longest pause of its P-Mode is") {
  two_nodes net;
  auto hasty = pmode_between("FR", "EU", std::string(exchange::star_service));
  hasty.retry.initial_delay = hasty.retry.max_delay = std::chrono::seconds(1);
  hasty.retry.answer_timeout = std::chrono::seconds(3);
  test_node fr("FR", "EU", net.wire, net.time, nullptr, {hasty});
  auto const id = fr.post({.to_nation = "EU",
                           .action = "dataAccessApplication",
                           .content = R"({"application_id":"a1"})",
                           .attachments = gzip_proof(3'000'000)});
  exchange::sender_worker another(fr->desk, net.wire, [] { return 0.5; });
  std::size_t meanwhile = 0;
  net.wire.on_call = [&](std::string const&) {
    if (net.wire.calls > 1) return;
    meanwhile = another.run_once(net.time.now());
  };
  fr->sender.run_once(net.time.now());
  CHECK(meanwhile == 0);
  CHECK(entry_of(fr, id).status == "delivered");
  CHECK(entry_of(fr, id).attempts == 1);
}

TEST_CASE("a large message whose consumer cannot take it now leaves no files and comes again") {
  for (bool const throws : {false, true}) {
    two_nodes net;
    (throws ? net.eu.consumer_throws : net.eu.consumer_fails) = true;
    auto const id = send(net, gzip_proof(1'000'000));
    net.turn();
    CHECK_FALSE(is_delivered(net, id));
    CHECK(net.eu.payload_files() == 0);
    net.eu.consumer_throws = net.eu.consumer_fails = false;
    net.turn();
    CHECK(is_delivered(net, id));
    CHECK(net.eu.payload_files() == 2);
  }
}

TEST_CASE("a large message that is refused leaves no files") {
  two_nodes net;
  auto const id = send(net, gzip_proof(1'000'000));
  net.wire.endpoints["https://EU.example/as4"] = [real = net.wire.endpoints["https://EU.example/as4"]](auto request) {
    auto& body = request.body;
    body[body.size() / 2] = static_cast<char>(body[body.size() / 2] ^ 1);
    return real(request);
  };
  net.turn();
  CHECK_FALSE(is_delivered(net, id));
  REQUIRE(net.eu.refusals.size() == 1);
  CHECK(net.eu.refusals[0].code == "EBMS:0102");
  CHECK(net.eu.payload_files() == 0);
  CHECK(net.eu.got().empty());
}

TEST_CASE("a disk that fills up in the middle of a large message: no receipt, no leftovers, and it recovers") {
  fault_disk disk;
  two_nodes net(nullptr, &disk);
  auto const id = send(net, gzip_proof(1'000'000));
  SECTION("while the body comes") {
    net.eu.halfway = [&disk] { disk.set_full(true); };
  }
  SECTION("while its parts are opened") {
    net.eu.halfway = [&disk, at = 0]() mutable { disk.set_full(at++ == 0); };
  }
  net.turn();
  CHECK_FALSE(is_delivered(net, id));
  CHECK(net.eu.got().empty());
  CHECK(net.eu.payload_files() == 0);
  net.eu.halfway = nullptr;
  disk.set_full(false);
  net.turns(2);
  CHECK(is_delivered(net, id));
  CHECK(net.eu.got().size() == 1);
  CHECK(net.eu.payload_files() == 2);
}

TEST_CASE("attachments beyond memory go only to a consumer that takes payloads") {
  auto const zip = gzip_proof(exchange::attachments_in_memory + 1);
  two_nodes net;
  bool const takes = GENERATE(false, true);
  if (takes) {
    net.eu.attachments = exchange::attachments_as::payload;
    net.eu.start();
  }
  auto const id = send(net, zip);
  net.turn();
  CHECK(is_delivered(net, id));
  CHECK(entry_of(net.eu, id).status == (takes ? "valid" : "not_valid"));
  CHECK(net.eu.got().size() == (takes ? 1 : 0));
  CHECK(net.eu.payload_files() == 2);
  if (!takes) return;
  CHECK(net.eu.last.attachments.empty());
  CHECK(net.eu.last.attachments_size == zip.size());
}

TEST_CASE("an envelope too large for a row is read all the same") {
  two_nodes net;
  auto const id = net.fr.post("createDataset", R"({"identifier":"d1","payload":")" + std::string(300'000, 'x') + "\"}");
  net.turn();
  CHECK(is_delivered(net, id));
  CHECK(entry_of(net.eu, id).status == "valid");
  CHECK(net.eu.last.content.size() > 300'000);
}

TEST_CASE("a message with large attachments is packed into a file and sent from there, each attempt alike") {
  two_nodes net;
  auto const zip = gzip_proof(2'000'000);
  auto const id = send(net, zip);
  CHECK(net.fr.payload_files() == 1);
  net.wire.script = {mishap::lose_answer};
  net.turn();
  CHECK(net.wire.streamed == 1);
  CHECK(net.fr.payload_files() == 2);
  CHECK_FALSE(is_delivered(net, id));
  net.turn();
  CHECK(net.wire.streamed == 2);
  CHECK(is_delivered(net, id));
  CHECK(net.fr.payload_files() == 2);
  CHECK(net.eu.got().size() == 1);
  CHECK(net.eu.last.attachments == zip);
  auto const entry = entry_of(net.fr, id);
  auto const kept =
      net.fr->db.read([&](store::reading& now) { return texts_of(now, net.fr->db.payloads(), entry.seq).value(); });
  CHECK(sha256_hex(kept.raw) == entry.raw_sha256);
}

TEST_CASE(
    "a large message sent again although the partner had it is the same message, and its first receipt is taken") {
  two_nodes net;
  net.wire.script = std::vector<mishap>(10, mishap::lose_answer);
  auto const id = send(net, gzip_proof(400'000));
  net.turns_of_fr(10);
  REQUIRE(entry_of(net.fr, id).status == "failed");
  net.wire.script.clear();
  REQUIRE(net.fr->db.commit([&](store::transaction& tx) { return net.fr->desk.requeue(tx, id); }));
  net.fr->sender.run_once(net.time.now());
  CHECK(is_delivered(net, id));
  CHECK(net.eu.refusals.empty());
  CHECK(net.eu.got() == std::vector<std::string>{"dataAccessApplication"});
  CHECK(net.eu.payload_files() == 2);
}

TEST_CASE("a small message is sent from memory") {
  two_nodes net;
  net.fr.post("createDataset");
  net.turn();
  CHECK(net.wire.streamed == 0);
}

TEST_CASE("a sender restarted between two attempts sends its large message from the file it kept") {
  two_nodes net;
  auto const id = send(net, gzip_proof(1'000'000));
  net.wire.script = {mishap::lose_request};
  net.turn();
  net.fr.start();
  net.turn();
  CHECK(is_delivered(net, id));
  CHECK(net.fr.payload_files() == 2);
}

TEST_CASE("a full disk at the sender: nothing leaves, nothing is left over, and it goes on when there is room") {
  fault_disk disk;
  two_nodes net(&disk, nullptr);
  auto const id = send(net, gzip_proof(1'000'000));
  disk.set_full(true);
  net.turn();
  CHECK(net.wire.calls == 0);
  CHECK(net.fr.payload_files() == 1);
  disk.set_full(false);
  net.turns(2);
  CHECK(is_delivered(net, id));
  CHECK(net.fr.payload_files() == 2);
}

TEST_CASE("attachments that are a payload of the store already are posted by its name") {
  two_nodes net;
  auto const zip = gzip_proof(700'000);
  auto const growing = net.fr->db.payloads().begin().value();
  REQUIRE(growing->add(zip));
  auto const ready = growing->finish().value();
  std::string id;
  REQUIRE(net.fr->db.commit([&](store::transaction& tx) -> result<void> {
    store::payload_store::put(tx, ready);
    auto posted = net.fr->desk.post(tx, {.to_nation = "EU",
                                         .action = "dataAccessApplication",
                                         .content = R"({"application_id":"a1"})",
                                         .attachments_payload = ready.id});
    if (!posted) return posted.error();
    id = *posted;
    return {};
  }));
  growing->keep();
  net.turn();
  CHECK(is_delivered(net, id));
  CHECK(net.eu.last.attachments == zip);
}
