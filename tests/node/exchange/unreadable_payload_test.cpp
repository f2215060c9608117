// What this node cannot read now, and only now, costs a message nothing: it leaves when the bytes can be read again.
// What is lost for good is a dead letter at once.
#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/ids.hpp"
#include "node/exchange/behind_domibus.hpp"
#include "node/exchange/pulling.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

// While it lives nothing more can be opened, as when strangers' connections have taken every descriptor. The store's
// own files were opened before, by a first message.
class no_descriptor_free {
 public:
  no_descriptor_free() {
    getrlimit(RLIMIT_NOFILE, &before_);
    int const next = dup(STDIN_FILENO);
    REQUIRE(next >= 0);
    close(next);
    auto none = before_;
    none.rlim_cur = static_cast<rlim_t>(next);
    REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  }
  ~no_descriptor_free() { setrlimit(RLIMIT_NOFILE, &before_); }
  no_descriptor_free(no_descriptor_free const&) = delete;
  no_descriptor_free& operator=(no_descriptor_free const&) = delete;

 private:
  rlimit before_{};
};

// Too large for a row of the store.
exchange::outgoing_business_message in_a_file(std::string const& to = "EU") {
  return {.to_nation = to,
          .action = "createDataset",
          .content = R"({"identifier":"d1"})",
          .attachments = random_bytes(1'000'000)};
}

exchange::ledger_entry sending_of(test_node& node, std::string const& id) {
  return node->db.read([&](store::reading& now) { return exchange::find_message(now, id).at(0); });
}

void check_waits(test_node& node, std::string const& id, int attempts) {
  auto const entry = sending_of(node, id);
  CHECK(entry.status == "waiting");
  CHECK(entry.attempts == attempts);
  CHECK(entry.reason.starts_with("this node cannot make it ready now: A payload file cannot be used"));
  CHECK(node.outbox().dead_letters == 0);
}

}  // namespace

TEST_CASE("a message whose bytes cannot be opened now waits without an attempt, holds up no other, and leaves later") {
  two_nodes both;
  both.fr.post("deleteDataset", R"({"identifier":"d0"})");
  both.turn();
  auto const id = both.fr.post(in_a_file());
  auto const small = both.fr.post("updateDataset", R"({"identifier":"d2"})");
  {
    no_descriptor_free const full;
    both.turns_of_fr(7);  // more than it has attempts
  }
  check_waits(both.fr, id, 0);
  CHECK(status_of(both.fr, small) == "delivered");
  both.turns_of_fr(1);
  CHECK(status_of(both.fr, id) == "delivered");
  CHECK(sending_of(both.fr, id).attempts == 1);
  CHECK(both.fr.audit_is_whole());
}

TEST_CASE("signed bytes that cannot be opened between two attempts are sent as they were signed") {
  two_nodes both;
  both.wire.script = {mishap::lose_answer};
  auto const id = both.fr.post(in_a_file());
  both.turns_of_fr(1);
  CHECK(sending_of(both.fr, id).status == "waiting");
  auto const code = sending_of(both.fr, id).code;
  {
    no_descriptor_free const full;
    both.turns_of_fr(7);
  }
  check_waits(both.fr, id, 1);
  CHECK(sending_of(both.fr, id).code == code);  // what the partner last said, or did not
  both.turns_of_fr(1);
  CHECK(status_of(both.fr, id) == "delivered");
  CHECK(both.eu.got() == std::vector<std::string>{"createDataset"});
}

TEST_CASE("a message whose bytes cannot be opened now is handed out later to the partner that fetches") {
  puller_and_pulled both;
  both.eu.post("deleteDataset", R"({"identifier":"d0"})");
  CHECK(both.fetch() == 1);
  auto const id = both.eu.post(in_a_file("FR"));
  {
    no_descriptor_free const full;
    for (int n = 0; n < 5; ++n) {
      CHECK(both.fetch() == 0);
      both.time.advance(std::chrono::minutes(10));
    }
  }
  check_waits(both.eu, id, 0);
  CHECK(both.fetch() == 1);
  CHECK(status_of(both.eu, id) == "delivered");
}

TEST_CASE("a message whose bytes cannot be opened now is handed over to Domibus later") {
  behind_domibus node;
  node.fr.post("deleteDataset", R"({"identifier":"d0"})");
  node.send();
  REQUIRE(node.domibus.sent.size() == 1);
  auto const id = node.fr.post(in_a_file());
  {
    no_descriptor_free const full;
    for (int n = 0; n < 7; ++n) node.send();
  }
  check_waits(node.fr, id, 0);
  CHECK(node.domibus.sent.size() == 1);
  node.send();
  CHECK(node.domibus.sent.size() == 2);
}

TEST_CASE("a disk that keeps a message here is told of once, as another trouble than the partner's, and its end") {
  two_nodes both;
  std::vector<exchange::sending_news> news;
  both.fr->sender.on_news([&](auto const& one) { news.push_back(one); });
  both.fr.post(in_a_file());
  both.wire.script = {mishap::lose_request};
  both.turns_of_fr(1);
  REQUIRE(news.size() == 1);
  CHECK(news[0].code == "EBMS:0005");
  {
    no_descriptor_free const full;
    both.turns_of_fr(3);
  }
  REQUIRE(news.size() == 2);
  CHECK(news[1].status == edelivery::outbound_status::waiting);
  CHECK(news[1].code == "EBMS:0004");
  CHECK(news[1].says.starts_with("this node cannot make it ready now: "));
  CHECK(news[1].attempts == 1);
  CHECK(news[1].next_try > noon());
  both.wire.script = {mishap::lose_request};
  both.turns_of_fr(1);
  REQUIRE(news.size() == 3);
  CHECK(news[2].code == "EBMS:0005");
  both.turns_of_fr(1);
  REQUIRE(news.size() == 4);
  CHECK(news[3].status == edelivery::outbound_status::delivered);
}

TEST_CASE("a message that only our disk kept here for a while is told as delivered") {
  two_nodes both;
  std::vector<exchange::sending_news> news;
  both.fr.post("deleteDataset", R"({"identifier":"d0"})");
  both.turn();
  both.fr->sender.on_news([&](auto const& one) { news.push_back(one); });
  both.fr.post(in_a_file());
  {
    no_descriptor_free const full;
    both.turns_of_fr(2);
  }
  both.turns_of_fr(1);
  REQUIRE(news.size() == 2);
  CHECK(news[0].attempts == 0);
  CHECK(news[1].status == edelivery::outbound_status::delivered);
}

TEST_CASE("a message whose file is gone is a dead letter at once") {
  two_nodes both;
  auto const id = both.fr.post(in_a_file());
  both.fr.lose_payload_files();
  both.turns_of_fr(1);
  auto const entry = sending_of(both.fr, id);
  CHECK(entry.status == "failed");
  CHECK(entry.code == "EBMS:0004");
  CHECK(entry.reason == "this node could not send it: The store has no such payload.");
}
