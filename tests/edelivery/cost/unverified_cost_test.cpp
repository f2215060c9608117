// Before its signature is verified no message costs more than 5 ms + 100 ns a byte, nor more memory than 1 MB + 4 times
// its SOAP part.
#include <catch2/catch.hpp>

#include "edelivery/cost/counted_memory.hpp"
#include "edelivery/cost/hostile_soap.hpp"
#include "edelivery/cost/processor_time.hpp"
#include "edelivery/ebms/read_messaging.hpp"
#include "edelivery/message/open.hpp"
#include "edelivery/profile_keys.hpp"
#include "edelivery/security/part_streams.hpp"
#include "edelivery/security/profile_message.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

struct cost {
  double ms = 0;
  std::size_t bytes = 0;
  std::string refused;
};

// Everything that is done with a SOAP part until its signature is known to be good or bad. (The header of these
// messages is short of what ebMS demands.)
std::string judge(std::string const& soap, opening const& how, std::vector<announced_part> const& parts = {}) {
  auto const envelope = parse_envelope(soap);
  if (!envelope) return envelope.error().code;
  auto const content = read_messaging(envelope->messaging());
  bool is_proven = false;
  auto const proven = verify(*envelope, parts, how, is_proven);
  if (!proven) return proven.error().code;
  return content || content.error().code == "edelivery.header.missing" ? "proven" : content.error().code;
}

template <class Deed>
cost cost_of(Deed const& deed) {
  cost least;
  least.ms = 1e9;
  for (int run = 0; run < 3; ++run) {
    start_counting();
    auto const begin = processor_ms();
    least.refused = deed();
    least.ms = std::min(least.ms, processor_ms() - begin);
    least.bytes = highest_since();
  }
  return least;
}

// Time for each byte of the message, memory for each of its SOAP part. Gives what became of it.
template <class Deed>
std::string check_cost(std::string const& name, std::size_t message, std::size_t soap, Deed const& deed) {
  auto const seen = cost_of(deed);
  auto const most_ms = 5 + 100e-6 * static_cast<double>(message);
  auto const most_bytes = 1024 * 1024 + 4 * soap;
  INFO(name << ": " << message << " bytes, " << soap << " of SOAP, " << seen.ms << " ms of " << most_ms << ", "
            << seen.bytes << " bytes of " << most_bytes << ", " << seen.refused);
  CHECK(seen.ms <= most_ms * slowness);
  CHECK(seen.bytes <= most_bytes);
  return seen.refused;
}

void check_cost(std::string const& name, std::string const& soap, opening const& how) {
  check_cost(name, soap.size(), soap.size(), [&] { return judge(soap, how); });
}

std::string replaced_once(std::string const& text, std::string_view what, std::string const& with) {
  return replaced(text, what, with);
}

}  // namespace

TEST_CASE("no SOAP part costs more than its size allows before its signature is judged") {
  count_libxml2();
  auto const how = terms_under(edelivery_2_0_eddsa());
  judge(hostile_soaps().front().text, how);  // what is made once a process
  for (auto const& each : hostile_soaps()) check_cost(each.name, each.text, how);
}

TEST_CASE("nor does one that carries the partner's own certificate and a whole security header") {
  for (auto const& profile : every_profile()) {
    auto const how = terms_under(profile);
    auto const good = sign(header_text, {}, profile, party_of(profile, "sender").signing).value().soap;
    REQUIRE(judge(good, how) == "proven");
    check_cost(profile.id + " good", good, how);
    for (auto const& [name, block] :
         {std::pair(std::string("2,500 elements"), repeated("<a/>", 2'500)),
          std::pair(std::string("deep"), nested("<a>", repeated("<b/>", 2'000), "</a>", 58)),
          std::pair(std::string("attributes"), repeated("<a b='' c='' d='' e=''/>", 400)),
          std::pair(std::string("namespaces"), numbered("<a xmlns:p='urn:%'/>", 1'000)),
          std::pair(std::string("text"), "<a>" + std::string(2'000'000, 'x') + "</a>")}) {
      auto const before = "<S12:Header>" + block;
      check_cost(profile.id + " " + name + " beside the header", replaced_once(good, "<S12:Header>", before), how);
      auto const within = "<eb:UserMessage>" + block;
      check_cost(profile.id + " " + name + " in Messaging", replaced_once(good, "<eb:UserMessage>", within), how);
    }
    auto const reference = cut_out(good, "<ds:Reference ", "</ds:Reference>");
    check_cost(profile.id + " 32 references", replaced_once(good, reference, repeated(reference, 31)), how);
    check_cost(profile.id + " a SignedInfo full of blanks",
               replaced_once(good, "<ds:SignedInfo>", "<ds:SignedInfo>" + std::string(2'000'000, ' ')), how);
    check_cost(
        profile.id + " a prefix list of megabytes",
        replaced_once(good, "xml-exc-c14n#\"></ds:CanonicalizationMethod>",
                      "xml-exc-c14n#\"><ec:InclusiveNamespaces xmlns:ec='http://www.w3.org/2001/10/xml-exc-c14n#' "
                      "PrefixList='" +
                          repeated("p ", 1'000'000) + "'/></ds:CanonicalizationMethod>"),
        how);
    check_cost(profile.id + " a reference of megabytes",
               replaced_once(good, "URI=\"#msg-", "URI=\"#" + std::string(2'000'000, 'x')), how);
    auto const digest = cut_out(good, "<ds:DigestValue>", "</ds:DigestValue>");
    check_cost(profile.id + " a digest of megabytes",
               replaced_once(good, digest, "<ds:DigestValue>" + repeated("QUJD", 500'000) + "</ds:DigestValue>"), how);
  }
}

TEST_CASE("a message of as many parts as a P-Mode allows costs no more") {
  for (auto const& profile : every_profile()) {
    std::vector<payload_part> parts;
    std::vector<announced_part> announced;
    for (std::size_t i = 0; i < 28; ++i) {
      parts.push_back({"part-" + std::to_string(i) + "@test", "application/gzip", "x"});
      announced.push_back({parts.back().content_id, parts.back().mime_type});
    }
    auto const message = secure(header_text, parts, profile, party_of(profile, "sender").signing,
                                party_of(profile, "receiver").decryption.cert)
                             .value();
    auto const how = terms_under(profile);
    CHECK(tests::refusal(message, how).empty());
    auto const judged = [&](std::string const& soap) { return judge(soap, how, announced); };
    auto const size = message.soap.size();
    CHECK(check_cost(profile.id + " 28 parts", size, size, [&] { return judged(message.soap); }) == "proven");
    auto const altered = replaced(message.soap, ">1@test<", ">2@test<");
    CHECK(check_cost(profile.id + " 28 parts, altered", size, size, [&] { return judged(altered); }) ==
          "edelivery.authentication.digest");
  }
}
