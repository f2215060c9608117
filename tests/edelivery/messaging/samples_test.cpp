// Messages made with the security code of the Java peers, where they are at hand: each as its manifest says.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "edelivery/message/open_file.hpp"
#include "shared_samples.hpp"

using namespace ehds;
using namespace ehds::edelivery;
namespace fs = std::filesystem;

namespace {

std::string slurp(fs::path const& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

credentials keys(fs::path const& folder, std::string const& name) {
  return load_credentials(folder / "keys" / (name + ".crt"), folder / "keys" / (name + ".key")).value();
}

// The names of the samples say which profile they follow.
struct key_names {
  security_profile profile;
  std::string sign;
  std::string decrypt;
};
key_names keys_for(std::string const& file) {
  if (file.find("ed1-") != std::string::npos) return {edelivery_1_15_rsa(), "-rsa", "-rsa"};
  if (file.find("ecdsa") != std::string::npos) return {edelivery_2_0_ecdsa(), "-ec-sign", "-ec-enc"};
  return {edelivery_2_0_eddsa(), "-eddsa-sign", "-x25519-enc"};
}

pmode sample_pmode(fs::path const& folder, std::string us, std::string partner, key_names const& names) {
  pmode mode;
  mode.id = us + "-" + partner;
  mode.agreement = "urn:example:agreement:ehds:1";
  mode.service = "dp-exchange";
  mode.service_type = "urn:example:ehds:services";
  mode.us.id = us + ".example.eu";
  mode.partner.id = partner + ".example.eu";
  mode.security = names.profile;
  mode.trust.authorities = {certificate::load(folder / "keys" / "ca.crt").value()};
  mode.trust.subject = "CN=" + partner + names.sign + ",O=AS4 test vectors,C=EU";
  mode.partner_encryption = {keys(folder, partner + names.decrypt).cert};
  return mode;
}

// C3 receives messages, C2 receives receipts.
struct corner {
  pmode_book book;
  access_point point;
};
corner make_corner(fs::path const& folder, std::string const& us, std::string const& partner, std::string const& file) {
  auto const names = keys_for(file);
  auto mode = sample_pmode(folder, us, partner, names);
  if (file.find("signonly") != std::string::npos) mode.security.encryption = payload_encryption::none;
  // A reference by issuer and serial or by thumbprint carries no certificate: the partner's must be known.
  bool const by_name = file.find("issuerserial") != std::string::npos || file.find("thumbprint") != std::string::npos;
  if (by_name) mode.trust.pinned = {keys(folder, partner + names.sign).cert};
  return {pmode_book{{mode}}, {keys(folder, us + names.sign), {keys(folder, us + names.decrypt)}, us + ".example.eu"}};
}

struct manifest_line {
  std::string file;
  std::string expected;
};

std::vector<manifest_line> read_manifest(fs::path const& folder) {
  std::istringstream in{slurp(folder / "MANIFEST.tsv")};
  std::vector<manifest_line> lines;
  std::string line;
  std::getline(in, line);  // the heading
  while (std::getline(in, line)) {
    auto const first = line.find('\t');
    lines.push_back({line.substr(0, first), line.substr(first + 1, line.find('\t', first + 1) - first - 1)});
  }
  return lines;
}

// What MANIFEST.tsv leaves to policy: ours is strict about algorithms.
bool strict_refuses(std::string const& file) {
  return file.find("keytransport") != std::string::npos || file.find("aes256") != std::string::npos ||
         file.find("rsa-sha512") != std::string::npos || file.find("gzip-bomb") != std::string::npos;
}

// EBMS codes are groups: a neighbour for the same thing is as good. Empty: any code.
bool is_expected_code(std::string const& file, std::string const& expected, std::string const& code) {
  if (code.empty()) return false;
  static std::map<std::string, std::vector<std::string>> const siblings{
      {"xsw-duplicate-id", {"EBMS:0101", "EBMS:0103", "EBMS:0003"}},
      {"two-bodies", {"EBMS:0009"}},
      {"referenced-attachment-missing", {"EBMS:0011", "EBMS:0101"}},
      {"receipt-reception-awareness-only", {"EBMS:0302"}},
      {"receipt-and-error-together", {"EBMS:0302"}},
      {"bad-characterset", {"EBMS:0001"}},
      {"gzip-bomb", {"EBMS:0303"}},
      // Signed by RSA keys: under the EdDSA profile the algorithm is refused before the signer is looked at.
      {"ed2-signed-by-the-receivers-own-key", {"EBMS:0103"}},
      {"ed2-signer-", {"EBMS:0103"}},
  };
  for (auto const& [name, codes] : siblings) {
    if (file.find(name) != std::string::npos) return std::find(codes.begin(), codes.end(), code) != codes.end();
  }
  auto const at = expected.find("EBMS:");
  if (at == std::string::npos) return true;
  return expected.find(code.substr(5)) != std::string::npos;
}

fs::path sent_for(fs::path const& folder, std::string const& file) {
  auto const name = fs::path{file}.filename().string();
  if (auto const at = name.find(".receipt.http"); at != std::string::npos) {
    return folder / "good" / (name.substr(0, at) + ".mime");
  }
  bool const first = file.find("ed1-") != std::string::npos;
  bool const curves = file.find("ecdsa") != std::string::npos;
  auto const* const example = first ? "ed1-rsa-bst.mime" : curves ? "ed2-ecdsa-bst.mime" : "ed2-eddsa-bst.mime";
  return folder / "good" / example;
}

opened_file judge(fs::path const& folder, std::string const& file) {
  auto const now = parse_rfc3339("2026-11-22T12:00:00Z").value();
  auto const bytes = slurp(folder / file);
  if (!file.ends_with(".http")) {
    auto const c3 = make_corner(folder, "c3", "c2", file);
    return open_file(bytes, {}, c3.book, c3.point, now);
  }
  auto const c2 = make_corner(folder, "c2", "c3", file);
  auto const sent = slurp(sent_for(folder, file));
  return open_file(bytes, sent, c2.book, c2.point, now);
}

}  // namespace

TEST_CASE("every message of every profile is treated as its manifest says", "[samples]") {
  auto const folder = ehds::tests::shared_sample("as4-samples/wss4j-generated");
  if (!folder) return;
  int judged = 0;
  for (auto const& line : read_manifest(*folder)) {
    ++judged;
    auto const got = judge(*folder, line.file);
    INFO(line.file << ": expected " << line.expected << ", got " << to_json(got));
    bool const refuse = line.file.starts_with("bad/") || strict_refuses(line.file);
    CHECK(got.accepted == !refuse);
    if (refuse && line.file.starts_with("bad/")) CHECK(is_expected_code(line.file, line.expected, got.code));
    if (refuse) CHECK(got.parts.empty());
  }
  CHECK(judged == 121);
}

TEST_CASE("the payloads of the good samples come out as they went in", "[samples]") {
  auto const folder = ehds::tests::shared_sample("as4-samples/wss4j-generated");
  if (!folder) return;
  auto const leading = sha256_hex(slurp(*folder / "payload-leading.xml"));
  auto const annex = sha256_hex(slurp(*folder / "payload-annex.bin"));
  for (std::string const name : {"ed1-rsa-bst", "ed1-rsa-issuerserial", "ed1-rsa-pkipath", "ed2-eddsa-bst",
                                 "ed2-eddsa-thumbprint", "ed2-ecdsa-bst"}) {
    auto const got = judge(*folder, "good/" + name + ".mime");
    REQUIRE(got.accepted);
    INFO(name << " " << to_json(got));
    CHECK(got.parts.front().sha256 == leading);
    if (got.parts.size() > 1) CHECK(got.parts.back().sha256 == annex);
  }
}

TEST_CASE("two samples of one id are told apart by their fingerprint of references", "[samples]") {
  auto const folder = ehds::tests::shared_sample("as4-samples/wss4j-generated");
  if (!folder) return;
  auto const first = judge(*folder, "odd/odd-ed1-same-messageid-first.mime");
  auto const second = judge(*folder, "odd/odd-ed1-same-messageid-second-other-content.mime");

  CHECK(first.message_id == second.message_id);
  CHECK(first.parts.front().sha256 != second.parts.front().sha256);
}
