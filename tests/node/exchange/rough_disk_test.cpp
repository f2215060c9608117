// What was receipted is there, whatever the disk did to the log meanwhile and however its calls are interrupted.
#include <catch2/catch.hpp>

#include "base/ids.hpp"
#include "node/exchange/two_nodes.hpp"
#include "node/store/interrupted_calls.hpp"

using namespace ehds;
using namespace ehds::tests;

TEST_CASE("a log torn while a message was stored has each that was receipted; the other one comes again, once") {
  auto const eighths = GENERATE(range(0, 8));
  two_nodes both;
  std::vector<std::string> sent;
  for (int n = 0; n < 3; ++n) {
    sent.push_back(both.fr.post("createDataset"));
    both.turns_of_fr(1);
  }
  auto const log = both.eu->db.path().string() + "-wal";
  auto const before = std::filesystem::file_size(log);
  both.wire.script = {mishap::lose_answer};
  sent.push_back(both.fr.post("updateDataset"));
  both.turns_of_fr(1);
  auto const after = std::filesystem::file_size(log);
  REQUIRE(after > before);
  both.eu.stop();
  std::filesystem::resize_file(log, before + (after - before) * static_cast<std::uintmax_t>(eighths) / 8);
  both.eu.start();

  CHECK(both.eu.got() == std::vector<std::string>(3, "createDataset"));
  for (int n = 0; n < 3; ++n) CHECK(status_of(both.fr, sent[static_cast<std::size_t>(n)]) == "delivered");
  CHECK(status_of(both.fr, sent[3]) == "waiting");
  both.turns_of_fr(1);
  CHECK(status_of(both.fr, sent[3]) == "delivered");
  CHECK(both.eu.got().size() == 4);
  CHECK(both.eu.ledger({.direction = "in"}).size() == 4);
  CHECK(both.eu.audit_is_whole());
}

TEST_CASE("messages, large and small, go through although the calls of every disk are interrupted and short") {
  auto const before = interrupted_calls::interruptions();
  interrupted_calls const harmful;
  two_nodes both;
  auto const small = both.fr.post("createDataset");
  auto const large = both.fr.post({.to_nation = "EU",
                                   .action = "updateDataset",
                                   .content = R"({"identifier":"d2"})",
                                   .attachments = random_bytes(1'000'000)});
  both.turns(2);
  CHECK(status_of(both.fr, small) == "delivered");
  CHECK(status_of(both.fr, large) == "delivered");
  CHECK(both.eu.got() == std::vector<std::string>{"createDataset", "updateDataset"});
  CHECK(both.eu.refusals.empty());
  CHECK(both.eu.audit_is_whole());
  CHECK(both.fr.audit_is_whole());
  CHECK(interrupted_calls::interruptions() > before + 100);
}
