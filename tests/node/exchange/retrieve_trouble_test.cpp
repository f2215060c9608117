// What must not keep a node behind a Domibus from its other messages: crowds, cuts, strange ids, full disks.
#include <catch2/catch.hpp>

#include <algorithm>

#include "node/exchange/behind_domibus.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("an id that is none, which a partner chose, keeps no other message from being taken") {
  behind_domibus node;
  node.bring("<m1 @eu>");
  node.bring("good@eu");
  CHECK(node.fetch() == 1);
  CHECK(node.domibus.marked == names{"good@eu"});
  REQUIRE(node.fr.refusals.size() == 1);
  CHECK(node.fr.refusals[0].message_id == "<m1 @eu>");
}

TEST_CASE("a message at which the Domibus hangs up each time keeps out no other") {
  behind_domibus node;
  node.domibus.hangs_up_at = "m1@eu";
  node.bring("m1@eu");
  node.bring("good@eu");
  CHECK(node.fetch() == 0);
  CHECK(node.fetch() == 0);
  CHECK(node.fetch() == 1);
  CHECK(node.domibus.marked == names{"good@eu"});
  REQUIRE(node.fr.refusals.size() == 2);
  CHECK(node.fr.refusals[1].message_id == "m1@eu");
  node.domibus.hangs_up_at.clear();
  node.time.advance(std::chrono::minutes(2));
  CHECK(node.fetch() == 1);
}

namespace {

// Messages of EU that nobody here takes.
void bring_strange(behind_domibus& node, std::size_t count, std::string const& name) {
  for (std::size_t n = 0; n < count; ++n) {
    auto header = behind_domibus::from_eu(name + std::to_string(n) + "@eu");
    header.service = "urn:for another";
    header.parts.clear();
    node.domibus.bring(header, {});
  }
}

}  // namespace

TEST_CASE("messages that cannot be taken fill the list of what waits, and keep out none that come later") {
  behind_domibus node;
  node.domibus.names_at_most = 50;
  bring_strange(node, 120, "at once");  // within one millisecond, and more than are ever named
  node.time.advance(std::chrono::hours(30));
  for (int hours = 0; hours < 60; ++hours) {
    bring_strange(node, 1, "slowly" + std::to_string(hours) + "-");
    node.time.advance(std::chrono::hours(1));
  }
  for (int rounds = 0; rounds < 10; ++rounds) node.fetch();
  node.bring("good@eu");
  node.time.advance(std::chrono::minutes(3));
  for (int rounds = 0; rounds < 10 && node.fr.got().empty(); ++rounds) node.fetch();
  CHECK(node.fr.got() == names{"createDataset"});
  CHECK(node.domibus.marked == names{"good@eu"});
  for (int n = 0; n < 70; ++n) node.bring("m" + std::to_string(n) + "@eu");
  for (int rounds = 0; rounds < 40; ++rounds) node.fetch();
  CHECK(node.fr.got().size() == 71);
  // Where there is nothing behind, it is not asked for all the time.
  auto const asked = node.domibus.asked("list");
  for (int rounds = 0; rounds < 12; ++rounds) node.fetch();  // a minute
  CHECK(node.domibus.asked("list") <= asked + 12 + 2 * 100);
}

TEST_CASE("a disk that is full is no fault of the messages, which are taken when there is room") {
  fault_disk disk;
  behind_domibus node(&disk);
  for (int n = 0; n < 3; ++n) node.bring("m" + std::to_string(n) + "@eu");
  disk.set_full(true);
  for (int rounds = 0; rounds < 4; ++rounds) CHECK(node.fetch() == 0);
  CHECK(node.domibus.asked("retrieve") == 4);  // one a round
  REQUIRE(node.fr.refusals.size() == 1);
  CHECK(node.fr.refusals[0].code == "EBMS:0202");
  disk.set_full(false);
  CHECK(node.fetch() == 3);
  CHECK(node.domibus.came.empty());
}

TEST_CASE("a large message comes into a file and not into memory, and goes without a trace when it is not taken") {
  for (bool const mtom : {false, true}) {
    behind_domibus node;
    node.domibus.speaks_mtom = mtom;
    node.fr.back_ends = {{"erp", {{"urn:nobody", {}}}}};
    node.restart();
    auto header = behind_domibus::from_eu("m1@eu", "order");
    header.service = "urn:nobody";
    node.domibus.bring(header, {std::string(3'000'000, 'x')});
    header.message_id = "m2@eu";
    header.service = "urn:for another";
    node.domibus.bring(header, {std::string(3'000'000, 'x')});
    CHECK(node.fetch() == 1);
    CHECK(node.wire.spooled_answers == 2);
    CHECK(node.fr.payload_files() == 1);
    REQUIRE(node.fr.refusals.size() == 1);
    CHECK(node.fr.refusals[0].code == "EBMS:0010");
  }
}

TEST_CASE("properties that come in another order the next time make no other message") {
  behind_domibus node;
  node.bring("m1@eu");
  node.wire.script = {mishap::none, mishap::none, mishap::lose_request};
  CHECK(node.fetch() == 0);
  node.restart();
  std::ranges::reverse(node.domibus.came.at(0).header.properties);
  node.fetch();
  CHECK(node.domibus.marked == names{"m1@eu"});
  CHECK(node.fr.refusals.size() == 1);  // the mark that was lost
  CHECK(node.fr.got() == names{"createDataset"});
}

TEST_CASE("a message that is stored and was not marked is not fetched again for that") {
  behind_domibus node;
  node.bring("m1@eu");
  node.wire.script = {mishap::none, mishap::none, mishap::lose_request};
  node.fetch();
  node.time.advance(std::chrono::minutes(1));
  node.fetch();
  CHECK(node.domibus.operations == names{"list", "retrieve", "list", "mark"});
  CHECK(node.domibus.came.empty());
}
