// The question as it leaves, over UDP of the loopback interface.
#include "node/http/naptr_query.hpp"

#include <catch2/catch.hpp>

#include "node/http/small_dns.hpp"

using namespace ehds;
using namespace ehds::node::http;
using ehds::tests::small_dns;

namespace {

std::string answered(std::string question, char code) {
  question[2] = static_cast<char>(0x81);
  question[3] = static_cast<char>(0x80 | code);
  return question;
}

}  // namespace

TEST_CASE("the answer comes as it was sent, also that there is no such name") {
  std::string asked;
  small_dns const server([&](std::string const& question) {
    asked = question;
    return std::vector{answered(question, 3)};
  });
  auto const answer = naptr_query::make(server.address)->ask("abc.zone.example");
  REQUIRE(answer);
  CHECK(*answer == answered(asked, 3));
  CHECK(asked.substr(12) == std::string("\3abc\4zone\7example\0\0\x23\0\1", 22));  // NAPTR, IN
}

TEST_CASE("an answer to another question is not taken") {
  small_dns const server([](std::string const& question) {
    auto forged = answered(question, 0);
    forged[0] = static_cast<char>(forged[0] ^ 1);
    return std::vector{forged, answered(question, 3)};
  });
  auto const answer = naptr_query::make(server.address)->ask("abc.zone.example");
  REQUIRE(answer);
  CHECK((answer->at(3) & 15) == 3);
}

TEST_CASE("a name that is none is not asked") {
  auto const query = naptr_query::make("127.0.0.1:1").value();
  CHECK(query.ask(std::string(300, 'a')).error().code == "dns.unreachable");
  CHECK(query.ask("a.example").error().code == "dns.unreachable");  // nobody listens there
}

TEST_CASE("a DNS server is an IPv4 address with or without a port") {
  for (auto const* const good : {"", "10.0.0.53", "127.0.0.1:5353"}) CHECK(naptr_query::make(good));
  for (auto const* const bad :
       {"localhost", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:99999", "::1", "1.2.3", "1.2.3.4:5x"}) {
    INFO(bad);
    auto const made = naptr_query::make(bad);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == "config.dns_server");
  }
}
