// An independent verifier reads what we sign.
#include "edelivery/run_program.hpp"
#include "edelivery/security/message.hpp"
#include "skipping.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

bool xmlsec_accepts(scratch_folder const& folder, std::string const& soap) {
  auto const file = folder.write("message.xml", soap);
  auto const cert = folder.write("signer.pem", sender().cert.pem());
  auto const command = "xmlsec1 --verify --pubkey-cert-pem " + cert.string() +
                       " --id-attr:Id 'http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/:Messaging'"
                       " --id-attr:Id 'http://www.w3.org/2003/05/soap-envelope:Body' " +
                       file.string() + " >/dev/null 2>&1";
  return std::system(command.c_str()) == 0;
}

}  // namespace

TEST_CASE("xmlsec1 verifies our signatures, and sees when they are broken") {
  if (!installed("xmlsec1")) return ehds::tests::skip("xmlsec1 is not installed");
  scratch_folder const folder;
  auto const message = sign(header_text + "\n <!-- a comment --> ", {}, edelivery_1_15_rsa(), sender());
  REQUIRE(message);

  CHECK(xmlsec_accepts(folder, message->soap));
  CHECK_FALSE(xmlsec_accepts(folder, replaced(message->soap, "1@test", "2@test")));
}
