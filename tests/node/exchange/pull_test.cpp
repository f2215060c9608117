// One-Way/Pull: FR cannot be called; it pushes to EU and fetches what EU has for it.
#include "node/exchange/pull.hpp"

#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "base/ids.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "node/exchange/pulling.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

std::string pull_told(edelivery::reply const& answer, instant now) {
  auto const signal = edelivery::open_signal(answer.content_type, answer.body, agreed("FR", "EU")[1], now);
  if (!signal) return signal.error().diagnosis.code;
  return std::get<edelivery::error_signal>(signal->content).errors.front().code + " " +
         std::get<edelivery::error_signal>(signal->content).errors.front().severity;
}

}  // namespace

TEST_CASE("a message waits in its channel, is fetched, delivered once and receipted in a request of its own") {
  puller_and_pulled both;
  auto const id = both.eu.post("createDataset");
  both.eu->sender.run_once(both.time.now());
  CHECK(both.wire.calls == 0);  // nothing is pushed
  CHECK(both.sent().status == "queued");

  CHECK(both.fetch() == 1);

  CHECK(both.fr.got() == actions{"createDataset"});
  CHECK(both.sent().status == "delivered");
  CHECK(both.sent().has_receipt);
  CHECK(both.sent().message_id == id);
  CHECK(both.sent().attempts == 1);
  CHECK(both.wire.calls == 3);  // pull, receipt, pull: empty
  CHECK(both.fr.ledger({.direction = "in"}).at(0).message_id == id);
  CHECK(both.fr.refusals.empty());
  CHECK(both.eu.refusals.empty());
  CHECK(both.fetch() == 0);
}

TEST_CASE("the answer to a pulled message is pushed, and the other way round") {
  puller_and_pulled both;
  both.eu.post("createDataset");
  both.fetch();
  both.fr->sender.run_once(both.time.now());
  CHECK(both.eu.got() == actions{"validationResult"});
  both.fr.post("statusUpdate", "{}");
  both.fr->sender.run_once(both.time.now());
  both.fetch();
  CHECK(both.fr.got() == actions{"createDataset", "validationResult"});
  CHECK(both.eu.audit_is_whole());
  CHECK(both.fr.audit_is_whole());
}

TEST_CASE("an empty channel is a signed warning EBMS:0006") {
  puller_and_pulled both;
  auto const wire = both.asked(both.time.now());
  auto const answer = both.eu->desk.receive(wire.content_type, wire.body);
  CHECK(answer.status == 200);
  CHECK(pull_told(answer, both.time.now()) == "EBMS:0006 warning");
}

TEST_CASE("several messages come in one round, oldest first") {
  puller_and_pulled both;
  both.eu.post("createDataset");
  both.eu.post("updateDataset", R"({"identifier":"d2"})");
  both.eu.post("deleteDataset", R"({"identifier":"d3"})");
  CHECK(both.fetch() == 3);
  CHECK(both.fr.got() == actions{"createDataset", "updateDataset", "deleteDataset"});
}

TEST_CASE("a pulled message may be as large as its P-Mode allows, beyond what an answer may be otherwise") {
  puller_and_pulled both;
  // Above what an answer may have unless more is asked for.
  auto const id = post_large(both, 17 * 1024 * 1024);
  CHECK(both.fetch() == 1);
  CHECK(both.sent().status == "delivered");
  CHECK(both.fr.ledger({.direction = "in"}).at(0).message_id == id);
}

TEST_CASE("a pull has a time as a whole, which grows with what the P-Mode lets the answer be") {
  puller_and_pulled both;
  std::vector<std::chrono::milliseconds> times;
  auto const serve = both.wire.endpoints.at("https://EU.example/as4");
  both.wire.endpoints["https://EU.example/as4"] = [&](http_call_request const& request) {
    times.push_back(request.timeout);
    return serve(request);
  };
  both.eu.post("createDataset");
  both.fetch();
  auto const most = agreed("FR", "EU")[1].limits.message_bytes;
  std::chrono::milliseconds const wanted = std::chrono::seconds{60} + std::chrono::milliseconds{most / 2'000};
  CHECK(times == std::vector<std::chrono::milliseconds>(3, wanted));  // pull, receipt, pull
}

TEST_CASE("what was signed for a partner whose certificate ended stays nowhere") {
  puller_and_pulled both;
  both.eu.stop();
  auto modes = agreed("EU", "FR");
  modes[1].partner_encryption = {edelivery::tests::issued("FR before", edelivery::certificate_use::encryption,
                                                          &edelivery::tests::authority(),
                                                          noon() - std::chrono::days{2000})
                                     .cert};
  test_node eu("EU", "FR", both.wire, both.time, nullptr, modes);
  eu.post({.to_nation = "FR",
           .action = "createDataset",
           .content = R"({"identifier":"d1"})",
           .attachments = random_bytes(store::payload_row_limit)});  // in a row; signed it needs a file
  REQUIRE(eu.payload_files() == 0);
  for (int n = 0; n < 3; ++n) {
    auto const wire = eu->sender.hand_out(modes[1], both.time.now());
    REQUIRE(wire);
    CHECK_FALSE(*wire);
    both.time.advance(std::chrono::minutes{10});
  }
  CHECK(eu.ledger({.direction = "out"}).at(0).status == "queued");
  CHECK(eu.payload_files() == 0);
}

TEST_CASE("a message stays until it is receipted: it comes again after its lease, and is delivered once") {
  puller_and_pulled both;
  both.eu.post("createDataset");
  both.wire.script = {mishap::none, mishap::lose_request};  // the receipt is lost
  CHECK(both.fetch() == 1);
  CHECK(both.sent().status == "in_flight");
  CHECK(both.fetch() == 0);  // the lease holds
  both.time.advance(std::chrono::seconds(120));
  CHECK(both.fetch() == 1);
  CHECK(both.fr.got() == actions{"createDataset"});
  CHECK(both.sent().status == "delivered");
  CHECK(both.sent().attempts == 2);
}

TEST_CASE("an answer lost on its way is offered again; a process that dies in between loses nothing") {
  puller_and_pulled both;
  both.eu.post("createDataset");
  both.wire.script = {mishap::lose_answer};
  CHECK(both.fetch() == 0);
  CHECK(both.sent().status == "in_flight");
  both.eu.stop();
  both.eu.start();
  both.fr.stop();
  both.fr.start();
  both.restart();
  both.time.advance(std::chrono::seconds(120));
  CHECK(both.fetch() == 1);
  CHECK(both.fr.got() == actions{"createDataset"});
  CHECK(both.sent().status == "delivered");
}

TEST_CASE("what is fetched and never receipted becomes a dead letter EBMS:0301, and an operator offers it again") {
  puller_and_pulled both;
  auto const id = both.eu.post("createDataset");
  for (int n = 0; n < 3; ++n) {
    both.wire.script = {mishap::lose_answer};
    both.fetch();
    both.time.advance(std::chrono::seconds(120));
  }
  both.fetch();
  CHECK(both.sent().status == "failed");
  CHECK(both.sent().code == "EBMS:0301");
  CHECK(both.fr.got().empty());
  static_cast<void>(both.eu->db.commit([&](store::transaction& tx) { return both.eu->desk.requeue(tx, id); }));
  CHECK(both.fetch() == 1);
  CHECK(both.sent().status == "delivered");
}

TEST_CASE("who may fetch is decided by the certificate") {
  puller_and_pulled both;
  both.eu.post("createDataset");
  auto const now = both.time.now();
  edelivery::access_point const thief{keys_of("DK"), {keys_of("DK")}, "DK.example"};
  auto const forged = edelivery::make_pull_request(agreed("FR", "EU")[1], thief, now).value();
  CHECK(pull_told(both.eu->desk.receive(forged.content_type, forged.body), now) == "EBMS:0101 failure");
  auto elsewhere = agreed("FR", "EU")[1];
  elsewhere.mpc = "urn:example:mpc:DK";
  auto const other = edelivery::make_pull_request(elsewhere, both.fr->desk.us(), now).value();
  CHECK(pull_told(both.eu->desk.receive(other.content_type, other.body), now) == "EBMS:0001 failure");
  CHECK(both.sent().status == "queued");
}

TEST_CASE("a pull request that was caught is of no use: not a second time, not later, not changed") {
  puller_and_pulled both;
  both.eu.post("createDataset");
  auto const first = both.asked(both.time.now());
  CHECK(both.eu->desk.receive(first.content_type, first.body).status == 200);
  CHECK(pull_told(both.eu->desk.receive(first.content_type, first.body), both.time.now()) == "EBMS:0003 failure");
  auto changed = first.body;
  changed.replace(changed.find(channel), std::string_view{channel}.size(), "urn:example:mpc:FX");
  CHECK(pull_told(both.eu->desk.receive(first.content_type, changed), both.time.now()) == "EBMS:0001 failure");
  auto const old = both.asked(both.time.now() - std::chrono::minutes(16));
  CHECK(pull_told(both.eu->desk.receive(old.content_type, old.body), both.time.now()) == "EBMS:0202 failure");
  auto const early = both.asked(both.time.now() + std::chrono::minutes(16));
  CHECK(pull_told(both.eu->desk.receive(early.content_type, early.body), both.time.now()) == "EBMS:0202 failure");
  CHECK(both.sent().attempts == 1);
}

TEST_CASE("a pull request that was caught is of no use after a restart, and is forgotten when its time is over") {
  puller_and_pulled both;
  both.eu.post("createDataset");
  both.eu.post("updateDataset", R"({"identifier":"d2"})");
  auto const caught = both.asked(both.time.now());
  CHECK(both.eu->desk.receive(caught.content_type, caught.body).status == 200);
  both.eu.stop();
  both.eu.start();
  both.restart();
  CHECK(pull_told(both.eu->desk.receive(caught.content_type, caught.body), both.time.now()) == "EBMS:0003 failure");
  auto const kept = [&] {
    return both.eu->db.read(
        [](store::reading& now) { return now.first("SELECT count(*) FROM exchange_pull_request")->integer(0); });
  };
  CHECK(kept() == 1);
  both.time.advance(std::chrono::minutes(31));
  both.fetch();
  CHECK(pull_told(both.eu->desk.receive(caught.content_type, caught.body), both.time.now()) == "EBMS:0202 failure");
  CHECK(kept() <= 3);  // those of this round alone
}

TEST_CASE("a partner that hangs holds up the fetching from no other, and is not asked twice at once") {
  manual_clock time{noon()};
  memory_wire wire;
  auto const agreed_with = [](std::string const& partner) {
    auto mode = agreed("FR", partner)[1];
    mode.id = "pull from " + partner;
    mode.mpc = "urn:example:mpc:FR:" + partner;
    return mode;
  };
  test_node fr("FR", std::vector<std::string>{"EU", "DK"}, wire, time, nullptr, {agreed_with("EU"), agreed_with("DK")});
  exchange::pull_worker worker(fr->desk, wire);
  std::promise<void> hangs;
  std::promise<void> let_go;
  wire.endpoints["https://EU.example/as4"] = [&](auto const&) {
    hangs.set_value();
    let_go.get_future().wait();
    return http_call_response{};
  };
  wire.endpoints["https://DK.example/as4"] = [](auto const&) { return http_call_response{404, {}, ""}; };
  std::thread hung([&] { worker.run_for("pull from EU", time.now()); });
  hangs.get_future().wait();
  int const calls = wire.calls;
  worker.run_for("pull from DK", time.now());
  CHECK(wire.calls == calls + 1);
  time.advance(std::chrono::minutes(5));
  worker.run_for("pull from EU", time.now());
  CHECK(wire.calls == calls + 1);
  let_go.set_value();
  hung.join();
}

TEST_CASE("only the partner's own receipt settles a fetched message") {
  puller_and_pulled both;
  auto const id = both.eu.post("createDataset");
  auto const now = both.time.now();
  auto const receipt = both.unseen_receipt(now);

  auto const mode = agreed("FR", "EU")[1];
  auto const forged =
      edelivery::sign(edelivery::write_receipt({now, "1@DK.example", id, {{"#x", "AAAA", "<ds:Reference/>"}}}), {},
                      mode.security, keys_of("DK"));
  REQUIRE(forged);
  auto const refused = both.eu->desk.receive("application/soap+xml", forged->soap);
  CHECK(pull_told(refused, now).starts_with("EBMS:0"));
  CHECK(both.sent().status == "in_flight");
  auto broken = receipt.body;
  broken.resize(broken.size() / 2);
  CHECK(pull_told(both.eu->desk.receive(receipt.content_type, broken), now) == "EBMS:0009 failure");
  CHECK(both.sent().status == "in_flight");

  CHECK(both.eu->desk.receive(receipt.content_type, receipt.body).status == 204);
  CHECK(both.sent().status == "delivered");
  CHECK(both.eu->desk.receive(receipt.content_type, receipt.body).status == 204);  // again: no harm
}

TEST_CASE("an error of the puller passes once and ends the offers when it is repeated") {
  puller_and_pulled both;
  both.fr.stop();
  auto modes = agreed("FR", "EU");
  modes[1].actions = {"statusUpdate"};  // FR does not know what EU sends
  test_node narrow("FR", "EU", both.wire, both.time, nullptr, modes);
  exchange::pull_worker worker(narrow->desk, both.wire);
  both.wire.endpoints["https://FR.example/as4"] = nullptr;
  both.eu.post("createDataset");
  for (int n = 0; n < 3; ++n) {
    both.time.advance(std::chrono::hours(2));
    worker.run_once(both.time.now());
  }
  CHECK(both.sent().status == "failed");
  CHECK(both.sent().code == "EBMS:0010");
  CHECK(narrow.got().empty());
}

TEST_CASE("the interval is kept, and a partner that is away is asked again") {
  puller_and_pulled both;
  CHECK(both.worker->next_due(both.time.now()) == both.time.now());
  both.worker->run_once(both.time.now());
  int const calls = both.wire.calls;
  both.worker->run_once(both.time.now() + std::chrono::seconds(59));
  CHECK(both.wire.calls == calls);
  both.eu.stop();
  CHECK(both.fetch() == 0);
  both.eu.start();
  both.restart();
  both.eu.post("createDataset");
  CHECK(both.fetch() == 1);
}

TEST_CASE("a partner that answers with rubbish ends the round") {
  puller_and_pulled both;
  auto const* const type = GENERATE("text/html", "application/soap+xml", "");
  both.wire.endpoints["https://EU.example/as4"] = [&](auto const&) {
    return http_call_response{200, {{"Content-Type", type}}, "<html/>"};
  };
  both.fetch();
  // The question, and to what may be AS4 an error.
  CHECK(both.wire.calls == (std::string_view(type) == "application/soap+xml" ? 2 : 1));
  CHECK(both.fr.got().empty());
}
