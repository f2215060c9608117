#include "edelivery/security/profile.hpp"

#include "edelivery/security/issue.hpp"
#include "edelivery/security/secure_message.hpp"

#include <catch2/catch.hpp>

using namespace ehds::edelivery;

TEST_CASE("the 1.15 profile names exactly the algorithms of the specification") {
  auto const profile = edelivery_1_15_rsa();

  CHECK(profile.signature == "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
  CHECK(profile.digest == "http://www.w3.org/2001/04/xmlenc#sha256");
  CHECK(profile.content_encryption == "http://www.w3.org/2009/xmlenc11#aes128-gcm");
  CHECK(profile.key_encryption.method == "http://www.w3.org/2009/xmlenc11#rsa-oaep");
  CHECK(profile.encryption == payload_encryption::required);
}
