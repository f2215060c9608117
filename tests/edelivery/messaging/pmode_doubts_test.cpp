// What P-Modes can be used with, and is hardly meant.
#include <catch2/catch.hpp>

#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/pmode/find_doubts.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

pmode named(std::string id, std::vector<std::string> actions, std::string agreement = "urn:example:agreement:1") {
  auto mode = make_pmode("FR", "EU", eu_keys());
  mode.id = std::move(id);
  mode.actions = std::move(actions);
  mode.agreement = std::move(agreement);
  return mode;
}

std::string doubts(std::vector<pmode> modes, instant now = noon()) {
  std::string text;
  for (auto const& one : find_doubts(pmode_book{std::move(modes)}, now)) text += one.code + " " + one.where + "\n";
  return text;
}

// What the book does with a message of EU that names this action.
std::string taken_under(std::vector<pmode> modes, std::string action) {
  pmode_book const book{std::move(modes)};
  user_message header;
  auto const& mode = book.all().front();
  header.from = {mode.partner.id, mode.partner.type, mode.initiator_role};
  header.to = {mode.us.id, mode.us.type, mode.responder_role};
  header.service = mode.service;
  header.service_type = mode.service_type;
  header.agreement = mode.agreement;
  header.action = std::move(action);
  return book.for_received(header).value()->id;
}

}  // namespace

TEST_CASE("of two P-Modes that fit the same message the second is doubted, and the book takes the first") {
  auto const first = named("first", {"order", "invoice"});
  auto const second = GENERATE(named("second", {"order", "invoice"}), named("second", {"invoice", "offer"}));
  CHECK(doubts({first, second}) == "edelivery.pmode.same_messages first, second\n");
  CHECK(taken_under({first, second}, "invoice") == "first");
  auto const found = find_doubts(pmode_book{{first, second}}, noon());
  CHECK(found.front().detail.find("is taken under \"first\"") != std::string::npos);
  CHECK(doubts({first, second, named("third", {"order"})}) ==
        "edelivery.pmode.same_messages first, second\nedelivery.pmode.same_messages first, third\n");
}

TEST_CASE("a wide P-Mode before a narrow one hides it; the narrow one first is meant so") {
  auto const wide = GENERATE(named("wide", {}), named("wide", {"order"}, ""));
  auto const narrow = named("narrow", {"order"});
  CHECK(doubts({wide, narrow}) == "edelivery.pmode.same_messages wide, narrow\n");
  CHECK(taken_under({wide, narrow}, "order") == "wide");
  CHECK(doubts({narrow, wide}).empty());
  CHECK(taken_under({narrow, wide}, "order") == "narrow");
  CHECK(doubts({named("a", {"order"}), named("b", {"order", "invoice"})}).empty());
  // Each has one that the other lacks, or all are the first's:
  CHECK_FALSE(doubts({named("a", {"order", "invoice"}), named("b", {"invoice", "offer"})}).empty());
  CHECK_FALSE(doubts({named("a", {"order", "invoice"}), named("b", {"order"})}).empty());
  // Each wider in one thing: messages of both go to the first.
  CHECK(doubts({named("a", {"order"}, ""), named("b", {})}) == "edelivery.pmode.same_messages a, b\n");
}

TEST_CASE("P-Modes that a message can be told apart by are not doubted") {
  auto const first = named("first", {"order"});
  auto const differs = [&](auto const& change) {
    auto second = named("second", {"order"});
    change(second);
    CHECK(doubts({first, second}).empty());
  };
  differs([](pmode& mode) { mode.actions = {"invoice"}; });
  differs([](pmode& mode) { mode.agreement = "urn:example:agreement:2"; });
  differs([](pmode& mode) { mode.agreement_type = "urn:other"; });
  differs([](pmode& mode) { mode.service = "urn:other"; });
  differs([](pmode& mode) { mode.service_type = "urn:other"; });
  differs([](pmode& mode) { mode.partner.id = "DK"; });
  differs([](pmode& mode) { mode.partner.type = "urn:other"; });
  differs([](pmode& mode) { mode.us.id = "FR-2"; });
  differs([](pmode& mode) { mode.initiator_role = "urn:buyer"; });
  differs([](pmode& mode) { mode.responder_role = "urn:seller"; });
  differs([](pmode& mode) { mode.mpc = "urn:channel"; });
  differs([](pmode& mode) { mode.way = direction::send; });
  auto same_channel = named("second", {"order"});
  same_channel.mpc = default_mpc;
  CHECK_FALSE(doubts({first, same_channel}).empty());
}

TEST_CASE("a partner's certificate that ended or ends soon is doubted once, with all its P-Modes") {
  auto const both = std::vector{named("orders", {"order"}), named("invoices", {"invoice"})};
  auto const end = eu_keys().cert.not_after();
  CHECK(doubts(both, end - std::chrono::days{61}).empty());
  auto const expected =
      "edelivery.pmode.certificate_ends invoices, orders\nedelivery.pmode.certificate_ends invoices, orders\n";
  CHECK(doubts(both, end - std::chrono::days{59}) == expected);  // for signing, for encryption
  CHECK(doubts(both, end + std::chrono::days{1}) == expected);
  auto const now = find_doubts(pmode_book{both}, end + std::chrono::days{1});
  CHECK(now.front().detail.find(" ended at " + to_rfc3339(end)) != std::string::npos);
}
