// Two whole nodes over real HTTPS and AS4: publishing, the certificate, stopping in order and starting again.
#include "node/house/two_houses.hpp"

#include <catch2/catch.hpp>

#include "node/http/client.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;

namespace {

std::size_t entries(one_house& house, std::string const& query) {
  return json_of(house.as({role::operator_}, "GET", "/api/ledger?" + query)).at("entries").size();
}

}  // namespace

TEST_CASE("a record goes to the centre and is found there under the nation that its certificate says") {
  two_houses net;
  auto const message = net.publish("FR-SNDS");
  auto const there = json_of(net.eu().ask("GET", "/api/datasets/FR-SNDS"));
  CHECK(there.at("nation") == "FR");
  CHECK(there.at("access_point") == "FR");
  CHECK(there.at("message_id") == message);
  CHECK(entries(net.fr(), "direction=out&status=delivered&action=createDataset") == 1);
  CHECK(soon([&] { return entries(net.eu(), "direction=out&status=delivered&action=validationResult") == 1; }));
}

TEST_CASE("the doors are HTTPS with the node's certificate, and a client of another authority stays outside") {
  two_houses net;
  node::http::io_thread io;
  auto const address = net.eu().house().addresses().at(0);
  CHECK(address.starts_with("public https://127.0.0.1:"));
  http_call_request ping;
  ping.url = address.substr(address.find(' ') + 1) + "/readyz";
  node::http::client_options trusting;
  trusting.tls.ca = keys_of("FR") / "ca.pem";
  auto const answer = node::http::client::make(io, trusting).value()->call(ping);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(node::http::client::make(io).value()->call(ping).error().code == "http_call.tls");
}

TEST_CASE("stopped in order and started again, a node has everything, and what waited is delivered once") {
  two_houses net;
  net.publish("FR-SNDS");
  net.stop("EU");
  REQUIRE(net.fr().as({role::catalogue_editor}, "POST", "/api/datasets/FR-ESIS/publication").status == 204);
  REQUIRE(soon([&] {
    return json_of(net.fr().as({role::operator_}, "GET", "/api/ledger?subject=FR-ESIS"))
               .at("entries")
               .at(0)
               .at("attempts")
               .get<int>() > 0;
  }));
  net.stop("FR");
  net.start("FR");
  CHECK(json_of(net.fr().ask("GET", "/api/datasets")).at("total") == 13);
  CHECK(json_of(net.fr().ask("GET", "/api/datasets/FR-SNDS")).at("publication").at("state") == "accepted");
  CHECK(json_of(net.fr().ask("GET", "/api/datasets/FR-SNDS")).at("version") == 1);
  CHECK(entries(net.fr(), "direction=out") == 2);
  net.start("EU");
  CHECK(json_of(net.eu().ask("GET", "/api/datasets")).at("total") == 1);
  CHECK(soon([&] { return net.eu().ask("GET", "/api/datasets/FR-ESIS").status == 200; }));
  CHECK(entries(net.eu(), "direction=in&action=createDataset") == 2);
}

TEST_CASE("a restarted node forgets neither its audit log nor a withdrawn record") {
  two_houses net;
  net.publish("FR-ESIS");
  REQUIRE(net.fr().as({role::catalogue_editor}, "DELETE", "/api/datasets/FR-ESIS").status == 204);
  CHECK(soon([&] { return net.eu().ask("GET", "/api/datasets/FR-ESIS").status == 410; }));
  net.stop("FR");
  net.start("FR");
  CHECK(net.fr().ask("GET", "/api/datasets/FR-ESIS").status == 410);
  auto const log = json_of(net.fr().as({role::auditor}, "GET", "/api/audit?object=FR-ESIS")).at("entries");
  CHECK(log.size() == 3);  // put, publish, remove
}

TEST_CASE("two programs on one store, and a second door on one port, are refused in words") {
  two_houses net;
  auto settings = net.fr().parts().settings;
  auto second = node::house::house::build(settings);
  REQUIRE_FALSE(second);
  CHECK(second.error().at(0).code == "store.in_use");
  settings.store = net.folder("FR") / "another";
  auto third = node::house::house::build(settings);
  REQUIRE(third);
  auto const started = (*third)->start();
  REQUIRE_FALSE(started);
  CHECK(started.error().at(0).code == "http.port_busy");
}
