// Files of keys and certificates, before anything is connected.
#include "node/http/tls_files.hpp"

#include <catch2/catch.hpp>

#include "node/http/throwaway_certificates.hpp"

using namespace ehds;
using namespace ehds::node::http;
using ehds::tests::throwaway_certificates;

TEST_CASE("files of keys and certificates are looked at without a connection") {
  throwaway_certificates certificates;
  certificates.make("server", "IP:127.0.0.1");
  certificates.make("other", "IP:127.0.0.1");
  server_tls const server{
      certificates.file("server.pem"), certificates.file("server.key"), client_certificates::none, {}};
  CHECK(check_files(server));
  CHECK(check_files(client_tls{.ca = certificates.ca()}));
  CHECK(check_files(client_tls{}));

  auto mixed = server;
  mixed.private_key = certificates.file("other.key");
  CHECK(check_files(mixed).error().where == mixed.private_key.string());
  auto asking = server;
  asking.ask = client_certificates::required;
  asking.client_ca = certificates.file("no.pem");
  CHECK(check_files(asking).error().where == asking.client_ca.string());
  auto const no_authority = check_files(client_tls{.ca = certificates.file("server.key")});
  REQUIRE_FALSE(no_authority);
  CHECK(no_authority.error().code == "http.certificate");
  CHECK(no_authority.error().where.ends_with("server.key"));
}
