// For whom we encrypt while a partner changes its certificate, by the clock; and that the partner opens it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "edelivery/message/open.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/pmode/read_pmodes.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

instant day(std::string const& text) { return parse_rfc3339(text + "T00:00:00Z").value(); }

// 825 days each: to 2026-09-04, to 2028-09-03, to 2029-04-05.
credentials const& before() {
  static auto const made = issued("before", certificate_use::encryption, &authority(), day("2024-06-01"));
  return made;
}
credentials const& now_used() {
  static auto const made = issued("now", certificate_use::encryption, &authority(), day("2026-06-01"));
  return made;
}
credentials const& next() {
  static auto const made = issued("next", certificate_use::encryption, &authority(), day("2027-01-01"));
  return made;
}

std::string chosen(std::vector<certificate> certificates, std::string const& when) {
  auto mode = make_pmode("FR", "EU", eu_keys());
  mode.partner_encryption = std::move(certificates);
  auto const found = encryption_certificate(mode, day(when));
  return found ? found->subject() : found.error().code;
}

}  // namespace

TEST_CASE("of a partner's encryption certificates the one that began last is taken, of those valid at that moment") {
  struct row {
    std::string when, subject;
  };
  std::vector<certificate> const all{next().cert, before().cert, now_used().cert};
  for (auto const& [when, subject] : std::vector<row>{{"2024-05-31", "edelivery.encrypt.expired"},
                                                      {"2024-06-01", "CN=before,O=Tests,C=EU"},
                                                      {"2026-05-31", "CN=before,O=Tests,C=EU"},
                                                      {"2026-06-01", "CN=now,O=Tests,C=EU"},
                                                      {"2026-12-31", "CN=now,O=Tests,C=EU"},
                                                      {"2027-01-01", "CN=next,O=Tests,C=EU"},
                                                      {"2029-04-05", "CN=next,O=Tests,C=EU"},
                                                      {"2029-04-07", "edelivery.encrypt.expired"}}) {
    INFO(when);
    CHECK(chosen(all, when) == subject);
  }
  CHECK(chosen({}, "2026-06-01") == "edelivery.encrypt.key");
}

TEST_CASE("when no certificate is valid the operator reads which was the last, and what to do") {
  auto mode = make_pmode("FR", "EU", eu_keys());
  mode.partner_encryption = {before().cert};

  auto const found = encryption_certificate(mode, day("2027-01-01"));

  REQUIRE_FALSE(found);
  CHECK(found.error().detail.find("CN=before,O=Tests,C=EU (serial ") != std::string::npos);
  CHECK(found.error().detail.find("to 2026-09-04T00:00:00") != std::string::npos);
  CHECK(found.error().mend.find("present encryption certificate") != std::string::npos);
}

TEST_CASE("while keys change over, a partner that holds both opens what was encrypted for either") {
  auto const us = fr();
  auto them = eu();
  them.point.decryption = {next(), now_used()};
  auto mode = us.mode();
  mode.partner_encryption = {now_used().cert, next().cert};
  for (auto const& [when, subject] : {std::pair{day("2026-12-31"), "now"}, std::pair{day("2027-02-01"), "next"}}) {
    auto const wire = seal(pack(two_payloads(), mode, us.point, when).value(), mode, when).value();

    auto const got = open_message(wire.content_type, wire.body, them.book, them.point, when);
    CHECK(got);

    auto half = them.point;
    half.decryption = {subject == std::string{"now"} ? next() : now_used()};
    auto const refused = open_message(wire.content_type, wire.body, them.book, half, when);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().diagnosis.code == "edelivery.decryption.not_for_us");
  }
}

TEST_CASE("a P-Mode names one encryption certificate or a list") {
  auto const read = [](nlohmann::json const& encryption) {
    nlohmann::json const mode{{"id", "a"},
                              {"service", {{"value", "urn:s"}}},
                              {"us", {{"id", "FR"}}},
                              {"partner", {{"id", "EU"}}},
                              {"address", "https://eu.example/as4"},
                              {"certificates", {{"partner_signing", {"eu"}}, {"partner_encryption", encryption}}}};
    auto const book = read_pmodes(nlohmann::json{{"pmodes", {mode}}}.dump(), [](std::string const& path) {
      return path == "gone" ? result<std::string>{problem{"gone", "", "", ""}}
                            : result<std::string>{path == "next" ? next().cert.pem() : eu_keys().cert.pem()};
    });
    return book ? std::to_string(book->all().front().partner_encryption.size()) : book.error().front().code;
  };
  CHECK(read("eu") == "1");
  CHECK(read({"eu", "next"}) == "2");
  CHECK(read(nlohmann::json::array()) == "edelivery.pmode.value");
  CHECK(read({"eu", "gone"}) == "edelivery.pmode.certificate");
  CHECK(read({"eu", 7}) == "edelivery.pmode.wrong_type");
  CHECK(read("") == "edelivery.pmode.value");
}
