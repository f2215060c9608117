// A server that speaks TLS called without, and the other way round: the commonest slip in an address.
#include <catch2/catch.hpp>

#include "node/http/client.hpp"
#include "node/http/server.hpp"
#include "node/http/throwaway_certificates.hpp"

using namespace ehds;
using namespace ehds::node::http;
using namespace ehds::tests;

namespace {

system_clock const any_clock;

struct wrong_scheme_server {
  io_thread io;
  std::unique_ptr<server> served;
  explicit wrong_scheme_server(listener door) {
    served = server::bind(io, {{std::move(door)}, {}, [](std::string const&) {}}, any_clock).value();
    served->start({{"public", router{}.as_application()}});
  }
  std::string place() const { return "127.0.0.1:" + std::to_string(served->listeners().front().port); }
};

}  // namespace

TEST_CASE("who calls by http a server that speaks TLS is told to write https") {
  throwaway_certificates certificates;
  certificates.make("server", "IP:127.0.0.1");
  wrong_scheme_server server(
      listener{.tls = server_tls{certificates.file("server.pem"), certificates.file("server.key")}});
  auto const ours = client::make(server.io, {}).value();
  auto const answer = ours->call({.method = "POST", .url = "http://" + server.place() + "/as4", .body = "x"});
  REQUIRE_FALSE(answer);
  INFO(to_text(answer.error()));
  CHECK(answer.error().detail.find("TLS") != std::string::npos);
  CHECK(answer.error().mend.find("https://") != std::string::npos);
}

TEST_CASE("who calls by https a server that does not speak TLS is told so, and not about certificates") {
  wrong_scheme_server server(listener{});
  auto const ours = client::make(server.io, {}).value();
  auto const answer = ours->call({.url = "https://" + server.place() + "/as4"});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == "http_call.tls");
  CHECK(answer.error().detail == server.place() + " does not speak TLS, and was called by https.");
  CHECK(answer.error().mend.find("http://") != std::string::npos);
}
