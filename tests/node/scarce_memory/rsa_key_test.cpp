// OpenSSL keeps with an RSA key a pair of blinding numbers, made anew at every 32nd use. Where an allocation fails in
// between they fit no longer, and what the key signs or opens next would be wrong.
#include "node/scarce_memory/scarce_memory.hpp"

#include <catch2/catch.hpp>

#include "edelivery/keys.hpp"
#include "edelivery/security/primitives.hpp"
#include "edelivery/security/signature_algorithm.hpp"

using namespace ehds;
using namespace ehds::tests;
using edelivery::tests::receiver;

#ifdef EHDS_OWN_MALLOC
namespace {

constexpr int uses_of_blinding = 32;

edelivery::private_key fresh_copy() { return edelivery::private_key::from_pem(receiver().key.pem()).value(); }

// `use` with the allocation `nth` failing where the blinding is made anew, and once more with memory.
template <class Use>
void use_where_blinding_changes(Use const& use, std::string const& good) {
  bool fired = true;
  for (std::int64_t nth = 1; fired; ++nth) {
    auto const key = fresh_copy();
    for (int n = 0; n < uses_of_blinding; ++n) REQUIRE(use(key) == good);
    fail_allocation(allocations::of_libraries, nth);
    std::optional<std::string> got;
    try {
      got = use(key);
    } catch (std::exception const&) {
    }
    fired = end_of_scarcity();
    INFO("allocation " << nth);
    if (got) CHECK(*got == good);
    CHECK(use(key) == good);
  }
}

}  // namespace

TEST_CASE("no memory while an RSA key changes its blinding: the next wrapped key is opened") {
  std::string const plain(16, 'k');
  auto const wrapped = edelivery::rsa_oaep_wrap(receiver().cert, plain).value();
  use_where_blinding_changes([&](auto const& key) { return edelivery::rsa_oaep_unwrap(key, wrapped); }, plain);
}

TEST_CASE("no memory while an RSA key changes its blinding: no signature is wrong") {
  auto const& algorithm = *edelivery::find_signature_algorithm("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
  auto const sign = [&](auto const& key) { return edelivery::make_signature(algorithm, key, "octets"); };
  use_where_blinding_changes(sign, sign(receiver().key).value());
}
#endif
