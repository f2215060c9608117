// What is remembered of a partner's chains spares work and never lets in more than was judged.
#include "edelivery/security/chain_memory.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include "edelivery/security/message.hpp"
#include "edelivery/security/trust.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

constexpr auto subject = "CN=sender,O=Tests,C=EU";

std::string remembered_code_of(certificate const& signer, partner_trust const& trust, instant now = noon()) {
  auto const checked = check_signer(signer, {}, trust, now);
  return checked ? "" : checked.error().code;
}

good_chain chain_of(certificate const& signer) {
  return {signer, {}, {authority().cert}, noon() - std::chrono::hours(1), noon() + std::chrono::hours(1)};
}

}  // namespace

TEST_CASE("a chain that was found good is remembered, by copies too") {
  partner_trust const trust{{}, {authority().cert}, subject};
  auto const copy = trust;
  CHECK(trust.remembered->signers().empty());
  CHECK(remembered_code_of(sender().cert, trust).empty());
  REQUIRE(copy.remembered->signers().size() == 1);
  CHECK(copy.remembered->signers()[0] == sender().cert);
  CHECK(copy.remembered->holds(sender().cert, {}, {authority().cert}, noon()));
  CHECK(remembered_code_of(sender().cert, copy).empty());
  CHECK(copy.remembered->signers().size() == 1);
}

TEST_CASE("what is refused is not remembered") {
  auto const other = issued("Other CA", certificate_use::authority, nullptr);
  auto const imitation = issued("sender", certificate_use::signing, &other);
  partner_trust const trust{{}, {authority().cert}, subject};
  CHECK(remembered_code_of(imitation.cert, trust) == "edelivery.authentication.untrusted");
  CHECK(remembered_code_of(stranger().cert, trust) == "edelivery.authentication.not_partner");
  CHECK(trust.remembered->signers().empty());
}

TEST_CASE("a remembered chain counts under the same authorities only") {
  partner_trust trust{{}, {authority().cert}, subject};
  CHECK(remembered_code_of(sender().cert, trust).empty());
  auto const other = issued("Other CA", certificate_use::authority, nullptr);
  trust.authorities = {other.cert};
  CHECK(remembered_code_of(sender().cert, trust) == "edelivery.authentication.untrusted");
  trust.authorities = {other.cert, authority().cert};
  CHECK(remembered_code_of(sender().cert, trust).empty());
}

TEST_CASE("a remembered chain ends with the first of its certificates") {
  certificate_request asked;
  asked.common_name = "Short CA";
  asked.organization = "Tests";
  asked.country = "EU";
  asked.use = certificate_use::authority;
  asked.rsa_bits = 2048;
  asked.not_before = noon() - std::chrono::hours(24);
  asked.lifetime = std::chrono::days{2};
  auto const short_lived = issue_certificate(asked).value();
  auto const signer = issued("sender", certificate_use::signing, &short_lived);
  partner_trust const trust{{}, {short_lived.cert}, subject};
  CHECK(remembered_code_of(signer.cert, trust).empty());
  auto const after = short_lived.cert.not_after() + std::chrono::seconds(1);
  REQUIRE(signer.cert.valid_at(after));
  CHECK_FALSE(trust.remembered->holds(signer.cert, {}, trust.authorities, after));
  CHECK(remembered_code_of(signer.cert, trust, after) == "edelivery.authentication.untrusted");
  auto const before = short_lived.cert.not_before() - std::chrono::seconds(1);
  CHECK(remembered_code_of(signer.cert, trust, before) == "edelivery.authentication.untrusted");
}

TEST_CASE("the memory is small, and the oldest chain gives way") {
  chain_memory memory;
  std::vector<certificate> signers;
  for (std::size_t i = 0; i < 2 * chain_memory::most; ++i) {
    certificate_request asked;
    asked.common_name = "signer " + std::to_string(i);
    asked.key = key_kind::ed25519;
    asked.use = certificate_use::signing;
    signers.push_back(issue_certificate(asked, &authority()).value().cert);
    memory.keep(chain_of(signers.back()));
    CHECK(memory.signers().size() == std::min(i + 1, chain_memory::most));
  }
  CHECK_FALSE(memory.holds(signers.front(), {}, {authority().cert}, noon()));
  CHECK(memory.holds(signers[chain_memory::most], {}, {authority().cert}, noon()));
  CHECK_FALSE(memory.holds(signers.back(), {signers.front()}, {authority().cert}, noon()));
  CHECK_FALSE(memory.holds(signers.back(), {}, {authority().cert}, noon() + std::chrono::hours(2)));
}

TEST_CASE("an identifier does not find a certificate that is only remembered") {
  auto how = terms();
  how.trust = {{}, {authority().cert}, subject};
  CHECK(refusal(sent(), how).empty());
  CHECK(how.trust.remembered->signers().size() == 1);
  CHECK(refusal(sent(), how).empty());
  auto profile = edelivery_1_15_rsa();
  profile.signing_token = token_reference::subject_key_identifier;
  CHECK(refusal(sent(profile), how) == "edelivery.policy.token");
}

TEST_CASE("threads that meet one signer at once all find him good") {
  partner_trust const trust{{}, {authority().cert}, subject};
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> all;
    for (int t = 0; t < 4; ++t)
      all.emplace_back([&] {
        for (int i = 0; i < 50; ++i) good += remembered_code_of(sender().cert, trust).empty() ? 1 : 0;
      });
  }
  CHECK(good == 200);
  CHECK(trust.remembered->signers().size() <= chain_memory::most);
}
