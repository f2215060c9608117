// The file of partners, as the house reads it before it builds the exchange.
#include "node/config/partner_list.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::node::config;

namespace {

std::string said_of_partners(std::string const& text) {
  auto const read = parse_partners(text);
  std::string all;
  if (read) return "good";
  for (auto const& one : read.error())
    all += (all.empty() ? "" : "\n") + one.code + " " + one.where + ": " + one.detail + " -> " + one.mend;
  return all;
}

}  // namespace

TEST_CASE("partners are read in their order, comments and all") {
  auto const read = parse_partners(R"({"partners": [
    {"nation_id": "EU", "party_id": "EU"},  // the centre
    {"nation_id": "SE", "party_id": "se-ehds-ap1"}, {"nation_id": "SE", "party_id": "se-ehds-ap2"}]})");
  REQUIRE(read);
  REQUIRE(read->size() == 3);
  CHECK(read->at(1).nation_id == "SE");
  CHECK(read->at(1).party_id == "se-ehds-ap1");
  CHECK(said_of_partners(R"({"partners": []})") == "good");
}

TEST_CASE("what is wrong with the partners is said with its place and its mend, all of it at once") {
  struct row {
    std::string text, said;
  };
  auto const one = GENERATE(values<row>({
      {"{\n \"partners\": [,]}",
       "config.syntax line 2, column 15: The file is not JSON. -> Look for a missing comma, bracket or quotation mark "
       "there; comments are // and /* */."},
      {"[1]", "config.type /: An object is expected here. -> Write {...}."},
      {R"({"partnerz": []})",
       "config.missing /partners: There is no list of partners. -> Add \"partners\": [{\"nation_id\": .., "
       "\"party_id\": ..}]; an empty list where there are none.\n"
       "config.unknown_key /partnerz: There is no entry of this name. -> Did you mean \"partners\"?"},
      {R"({"partners": {}})", "config.type /partners: A list is expected here. -> Write [...]."},
      {R"({"partners": [{"nation_id": "EU", "party_id": "EU"}, {"nationid": "SE", "party_id": 7}, 3]})",
       "config.missing /partners/1/nation_id: This entry is missing. -> Add \"nation_id\".\n"
       "config.type /partners/1/party_id: A text is expected here. -> Write it between quotation marks.\n"
       "config.unknown_key /partners/1/nationid: There is no entry of this name. -> Did you mean \"nation_id\"?\n"
       "config.type /partners/2: An object is expected here. -> Write {...}.\n"
       "config.missing /partners/2/nation_id: This entry is missing. -> Add \"nation_id\".\n"
       "config.missing /partners/2/party_id: This entry is missing. -> Add \"party_id\"."},
      {R"({"partners": [{"nation_id": "se", "party_id": "a"}, {"nation_id": "", "party_id": "b"}]})",
       "config.value /partners/0/nation_id: A nation is two capital letters. -> Write FR, or EU for the centre.\n"
       "config.type /partners/1/nation_id: A text is expected here. -> Write it between quotation marks."},
      {R"({"partners": [{"nation_id": "SE", "party_id": "a"}, {"nation_id": "FI", "party_id": "a"}]})",
       "config.value /partners/1/party_id: The access point \"a\" stands at /partners/0 already. -> Keep one of "
       "them."},
      {R"({"partners": [{"nation_id": "SE", "nation_id": "FI", "party_id": "a"}]})",
       "config.syntax nation_id: The entry \"nation_id\" stands in one object twice. -> Keep one of them."},
      {R"({"partners": [{"nation_id": "SE", "party_id": "a", "colour": 1}]})",
       "config.unknown_key /partners/0/colour: There is no entry of this name. -> Use one of: nation_id, party_id."},
  }));
  CHECK(said_of_partners(one.text) == one.said);
}
