// DNS answers by hand: what is read of them, and what is not believed.
#include "edelivery/discovery/naptr.hpp"

#include <catch2/catch.hpp>

#include "edelivery/discovery/records.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

std::string address_in(std::vector<dns_record> const& records, std::string const& service = "Meta:SMP") {
  auto const read = read_naptr_answer(dns_answer(records));
  if (!read) return read.error().code;
  auto const address = publisher_address(*read, service);
  return address ? *address : address.error().code;
}

dns_record gives(std::string const& regexp, std::string const& flags = "U", std::string const& service = "Meta:SMP",
                 std::uint32_t order = 100, std::uint32_t preference = 10) {
  return {35, naptr_data(order, preference, flags, service, regexp)};
}

}  // namespace

TEST_CASE("the first record by order and preference with the service gives the address") {
  CHECK(address_in({gives("!^.*$!https://smp.example/a!")}) == "https://smp.example/a");
  CHECK(address_in({gives("!.*!http://127.0.0.1:8080/smp!", "u", "meta:smp")}) == "http://127.0.0.1:8080/smp");
  CHECK(address_in({gives("#^.*$#https://smp.example/!#")}) == "https://smp.example/!");
  CHECK(address_in({gives("!^.*$!https://second/!", "U", "Meta:SMP", 200), gives("!^.*$!https://first/!")}) ==
        "https://first/");
  CHECK(address_in({gives("!^.*$!https://second/!", "U", "Meta:SMP", 100, 20), gives("!^.*$!https://first/!")}) ==
        "https://first/");
  CHECK(address_in({gives("!^.*$!https://cppa/!", "U", "Meta:CPPA3", 1), gives("!^.*$!https://smp/!")}) ==
        "https://smp/");
  CHECK(address_in({{5, std::string("\1y\0", 3)}, gives("!^.*$!https://smp/!")}) == "https://smp/");  // after a CNAME
  CHECK(address_in({gives("!^.*$!https://two/!", "U", "Meta:SMP2")}, "Meta:SMP2") == "https://two/");
}

TEST_CASE("a record that gives no plain address is passed over") {
  for (std::string const regexp :
       {"", "!", "!!", "!!!", "!^.*$!ftp://x/!", "!^.*$!https://smp/\\1!", "!^(.*)$!https://smp/!", "!a!https://smp/!",
        "!^.*$!https://smp/ x!", "!^.*$!https://smp/!i", "!^.*$!https://smp/", "!^.*$!https://a!b!",
        "!^.*$!https://\xc3\xa9/!", "!^.*$!http://127.0.0.1:8080/internal/x#!",
        "!^.*$!http://127.0.0.1:8080/internal?x=!"}) {
    INFO(regexp);
    CHECK(address_in({gives(regexp)}) == "edelivery.discovery.naptr");
  }
  CHECK(address_in({gives("!^.*$!https://smp/!", "S")}) == "edelivery.discovery.naptr");
  CHECK(address_in({gives("!^.*$!https://smp/!", "U", "Meta:CPPA3")}) == "edelivery.discovery.naptr");
}

TEST_CASE("an answer without a record says that the participant is not there") {
  CHECK(address_in({}) == "edelivery.discovery.dns_none");
  CHECK(address_in({{1, "\1\2\3\4"}}) == "edelivery.discovery.dns_none");
  CHECK(code_of(read_naptr_answer(dns_answer({}, 0x8183))) == "edelivery.discovery.dns_none");
}

TEST_CASE("what is no whole answer is refused") {
  auto const good = dns_answer({gives("!^.*$!https://smp.example/!")});
  CHECK(read_naptr_answer(good).value().front().ttl == 300);
  for (std::uint32_t const flags : {0x8182U, 0x8185U, 0x8380U, 0x0100U}) {  // failed, refused, cut, a question
    INFO(flags);
    CHECK(code_of(read_naptr_answer(dns_answer({gives("!^.*$!https://x/!")}, flags))) == "edelivery.discovery.dns");
  }
  auto const cut = read_naptr_answer(dns_answer({gives("!^.*$!https://x/!")}, 0x8380));
  CHECK(cut.error().detail.find("was cut") != std::string::npos);
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK(code_of(read_naptr_answer(std::string_view(good).substr(0, size))) == "edelivery.discovery.dns");
  CHECK(code_of(read_naptr_answer(std::string(70'000, '\0'))) == "edelivery.discovery.dns");
  for (auto const& data : {std::string("\0\1", 2), two(1) + two(2) + "\x05" + "U"})
    CHECK(code_of(read_naptr_answer(dns_answer({{35, data}}))) == "edelivery.discovery.dns");
}

TEST_CASE("at most thirty-two records are looked at") {
  std::vector<dns_record> many(40, gives("!^.*$!https://smp/!"));
  CHECK(read_naptr_answer(dns_answer(many)).value().size() == 32);
}
