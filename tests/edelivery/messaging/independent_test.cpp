// Our messages, opened by code that is not ours.
#include <catch2/catch.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "base/bytes.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/receiver/receiver.hpp"
#include "edelivery/run_program.hpp"
#include "shared_samples.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

bool checker_is_there() { return std::system("/usr/bin/python3 -c 'import lxml, cryptography' >/dev/null 2>&1") == 0; }

// What the checker says about a message; null when it does not accept it.
nlohmann::json checked(wire_message const& message, credentials const& signer, credentials const& recipient) {
  scratch_folder const folder;
  folder.write("message", "Content-Type: " + message.content_type + "\r\n\r\n" + message.body);
  folder.write("signer.pem", signer.cert.pem());
  folder.write("key.pem", recipient.key.pem());
  auto const at = [&](char const* name) { return " '" + (folder / name).string() + "'"; };
  auto command =
      "/usr/bin/python3 '" EHDS_TEST_DIR "/independent_checker.py'" + at("message") + at("signer.pem") + at("key.pem");
  if (auto const schema = ehds::tests::find_shared_sample("as4-schemas/phase4/ebms-header-3_0-200704.xsd")) {
    command += " '" + schema->string() + "'";
  }
  if (std::system((command + " >" + at("out") + " 2>" + at("err")).c_str()) != 0) {
    UNSCOPED_INFO(file_content(folder / "err"));
    return nullptr;
  }
  return nlohmann::json::parse(file_content(folder / "out"));
}

}  // namespace

TEST_CASE("independent code opens our messages and finds our payloads in them") {
  if (!checker_is_there()) return ehds::tests::skip("Debian's python3 with lxml and cryptography is not here");
  using enum token_reference;
  for (auto const token : {binary_security_token, subject_key_identifier, issuer_serial}) {
    auto node = edelivery::tests::fr();
    auto mode = node.mode();
    mode.security.signing_token = mode.security.encryption_token = token;
    auto const packed = pack(two_payloads(), mode, node.point, noon()).value();

    auto const seen = checked(seal(packed, mode, noon()).value(), fr_keys(), eu_keys());

    REQUIRE(seen.is_object());
    CHECK(seen["messageId"] == packed.message_id);
    REQUIRE(seen["parts"].size() == 2);
    CHECK(seen["parts"][0]["type"] == "application/json");
    CHECK(seen["parts"][0]["sha256"] == sha256_hex(two_payloads().payloads[0].bytes));
    CHECK(seen["parts"][1]["sha256"] == sha256_hex(two_payloads().payloads[1].bytes));
  }
}

TEST_CASE("independent code verifies our receipts, errors and test messages") {
  if (!checker_is_there()) return ehds::tests::skip("Debian's python3 with lxml and cryptography is not here");
  auto const sender = edelivery::tests::fr();
  auto const home = edelivery::tests::eu();
  manual_clock const time{noon()};
  edelivery::receiver const machine{home.book, home.point, time};
  auto const wire =
      seal(pack(two_payloads(), sender.mode(), sender.point, noon()).value(), sender.mode(), noon()).value();
  auto const seen = machine.examine(wire.content_type, wire.body);
  auto const ping = seal(pack_test(sender.mode(), sender.point, noon()).value(), sender.mode(), noon()).value();
  auto const receipt = machine.conclude(seen, {});
  auto const error = machine.not_stored(seen);

  CHECK(checked({receipt.content_type, receipt.body}, eu_keys(), fr_keys()).is_object());
  CHECK(checked({error.content_type, error.body}, eu_keys(), fr_keys()).is_object());
  CHECK(checked(ping, fr_keys(), eu_keys()).is_object());
  CHECK(checked({receipt.content_type, receipt.body}, fr_keys(), fr_keys()).is_null());  // not the signer
}
