// The internal side: only this node's data zone, by its certificate, pulls work and hands tables back.
#include <catch2/catch.hpp>

#include "node/house/one_house.hpp"
#include "node/identity/keyring.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;

namespace {

node::http::request called_by(std::string const& subject, std::string const& path, json const& body) {
  auto asked = request_of("POST", path, {{"Content-Type", "application/json"}}, body.dump());
  if (!subject.empty()) asked.certificate = node::http::client_certificate{subject, std::string(64, 'a')};
  return asked;
}

}  // namespace

TEST_CASE("without a certificate, or with another's, nothing is pulled") {
  one_house fr("FR");
  auto const none = fr.ask_inside(called_by("", "/zone/pull", json::object()));
  CHECK(none.status == 401);
  CHECK(is_problem(none));
  for (auto const* subject :
       {"CN=FR tls,O=Demo,C=FR", "CN=FI-data tls,O=Demo,C=FI", "CN=FR-data tls2,C=FR", "CN=xFR-data tls,C=FR",
        "CN=mallory,O=CN=FR-data tls,C=FR", "CN=mallory,O=x\\,CN=FR-data tls,C=FR", "CN=FR-data tls\\,x,C=FR", ""}) {
    INFO(subject);
    auto const answer = fr.ask_inside(called_by(subject, "/zone/pull", json::object()));
    CHECK(answer.status / 100 == 4);
    CHECK(fr.ask_inside(called_by(subject, "/zone/start", json::object())).status / 100 == 4);
    CHECK(fr.ask_inside(called_by(subject, "/zone/answers", json::object())).status / 100 == 4);
  }
}

TEST_CASE("the zone finds nothing to do, and cannot hand back what it was not given") {
  one_house fr("FR");
  auto const* const zone = "CN=FR-data tls,O=Demo,C=FR";
  CHECK(fr.ask_inside(called_by(zone, "/zone/pull", json::object())).status == 204);
  CHECK(fr.ask_inside(called_by(zone, "/zone/start", json::object())).status == 204);
  auto const unknown = fr.ask_inside(called_by(zone, "/zone/answers", {{"job", "x"}, {"outcome", "released"}}));
  CHECK(unknown.status == 404);
  CHECK(is_problem(unknown));
  CHECK(fr.ask_inside(called_by(zone, "/zone/answers", json::array())).status == 400);
}

TEST_CASE("the certificate that the node issues to its zone is the one it knows") {
  one_house fr("FR");
  auto const lines = node::identity::show_keys(keys_of("FR-data")).value();
  for (auto const& line : lines)
    if (line.file == "tls.pem")
      CHECK(fr.ask_inside(called_by(line.subject, "/zone/pull", json::object())).status == 204);
}

TEST_CASE("in a rehearsal each pull is told how far the edge's clock was moved, outside one nothing") {
  auto const* const zone = "CN=FR-data tls,O=Demo,C=FR";
  one_house fr("FR");
  auto const shift = [&] {
    return std::string(fr.ask_inside(called_by(zone, "/zone/pull", json::object())).headers.get("EHDS-Clock-Shift"));
  };
  CHECK(shift() == "0");
  REQUIRE(fr.as({node::identity::role::operator_}, "POST", "/api/rehearsal/clock", {{"advance_days", 2}}).status ==
          200);
  CHECK(shift() == std::to_string(2 * 86'400'000));

  one_house real("FR", [](auto& settings) { settings.clock_adjustable = false; });
  CHECK(real.ask_inside(called_by(zone, "/zone/pull", json::object())).headers.get("EHDS-Clock-Shift").empty());
}
