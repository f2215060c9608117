// A disk that is full while the node serves: it refuses, gives no receipt, is not ready, and comes back by itself.
#include <catch2/catch.hpp>

#include "node/house/two_houses.hpp"
#include "node/store/fault_disk.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;

TEST_CASE("with a full disk nothing is taken and nothing is receipted, until there is room again") {
  fault_disk disk;
  two_houses net([&](auto& settings) {
    if (settings.node.id == "EU") settings.store_vfs = disk.name();
  });
  net.publish("FR-SNDS");
  disk.set_full(true);
  REQUIRE(net.fr().as({role::catalogue_editor}, "POST", "/api/datasets/FR-ESIS/publication").status == 204);
  auto const to_centre = [&] {
    return json_of(net.fr().as({role::auditor}, "GET", "/api/ledger?subject=FR-ESIS")).at("entries").at(0);
  };
  REQUIRE(soon([&] { return to_centre().at("attempts").get<int>() >= 2; }));
  CHECK(to_centre().at("has_receipt") == false);
  CHECK(to_centre().at("status") != "delivered");
  CHECK(net.eu().ask("GET", "/readyz").status == 503);
  CHECK(net.eu().ask("GET", "/livez").status == 200);
  CHECK(net.eu().ask("GET", "/api/datasets/FR-SNDS").status == 200);
  CHECK(net.eu().ask("GET", "/api/datasets/FR-ESIS").status == 404);
  disk.set_full(false);
  CHECK(soon([&] { return net.eu().ask("GET", "/readyz").status == 200; }));
  CHECK(soon([&] { return net.eu().ask("GET", "/api/datasets/FR-ESIS").status == 200; }));
  CHECK(soon([&] { return to_centre().at("status") == "delivered"; }));
  CHECK(json_of(net.eu().as({role::auditor}, "GET", "/api/ledger?direction=in&subject=FR-ESIS")).at("entries").size() ==
        1);
}
