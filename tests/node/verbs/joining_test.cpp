// ehds-node keys request, import, roll: as an operator types them, with OpenSSL's own program as the authority.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "node/house/one_house.hpp"
#include "node/verbs/program.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

std::string const subject = "CN=FR sign,OU=eDelivery,O=Ministry,C=FR";

void certify(fresh_folder const& folder, std::string const& request, std::string const& certificate) {
  auto const ca = (folder / "ca").string();
  REQUIRE(run({"keys", "init-ca", ca}).code == 0);
  REQUIRE(std::system(("openssl x509 -req -in " + request + " -CA " + ca + "/ca.pem -CAkey " + ca +
                       "/ca.key -days 30 -copy_extensions copy -out " + certificate + " 2>/dev/null")
                          .c_str()) == 0);
}

}  // namespace

TEST_CASE("keys request prints the request, import takes the answer, roll changes over, show shows it") {
  fresh_folder const folder;
  auto const keys = (folder / "keys").string();
  auto const asked = run({"keys", "request", keys, "--for", "sign", "--subject", subject});
  CHECK(asked.code == 0);
  CHECK(asked.output.starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
  auto const again = run({"keys", "request", keys, "--for", "sign", "--subject", subject});
  CHECK(again.code == 1);
  CHECK(is_one_sentence(again, "sign.next.key"));
  auto const got = (folder / "got.pem").string();
  certify(folder, keys + "/sign.next.csr", got);
  auto const too_soon = run({"keys", "roll", keys, "--for", "sign"});
  CHECK(too_soon.code == 1);
  CHECK(is_one_sentence(too_soon, "sign.next.pem"));
  CHECK(run({"keys", "import", keys, "--for", "sign", "--certificate", got}).code == 0);
  CHECK(run({"keys", "roll", keys, "--for", "sign"}).code == 0);
  auto const shown = run({"keys", "show", keys});
  CHECK(shown.output.find("sign.pem  " + subject) != std::string::npos);
}

TEST_CASE("keys request, import and roll refuse in one sentence what they cannot do") {
  fresh_folder const folder;
  auto const keys = (folder / "keys").string();
  std::ofstream(folder / "no.pem") << "no certificate";
  auto const no_pem = (folder / "no.pem").string();
  for (auto const& words :
       std::vector<std::vector<std::string>>{{"keys", "request", keys, "--for", "dance", "--subject", subject},
                                             {"keys", "request", keys, "--for", "sign", "--subject", "nobody"},
                                             {"keys", "request", keys, "--for", "tls", "--subject", subject},
                                             {"keys", "import", keys, "--for", "sign", "--certificate", no_pem},
                                             {"keys", "roll", keys, "--for", "sign"}}) {
    auto const done = run(words);
    INFO(words[1] << " " << done.complaint);
    CHECK(done.code == 1);
    CHECK(is_one_sentence(done, ""));
    CHECK(done.output.empty());
  }
  CHECK(run({"keys", "request", keys, "--for", "sign"}).code == 2);
  CHECK(run({"keys", "request", keys, "--for", "sign", "--subject", subject, "--key", "dsa"}).code == 2);
  CHECK(run({"keys", "import", keys, "--for", "sign", "--certificate", "/nowhere.pem"}).code == 2);
  CHECK(run({"keys", "roll", keys}).code == 2);
}
