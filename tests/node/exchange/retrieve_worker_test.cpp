// What a node behind a Domibus receives: durable here before it is marked there, delivered once.
#include "node/exchange/retrieve_worker.hpp"

#include <catch2/catch.hpp>

#include "node/exchange/back_end_box.hpp"
#include "node/exchange/behind_domibus.hpp"
#include "node/exchange/retention.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("a message that came is delivered to its consumer and then marked, and its answer goes out") {
  behind_domibus node;
  node.bring("m1@eu");
  CHECK(node.fetch() == 1);
  CHECK(node.fr.got() == names{"createDataset"});
  CHECK(node.fr.last.nation_id == "EU");
  CHECK(node.fr.last.message_id == "m1@eu");
  CHECK(node.fr.last.content == R"({"identifier":"d1"})");
  CHECK(node.domibus.marked == names{"m1@eu"});
  CHECK(node.domibus.operations == names{"list", "retrieve", "mark"});
  auto const entry = node.fr.ledger({.direction = "in"}).at(0);
  CHECK(entry.status == "valid");
  CHECK(entry.subject == "d1");
  CHECK_FALSE(entry.has_receipt);
  CHECK(node.fr.refusals.empty());
  node.send();
  REQUIRE(node.domibus.sent.size() == 1);
  auto const& answer = node.domibus.sent.begin()->second.header;
  CHECK(answer.action == "validationResult");
  CHECK(answer.ref_to_message_id == "m1@eu");
  CHECK(answer.conversation_id == "conversation of m1@eu");
  CHECK(node.fetch() == 0);
  CHECK(node.fr.audit_is_whole());
}

TEST_CASE("it looks after its pause, and sooner when it is woken") {
  behind_domibus node;
  CHECK(node.fetch() == 0);
  node.bring("m1@eu");
  CHECK(node.mail->run_once(node.time.now() + std::chrono::seconds(4)) == 0);
  node.mail->wake();
  CHECK(node.mail->run_once(node.time.now() + std::chrono::milliseconds(400)) == 0);
  CHECK(node.mail->run_once(node.time.now() + std::chrono::milliseconds(600)) == 1);
  node.bring("m2@eu");
  CHECK(node.mail->run_once(node.time.now() + std::chrono::seconds(2)) == 0);
  CHECK(node.mail->run_once(node.time.now() - std::chrono::hours(2)) == 1);  // the clock was set back
}

TEST_CASE("payloads of any size come inline and beside the envelope") {
  for (bool const mtom : {false, true}) {
    behind_domibus node;
    node.domibus.speaks_mtom = mtom;
    node.fr.back_ends = {{"erp", {{"urn:nobody", {}}}}};
    node.restart();
    auto header = behind_domibus::from_eu("m1@eu", "order");
    header.service = "urn:nobody";
    header.parts = {{"plan", {{"MimeType", "application/pdf", ""}}},
                    {"empty", {{"MimeType", "text/plain", ""}, {"kind", "none", ""}}},
                    {"note", {{"MimeType", "text/plain", ""}, {"CharacterSet", "utf-8", ""}}}};
    std::string const large = std::string(3'000'000, 'x') + "end";
    node.domibus.bring(header, {large, "", "note"});
    INFO((node.fr.refusals.empty() ? "" : to_text(node.fr.refusals[0].diagnosis)));
    CHECK(node.fetch() == 1);
    auto& db = node.fr->db;
    db.read([&](store::reading& now) {
      auto const message = exchange::find_in_box(now, "m1@eu", "erp", exchange::way::in);
      REQUIRE(message);
      CHECK(message->back_end == "erp");
      CHECK(message->header.from.id == "EU");
      REQUIRE(message->parts.size() == 3);
      CHECK(message->parts[0].size == large.size());
      CHECK(message->parts[0].sha256_hex == sha256_hex(large));
      CHECK(message->parts[1].size == 0);
      CHECK(message->parts[1].properties == std::vector<edelivery::message_property>{{"kind", "none", ""}});
      CHECK(message->parts[2].character_set == "utf-8");
      string_sink all;
      auto const bytes = exchange::open_part(now, db.payloads(), *message, 1);
      REQUIRE(bytes);
      REQUIRE(each_piece(**bytes, [&](auto piece) { return all.add(piece); }));
      CHECK(all.text == large);
    });
    CHECK(node.fr.payload_files() == 1);
    CHECK(node.domibus.marked == names{"m1@eu"});

    // There are no raw bytes here; the parts go with the days of retention all the same, once they are processed.
    node.time.advance(std::chrono::hours(48));
    auto const day = std::chrono::hours(24);
    CHECK(exchange::forget_bytes(db, node.time.now() - day) == 0);
    REQUIRE(db.commit([&](store::transaction& tx) {
      return exchange::mark_processed(tx, "m1@eu", "erp", "key:1", node.time.now() - 2 * day);
    }));
    CHECK(exchange::forget_bytes(db, node.time.now() - day) == 1);
    CHECK(node.fr.payload_files() == 0);
    CHECK(exchange::forget_bytes(db, node.time.now() - day) == 0);
  }
}

TEST_CASE("a message whose mark was lost comes again and is delivered once") {
  for (auto const lost : {mishap::lose_request, mishap::lose_answer}) {
    behind_domibus node;
    node.bring("m1@eu");
    node.wire.script = {mishap::none, mishap::none, lost};
    CHECK(node.fetch() == 0);
    CHECK(node.fr.got() == names{"createDataset"});
    node.time.advance(std::chrono::minutes(1));
    node.fetch();
    CHECK(node.fr.got() == names{"createDataset"});
    CHECK(node.domibus.came.empty());
    CHECK(node.fr.ledger({.direction = "in"}).size() == 1);
  }
}

TEST_CASE("what cannot be taken stays there, holds up nothing, is told and tried again") {
  behind_domibus node;
  struct {
    std::string id;
    std::function<void(edelivery::user_message&)> change;
    std::string code;
  } const cases[] = {
      {"1@eu", [](auto& header) { header.service = "urn:for another"; }, "EBMS:0010"},
      {"2@eu", [](auto& header) { header.from.id = "DK"; }, "EBMS:0010"},
      {"3@eu", [](auto& header) { header.to.role = "urn:other"; }, "EBMS:0010"},
  };
  for (auto const& one : cases) {
    auto header = behind_domibus::from_eu(one.id);
    one.change(header);
    node.domibus.bring(header, {behind_domibus::json_of(header)});
  }
  node.bring("good@eu");
  CHECK(node.fetch() == 1);
  CHECK(node.domibus.marked == names{"good@eu"});
  REQUIRE(node.fr.refusals.size() == 3);
  for (std::size_t n = 0; n < 3; ++n) {
    CHECK(node.fr.refusals[n].message_id == cases[n].id);
    CHECK(node.fr.refusals[n].code == cases[n].code);
  }
  auto const asked = node.domibus.asked("retrieve");
  CHECK(node.fetch() == 0);
  CHECK(node.domibus.asked("retrieve") == asked);  // put off
  node.time.advance(std::chrono::hours(2));
  node.fetch();
  CHECK(node.domibus.asked("retrieve") == asked + 3);
  CHECK(node.domibus.came.size() == 3);
}

TEST_CASE("answers that are none, another message and other content under a known id are refused and not marked") {
  behind_domibus node;
  node.bring("m1@eu");
  for (auto const& answer :
       {page(200, "rubbish"), page(200, "<a/>", "application/soap+xml"), page(500, "", "application/soap+xml"),
        scripted_domibus::fault("WS_PLUGIN:0009", "gone"),
        page(200, plugin::write_pending({"m1@eu"}), "application/soap+xml"),
        page(200, edelivery::tests::retrieved_answer(edelivery::tests::retrieved_info, ""), "application/soap+xml"),
        page(200,
             edelivery::tests::retrieved_answer(edelivery::tests::retrieved_info + edelivery::tests::retrieved_parties +
                                                    edelivery::tests::retrieved_collaboration,
                                                ""),
             "application/soap+xml")}) {
    node.domibus.instead["retrieve"] = answer;
    node.time.advance(std::chrono::hours(2));
    auto const before = node.fr.refusals.size();
    CHECK(node.fetch() == 0);
    CHECK(node.fr.refusals.size() == before + 1);
  }
  CHECK(node.fr.got().empty());
  CHECK(node.domibus.marked.empty());
  node.domibus.instead.clear();
  node.time.advance(std::chrono::hours(2));
  CHECK(node.fetch() == 1);

  auto const header = behind_domibus::from_eu("m1@eu");
  node.domibus.bring(header, {behind_domibus::json_of(header, R"({"identifier":"other"})")});
  node.time.advance(std::chrono::hours(2));
  CHECK(node.fetch() == 0);
  CHECK(node.fr.refusals.back().code == "EBMS:0003");
  CHECK(node.fr.got() == names{"createDataset"});
  CHECK(node.domibus.came.size() == 1);
}

TEST_CASE("a Domibus that is away is told of once, and asked again") {
  behind_domibus node;
  node.bring("m1@eu");
  node.wire.endpoints[scripted_domibus::url] = nullptr;
  for (int n = 0; n < 5; ++n) CHECK(node.fetch() == 0);
  REQUIRE(node.fr.refusals.size() == 1);
  CHECK(node.fr.refusals[0].diagnosis.code == "http_call.cut");
  node.wire.endpoints[scripted_domibus::url] = [&](auto const&) { return page(401, "<html>"); };
  CHECK(node.fetch() == 0);
  CHECK(node.fr.refusals.size() == 2);
  CHECK(node.fr.refusals[1].diagnosis.detail.starts_with("HTTP 401"));
  CHECK(node.fr.refusals[1].diagnosis.mend == "Check user and password of the access point.");
  node.wire.endpoints[scripted_domibus::url] = [&](auto const& request) { return node.domibus.answer(request); };
  node.wire.script = {mishap::none, mishap::lose_request};  // it goes away between two calls
  CHECK(node.fetch() == 0);
  CHECK(node.fetch() == 1);
}

TEST_CASE("a consumer that cannot take it now leaves it there") {
  behind_domibus node;
  node.bring("m1@eu");
  node.fr.consumer_fails = true;
  CHECK(node.fetch() == 0);
  node.fr.consumer_fails = false;
  node.fr.consumer_throws = true;
  node.time.advance(std::chrono::minutes(1));
  CHECK(node.fetch() == 0);
  CHECK(node.domibus.marked.empty());
  CHECK(node.fr.ledger().empty());
  node.fr.consumer_throws = false;
  node.time.advance(std::chrono::hours(2));
  CHECK(node.fetch() == 1);
  CHECK(node.fr.got() == names{"createDataset"});
}

TEST_CASE("a test message is marked and delivered to nobody; many messages come round after round") {
  behind_domibus node;
  auto header = behind_domibus::from_eu("ping@eu", std::string(edelivery::test_action));
  header.service = edelivery::test_service;
  header.service_type.clear();
  header.parts.clear();
  node.domibus.bring(header, {});
  for (int n = 0; n < 70; ++n) node.bring("m" + std::to_string(n) + "@eu");
  std::size_t came = 0;
  for (int rounds = 0; rounds < 3; ++rounds) {
    came += node.mail->run_once(node.time.now());
    node.time.advance(std::chrono::milliseconds(500));
  }
  CHECK(came == 70);
  CHECK(node.domibus.marked.size() == 71);
  CHECK(node.fr.got().size() == 70);
}

namespace {

// One message each way, whatever dies on the way.
void play_retrieval(behind_domibus& node) {
  exchange::outgoing_business_message const wish{
      .to_nation = "EU", .action = "statusUpdate", .content = R"({"application_id":"a1"})", .subject = "a1"};
  auto const survive = [&](auto const& deed) {
    try {
      deed();
    } catch (store::simulated_crash const&) {
      node.restart();
    } catch (std::exception const&) {
      if (!node.fr.is_dark()) throw;
    }
    if (node.fr.is_dark()) node.restart();
  };
  node.domibus.first_status = plugin::message_status::acknowledged;
  node.bring("m1@eu");
  for (int times = 0; times < 3 && node.fr.ledger({.subject = "a1"}).empty(); ++times)
    survive([&] { node.fr.post(wish); });
  for (int rounds = 0; rounds < 8; ++rounds) {
    survive([&] { node.fetch(); });
    survive([&] { node.send(); });
  }
}

void check_retrieval(behind_domibus& node) {
  CHECK(node.fr.got() == names{"createDataset"});
  CHECK(node.domibus.marked == names{"m1@eu"});
  CHECK(node.domibus.sent.size() == 2);  // the update, and the answer to what came
  CHECK(node.fr.outbox().open == 0);
  CHECK(node.fr.outbox().dead_letters == 0);
  CHECK(node.fr.ledger({.status = "delivered"}).size() == 2);
  CHECK(node.fr.ledger({.direction = "in"}).size() == 1);
  CHECK(node.fr.audit_is_whole());
}

}  // namespace

TEST_CASE("a node behind a Domibus that loses power at any moment loses nothing and doubles nothing", "[crash]") {
  std::uint64_t cuts = 0;
  bool fired = true;
  for (std::uint64_t operation = 1; fired; ++operation) {
    fault_disk disk;
    behind_domibus node(&disk);
    disk.cut_power_at(operation);
    play_retrieval(node);
    fired = disk.cuts() > 0;
    cuts += disk.cuts();
    INFO("lost power at operation " << operation);
    check_retrieval(node);
  }
  CHECK(cuts > 20);
}

#ifdef EHDS_FAIL_POINTS
TEST_CASE("a node behind a Domibus that is killed at any commit point loses nothing and doubles nothing", "[crash]") {
  store::disarm_fail_points();
  {
    behind_domibus node;
    play_retrieval(node);
    check_retrieval(node);
  }
  std::size_t kills = 0;
  for (auto const& point : store::passed_fail_points()) {
    for (int nth = 1; nth < 40; ++nth) {
      behind_domibus node;
      store::arm_fail_point(point, nth);
      play_retrieval(node);
      bool const fired = !store::is_fail_point_armed();
      store::disarm_fail_points();
      INFO("killed at " << point << ", time " << nth);
      check_retrieval(node);
      if (!fired) break;
      ++kills;
    }
  }
  CHECK(kills >= 20);
}
#endif
