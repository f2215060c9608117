#include "node/house/partners.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::node;

namespace {

edelivery::pmode mode_with(std::string const& id, std::string const& partner) {
  edelivery::pmode mode;
  mode.id = id;
  mode.partner.id = partner;
  return mode;
}

}  // namespace

TEST_CASE("a P-Mode partner that the partners file forgot is found at start, by name") {
  edelivery::pmode_book const book({mode_with("star", "EU"), mode_with("queries", "fi-ap"), mode_with("old", "DK")});
  auto const found = house::check_partners(book, {{"EU", "EU"}, {"", "DK"}});
  REQUIRE(found.size() == 2);
  CHECK(found[0].code == "config.partners.unlisted");
  CHECK(found[0].where == "queries");
  CHECK(found[0].detail.find("'fi-ap'") != std::string::npos);
  CHECK(found[1].where == "old");
  CHECK(house::check_partners(book, {{"EU", "EU"}, {"FI", "fi-ap"}, {"DK", "DK"}}).empty());
  CHECK(house::check_partners({}, {}).empty());
}
