// The question as it leaves, over UDP of the loopback interface.
#include "node/http/naptr_query.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <future>

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

// Takes connections and never says a word; those that wait end with it.
struct silent_tcp {
  explicit silent_tcp(std::string const& address) {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    here.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
    REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&here), sizeof here) == 0);
    REQUIRE(::listen(socket, 4) == 0);
  }
  ~silent_tcp() { ::close(socket); }
  int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

}  // namespace

TEST_CASE("the answer comes as it was sent, also that there is no such name") {
  std::string asked;
  small_dns server([&](std::string const& question) {
    asked = question;
    return std::vector{answered(question, 3)};
  });
  auto const answer = naptr_query::make(server.address)->ask("abc.zone.example");
  server.stop();
  REQUIRE(answer);
  CHECK(*answer == answered(asked, 3));
  CHECK(asked.substr(12) == std::string("\3abc\4zone\7example\0\0\x23\0\1"  // NAPTR, IN
                                        "\0\0\x29\x04\xd0\0\0\0\0\0\0",
                                        33));  // room for 1232 bytes
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

TEST_CASE("a server that does not know extensions is asked without them") {
  std::vector<std::string> asked;
  small_dns server([&](std::string const& question) {
    asked.push_back(question);
    return std::vector{answered(question, question.size() == 34 ? 3 : 1)};
  });
  auto const answer = naptr_query::make(server.address)->ask("abc.zone.example");
  REQUIRE(answer);
  CHECK((answer->at(3) & 15) == 3);
  server.stop();
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].size() == 34 + 11);
}

TEST_CASE("an answer that was cut comes as it is, and a server that is silent over TCP holds up nobody") {
  std::string long_answer;
  small_dns server([&](std::string const& question) {
    long_answer = answered(question, 0) + std::string(700, 'x');
    long_answer[2] = static_cast<char>(0x83);  // TC
    return std::vector{long_answer};
  });
  std::future<result<std::string>> answer;
  silent_tcp const same_port(server.address);
  answer = std::async(std::launch::async, [&] { return naptr_query::make(server.address)->ask("abc.zone.example"); });
  REQUIRE(answer.wait_for(std::chrono::seconds(5)) == std::future_status::ready);
  server.stop();
  CHECK(answer.get().value() == long_answer);
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
