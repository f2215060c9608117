// Webhooks: every event in its order, signed, until it is taken.
#include "node/exchange/notice_worker.hpp"

#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "edelivery/backend/push.hpp"
#include "node/exchange/submission.hpp"
#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

struct told_back_end {
  two_nodes nodes;
  std::vector<http_call_request> calls;
  int status = 204;  // of its answers; 0: the connection is cut
  std::string type;
  std::string body;
  std::vector<std::string> troubles;
  exchange::webhook hook{"erp", "https://erp.example/events", "a secret", [this](exchange::notice_news const& one) {
                           if (one.what == exchange::notice_news::kind::refused) troubles.push_back(one.why);
                         }};

  told_back_end() {
    for (auto* node : {&nodes.fr, &nodes.eu}) {
      node->back_ends = {{"erp", {{"urn:nobody", {}}}}};
      node->start();
    }
    nodes.wire.endpoints[hook.url] = [this](http_call_request const& request) {
      calls.push_back(request);
      return http_call_response{status, {{"Content-Type", type}}, body};
    };
  }
  std::string send() {
    auto const taken = exchange::submit(nodes.fr->desk, {.caller = "key:1",
                                                         .back_end = "erp",
                                                         .idempotency_key = random_uuid(),
                                                         .pmode_id = "urn:nobody/EU",
                                                         .action = "order"});
    nodes.fr->sender.run_once(nodes.time.now());
    return taken.value().message_id;
  }
  // A worker that knows nothing but the store.
  bool run() { return run_at(nodes.eu); }
  bool run_at(test_node& node) { return exchange::notice_worker(node->db, nodes.wire, nodes.time, hook).run_once(); }
  std::string trouble() {
    return nodes.eu->db.read([](store::reading& now) { return exchange::refused_notice(now, "erp").value_or("none"); });
  }
  std::string header(std::size_t call, std::string const& name) const {
    for (auto const& one : calls.at(call).headers)
      if (one.name == name) return one.value;
    return {};
  }
};

}  // namespace

TEST_CASE("a back end is told of each event once, in their order, with a signature over time and body") {
  told_back_end told;
  CHECK_FALSE(told.run());
  auto const first = told.send();
  auto const second = told.send();
  CHECK(told.run());
  CHECK(told.run());
  CHECK_FALSE(told.run());
  REQUIRE(told.calls.size() == 2);
  CHECK(told.calls[0].body == R"({"id":1,"event":"message.arrived","back_end":"erp","message_id":")" + first +
                                  R"(","at":"2026-11-22T12:00:00.000Z"})");
  CHECK(told.calls[1].body.find(second) != std::string::npos);
  CHECK(told.header(1, "X-EHDS-Event-Id") == "2");
  CHECK(told.header(0, "X-EHDS-Timestamp") == "2026-11-22T12:00:00.000Z");
  CHECK(told.header(0, "X-EHDS-Signature") ==
        "sha256=" + to_hex(hmac_sha256("a secret", "2026-11-22T12:00:00.000Z." + told.calls[0].body)));
}

TEST_CASE("an event that is not taken is told again after a growing pause, and nothing overtakes it") {
  told_back_end told;
  told.send();
  told.send();
  told.status = GENERATE(0, 500, 404, 302);
  std::vector<int> pauses;
  for (int seconds = 0; pauses.size() < 4; ++seconds) {
    auto const before = told.calls.size();
    CHECK_FALSE(told.run());
    if (told.calls.size() > before) pauses.push_back(seconds);
    told.nodes.time.advance(std::chrono::seconds{1});
    told.nodes.eu.start();  // what it knows is in the store
  }
  CHECK(pauses == std::vector<int>{0, 2, 6, 14});
  for (std::size_t n = 0; n < told.calls.size(); ++n) CHECK(told.header(n, "X-EHDS-Event-Id") == "1");
  told.status = 200;
  told.nodes.time.advance(std::chrono::minutes{15});
  CHECK(told.run());
  CHECK(told.run());
  CHECK(told.header(told.calls.size() - 1, "X-EHDS-Event-Id") == "2");
}

TEST_CASE("messages that were not told are known while something is amiss, and told at once when somebody asks") {
  told_back_end told;
  auto const untold = [&](std::size_t most) {
    return told.nodes.eu->db.read([&](store::reading& now) { return exchange::untold_messages(now, "erp", most); });
  };
  auto const again = [&](std::string_view whom) {
    REQUIRE(told.nodes.eu->db.commit([&](store::transaction& tx) -> result<void> {
      exchange::tell_again(tx, whom, {"any@x"}, told.nodes.time.now());
      return {};
    }));
  };
  auto const first = told.send();
  CHECK(untold(10).empty());  // nobody tried
  told.status = 500;
  CHECK_FALSE(told.run());
  auto const second = told.send();
  CHECK(untold(10) == std::vector<std::string>{first, second});
  CHECK(untold(1) == std::vector<std::string>{first});
  told.status = 204;
  CHECK_FALSE(told.run());  // in its pause
  again("another");
  CHECK_FALSE(told.run());
  again("erp");
  CHECK(told.run());
  CHECK(untold(10).empty());
  CHECK(told.run());
  again("erp");
  CHECK_FALSE(told.run());
}

TEST_CASE("a node that dies after telling and before noting it tells again") {
  told_back_end told;
  told.send();
  store::arm_fail_point("exchange.noticed");
  CHECK_THROWS_AS(told.run(), store::simulated_crash);
  store::disarm_fail_points();
  told.nodes.eu.start();
  CHECK(told.run());
  REQUIRE(told.calls.size() == 2);
  CHECK(told.calls[0].body == told.calls[1].body);
}

TEST_CASE("a clock that is set back does not silence the webhook for longer than its longest pause") {
  told_back_end told;
  told.send();
  told.status = 500;
  told.run();
  told.nodes.time.advance(std::chrono::hours{-2});
  told.status = 200;
  CHECK(told.run());
}

TEST_CASE("the operator is told once of each event that is not taken, and may ask why until it is") {
  told_back_end told;
  told.send();
  CHECK(told.trouble() == "none");
  told.status = 500;
  for (int n = 0; n < 3; ++n) {
    told.run();
    told.nodes.time.advance(std::chrono::minutes{15});
  }
  CHECK(told.calls.size() == 3);
  CHECK(told.troubles == std::vector<std::string>{"it answered with HTTP status 500"});
  CHECK(told.trouble() == "it answered with HTTP status 500");
  told.status = 200;
  CHECK(told.run());
  CHECK(told.trouble() == "none");
}

namespace {

// A back end that was written for Domibus.
struct told_by_notices : told_back_end {
  told_by_notices() {
    hook.speech = exchange::webhook_speech::domibus;
    hook.user = "node";
    status = 200;
    type = "application/soap+xml; charset=utf-8";
    body = edelivery::backend::write_push_taken();
  }
  edelivery::backend::push_notice heard(std::size_t call) const {
    auto const said = edelivery::backend::read_push(memory_source(calls.at(call).body));
    REQUIRE(said);
    return std::get<edelivery::backend::push_notice>(*said);
  }
  bool heard_word(std::size_t call, std::string const& word) const {
    return calls.at(call).body.find("<d:" + word + " ") != std::string::npos;
  }
};

}  // namespace

TEST_CASE(
    "a back end that was written for Domibus is told what came and what became of its messages as that one does") {
  told_by_notices told;
  auto const first = told.send();
  CHECK(told.run());
  CHECK_FALSE(told.run());
  CHECK(told.run_at(told.nodes.fr));
  REQUIRE(told.calls.size() == 2);
  CHECK(told.heard_word(0, "receiveSuccess"));
  CHECK(told.calls[0].body.find("<messageID>" + first + "<") != std::string::npos);
  CHECK(told.heard_word(1, "sendSuccess"));
  CHECK(told.heard(1).message_ids == std::vector<std::string>{first});
  CHECK(told.header(0, "Content-Type") == "application/soap+xml; charset=utf-8");
  CHECK(told.header(0, "Authorization") == "Basic " + to_base64("node:a secret"));
  CHECK(told.header(0, "X-EHDS-Signature").empty());

  told.nodes.wire.endpoints.erase("https://EU.example/as4");
  auto const second = told.send();
  for (int attempts = 0; attempts < 10; ++attempts) {
    told.nodes.time.advance(std::chrono::hours{12});
    told.nodes.fr->sender.run_once(told.nodes.time.now());
  }
  CHECK(told.run_at(told.nodes.fr));
  CHECK(told.heard_word(2, "sendFailure"));
  CHECK(told.heard(2).message_ids == std::vector<std::string>{second});
}

TEST_CASE("what such a back end answers is read: a fault or a strange page is no reason to forget the notice") {
  told_by_notices told;
  told.send();
  struct {
    int status;
    std::string type, body, why;
  } const refusals[] = {{500, told.type, edelivery::backend::write_push_fault("0001", "not now"),
                         "The back end answered with a SOAP fault (Receiver, 0001)."},
                        {401, "text/html", "", "it answered with HTTP status 401"},
                        {200, told.type, edelivery::backend::write_push_fault("0001", "not now"),
                         "The back end answered with a SOAP fault (Receiver, 0001)."},
                        {200, told.type, "<html/>", "What came back is no SOAP 1.2 envelope."}};
  auto const good = told.body;
  for (auto const& each : refusals) {
    told.status = each.status;
    told.type = each.type;
    told.body = each.body;
    CHECK_FALSE(told.run());
    CHECK(told.trouble() == each.why);
    told.nodes.time.advance(std::chrono::minutes{15});
    told.nodes.eu.start();  // what it knows is in the store
  }
  told.status = 200;
  told.type = "text/html";
  told.body = "<p>Sign in</p>";
  CHECK_FALSE(told.run());
  told.nodes.time.advance(std::chrono::minutes{15});
  auto const [type, body, status] = GENERATE_COPY(
      table<std::string, std::string, int>({{"application/soap+xml", good, 200},
                                            {"", "", 202},
                                            {"multipart/related; type=\"application/xop+xml\"; boundary=b",
                                             "--b\r\nContent-Type: application/xop+xml; "
                                             "type=\"application/soap+xml\"\r\n\r\n" +
                                                 good + "\r\n--b--\r\n",
                                             200}}));
  told.type = type;
  told.body = body;
  told.status = status;
  CHECK(told.run());
  CHECK_FALSE(told.run());
  CHECK(told.trouble() == "none");
}
