// What is told of messages that do not get through: enough to look for the cause, once for each cause, and nothing
// that somebody else put in words.
#include "node/exchange/pushed_back_end.hpp"
#include "node/exchange/sending_news.hpp"
#include "node/exchange/set_aside.hpp"

using namespace ehds;
using namespace ehds::tests;
using edelivery::outbound_status;
using enum exchange::notice_news::kind;

namespace {

struct watched_sender {
  two_nodes nodes;
  std::vector<exchange::sending_news> news;
  std::string id;

  watched_sender() {
    nodes.fr->sender.on_news([this](exchange::sending_news const& one) { news.push_back(one); });
    id = nodes.fr.post("createDataset");
  }
  void attempt() {
    nodes.fr->sender.run_once(nodes.time.now());
    nodes.time.advance(std::chrono::hours(3));
  }
  void lose_next() { nodes.wire.script.push_back(mishap::lose_request); }
};

}  // namespace

TEST_CASE("a message that is taken at once is no news") {
  watched_sender fr;
  fr.attempt();
  CHECK(status_of(fr.nodes.fr, fr.id) == "delivered");
  CHECK(fr.news.empty());
}

TEST_CASE("an attempt without an answer is told once, and the receipt that ends it") {
  watched_sender fr;
  fr.lose_next();
  fr.attempt();
  REQUIRE(fr.news.size() == 1);
  auto const& first = fr.news[0];
  CHECK(first.message_id == fr.id);
  CHECK(first.party_id == "EU");
  CHECK(first.status == outbound_status::waiting);
  CHECK(first.code == "EBMS:0005");
  CHECK(first.says.find("The connection was cut.") != std::string::npos);
  CHECK(first.http_status == 0);
  CHECK(first.attempts == 1);
  CHECK(first.next_try > noon());
  fr.lose_next();
  fr.attempt();
  CHECK(fr.news.size() == 1);  // the same again
  fr.attempt();
  REQUIRE(fr.news.size() == 2);
  CHECK(fr.news[1].status == outbound_status::delivered);
  CHECK(fr.news[1].attempts == 3);
  CHECK(fr.news[1].code.empty());
}

TEST_CASE("a message that another access point has, and of which nothing is known yet, is no news") {
  edelivery::outbound after;
  after.attempts = 1;
  after.status = outbound_status::waiting;
  CHECK_FALSE(exchange::news_of("", after, "EU", 0));
  after.code = "EBMS:0004";
  CHECK(exchange::news_of("", after, "EU", 0));
  CHECK_FALSE(exchange::news_of("EBMS:0004", after, "EU", 0));
}

TEST_CASE("a code that a partner made up is not told: it may be about people") {
  edelivery::outbound after;
  after.attempts = 1;
  after.status = outbound_status::waiting;
  after.code = "Jane Doe";
  after.reason = "the partner answered Jane Doe";
  auto const news = exchange::news_of("", after, "EU", 200);
  REQUIRE(news);
  CHECK(news->code == "unknown");
  CHECK(news->mark == "unknown");
  CHECK(news->says.empty());
}

TEST_CASE("another error is told when it comes, by its name and not in the partner's words") {
  watched_sender fr;
  fr.lose_next();
  fr.attempt();
  fr.nodes.eu.consumer_throws = true;
  fr.attempt();
  REQUIRE(fr.news.size() == 2);
  CHECK(fr.news[1].code == "EBMS:0202");
  CHECK(fr.news[1].says == "DeliveryFailure");
  CHECK(fr.news[1].http_status == 200);
  CHECK(fr.news[1].attempts == 2);
}

TEST_CASE("a dead letter is told when it becomes one") {
  watched_sender fr;
  for (int n = 0; n < 5; ++n) {
    fr.lose_next();
    fr.attempt();
  }
  CHECK(status_of(fr.nodes.fr, fr.id) == "failed");
  REQUIRE(fr.news.size() == 2);
  CHECK(fr.news[1].status == outbound_status::failed);
  CHECK(fr.news[1].code == "EBMS:0301");
  CHECK(fr.news[1].attempts == 5);
}

TEST_CASE("a dead letter that is sent again: the same trouble is told anew, and its end") {
  watched_sender fr;
  auto const id = fr.id;
  auto& db = fr.nodes.fr->db;
  fr.nodes.wire.endpoints["https://EU.example/as4"] = [&](auto const&) {
    return http_call_response{404, {{"Content-Type", "text/html"}}, "<p>gone</p>"};
  };
  for (int n = 0; n < 5; ++n) fr.attempt();
  REQUIRE(status_of(fr.nodes.fr, id) == "failed");
  auto const told = fr.news.size();
  REQUIRE(db.commit([&](store::transaction& tx) { return fr.nodes.fr->desk.requeue(tx, id); }));
  fr.attempt();
  fr.attempt();
  REQUIRE(fr.news.size() == told + 1);
  CHECK(fr.news.back().status == outbound_status::waiting);
  fr.nodes.eu.start();
  fr.attempt();
  REQUIRE(fr.news.size() == told + 2);
  CHECK(fr.news.back().status == outbound_status::delivered);
}

TEST_CASE("a node that starts again tells nothing twice, and the end of what it told before") {
  two_nodes both;
  std::vector<exchange::sending_news> news;
  auto const watch = [&] { both.fr->sender.on_news([&](auto const& one) { news.push_back(one); }); };
  both.wire.script = {mishap::lose_request, mishap::lose_request};
  both.fr.post("createDataset");
  watch();
  both.turns_of_fr(1);
  both.fr.start();
  watch();
  both.turns_of_fr(1);
  CHECK(news.size() == 1);
  both.turns_of_fr(1);
  REQUIRE(news.size() == 2);
  CHECK(news[1].status == outbound_status::delivered);
}

TEST_CASE("a receipt of an attempt that counted as lost ends the trouble that the next one told") {
  watched_sender fr;
  auto& both = fr.nodes;
  exchange::sender_worker other(both.fr->desk, both.wire, [] { return 0.5; });
  other.on_news([&](auto const& one) { fr.news.push_back(one); });
  auto const takes = both.wire.endpoints.at("https://EU.example/as4");
  bool first = true;
  both.wire.endpoints["https://EU.example/as4"] = [&](http_call_request const& request) {
    if (!std::exchange(first, false)) return http_call_response{503, {}, "not now"};
    both.time.advance(std::chrono::seconds(121));
    other.run_once(both.time.now());
    return takes(request);
  };
  fr.attempt();
  CHECK(status_of(both.fr, fr.id) == "delivered");
  REQUIRE(fr.news.size() == 2);
  CHECK(fr.news[0].status == outbound_status::waiting);
  CHECK(fr.news[0].attempts == 2);
  CHECK(fr.news[1].status == outbound_status::delivered);
}

TEST_CASE("a page that is no AS4 is told with its HTTP status") {
  watched_sender fr;
  fr.nodes.wire.endpoints["https://EU.example/as4"] = [](http_call_request const&) {
    return http_call_response{404, {{"Content-Type", "text/html"}}, "<p>Jane Doe</p>"};
  };
  fr.attempt();
  REQUIRE(fr.news.size() == 1);
  CHECK(fr.news[0].http_status == 404);
  CHECK(fr.news[0].says.find("Jane") == std::string::npos);
}

TEST_CASE(
    "a refused push is told with its message, its fault's codes, its count and its next try; then that it was taken") {
  pushed_back_end erp;
  auto const id = erp.send();
  auto const taking = erp.answer;
  erp.answer.body = plugin::write_push_fault("0017", "Jane Doe is unknown");
  CHECK_FALSE(erp.run());
  REQUIRE(erp.news.size() == 1);
  auto const first = erp.news[0];
  CHECK(first.what == refused);
  CHECK(first.message_id == id);
  CHECK(first.why.find("Receiver, 0017") != std::string::npos);
  CHECK(first.why.find("Jane") == std::string::npos);
  CHECK(first.attempts == 1);
  CHECK(first.refusals == 1);
  CHECK(first.next_try > erp.nodes.time.now());
  erp.wait();
  CHECK_FALSE(erp.run());
  CHECK(erp.news.size() == 1);  // the same again
  erp.wait();
  erp.answer = {503, {}, ""};
  CHECK_FALSE(erp.run());
  REQUIRE(erp.news.size() == 2);  // for another reason
  CHECK(erp.news[1].why.find("503") != std::string::npos);
  CHECK(erp.news[1].attempts == 3);
  CHECK(erp.news[1].refusals == 2);
  erp.wait();
  erp.answer = taking;
  CHECK(erp.run());
  REQUIRE(erp.news.size() == 3);
  CHECK(erp.news[2].what == taken_after_all);
  CHECK(erp.news[2].message_id == id);
  CHECK(erp.news[2].attempts == 4);
}

TEST_CASE("a push that is taken at once is no news, and one that is set aside is told once") {
  pushed_back_end erp;
  erp.send();
  CHECK(erp.run());
  CHECK(erp.news.empty());
  auto const id = erp.send();
  erp.refuse();
  for (std::int64_t n = 0; n < exchange::most_refusals; ++n) {
    erp.run();
    erp.wait();
  }
  REQUIRE(erp.news.size() == 2);
  CHECK(erp.news[1].what == set_aside);
  CHECK(erp.news[1].message_id == id);
  CHECK(erp.news[1].attempts == exchange::most_refusals);
}

TEST_CASE("of a message that is pushed once more, each minute while the back end is away, only the end is told") {
  pushed_back_end erp;
  auto const id = erp.send();
  auto const taking = erp.answer;
  erp.refuse();
  for (std::int64_t n = 0; n < exchange::most_refusals; ++n) {
    erp.run();
    erp.wait();
  }
  REQUIRE(erp.news.back().what == set_aside);
  auto const told = erp.news.size();
  REQUIRE(erp.nodes.eu->db.commit([&](store::transaction& tx) -> result<void> {
    exchange::tell_again(tx, "erp", {id}, erp.nodes.time.now());
    return {};
  }));
  erp.answer = {503, {}, ""};
  for (int n = 0; n < 3; ++n) {
    erp.calls.clear();
    erp.run();
    CHECK(erp.calls.size() == 1);
    erp.wait();
  }
  CHECK(erp.news.size() == told);
  erp.answer = taking;
  erp.run();
  REQUIRE(erp.news.size() == told + 1);
  CHECK(erp.news.back().what == taken_after_all);
}
