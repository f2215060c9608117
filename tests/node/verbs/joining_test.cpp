// ehds-node keys request, import, roll: as an operator types them, with OpenSSL's own program as the authority.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "edelivery/device/soft_device.hpp"
#include "node/house/one_house.hpp"
#include "node/verbs/program.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

std::string const subject = "CN=FR sign,OU=eDelivery,O=Ministry,C=FR";

std::string folder_of_keys(fresh_folder const& folder) {
  std::filesystem::create_directory(folder / "keys");
  return (folder / "keys").string();
}

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
  auto const keys = folder_of_keys(folder);
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
  auto const imported = run({"keys", "import", keys, "--for", "sign", "--certificate", got});
  CHECK(imported.code == 0);
  for (auto const& part : {keys + "/sign.next.pem", std::string("sign.next.key"), std::string("start the node again"),
                           std::string("keys announce"), "keys roll " + keys + " --for sign"}) {
    INFO(imported.output);
    CHECK(imported.output.find(part) != std::string::npos);
  }
  auto const rolled = run({"keys", "roll", keys, "--for", "sign"});
  CHECK(rolled.code == 0);
  for (auto const* part :
       {"start the node again", "sign.old.key", "every partner must have accepted", "/certificates of the running node",
        "GET /api/certificate-updates", "refuses our messages"}) {
    INFO(rolled.output);
    CHECK(rolled.output.find(part) != std::string::npos);
  }
  auto const shown = run({"keys", "show", keys});
  CHECK(shown.output.find("sign.pem  " + subject) != std::string::npos);
}

TEST_CASE("no partner is told of a key for TLS, by whatever name; one that encrypts is not asked to refuse") {
  fresh_folder const folder;
  auto const keys = folder_of_keys(folder);
  auto const got = (folder / "got.pem").string();
  std::string const name = GENERATE("tls", "tls-edge", "encrypt", "encrypt-ecdsa");
  bool const is_for_tls = name.starts_with("tls");
  REQUIRE(run({"keys", "request", keys, "--for", name, "--subject", subject, "--hosts", "localhost"}).code == 0);
  certify(folder, keys + "/" + name + ".next.csr", got);
  auto const imported = run({"keys", "import", keys, "--for", name, "--certificate", got});
  INFO(imported.output << imported.complaint);
  CHECK(imported.output.find("keys roll " + keys + " --for " + name) != std::string::npos);
  CHECK((imported.output.find("partners") == std::string::npos) == is_for_tls);
  auto const rolled = run({"keys", "roll", keys, "--for", name});
  INFO(rolled.output << rolled.complaint);
  CHECK(rolled.output.find("start the node again") != std::string::npos);
  CHECK((rolled.output.find("partner") == std::string::npos) == is_for_tls);
  CHECK(rolled.output.find("refuses our messages") == std::string::npos);
}

TEST_CASE("a mistyped folder is refused and not made, and the one that was meant is named") {
  fresh_folder const folder;
  auto const keys = folder_of_keys(folder);
  auto const certificate = file_with(folder, "got.pem", "no certificate");
  for (auto const& words : std::vector<std::vector<std::string>>{
           {"request", folder / "kyes", "--for", "sign", "--subject", subject},
           {"request", (folder / "kyes").string() + "/", "--for", "sign", "--subject", subject},
           {"import", folder / "kyes", "--for", "sign", "--certificate", certificate}}) {
    std::vector<std::string> all{"keys"};
    all.insert(all.end(), words.begin(), words.end());
    auto const done = run(all);
    INFO(done.complaint);
    CHECK(done.code == 1);
    CHECK(is_one_sentence(done, "Did you mean " + keys + "?"));
    CHECK(done.complaint.find("mkdir -m 700 ") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder / "kyes"));
  }
}

TEST_CASE("what is wrong with an imported certificate is said of the file that was given") {
  fresh_folder const folder;
  auto const keys = folder_of_keys(folder);
  REQUIRE(run({"keys", "request", keys, "--for", "sign", "--subject", subject}).code == 0);
  auto const junk = file_with(folder, "junk.pem", "no certificate");
  auto const other = (keys_of("FR") / "sign.pem").string();
  for (auto const& file : {junk, other}) {
    auto const done = run({"keys", "import", keys, "--for", "sign", "--certificate", file});
    CHECK(done.code == 1);
    CHECK(is_one_sentence(done, "(at " + file));
    CHECK(done.complaint.find("sign.next.pem") == std::string::npos);
  }
}

TEST_CASE("keys says once how it is used, and every way of it begins in one column") {
  auto const usage = run({"keys"}).complaint;
  std::size_t ways = 0;
  std::istringstream lines(usage.substr(usage.find("usage: ")));
  for (std::string line; std::getline(lines, line);)
    if (line.find("ehds-node keys") == 7) ++ways;
  CHECK(ways == 8);
  CHECK(usage.find("usage:") == usage.rfind("usage:"));
  CHECK(usage.find("\n       ehds-node keys announce CONFIG") != std::string::npos);
  CHECK(run({"keys", "announce"}).complaint.starts_with("ehds-node: usage: ehds-node keys announce CONFIG"));
}

TEST_CASE("keys request and import warn of a subject that partners would refuse, and go on") {
  fresh_folder const folder;
  auto const keys = folder_of_keys(folder);
  auto const got = (folder / "got.pem").string();
  auto const request = [&](std::string const& of) {
    auto done = run({"keys", "request", keys, "--for", "sign", "--subject", of});
    CHECK(done.code == 0);
    CHECK(done.output.starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
    return done;
  };
  auto const import = [&] {
    certify(folder, keys + "/sign.next.csr", got);
    auto done = run({"keys", "import", keys, "--for", "sign", "--certificate", got});
    CHECK(done.code == 0);
    CHECK(done.output.find("start the node again") != std::string::npos);
    return done;
  };
  CHECK(request(subject).complaint.empty());
  CHECK(import().complaint.empty());
  REQUIRE(run({"keys", "roll", keys, "--for", "sign"}).code == 0);

  std::string const turned = "C=FR,O=Ministry,OU=eDelivery,CN=FR sign";
  for (auto const& warned : {request(turned), import()}) {
    CHECK(is_one_sentence(warned, "warning: "));
    CHECK(warned.complaint.find(subject + ", the next one " + turned) != std::string::npos);
  }
  for (auto const* file : {"keys/sign.next.key", "keys/sign.next.csr", "keys/sign.next.pem"})
    std::filesystem::remove(folder / file);
  CHECK(request(subject).complaint.empty());
  CHECK(import().complaint.empty());
}

TEST_CASE("keys request, import and roll refuse in one sentence what they cannot do") {
  fresh_folder const folder;
  auto const keys = folder_of_keys(folder);
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

TEST_CASE("keys request, import and roll work with a key that stays in a device; the PIN comes from a file") {
  auto const& device = edelivery::tests::the_soft_device();
  fresh_folder const folder;
  auto const keys = folder_of_keys(folder);
  std::string const uri = "pkcs11:token=node;object=rsa";
  auto const with_device = [&](std::vector<std::string> words) {
    for (auto const& word : {std::string{"--device"}, edelivery::tests::device_module, std::string{"--pin-file"},
                             device.pin_file().string()})
      words.push_back(word);
    return run(words);
  };
  std::vector<std::string> const request{"keys", "request", keys, "--for", "sign", "--subject", subject, "--key", uri};
  auto const without = run(request);
  CHECK(without.code == 1);
  CHECK(is_one_sentence(without, "pkcs11:token=node"));

  auto const asked = with_device(request);

  CHECK(asked.code == 0);
  CHECK(asked.output.starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
  CHECK(asked.complaint.empty());
  auto const got = (folder / "got.pem").string();
  certify(folder, keys + "/sign.next.csr", got);
  CHECK(with_device({"keys", "import", keys, "--for", "sign", "--certificate", got}).code == 0);
  CHECK(with_device({"keys", "roll", keys, "--for", "sign"}).code == 0);
  CHECK(text_of_file(folder / "keys/sign.key") == uri + "\n");

  auto const no_such = with_device(
      {"keys", "request", keys, "--for", "encrypt", "--subject", subject, "--key", "pkcs11:token=node;object=none"});
  CHECK(no_such.code == 1);
  CHECK(is_one_sentence(no_such, "object=none"));
}
