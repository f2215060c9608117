// Messages that real products sent, where they are at hand, under a lenient laboratory P-Mode made from what each says
// of itself. captures.tsv says what must happen to each, and why.
#include <openssl/pkcs12.h>
#include <openssl/provider.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <sstream>

#include "base/bytes.hpp"
#include "edelivery/keys.hpp"
#include "edelivery/message/open_file.hpp"
#include "edelivery/message/read_frame.hpp"
#include "edelivery/message/saved_message.hpp"
#include "edelivery/run_program.hpp"
#include "shared_samples.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;
namespace fs = std::filesystem;

namespace {

struct expectation {
  std::string outcome;    // "accepted", or the EBMS code
  std::string diagnosis;  // its code, or "-"
};

// file, outcome, diagnosis, reason
std::map<std::string, expectation> expectations() {
  std::istringstream in{file_content(fs::path{EHDS_SOURCE_DIR} / "tests/edelivery/messaging/captures.tsv")};
  std::map<std::string, expectation> all;
  std::string line;
  std::getline(in, line);  // the heading
  while (std::getline(in, line)) {
    std::istringstream fields{line};
    std::string file;
    std::string reason;
    expectation one;
    std::getline(fields, file, '\t');
    std::getline(fields, one.outcome, '\t');
    std::getline(fields, one.diagnosis, '\t');
    std::getline(fields, reason, '\t');
    CHECK_FALSE(reason.empty());
    all.emplace(file, one);
  }
  return all;
}

std::optional<credentials> from_pkcs12(fs::path const& file, char const* passphrase) {
  static OSSL_PROVIDER* const older = OSSL_PROVIDER_load(nullptr, "legacy");
  static OSSL_PROVIDER* const usual = OSSL_PROVIDER_load(nullptr, "default");
  if (older == nullptr || usual == nullptr) return std::nullopt;
  auto const bytes = file_content(file);
  auto const* at = reinterpret_cast<unsigned char const*>(bytes.data());
  std::unique_ptr<PKCS12, void (*)(PKCS12*)> const box{d2i_PKCS12(nullptr, &at, static_cast<long>(bytes.size())),
                                                       &PKCS12_free};
  EVP_PKEY* key = nullptr;
  X509* cert = nullptr;
  if (!box || PKCS12_parse(box.get(), passphrase, &key, &cert, nullptr) != 1) return std::nullopt;
  return credentials{certificate(std::shared_ptr<x509_st>(cert, [](X509* p) { X509_free(p); })),
                     private_key(std::shared_ptr<evp_pkey_st>(key, [](EVP_PKEY* p) { EVP_PKEY_free(p); }))};
}

// The published test keys of the captures.
std::vector<credentials> known_keys(fs::path const& samples) {
  std::vector<credentials> keys;
  auto const folder = samples / "eessi-as4net/keys";
  for (auto const& [name, word] :
       {std::pair("AccessPointA.pfx", "Pz4cZK4SULUwmraZa"), std::pair("AccessPointB.pfx", "Pz4cZK4SULUwmraZb"),
        std::pair("partyC.p12", "ExampleC")}) {
    if (auto read = from_pkcs12(folder / name, word)) keys.push_back(*std::move(read));
  }
  return keys;
}

// The certificates that a message carries: a laboratory believes each of itself.
std::vector<certificate> carried(parsed_envelope const& envelope) {
  std::vector<certificate> all;
  if (!envelope.security()) return all;
  for (auto const token : envelope.security()->children(ns::wsse, "BinarySecurityToken")) {
    auto const der = from_base64(token.text());
    auto cert = der ? certificate::from_der(*der) : certificate::from_der("");
    if (cert) all.push_back(*std::move(cert));
  }
  return all;
}

struct laboratory {
  pmode mode;
  instant now = noon();
};

void take_header(pmode& mode, user_message const& header) {
  mode.agreement = header.agreement;
  mode.agreement_type = header.agreement_type;
  mode.service = header.service;
  mode.service_type = header.service_type;
  mode.us = {header.to.id, header.to.type};
  mode.partner = {header.from.id, header.from.type};
  mode.initiator_role = header.from.role;
  mode.responder_role = header.to.role;
  mode.mpc = header.mpc;
}

laboratory laboratory_for(std::string const& bytes, std::vector<credentials> const& keys) {
  laboratory lab;
  lab.mode.id = "lab";
  lab.mode.security = lab_rsa();
  for (auto const& each : keys) lab.mode.trust.pinned.push_back(each.cert);
  auto const saved = split_saved(bytes);
  auto const frame = read_frame(saved.content_type, saved.body, {.bytes = 1 << 30, .parts = 64, .header_bytes = 65536});
  if (!frame) return lab;
  auto const own = carried(frame->envelope);
  lab.mode.trust.pinned.insert(lab.mode.trust.pinned.end(), own.begin(), own.end());
  if (!own.empty()) lab.now = own.back().not_before() + std::chrono::hours{24};
  if (auto const* header = std::get_if<user_message>(&frame->content)) {
    take_header(lab.mode, *header);
    lab.mode.duplicate_window = std::chrono::days{36500};
    lab.now = header->timestamp;
  }
  // No encryption asked for where there is none: a laboratory looks at what there is.
  auto const security = frame->envelope.security();
  bool const encrypted = security && security->child(ns::xenc, "EncryptedKey");
  if (!encrypted) lab.mode.security.encryption = payload_encryption::none;
  return lab;
}

opened_file judged(fs::path const& file, std::vector<credentials> const& keys) {
  auto const bytes = file_content(file);
  auto const lab = laboratory_for(bytes, keys);
  access_point const us{sender(), keys, "lab.example"};
  return open_file(bytes, {}, pmode_book{{lab.mode}}, us, lab.now);
}

}  // namespace

TEST_CASE("each captured message of real products is treated as its expectation says", "[samples]") {
  auto const samples = ehds::tests::shared_sample("as4-samples");
  if (!samples) return;
  auto const keys = known_keys(*samples);
  auto const expected = expectations();
  std::size_t seen = 0;
  for (std::string const folder :
       {"eessi-as4net/good", "eessi-as4net/bad", "phase4/receipts-http", "phase4/outgoing-mime", "phase4/soap11",
        "phase4/soap12", "phase4/testfiles", "phase4/minder", "asx-rs", "domibus/as4", "domibus/headers"}) {
    for (auto const& entry : fs::directory_iterator(*samples / folder)) {
      auto const name = folder + "/" + entry.path().filename().string();
      auto const got = judged(entry.path(), keys);
      auto const outcome = got.accepted ? std::string{"accepted"} : got.code;
      auto const diagnosis = got.diagnosis ? got.diagnosis->code : "-";
      auto const wanted = expected.find(name);
      INFO(name << "\t" << outcome << "\t" << diagnosis << "\t"
                << (got.diagnosis ? got.diagnosis->detail + " at " + got.diagnosis->where : ""));
      ++seen;
      if (wanted == expected.end()) {
        FAIL_CHECK("there is no expectation for this file");
        continue;
      }
      CHECK(outcome == wanted->second.outcome);
      CHECK(diagnosis == wanted->second.diagnosis);
    }
  }
  CHECK(seen == expected.size());
}
