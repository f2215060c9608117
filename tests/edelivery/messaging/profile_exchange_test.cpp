// A whole exchange under each profile: packed, sealed, received, acknowledged, the receipt checked; and P-Modes that
// name profiles and certificates that do not fit.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "edelivery/message/open.hpp"
#include "edelivery/message/pack.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/pmode/read_pmodes.hpp"
#include "edelivery/profile_keys.hpp"
#include "edelivery/receiver/receiver.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;
using nlohmann::json;

namespace {

// A P-Mode file of `us` towards `them`, read as an operator's is.
json file_for(std::string const& us, std::string const& them, std::string const& profile) {
  return {{"pmodes",
           {{{"id", us + "-" + them + "-" + profile},
             {"service", {{"value", "urn:test"}}},
             {"us", {{"id", us}}},
             {"partner", {{"id", them}}},
             {"address", "https://" + them + ".example/as4"},
             {"security", {{"profile", profile}}},
             {"certificates", {{"partner_signing", {them + "/sign"}}, {"partner_encryption", them + "/encrypt"}}}}}}};
}

// "FR/sign" under the profile that the file names.
result<std::string> certificate_named(std::string const& path, security_profile const& profile) {
  auto const& party = party_of(profile, path.substr(0, path.find('/')));
  return path.ends_with("sign") ? party.signing.cert.pem() : party.decryption.cert.pem();
}

pmode_book book_for(std::string const& us, std::string const& them, security_profile const& profile) {
  auto read = read_pmodes(file_for(us, them, profile.id).dump(),
                          [&](std::string const& path) { return certificate_named(path, profile); });
  if (!read) FAIL(to_text(read.error().front()));
  return *read;
}

// Holds the keys of every profile at once, as a node does.
access_point point_of(std::string const& name) {
  access_point point{party_of(edelivery_1_15_rsa(), name).signing, {}, name + ".example"};
  for (auto const& profile : every_profile()) {
    point.other_signing.push_back(party_of(profile, name).signing);
    point.decryption.push_back(party_of(profile, name).decryption);
  }
  return point;
}

outgoing_message message_to_send() {
  return {.action = "submit", .payloads = {{"application/json", R"({"n":1})", "utf-8"}, {"application/zip", "PK", ""}}};
}

std::string first_problem(json const& file, security_profile const& keys) {
  auto const read = read_pmodes(file.dump(), [&](std::string const& path) { return certificate_named(path, keys); });
  return read ? "" : read.error().front().where + " " + read.error().front().detail;
}

}  // namespace

TEST_CASE("two access points exchange a message and its receipt under each profile") {
  auto const fr = point_of("FR");
  auto const eu = point_of("EU");
  manual_clock const time{noon()};
  for (auto const& profile : every_profile()) {
    INFO(profile.id);
    auto const ours = book_for("FR", "EU", profile);
    auto const theirs = book_for("EU", "FR", profile);
    auto const& mode = ours.all().front();

    auto const packed = pack(message_to_send(), mode, fr, noon()).value();
    auto const wire = seal(packed, mode, noon()).value();
    edelivery::receiver const machine{theirs, eu, time};
    auto const seen = machine.examine(wire.content_type, wire.body);
    if (seen.refused) FAIL(to_text(seen.refused->diagnosis));
    REQUIRE(seen.message);
    CHECK(seen.message->signer == party_of(profile, "FR").signing.cert);
    CHECK(seen.message->parts.at(0).bytes == R"({"n":1})");
    CHECK(seen.message->parts.at(1).bytes == "PK");

    auto const answer = machine.conclude(seen, {});
    auto const signal = open_signal(answer.content_type, answer.body, mode, noon());
    if (!signal) FAIL(to_text(signal.error().diagnosis));
    CHECK(signal->signer == party_of(profile, "EU").signing.cert);
    CHECK(check_receipt(std::get<receipt>(signal->content), packed.message_id, references_of(packed).value()));
    CHECK(answer.body.find(profile.signature) != std::string::npos);
  }
}

TEST_CASE(
    "errors are signed under the profile of the P-Mode too, and a receipt of another profile counts for nothing") {
  auto const fr = point_of("FR");
  auto const eu = point_of("EU");
  manual_clock const time{noon()};
  for (auto const& profile : every_profile()) {
    for (auto const& other : every_profile()) {
      if (profile.id == other.id) continue;
      INFO(profile.id << " answered under " << other.id);
      // The partner speaks `other` with us; we believe that `profile` is agreed.
      auto const mode = book_for("FR", "EU", profile).all().front();
      auto const theirs = book_for("EU", "FR", other);
      auto const wire = seal(pack(message_to_send(), mode, fr, noon()).value(), mode, noon()).value();
      edelivery::receiver const machine{theirs, eu, time};
      auto const seen = machine.examine(wire.content_type, wire.body);
      REQUIRE(seen.refused);
      CHECK(seen.refused->code == "EBMS:0103");
      CHECK(seen.refused->diagnosis.code == "edelivery.policy.algorithm");
      CHECK(seen.answer.body.find(other.signature) != std::string::npos);
      CHECK(seen.answer.body.find("P-Mode") == std::string::npos);  // the peer learns little
      CHECK_FALSE(open_signal(seen.answer.content_type, seen.answer.body, mode, noon()));
      auto const as_agreed = book_for("FR", "EU", other).all().front();
      CHECK(open_signal(seen.answer.content_type, seen.answer.body, as_agreed, noon()));
    }
  }
}

TEST_CASE("one access point speaks several profiles at once, each to its partner") {
  auto const eu = point_of("EU");
  manual_clock const time{noon()};
  std::vector<pmode> modes;
  for (auto const& profile : every_profile()) {
    auto mode = book_for("EU", "FR", profile).all().front();
    mode.service = "urn:" + profile.id;
    modes.push_back(std::move(mode));
  }
  pmode_book const book{modes};
  edelivery::receiver const machine{book, eu, time};
  for (auto const& profile : every_profile()) {
    auto mode = book_for("FR", "EU", profile).all().front();
    mode.service = "urn:" + profile.id;
    auto const wire = seal(pack(message_to_send(), mode, point_of("FR"), noon()).value(), mode, noon()).value();
    CHECK(machine.examine(wire.content_type, wire.body).message);
    // The same message said to belong to another service is no longer the same message.
    mode.service = "urn:" + every_profile().front().id;
    if (profile.id == every_profile().front().id) continue;
    auto const crossed = seal(pack(message_to_send(), mode, point_of("FR"), noon()).value(), mode, noon()).value();
    CHECK(machine.examine(crossed.content_type, crossed.body).refused->code == "EBMS:0103");
  }
}

TEST_CASE("the test service answers under each profile") {
  manual_clock const time{noon()};
  for (auto const& profile : every_profile()) {
    auto const mode = book_for("FR", "EU", profile).all().front();
    auto const wire = seal(pack_test(mode, point_of("FR"), noon()).value(), mode, noon()).value();
    auto const book = book_for("EU", "FR", profile);
    auto const eu = point_of("EU");
    edelivery::receiver const machine{book, eu, time};
    auto const seen = machine.examine(wire.content_type, wire.body);
    CHECK(seen.is_test);
    CHECK_FALSE(seen.refused);
  }
}

TEST_CASE("a P-Mode whose certificates cannot serve its profile is refused when it is read") {
  using Catch::Matchers::Contains;
  for (auto const& profile : every_profile()) {
    auto const file = file_for("FR", "EU", profile.id);
    CHECK(first_problem(file, profile).empty());
    for (auto const& other : every_profile()) {
      if (other.id == profile.id) continue;
      auto const told = first_problem(file, other);
      CHECK_THAT(told, Contains("/pmodes/0/certificates/partner_signing"));
      CHECK_THAT(told, Contains(profile.id));
      CHECK_THAT(told, Contains(party_of(other, "EU").signing.cert.key_text()));
    }
  }
  CHECK_THAT(first_problem(file_for("FR", "EU", "edelivery-2.0"), edelivery_2_0_eddsa()), Contains("is not known"));
  auto lab = file_for("FR", "EU", "lab");
  CHECK(first_problem(lab, edelivery_1_15_rsa()).empty());
}

TEST_CASE("without a key of the profile nothing is signed, and the reason names the key that is there") {
  access_point const old{party_of(edelivery_1_15_rsa(), "FR").signing, {}, "fr.example"};
  auto const mode = book_for("FR", "EU", edelivery_2_0_eddsa()).all().front();
  auto const refused = pack(message_to_send(), mode, old, noon());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "edelivery.sign.key");
  CHECK(refused.error().where.find("RSA 2048") != std::string::npos);
}
