// The member `discovery` of a P-Mode: what it says, and what must not stand beside it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "edelivery/discovery/records.hpp"
#include "edelivery/pmode/read_pmodes.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;
using nlohmann::json;

namespace {

json least() {
  return json::parse(R"({"id": "d", "service": {"value": "urn:s", "type": "urn:t"}, "us": {"id": "FR"},
    "partner": {"id": "EU", "type": "test-parties"},
    "discovery": {"zone": "zone.example", "document": {"value": "doc"}, "authorities": ["ca.pem"]},
    "certificates": {"authorities": ["ca.pem"]}})");
}

std::expected<pmode_book, problems> read_mode(json const& mode) {
  return read_pmodes(json{{"pmodes", {mode}}}.dump(), [](std::string const& path) {
    return path == "ca.pem" ? authority().cert.pem() : partner_keys().cert.pem();
  });
}

std::string told(json const& patch) {
  auto mode = least();
  mode.merge_patch(patch);
  auto const book = read_mode(mode);
  if (book) return "accepted";
  std::string all;
  for (auto const& each : book.error()) all += (all.empty() ? "" : "; ") + each.where.substr(9);
  return all;
}

}  // namespace

TEST_CASE("what a P-Mode leaves out is what the partner and the service are called") {
  auto const book = read_mode(least());
  REQUIRE(book);
  auto const& mode = book->all().front();
  auto const& terms = mode.discovery.value();
  CHECK(terms.participant == scheme_identifier{"test-parties", "EU"});
  CHECK(terms.process == scheme_identifier{"urn:t", "urn:s"});
  CHECK(terms.document == scheme_identifier{"", "doc"});
  CHECK(terms.transport == "bdxr-transport-ebms3-as4-v1p0");
  CHECK(terms.naptr_service == "Meta:SMP");
  CHECK(terms.by == looked_up_by::partner);
  CHECK(terms.version == smp_version::v1_0);
  CHECK(terms.signer.authorities.size() == 1);
  CHECK_FALSE(terms.names_signer());
  // What the partner sends to us is trusted by authority and the name of the party.
  CHECK(mode.trust.common_name == "EU");
  CHECK(check_signer(partner_keys().cert, {}, mode.trust, noon()));
  CHECK_FALSE(check_signer(stranger().cert, {}, mode.trust, noon()));
}

TEST_CASE("every word of discovery has its bounds, and what is looked up is not written beside it") {
  struct row {
    json patch;
    std::string where;
  };
  for (auto const& [patch, where] : std::vector<row>{
           {{{"discovery", {{"version", "2.0"}, {"transport", "t"}, {"naptr_service", "n"}}}}, "accepted"},
           {{{"discovery", {{"zone", nullptr}, {"smp", "https://smp/"}}}}, "accepted"},
           {{{"certificates", {{"subject", "CN=EU"}}}}, "accepted"},
           {{{"direction", "send"}, {"discovery", {{"by", "final_recipient"}, {"publisher", {{"subject", "CN=smp"}}}}}},
            "accepted"},
           {{{"direction", "send"}, {"discovery", {{"by", "final_recipient"}}}}, "/discovery/publisher"},
           {{{"direction", "send"}, {"discovery", {{"by", "final_recipient"}, {"publisher", json::object()}}}},
            "/discovery/publisher"},
           {{{"discovery", {{"publisher", {{"certificate_policies", {"1.2.3"}}}}}}}, "accepted"},
           {{{"discovery", {{"publisher", {{"certificate_policies", {"x"}}}}}}},
            "/discovery/publisher/certificate_policies"},
           {{{"discovery", {{"publisher", {{"certificates", {"ca.pem"}}}}}}},
            "/discovery/publisher/certificates"},  // an authority's may not sign records
           {{{"discovery", {{"publisher", {{"revocation", {{"lists", {"a.crl"}}}}}}}}}, "accepted"},
           {{{"discovery", {{"publisher", {{"revocation", {{"lists", json::array()}}}}}}}},
            "/discovery/publisher/revocation/lists"},
           {{{"discovery", {{"publisher", {{"colour", "red"}}}}}}, "/discovery/publisher/colour"},
           {{{"discovery", {{"participant", {{"value", "1"}, {"scheme", "s"}}}}}}, "accepted"},
           {{{"discovery", {{"by", "final_recipient"}, {"publisher", {{"subject", "CN=smp"}}}}}}, "/discovery/by"},
           {{{"discovery", {{"by", "somebody"}}}}, "/discovery/by"},
           {{{"discovery", {{"version", "3.0"}}}}, "/discovery/version"},
           {{{"discovery", {{"zone", nullptr}}}}, "/discovery/zone"},
           {{{"discovery", {{"smp", "https://smp/"}}}}, "/discovery/zone"},
           {{{"discovery", {{"zone", nullptr}, {"smp", "ftp://smp/"}}}}, "/discovery/smp"},
           {{{"discovery", {{"zone", nullptr}, {"smp", "https://smp/#"}}}}, "/discovery/smp"},
           {{{"discovery", {{"zone", nullptr}, {"smp", "https://smp/?a="}}}}, "/discovery/smp"},
           {{{"partner", {{"type", "urn:parties"}}}}, "/discovery/zone"},
           {{{"partner", {{"type", nullptr}}}}, "accepted"},  // unregistered: an ebCore type
           {{{"discovery", {{"document", nullptr}}}}, "/discovery/document"},
           {{{"discovery", {{"document", {{"value", nullptr}}}}}}, "/discovery/document/value"},
           {{{"discovery", {{"authorities", nullptr}}}}, "/discovery/authorities"},
           {{{"discovery", {{"colour", "red"}}}}, "/discovery/colour"},
           {{{"direction", "receive"}}, "/discovery/by"},
           {{{"address", "https://eu.example/"}}, "/address"},
           {{{"certificates", {{"partner_signing", {"eu.pem"}}}}}, "/certificates/partner_signing"},
           {{{"certificates", {{"partner_encryption", "eu.pem"}}}}, "/certificates/partner_encryption"},
           {{{"certificates", {{"authorities", nullptr}}}}, "/certificates/authorities"}}) {
    INFO(patch.dump());
    CHECK(told(patch) == where);
  }
}
