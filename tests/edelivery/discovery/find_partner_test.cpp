// From the P-Mode to the partner: DNS, publisher, redirect, endpoint.
#include "edelivery/discovery/find_partner.hpp"

#include <catch2/catch.hpp>

#include "edelivery/discovery/records.hpp"
#include "edelivery/revoking_authority.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

struct field {
  pmode mode = looking_up();
  publisher_wire wire;
  std::vector<std::string> names;
  result<std::string> dns = dns_answer({{35, naptr_data(1, 1, "U", "Meta:SMP", "!^.*$!https://smp.example/!")}});
  std::string const url = service_metadata_url("https://smp.example", smp_version::v1_0, mode.discovery->participant,
                                               mode.discovery->document);

  explicit field(std::string const& record = smp1_record()) { wire.pages[url] = signed_by(publisher_keys(), record); }

  result<discovered_partner> find(instant now = noon()) {
    return find_partner(
        mode,
        [&](std::string const& name) {
          names.push_back(name);
          return dns;
        },
        wire, now);
  }
  std::string told(instant now = noon()) { return code_of(find(now)); }
};

instant at(char const* text) { return parse_rfc3339(text).value(); }

}  // namespace

TEST_CASE("a partner is found by its name in DNS, and a P-Mode is completed with what was found") {
  field f;
  auto const found = f.find();
  REQUIRE(found);
  CHECK(f.names == std::vector<std::string>{bdxl_name({"test-parties", "EU"}, "zone.example").value_or("")});
  CHECK(f.wire.asked == std::vector{f.url});
  CHECK(found->address == "https://eu.example/as4");
  CHECK(found->signing == std::vector{partner_keys().cert});
  CHECK(found->encryption == std::vector{partner_keys().cert});
  CHECK(found->good_until == at("2027-01-01"));
  auto const ready = completed(f.mode, *found);
  CHECK(ready.address == found->address);
  CHECK(ready.trust.pinned == found->signing);
  CHECK(ready.partner_encryption == found->encryption);
  CHECK(ready.partner == f.mode.partner);
  CHECK(check_signer(partner_keys().cert, {}, ready.trust, noon()));
  CHECK_FALSE(check_signer(stranger().cert, {}, ready.trust, noon()));
}

TEST_CASE("without DNS the one publisher is asked, and SMP 2.0 below its own path") {
  field f;
  f.mode = looking_up("", "https://smp.example/base/");
  f.mode.discovery->version = smp_version::v2_0;
  f.wire.pages.clear();
  auto const url = service_metadata_url("https://smp.example/base", smp_version::v2_0, f.mode.discovery->participant,
                                        f.mode.discovery->document);
  CHECK(url.starts_with("https://smp.example/base/bdxr-smp-2/"));
  f.wire.pages[url] =
      signed_by(publisher_keys(), smp2_record(smp2_endpoint(smp2_certificate(partner_keys().cert, ""))));
  auto const found = f.find();
  REQUIRE(found);
  CHECK(f.names.empty());
  CHECK(found->encryption == std::vector{partner_keys().cert});
}

TEST_CASE("a partner found by its final recipient is named by its certificate") {
  field f;
  f.mode.discovery->by = looked_up_by::final_recipient;
  f.mode.partner = {"C4", "urn:test:people"};
  f.mode.trust.common_name.clear();
  auto const found = f.find();
  REQUIRE(found);
  CHECK(completed(f.mode, *found).partner == party_name{"EU", std::string(unregistered_party_type)});
}

TEST_CASE("what stands in the way of finding a partner is told apart") {
  field f;
  SECTION("DNS is silent") {
    f.dns = problem{"dns.unreachable", "no answer", "", ""};
    CHECK(f.told() == "dns.unreachable");
  }
  SECTION("the participant is in no zone, and the operator reads the name that was asked") {
    f.dns = dns_answer({}, 0x8183);
    CHECK(f.told() == "edelivery.discovery.dns_none");
    CHECK(f.find().error().where.find(".zone.example") != std::string::npos);
  }
  SECTION("the publisher is down") {
    f.wire.is_down = true;
    CHECK(f.told() == "http_call.unreachable");
  }
  SECTION("the publisher has no such document: what it has is told") {
    f.wire.pages.clear();
    CHECK(f.told() == "edelivery.discovery.none");
    f.wire.pages[service_group_url("https://smp.example", smp_version::v1_0, f.mode.discovery->participant)] =
        "<ServiceGroup xmlns=\"http://docs.oasis-open.org/bdxr/ns/SMP/2016/05\"><ParticipantIdentifier>1"
        "</ParticipantIdentifier><ServiceMetadataReferenceCollection><ServiceMetadataReference "
        "href=\"https://smp/1/services/another\"/></ServiceMetadataReferenceCollection></ServiceGroup>";
    CHECK(f.find().error().detail.find("It has: another") != std::string::npos);
  }
  SECTION("the record is about somebody else") {
    f.wire.pages[f.url] = signed_by(publisher_keys(), smp1_record({{}}, "FR"));
    CHECK(f.told() == "edelivery.discovery.other_participant");
  }
  SECTION("the record is about another document") {
    f.wire.pages[f.url] = signed_by(publisher_keys(), replaced(smp1_record(), document_id, "urn:other"));
    CHECK(f.told() == "edelivery.discovery.other_participant");
  }
  SECTION("the record is not signed") {
    f.wire.pages[f.url] = replaced(smp1_record(), "%signature%", "");
    CHECK(f.told() == "edelivery.discovery.unsigned");
  }
  SECTION("another process") {
    f.mode.discovery->process.value = "urn:other";
    CHECK(f.told() == "edelivery.discovery.none");
    f.mode.discovery->process = {"urn:other:scheme", "urn:service"};
    CHECK(f.told() == "edelivery.discovery.none");
    f.mode.discovery->process = {"", "urn:service"};
    CHECK(f.told() == "good");
  }
  SECTION("another transport") {
    f.mode.discovery->transport = "bdxr-transport-ebms3-as4-v2p0";
    CHECK(f.find().error().detail == "The process has no endpoint of this transport.");
  }
}

TEST_CASE("an endpoint counts from its activation until its expiry") {
  field f;
  CHECK(f.told(at("2025-12-31T23:59:59Z")) == "edelivery.authentication.expired");  // of the publisher itself
  CHECK(f.told(at("2026-12-31T23:59:59Z")) == "good");
  CHECK(f.find(at("2027-01-01")).error().detail == "The endpoint is not active at this time.");
  f.wire.pages[f.url] = signed_by(
      publisher_keys(), smp1_record({{.address = "https://old.example", .from = "2026-01-01", .until = "2026-06-01"},
                                     {.address = "https://new.example", .from = "2026-06-01"},
                                     {.transport = "other", .address = "https://other.example"}}));
  CHECK(f.find(at("2026-05-31T23:59:59Z"))->address == "https://old.example");
  CHECK(f.find(at("2026-06-01"))->address == "https://new.example");
}

TEST_CASE("an endpoint that counts until a leap second counts until the next day, and no other 60th second is one") {
  field f;
  auto const until = [&](std::string const& time) {
    auto const text = smp1_record({{.until = "2026-06-30"}});
    auto const at_midnight = std::string("2026-06-30T00:00:00<");
    auto changed = text;
    changed.replace(changed.find(at_midnight), at_midnight.size(), "2026-06-30T" + time + "<");
    f.wire.pages[f.url] = signed_by(publisher_keys(), changed);
  };
  until("23:59:60");
  CHECK(f.find(at("2026-06-30T23:59:59.999Z")));
  CHECK(f.find(at("2026-07-01T00:00:00Z")).error().detail == "The endpoint is not active at this time.");
  until("12:00:60");
  auto const refused = f.find(at("2026-06-01"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().detail == "The time cannot be read.");
  CHECK(refused.error().where.find("ServiceExpirationDate") != std::string::npos);
}

TEST_CASE("a registered certificate must be the partner's, vouched for and of the kind that the profile needs") {
  auto const with = [](certificate const& cert) {
    field f;
    f.wire.pages[f.url] = signed_by(publisher_keys(), smp1_record({{.cert = to_base64(cert.der())}}));
    return f.told();
  };
  auto const stranger_ca = issued("Another CA", certificate_use::authority, nullptr);
  CHECK(with(issued("EU", certificate_use::signing_and_encryption, &authority()).cert) == "good");
  CHECK(with(issued("EU", certificate_use::signing_and_encryption, &stranger_ca).cert) ==
        "edelivery.authentication.untrusted");
  CHECK(with(stranger().cert) == "edelivery.discovery.certificate");
  CHECK(with(issued("EU", certificate_use::signing, &authority()).cert) == "edelivery.discovery.certificate");
  CHECK(with(issued("EU", certificate_use::signing_and_encryption, &authority(), at("2023-01-01")).cert) ==
        "edelivery.authentication.expired");
  certificate_request request;
  request.common_name = "EU";
  request.not_before = at("2026-01-01");
  request.key = key_kind::ed25519;
  CHECK(with(issue_certificate(request, &authority())->cert) == "edelivery.discovery.certificate");
  field f;
  f.mode.trust.common_name.clear();
  f.mode.trust.subject = "CN=EU,O=Tests,C=EU";
  CHECK(f.told() == "good");
  f.mode.trust.subject = "CN=EU,O=Others,C=EU";
  CHECK(f.told() == "edelivery.discovery.certificate");
}

TEST_CASE(
    "the keys of a party of eDelivery AS4 2.0 are told apart, and all that may be encrypted for are kept, the youngest "
    "first") {
  certificate_request request;
  request.common_name = "EU";
  request.not_before = at("2026-01-01");
  request.key = key_kind::ed25519;
  auto const signing = issue_certificate(request, &authority()).value();
  request.key = key_kind::x25519;
  request.use = certificate_use::encryption;
  auto const older = issue_certificate(request, &authority()).value();
  request.not_before = at("2026-11-01");
  auto const younger = issue_certificate(request, &authority()).value();
  field f(smp2_record(
      smp2_endpoint(smp2_certificate(signing.cert, "Signature") + smp2_certificate(older.cert, "Exchange") +
                    smp2_certificate(younger.cert, "Exchange") + smp2_certificate(partner_keys().cert, ""))));
  f.mode.security = edelivery_2_0_eddsa();
  auto const found = f.find();
  REQUIRE(found);
  CHECK(found->signing == std::vector{signing.cert});
  CHECK(found->encryption == std::vector{younger.cert, older.cert});
  CHECK(encryption_certificate(completed(f.mode, *found), noon()).value() == younger.cert);
}

TEST_CASE("what is found counts until the first thing that it rests on ends") {
  auto const record_with = [](std::string const& certificates, std::string const& endpoint_ends) {
    return signed_by(publisher_keys(), smp2_record(smp2_endpoint(certificates, endpoint_ends)));
  };
  field f;
  auto const found_until = [&](std::string const& certificates, std::string const& endpoint_ends = "2099-01-01") {
    f.wire.pages[f.url] = record_with(certificates, endpoint_ends);
    auto const found = f.find();
    return found ? to_rfc3339(found->good_until).substr(0, 10) : found.error().code;
  };
  auto const once = [](std::string const& ends) { return smp2_certificate(partner_keys().cert, "", ends); };
  CHECK(found_until(once("2026-12-01")) == "2026-12-02");  // the last day is part of it
  CHECK(found_until(once("2027-06-01"), "2027-03-01") == "2027-03-02");
  CHECK(found_until(smp2_certificate(partner_keys().cert, "Signature", "2027-06-01") +
                    smp2_certificate(partner_keys().cert, "Exchange", "2027-05-01")) == "2027-05-02");
  CHECK(found_until(once("2026-12-01") + smp2_certificate(stranger().cert, "", "2026-11-25")) == "2026-12-02");
  // The authority ends before what it has issued.
  certificate_request request;
  request.common_name = "Short CA";
  request.use = certificate_use::authority;
  request.not_before = at("2026-01-01");
  request.lifetime = std::chrono::days{365};
  request.rsa_bits = 2048;
  auto const ends_early = issue_certificate(request, nullptr).value();
  auto const below = issued("EU", certificate_use::signing_and_encryption, &ends_early, at("2026-06-01"));
  REQUIRE(below.cert.not_after() > ends_early.cert.not_after());
  f.mode.trust.authorities = {ends_early.cert};
  CHECK(found_until(smp2_certificate(below.cert, "", "2098-01-01")) ==
        to_rfc3339(ends_early.cert.not_after()).substr(0, 10));
}

TEST_CASE("each certificate of a record is judged as one that is written into the P-Mode") {
  auto const older = issued("EU", certificate_use::signing_and_encryption, &authority(), at("2026-02-01"));
  auto const younger = issued("EU", certificate_use::signing_and_encryption, &authority(), at("2026-03-01"));
  field f(smp2_record(smp2_endpoint(smp2_certificate(older.cert, "") + smp2_certificate(younger.cert, ""))));
  CHECK(f.find()->encryption == std::vector{younger.cert, older.cert});
  CHECK(f.mode.trust.remembered->signers().empty());  // nobody has signed a message yet
  auto& terms = f.mode.trust.revocation;
  terms.lists = {"list"};
  terms.shelf = std::make_shared<revocation_shelf>();
  CHECK(f.told() == "edelivery.authentication.revocation_unknown");
  revoking_authority const lists(authority());
  terms.shelf->put("list", revocation_list::read(lists.list({.revoked = {younger.cert}})).value());
  auto const found = f.find();
  REQUIRE(found);
  CHECK(found->encryption == std::vector{older.cert});
  CHECK(found->signing == std::vector{older.cert});
  terms = {};
  f.mode.trust.policies = {"1.3.6.1.4.1.99.1"};
  CHECK(f.told() == "edelivery.authentication.policies");
}

TEST_CASE("another certificate of the same authority does not speak for the partner, once the publisher is named") {
  field f;
  f.mode.discovery->by = looked_up_by::final_recipient;
  f.mode.trust.common_name.clear();
  f.mode.discovery->signer.subject = "CN=publisher,O=Tests,C=EU";
  CHECK(f.told() == "good");
  f.wire.pages[f.url] = signed_by(
      stranger(), smp1_record({{.address = "https://thief.example/as4", .cert = to_base64(stranger().cert.der())}}));
  CHECK(f.told() == "edelivery.discovery.publisher");
}

TEST_CASE("a redirect of the named publisher names who signs beyond it; one that names nobody leaves it the same") {
  auto const elsewhere = std::string("https://other.example/record");
  auto const told = [&](std::string const& record, credentials const& there) {
    field f(record);
    f.mode.discovery->signer.pinned = {publisher_keys().cert};
    f.wire.pages[elsewhere] = signed_by(there, smp1_record());
    return f.told();
  };
  auto const newer = [&](std::string const& certificates) {
    return smp2_record("<a:Redirect><b:PublisherURI>" + elsewhere + "</b:PublisherURI>" + certificates +
                       "</a:Redirect>");
  };
  auto const named = smp2_certificate(other_publisher_keys().cert, "");
  CHECK(told(smp1_redirect(elsewhere, "other publisher"), other_publisher_keys()) == "good");
  CHECK(told(newer(named), other_publisher_keys()) == "good");
  CHECK(told(newer(""), publisher_keys()) == "good");
  CHECK(told(newer(""), other_publisher_keys()) == "edelivery.discovery.publisher");
}

TEST_CASE("a redirect is followed once, to the publisher it names") {
  auto const elsewhere = std::string("https://other.example/record");
  auto const told = [&](std::string const& record, std::string const& there) {
    field f(record);
    f.wire.pages[elsewhere] = there;
    auto const code = f.told();
    CHECK(f.wire.asked == std::vector{f.url, elsewhere});
    return code;
  };
  auto const there = signed_by(other_publisher_keys(), smp1_record());
  for (auto const* const uid :
       {"CN=other publisher,O=Tests,C=EU", "C=EU, O=Tests, CN=other publisher", "other publisher"})
    CHECK(told(smp1_redirect(elsewhere, uid), there) ==
          (std::string_view(uid).starts_with("C=EU, ") ? "edelivery.discovery.redirect" : "good"));
  CHECK(told(smp1_redirect(elsewhere, "somebody"), there) == "edelivery.discovery.redirect");
  auto const newer = [&](std::string const& certificates) {
    return smp2_record("<a:Redirect><b:PublisherURI>" + elsewhere + "</b:PublisherURI>" + certificates +
                       "</a:Redirect>");
  };
  CHECK(told(newer(""), there) == "good");
  CHECK(told(newer(smp2_certificate(other_publisher_keys().cert, "")), there) == "good");
  CHECK(told(newer(smp2_certificate(publisher_keys().cert, "")), there) == "edelivery.discovery.redirect");
  // Whatever the certificates are named for, they limit who signs; and so do their dates.
  CHECK(told(newer(smp2_certificate(other_publisher_keys().cert, "Other")), there) == "good");
  CHECK(told(newer(smp2_certificate(publisher_keys().cert, "Other")), there) == "edelivery.discovery.redirect");
  CHECK(told(newer(smp2_certificate(other_publisher_keys().cert, "", "2026-11-20")), there) ==
        "edelivery.discovery.redirect");
  CHECK(told(newer(""), signed_by(other_publisher_keys(), smp1_redirect("https://third", "x"))) ==
        "edelivery.discovery.redirect");
}
