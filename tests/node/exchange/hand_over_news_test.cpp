// What is told of a message that goes through a Domibus: that it does not take it, that it falls silent with it, and
// the end of either.
#include <catch2/catch.hpp>

#include "node/exchange/behind_domibus.hpp"
#include "node/exchange/sending_news.hpp"

using namespace ehds;
using namespace ehds::tests;
using edelivery::outbound_status;
using plugin::message_status;

namespace {

struct told_behind_domibus {
  behind_domibus node;
  std::vector<exchange::sending_news> news;
  std::string id;

  told_behind_domibus() {
    id = node.fr.post("createDataset");
    watch();
  }
  void watch() {
    node.fr->sender.on_news([this](exchange::sending_news const& one) { news.push_back(one); });
  }
  void unplug() { node.wire.endpoints[scripted_domibus::url] = nullptr; }
  void plug_in() {
    node.wire.endpoints[scripted_domibus::url] = [this](auto const& request) { return node.domibus.answer(request); };
  }
  void acknowledge() {
    node.domibus.sent.at(id).status = message_status::acknowledged;
    node.send();
    CHECK(node.sent().status == "delivered");
  }
};

}  // namespace

TEST_CASE("of a message that Domibus takes and delivers nothing is told") {
  told_behind_domibus fr;
  fr.node.send();
  fr.node.send();
  fr.acknowledge();
  CHECK(fr.news.empty());
}

TEST_CASE("what Domibus did not take at first is told, and delivered although nothing was amiss since it took it") {
  told_behind_domibus fr;
  fr.unplug();
  fr.node.send();
  fr.node.send();
  REQUIRE(fr.news.size() == 1);
  CHECK(fr.news[0].status == outbound_status::waiting);
  CHECK(fr.news[0].code == "EBMS:0005");
  fr.plug_in();
  fr.node.send();
  fr.node.send();
  CHECK(fr.node.sent().code.empty());
  CHECK(fr.news.size() == 1);
  fr.acknowledge();
  REQUIRE(fr.news.size() == 2);
  CHECK(fr.news[1].status == outbound_status::delivered);
  CHECK(fr.news[1].message_id == fr.id);
}

TEST_CASE(
    "a Domibus that falls silent with a message is told of once, also after a restart, and that it was delivered") {
  told_behind_domibus fr;
  fr.node.send();
  fr.unplug();
  fr.node.send();
  REQUIRE(fr.news.size() == 1);
  CHECK(fr.news[0].status == outbound_status::waiting);
  CHECK(fr.news[0].code == "EBMS:0005");
  CHECK(fr.news[0].says == "Domibus has it, and does not say what became of it: The connection was cut.");
  CHECK(fr.news[0].party_id == "EU");
  CHECK(fr.news[0].next_try > noon());
  fr.node.send();
  fr.node.restart();
  fr.watch();
  fr.node.send();
  CHECK(fr.news.size() == 1);
  CHECK(fr.node.attempts().empty());  // questions are none
  fr.plug_in();
  fr.acknowledge();
  REQUIRE(fr.news.size() == 2);
  CHECK(fr.news[1].status == outbound_status::delivered);
}

TEST_CASE("a Domibus that was away, took the message and falls silent with it is told of again") {
  told_behind_domibus fr;
  fr.unplug();
  fr.node.send();
  fr.plug_in();
  fr.node.send();
  fr.node.send();
  CHECK(fr.news.size() == 1);
  fr.unplug();
  fr.node.send();
  fr.node.send();
  REQUIRE(fr.news.size() == 2);
  CHECK(fr.news[1].says == "Domibus has it, and does not say what became of it: The connection was cut.");
  fr.plug_in();
  fr.acknowledge();
  REQUIRE(fr.news.size() == 3);
  CHECK(fr.news[2].status == outbound_status::delivered);
}

TEST_CASE("what Domibus says instead of a status is told by the name of its code, not in its words") {
  told_behind_domibus fr;
  fr.node.send();
  fr.node.domibus.instead["status"] = scripted_domibus::fault("WS_PLUGIN:0002", "Jane Doe is unknown");
  fr.node.send();
  fr.node.send();
  REQUIRE(fr.news.size() == 1);
  CHECK(fr.news[0].code == "EBMS:0005");
  CHECK(fr.news[0].says == "ConnectionFailure");
}

TEST_CASE(
    "what Domibus gave up and delivers after it was sent again is told twice: as a dead letter and as delivered") {
  told_behind_domibus fr;
  fr.node.domibus.first_status = message_status::send_failure;
  fr.node.send();
  fr.node.send();
  REQUIRE(fr.news.size() == 1);
  CHECK(fr.news[0].status == outbound_status::failed);
  static_cast<void>(fr.node.fr->db.commit([&](store::transaction& tx) { return fr.node.fr->desk.requeue(tx, fr.id); }));
  fr.node.domibus.sent.at(fr.id).status = message_status::send_enqueued;
  fr.node.send();
  fr.acknowledge();
  REQUIRE(fr.news.size() == 2);
  CHECK(fr.news[1].status == outbound_status::delivered);
}
