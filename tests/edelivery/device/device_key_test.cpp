// Keys that stay in a device, with SoftHSM for one: whole messages signed and opened with them, a certificate asked
// for, and every way in which a device says no.
#include "edelivery/security/device_key.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "base/clock.hpp"
#include "edelivery/device/soft_device.hpp"
#include "edelivery/keys.hpp"
#include "edelivery/security/request.hpp"
#include "edelivery/security/secure_message.hpp"
#include "node/identity/joining.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

std::string const rsa_uri = "pkcs11:token=node;object=rsa";
std::string const curve_uri = "pkcs11:token=node;object=curve";

void open_device() {
  static_cast<void>(the_soft_device());
  REQUIRE(open_key_device({device_module, device_pin}));
}

std::string certified(std::string const& request, std::string const& usage) {
  scratch_folder const folder;
  folder.write("ca.pem", authority().cert.pem());
  folder.write("ca.key", authority().key.pem());
  folder.write("it.csr", request);
  folder.write("it.cnf", "keyUsage=" + usage + "\nsubjectKeyIdentifier=hash\n");
  auto const at = [&](char const* file) { return (folder / file).string(); };
  auto const command = "openssl x509 -req -in " + at("it.csr") + " -CA " + at("ca.pem") + " -CAkey " + at("ca.key") +
                       " -CAcreateserial -days 30 -extfile " + at("it.cnf") + " -out " + at("it.pem") +
                       " >/dev/null 2>&1";
  REQUIRE(std::system(command.c_str()) == 0);
  return file_content(folder / "it.pem");
}

credentials in_device(std::string const& uri, std::string const& usage) {
  asked_certificate asked;
  asked.subject = "CN=in the device,O=Tests,C=EU";
  asked.device_key = uri;
  auto const made = request_certificate(asked);
  REQUIRE(made);
  return {certificate::from_pem(certified(made->pem, usage)).value(), made->key};
}

std::string problem_of(std::string_view uri) {
  auto const key = load_device_key(uri);
  if (key) return "loaded";
  CHECK(key.error().code == "edelivery.key.device");
  CHECK_FALSE(key.error().mend.empty());
  return to_text(key.error());
}

bool contains(std::string const& text, std::string_view what) { return text.find(what) != std::string::npos; }

}  // namespace

TEST_CASE("before a device is open its keys are told to be in none") {
  // Cases run in their order; the engine of a process is opened once.
  CHECK(contains(problem_of(rsa_uri), "none is configured"));
  CHECK(open_key_device({"/nowhere/module.so", ""}).error().code == "edelivery.key.device");
  static_cast<void>(the_soft_device());
  REQUIRE(open_key_device({device_module, "999999"}));
  auto const refused = problem_of(rsa_uri);
  CHECK(contains(refused, "the device gives no such key"));
  CHECK_FALSE(contains(refused, "999999"));
}

TEST_CASE("keys of a device sign and open whole messages under the RSA and the curve profile") {
  open_device();
  struct row {
    security_profile profile;
    std::string uri, usage;
  };
  for (auto const& [profile, uri, usage] : {row{edelivery_1_15_rsa(), rsa_uri, "digitalSignature,keyEncipherment"},
                                            row{edelivery_2_0_ecdsa(), curve_uri, "digitalSignature,keyAgreement"}}) {
    INFO(profile.id);
    auto const ours = in_device(uri, usage);
    std::vector<payload_part> const parts{{"one@test", "application/gzip", std::string(50'000, 'x')}};
    std::string const header =
        "<eb:UserMessage><eb:MessageInfo><eb:MessageId>1@test</eb:MessageId></eb:MessageInfo></eb:UserMessage>";

    auto const message = secure(header, parts, profile, ours, ours.cert);

    REQUIRE(message);
    opening how{profile, {{ours.cert}, {}, ""}, {ours}, system_clock{}.now() + std::chrono::seconds{2}};
    auto const envelope = parse_envelope(message->soap);
    REQUIRE(envelope);
    auto const got = verify_and_decrypt(*envelope, message->parts, how);
    REQUIRE(got);
    CHECK(got->parts.at(0).body == parts[0].body);
    CHECK(got->signer == ours.cert);
  }
}

TEST_CASE("several threads use one key of a device at once") {
  open_device();
  auto const ours = in_device(rsa_uri, "digitalSignature");
  std::atomic<int> good = 0;
  std::vector<std::thread> all;
  for (int n = 0; n < 4; ++n)
    all.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        auto const done = sign("<eb:UserMessage/>", {}, edelivery_1_15_rsa(), ours);
        if (done) ++good;
      }
    });
  for (auto& one : all) one.join();
  CHECK(good == 40);
}

TEST_CASE("a key file may hold the URI of a key in a device, and its certificate must be of that key") {
  open_device();
  scratch_folder const folder;
  auto const ours = in_device(rsa_uri, "digitalSignature");
  auto const cert = folder.write("sign.pem", ours.cert.pem());
  CHECK(load_credentials(cert, folder.write("sign.key", rsa_uri + "\n")));
  CHECK(load_credentials(cert, folder.write("typed.key", rsa_uri + ";type=private")));
  CHECK(load_credentials(cert, folder.write("by_id.key", "pkcs11:token=node;id=%01")));
  CHECK(load_credentials(cert, folder.write("other.key", curve_uri)).error().code == "edelivery.key.mismatch");
  auto const missing = load_credentials(cert, folder.write("no.key", "pkcs11:token=node;object=nobody"));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == "edelivery.key.device");
  CHECK(contains(missing.error().where, "no.key (pkcs11:token=node;object=nobody)"));
}

TEST_CASE("what a device does not give is told, with what to do, and never a PIN") {
  open_device();
  CHECK(contains(problem_of("pkcs11:token=nowhere;object=rsa"), "no such key"));
  CHECK(contains(problem_of("pkcs11:token=edwards;object=ed"), "Ed25519 and X25519 cannot be used in a device"));
  CHECK(contains(problem_of("file:rsa"), "no pkcs11 URI"));
  CHECK(contains(problem_of("pkcs11:token=node\nobject=rsa"), "no pkcs11 URI"));
  auto const with_pin = problem_of("pkcs11:token=node;object=rsa?pin-value=" + device_pin);
  CHECK(contains(with_pin, "holds a PIN"));
  CHECK_FALSE(contains(with_pin, device_pin));
  CHECK(contains(to_text(open_key_device({"/bin/true", ""}).error()), "another device is open already"));
  asked_certificate asked;
  asked.subject = "CN=short,O=Tests";
  asked.device_key = "pkcs11:token=node;object=short";
  CHECK(contains(to_text(request_certificate(asked).error()), "3072"));
}

TEST_CASE("a node asks for the certificate of a key in its device, imports it and rolls over to it") {
  open_device();
  scratch_folder const folder;
  auto const keys = folder / "keys";
  std::filesystem::create_directory(keys);
  asked_certificate asked;
  asked.subject = "CN=FR sign,O=Ministry,C=FR";
  asked.device_key = rsa_uri;
  auto const now = system_clock{}.now() + std::chrono::seconds{2};

  auto const request = node::identity::request_key(keys, "sign", asked);

  REQUIRE(request);
  CHECK(file_content(keys / "sign.next.key") == rsa_uri + "\n");
  REQUIRE(node::identity::import_certificate(keys, "sign", certified(*request, "digitalSignature"), now));
  REQUIRE(node::identity::roll_key(keys, "sign", now));
  auto const ours = load_credentials(keys / "sign.pem", keys / "sign.key");
  REQUIRE(ours);
  CHECK(ours->cert.subject() == "CN=FR sign,O=Ministry,C=FR");
  CHECK(sign("<eb:UserMessage/>", {}, edelivery_1_15_rsa(), *ours));
}
