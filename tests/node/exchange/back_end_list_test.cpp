// Whose messages are whose.
#include <catch2/catch.hpp>

#include "edelivery/ebms/user_message.hpp"
#include "node/exchange/back_end.hpp"
#include "node/exchange/business_message.hpp"

using namespace ehds;
using namespace ehds::node::exchange;

namespace {

back_end_list const two({{"erp", {{"urn:orders", {}}, {"urn:mixed", {"invoice"}}}},
                         {"archive", {{"urn:mixed", {"note", "letter"}}}}});

std::string said(back_end_list const& list) {
  std::string all;
  for (auto const& one : list.check("/back_ends")) all += one.where + " " + one.detail + "\n";
  return all;
}

}  // namespace

TEST_CASE("a message is taken by who names its service, and its action where actions are named") {
  struct {
    std::string service, action, taker;
  } const cases[] = {{"urn:orders", "anything", "erp"},  {"urn:mixed", "invoice", "erp"},
                     {"urn:mixed", "letter", "archive"}, {"urn:mixed", "other", ""},
                     {"urn:order", "anything", ""},      {std::string(star_service), "statusUpdate", ""}};
  for (auto const& [service, action, taker] : cases) {
    INFO(service << " " << action);
    auto const* const found = two.taker_of(service, action);
    CHECK((found == nullptr ? "" : found->name) == taker);
  }
  CHECK(two.check("/back_ends").empty());
}

TEST_CASE("what the node handles, what two would take and a name that stands twice are found, all at once") {
  back_end_list const wrong({{"a", {{std::string(star_service), {}}, {std::string(partners_service), {"x"}}}},
                             {"a", {{std::string(edelivery::test_service), {}}, {"urn:x", {"one", "two"}}}},
                             {"b", {{"urn:x", {"two"}}, {"urn:y", {}}, {"urn:y", {"z"}}}}});
  CHECK(said(wrong) ==
        "/back_ends/0/takes/0/service The node itself takes the messages of this service.\n"
        "/back_ends/0/takes/1/service The node itself takes the messages of this service.\n"
        "/back_ends/1/name Two back ends have this name.\n"
        "/back_ends/1/takes/0/service The node itself takes the messages of this service.\n"
        "/back_ends/2/takes/0 Another entry takes these messages already.\n"
        "/back_ends/2/takes/2 Another entry takes these messages already.\n");
}
