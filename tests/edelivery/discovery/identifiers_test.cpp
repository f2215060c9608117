// The names under which a participant is looked up. The hashes are those that registered names are made of.
#include "edelivery/discovery/identifiers.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::edelivery;

TEST_CASE("a participant has the DNS name that registries give it") {
  struct row {
    scheme_identifier participant;
    std::string name;
  };
  // The hash of "abc" is that of RFC 6234 in Base32; the others were made with Python's hashlib and base64.
  for (auto const& [participant, name] : std::vector<row>{
           {{"", "abc"}, "XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ.zone.example"},
           {{"", "ABC"}, "XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ.zone.example"},
           {{"iso6523-actorid-upis", "abc"},
            "XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ.iso6523-actorid-upis.zone.example"},
           {{"urn:oasis:names:tc:ebcore:partyid-type:iso6523:0060", "1234567890128"},
            "4444WYPIXHSTJGGABKB7QMG63KJNR7IFMXRALGPORDXI6ZF64HUA.zone.example"},
       }) {
    INFO(participant.scheme + " " + participant.value);
    CHECK(bdxl_name(participant, "zone.example").value() == name);
  }
}

TEST_CASE("what makes no name in DNS is refused") {
  for (auto const& [scheme, zone] :
       std::vector<std::pair<std::string, std::string>>{{"a scheme", "zone.example"},
                                                        {"urn:x", "zone.example"},
                                                        {"", "zone..example"},
                                                        {"", ""},
                                                        {"", ".zone"},
                                                        {std::string(64, 'a'), "zone.example"},
                                                        {"", std::string(250, 'a')}}) {
    INFO(scheme + " " + zone);
    auto const name = bdxl_name({scheme, "1"}, zone);
    REQUIRE_FALSE(name);
    CHECK(name.error().code == "edelivery.discovery.name");
  }
}

TEST_CASE("participants are the same in any case, and an ebCore scheme is part of the identifier") {
  CHECK(same_participant({"ISO6523-actorid-upis", "0088:abc"}, {"iso6523-actorid-upis", "0088:ABC"}));
  CHECK_FALSE(same_participant({"iso6523-actorid-upis", "0088:abc"}, {"", "0088:abc"}));
  std::string const ebcore = "urn:oasis:names:tc:ebcore:partyid-type:";
  CHECK(same_participant({ebcore + "unregistered", "EU"}, {"", ebcore + "unregistered:EU"}));
  CHECK(to_text(scheme_identifier{ebcore + "iso6523:0088", "1"}) == ebcore + "iso6523:0088:1");
  CHECK(to_text(scheme_identifier{"s", "1"}) == "s::1");
}

TEST_CASE("records are asked for below the publisher's address, with encoded identifiers") {
  scheme_identifier const participant{"iso6523-actorid-upis", "0088:1/2"};
  scheme_identifier const document{"bdx-docid-qns", "urn:a::b##c 1.0~"};
  CHECK(service_metadata_url("https://smp.example/", smp_version::v1_0, participant, document) ==
        "https://smp.example/iso6523-actorid-upis%3A%3A0088%3A1%2F2/services/"
        "bdx-docid-qns%3A%3Aurn%3Aa%3A%3Ab%23%23c%201.0~");
  CHECK(service_metadata_url("https://smp.example/base", smp_version::v2_0, participant, document)
            .starts_with("https://smp.example/base/bdxr-smp-2/iso6523-actorid-upis%3A%3A0088%3A1%2F2/services/bdx-"));
  CHECK(service_group_url("http://smp.example", smp_version::v1_0, participant) ==
        "http://smp.example/iso6523-actorid-upis%3A%3A0088%3A1%2F2");
}
