// Messages that WSS4J made, good and damaged, when they are at hand.
#include "base/bytes.hpp"
#include "edelivery/security/captured_message.hpp"
#include "edelivery/security/message.hpp"
#include "shared_samples.hpp"

#include <zlib.h>

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

struct sample_set {
  std::filesystem::path folder;
  credentials c3;
  certificate c2;
  certificate ca;
};

std::optional<sample_set> samples() {
  auto const folder = ehds::tests::shared_sample("as4-samples/wss4j-generated");
  if (!folder) return std::nullopt;
  auto const keys = *folder / "keys";
  return sample_set{*folder, load_credentials(keys / "c3-rsa.crt", keys / "c3-rsa.key").value(),
                    certificate::load(keys / "c2-rsa.crt").value(), certificate::load(keys / "ca.crt").value()};
}

// As C3 receives from C2; answers travel the other way.
opening terms_of(sample_set const& set, std::string const& name) {
  opening how{edelivery_1_15_rsa(), {}, {set.c3}, parse_rfc3339("2026-12-01T00:00:00Z").value()};
  how.trust.pinned = {name.ends_with(".http") ? set.c3.cert : set.c2};
  how.trust.authorities = {set.ca};
  if (name.find("signonly") != std::string::npos) how.profile.encryption = payload_encryption::none;
  return how;
}

std::string gunzipped(std::string const& packed) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 31) == Z_OK);
  std::string plain(4 * 1024 * 1024, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  plain.resize(stream.total_out);
  inflateEnd(&stream);
  return plain;
}

result<opened_message> open_sample(sample_set const& set, std::string const& folder, std::string const& name) {
  auto const message = captured(set.folder / folder / name);
  return opened(message.soap, message.parts, terms_of(set, name));
}

std::set<std::string> names_in(std::filesystem::path const& folder, std::string const& prefix) {
  std::set<std::string> names;
  for (auto const& each : std::filesystem::directory_iterator(folder)) {
    auto name = each.path().filename().string();
    if (name.starts_with(prefix)) names.insert(std::move(name));
  }
  return names;
}

}  // namespace

TEST_CASE("every good 1.x message of WSS4J opens, with the payloads that were sent", "[samples]") {
  auto const set = samples();
  if (!set) return;
  std::set<std::string> known;
  for (auto const* payload : {"payload-leading.xml", "payload-annex.bin", "payload-note.txt"}) {
    known.insert(sha256_hex(file_content(set->folder / payload)));
  }
  std::size_t payloads = 0;
  for (auto const& name : names_in(set->folder / "good", "ed1-")) {
    INFO(name);
    auto const done = open_sample(*set, "good", name);
    if (!done) FAIL_CHECK(to_text(done.error()));
    if (!done) continue;
    for (auto const& part : done->parts) {
      auto const plain = part.mime_type == "application/gzip" ? gunzipped(part.body) : part.body;
      CHECK(known.count(sha256_hex(plain)) == 1);
      ++payloads;
    }
  }
  CHECK(payloads >= 10);
}

TEST_CASE("the receipts of WSS4J acknowledge exactly what their messages signed", "[samples]") {
  auto const set = samples();
  if (!set) return;
  for (auto const* name : {"ed1-rsa-bst", "ed1-rsa-issuerserial", "ed1-rsa-pkipath", "ed1-rsa-uncompressed"}) {
    INFO(name);
    auto const message = parse_envelope(captured(set->folder / "good" / (name + std::string(".mime"))).soap);
    auto const receipt = parse_envelope(captured(set->folder / "good" / (name + std::string(".receipt.http"))).soap);
    REQUIRE(message);
    REQUIRE(receipt);
    auto const information = receipt->messaging().children().at(0).child(ns::ebms, "Receipt")->children().at(0);
    std::vector<signed_reference> acknowledged;
    for (auto const each : information.children())
      acknowledged.push_back(read_reference(each.children().at(0)).value());
    CHECK(check_acknowledged(references_of(*message).value(), acknowledged));
  }
}

TEST_CASE("damaged 1.x messages of WSS4J are refused for the right reason", "[samples]") {
  auto const set = samples();
  if (!set) return;
  static std::map<std::string, std::string> const expected = {
      {"content-aes128-cbc.mime", "edelivery.policy.algorithm"},
      {"digest-sha1.mime", "edelivery.policy.algorithm"},
      {"digest-value-changed.mime", "edelivery.authentication.signature"},
      {"doctype.mime", "edelivery.header.doctype"},
      {"final-recipient-changed-after-signing.mime", "edelivery.authentication.digest"},
      {"gcm-too-short.mime", "edelivery.decryption.failed"},
      {"keytransport-rsa-1_5.mime", "edelivery.policy.algorithm"},
      {"messaging-not-signed.mime", "edelivery.policy.not_covered"},
      {"not-encrypted.mime", "edelivery.policy.not_encrypted"},
      {"payload-changed-after-signing.mime", "edelivery.authentication.digest"},
      {"receipt-changed-after-signing.http", "edelivery.authentication.digest"},
      {"receipt-signed-by-other-party.http", "edelivery.authentication.not_partner"},
      {"referenced-attachment-missing.mime", "edelivery.payload.missing"},
      {"second-attachment-not-signed.mime", "edelivery.policy.not_covered"},
      {"signed-by-the-receivers-own-key.mime", "edelivery.authentication.not_partner"},
      {"signed-then-compressed.mime", "edelivery.authentication.digest"},
      {"signer-expired.mime", "edelivery.authentication.not_partner"},
      {"signer-untrusted-ca.mime", "edelivery.authentication.not_partner"},
      {"two-bodies.mime", "edelivery.header.body"},
      {"two-security-headers.mime", "edelivery.policy.security_headers"},
      {"xsw-body-moved-to-header.mime", "edelivery.authentication.wrapped"},
      {"xsw-duplicate-id-messaging-first.mime", "edelivery.authentication.duplicate_id"},
      {"xsw-duplicate-id-messaging-last.mime", "edelivery.authentication.duplicate_id"},
      {"xsw-messaging-moved-to-wrapper.mime", "edelivery.authentication.wrapped"},
  };
  for (auto const& [name, code] : expected) {
    INFO(name);
    auto const done = open_sample(*set, "bad", "bad-ed1-" + name);
    CHECK((done ? "opened" : done.error().code) == code);
  }
}

TEST_CASE("no damaged message of any profile brings the reader down, and none of another profile opens", "[samples]") {
  auto const set = samples();
  if (!set) return;
  for (auto const& name : names_in(set->folder / "bad", "bad-")) {
    INFO(name);
    auto const done = open_sample(*set, "bad", name);
    if (name.starts_with("bad-ed2")) CHECK_FALSE(done);
  }
  for (auto const& name : names_in(set->folder / "good", "ed2-")) {
    INFO(name);
    CHECK_FALSE(open_sample(*set, "good", name));
  }
}

TEST_CASE("an expired signer and an unknown authority are named when trust is by authority and subject", "[samples]") {
  auto const set = samples();
  if (!set) return;
  auto const code = [&](std::string const& file, std::string const& subject) {
    auto const message = captured(set->folder / file);
    auto how = terms_of(*set, file);
    how.trust.pinned.clear();
    how.trust.subject = subject;
    auto const done = opened(message.soap, message.parts, how);
    return done ? "" : done.error().code;
  };
  auto const expired = certificate::load(set->folder / "keys/c2-rsa-expired.crt")->subject();
  auto const untrusted = certificate::load(set->folder / "keys/c2-rsa-untrusted.crt")->subject();
  CHECK(code("good/ed1-rsa-pkipath.mime", set->c2.subject()).empty());
  CHECK(code("good/ed1-rsa-bst.mime", set->c2.subject()).empty());
  CHECK(code("good/ed1-rsa-bst.mime", "CN=somebody else") == "edelivery.authentication.not_partner");
  CHECK(code("bad/bad-ed1-signer-expired.mime", expired) == "edelivery.authentication.expired");
  CHECK(code("bad/bad-ed1-signer-untrusted-ca.mime", untrusted) == "edelivery.authentication.untrusted");
}

TEST_CASE("unusual 1.x messages open, and older algorithms do not", "[samples]") {
  auto const set = samples();
  if (!set) return;
  for (auto const& name : names_in(set->folder / "odd", "odd-ed1-")) {
    INFO(name);
    auto const done = open_sample(*set, "odd", name);
    bool const other_algorithm = name.find("keytransport") != std::string::npos ||
                                 name.find("aes256") != std::string::npos || name.find("sha512") != std::string::npos;
    if (other_algorithm) {
      REQUIRE_FALSE(done);
      CHECK(done.error().code == "edelivery.policy.algorithm");
    } else if (!done) {
      FAIL_CHECK(to_text(done.error()));
    }
  }
}
