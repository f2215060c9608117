// What a message costs the processor under each profile: signed, encrypted, opened, its receipt signed and verified.
// Beside it the floor: the same primitives called on OpenSSL and nothing else (SHA-256 of what is signed, AES-128-GCM,
// the signature, the carried key with its HKDF and key wrap). No XML, no MIME, no gzip in the floor; no gzip in ours
// either, since parts come compressed.
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <ctime>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "edelivery/security/issue.hpp"
#include "edelivery/security/secure_message.hpp"

using namespace ehds;
using namespace ehds::edelivery;

namespace {

double processor_us() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

// Microseconds of processor time for one call of each: the least of nine rounds, each of at least a fiftieth of a
// second. The rounds of all are interleaved, so that a machine which is slow for a while is so for all.
std::vector<double> costs(std::vector<std::function<void()>> const& works) {
  std::vector<double> least(works.size(), 1e12);
  for (int round = 0; round < 9; ++round)
    for (std::size_t i = 0; i < works.size(); ++i) {
      auto const begin = processor_us();
      int calls = 0;
      do {
        works[i]();
        ++calls;
      } while (processor_us() - begin < 20'000);
      least[i] = std::min(least[i], (processor_us() - begin) / calls);
    }
  return least;
}

struct party {
  credentials signing;
  credentials decryption;
};

credentials issued(char const* name, key_kind key, certificate_use use, credentials const* issuer) {
  certificate_request request;
  request.common_name = name;
  request.use = use;
  request.key = key;
  request.not_before = instant{};
  return issue_certificate(request, issuer).value();
}

party party_for(security_profile const& profile) {
  static auto const authority = issued("authority", key_kind::elliptic_curve, certificate_use::authority, nullptr);
  return {issued("signer", profile.signing_key, certificate_use::signing, &authority),
          issued("recipient", profile.encryption_key, certificate_use::encryption, &authority)};
}

void must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL");
}
unsigned char const* bytes(std::string const& text) { return reinterpret_cast<unsigned char const*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// The primitives of one exchange, as bare as OpenSSL allows.
class floor_of {
 public:
  floor_of(security_profile const& profile, party const& keys, std::size_t size)
      : profile_(profile), keys_(keys), plain_(size, 'x'), sealed_(size + 28, '\0') {}

  void run() {
    // Sender: digests of Messaging, Body and the part; one signature; the part sealed; the key carried.
    digest_frame();
    digest(plain_);
    auto signature = sign_once();
    seal();
    auto const carried = carry();
    // Receiver: the signature, the key, the part opened and digested; the receipt signed, then verified by the sender.
    digest_frame();
    verify_once(signature);
    uncarry(carried);
    open();
    digest(plain_);
    digest_frame();
    signature = sign_once();
    digest_frame();
    verify_once(signature);
  }

 private:
  struct carried_key {
    EVP_PKEY* fresh = nullptr;
    std::string wrapped;
  };

  void digest(std::string const& text) const {
    unsigned char out[32];
    unsigned int size = 0;
    must(EVP_Digest(text.data(), text.size(), out, &size, EVP_sha256(), nullptr) == 1);
  }

  void digest_frame() const {
    digest(messaging_);
    digest(body_);
  }

  std::string sign_once() const {
    auto* const context = EVP_MD_CTX_new();
    auto const* const md = profile_.signing_key == key_kind::ed25519 ? nullptr : EVP_sha256();
    std::size_t size = 1024;
    std::string signature(size, '\0');
    must(EVP_DigestSignInit(context, nullptr, md, nullptr, keys_.signing.key.handle()) == 1 &&
         EVP_DigestSign(context, bytes(signature), &size, bytes(signed_info_), signed_info_.size()) == 1);
    EVP_MD_CTX_free(context);
    signature.resize(size);
    return signature;
  }

  void verify_once(std::string const& signature) const {
    auto* const context = EVP_MD_CTX_new();
    auto const* const md = profile_.signing_key == key_kind::ed25519 ? nullptr : EVP_sha256();
    must(EVP_DigestVerifyInit(context, nullptr, md, nullptr, keys_.signing.key.handle()) == 1 &&
         EVP_DigestVerify(context, bytes(signature), signature.size(), bytes(signed_info_), signed_info_.size()) == 1);
    EVP_MD_CTX_free(context);
  }

  void seal() {
    auto* const context = EVP_CIPHER_CTX_new();
    int written = 0;
    RAND_bytes(bytes(sealed_), 12);
    must(EVP_EncryptInit_ex2(context, EVP_aes_128_gcm(), bytes(key_), bytes(sealed_), nullptr) == 1 &&
         EVP_EncryptUpdate(context, bytes(sealed_) + 12, &written, bytes(plain_), static_cast<int>(plain_.size())) ==
             1 &&
         EVP_EncryptFinal_ex(context, bytes(sealed_) + 12 + written, &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, bytes(sealed_) + 12 + plain_.size()) == 1);
    EVP_CIPHER_CTX_free(context);
  }

  void open() {
    auto* const context = EVP_CIPHER_CTX_new();
    int written = 0;
    must(EVP_DecryptInit_ex2(context, EVP_aes_128_gcm(), bytes(key_), bytes(sealed_), nullptr) == 1 &&
         EVP_DecryptUpdate(context, bytes(plain_), &written, bytes(sealed_) + 12, static_cast<int>(plain_.size())) ==
             1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, 16, bytes(sealed_) + 12 + plain_.size()) == 1 &&
         EVP_DecryptFinal_ex(context, bytes(plain_), &written) == 1);
    EVP_CIPHER_CTX_free(context);
  }

  static void oaep(EVP_PKEY_CTX* context) {
    must(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) > 0 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) > 0);
  }

  static void agree(EVP_PKEY* ours, EVP_PKEY* theirs) {
    auto* const context = EVP_PKEY_CTX_new(ours, nullptr);
    unsigned char secret[80];
    std::size_t size = sizeof secret;
    must(EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, theirs) == 1 &&
         EVP_PKEY_derive(context, secret, &size) == 1);
    EVP_PKEY_CTX_free(context);
    unsigned char wrapping[16];
    hkdf(secret, size, wrapping);
    wrap(wrapping);
  }

  static void hkdf(unsigned char const* secret, std::size_t size, unsigned char* out) {
    auto* const context = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr);
    static constexpr unsigned char salt[32] = {};
    std::size_t length = 16;
    must(EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()) == 1 &&
         EVP_PKEY_CTX_set1_hkdf_salt(context, salt, sizeof salt) == 1 &&
         EVP_PKEY_CTX_set1_hkdf_key(context, secret, static_cast<int>(size)) == 1 &&
         EVP_PKEY_derive(context, out, &length) == 1);
    EVP_PKEY_CTX_free(context);
  }

  static void wrap(unsigned char const* key) {
    auto* const context = EVP_CIPHER_CTX_new();
    unsigned char out[32];
    static constexpr unsigned char content_key[16] = {};
    int written = 0;
    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    must(EVP_EncryptInit_ex2(context, EVP_aes_128_wrap(), key, nullptr, nullptr) == 1 &&
         EVP_EncryptUpdate(context, out, &written, content_key, sizeof content_key) == 1);
    EVP_CIPHER_CTX_free(context);
  }

  carried_key carry() const {
    auto* const recipient = keys_.decryption.key.handle();
    if (profile_.encryption_key == key_kind::x25519) {
      auto* const fresh = EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519");
      agree(fresh, recipient);
      return {fresh, {}};
    }
    if (profile_.encryption_key == key_kind::elliptic_curve) {
      auto* const fresh = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
      agree(fresh, recipient);
      return {fresh, {}};
    }
    auto* const context = EVP_PKEY_CTX_new(recipient, nullptr);
    std::string wrapped(1024, '\0');
    std::size_t size = wrapped.size();
    must(EVP_PKEY_encrypt_init(context) == 1);
    oaep(context);
    must(EVP_PKEY_encrypt(context, bytes(wrapped), &size, bytes(key_), key_.size()) == 1);
    EVP_PKEY_CTX_free(context);
    wrapped.resize(size);
    return {nullptr, wrapped};
  }

  void uncarry(carried_key const& carried) const {
    auto* const recipient = keys_.decryption.key.handle();
    if (carried.fresh != nullptr) {
      agree(recipient, carried.fresh);
      EVP_PKEY_free(carried.fresh);
      return;
    }
    auto* const context = EVP_PKEY_CTX_new(recipient, nullptr);
    std::string key(1024, '\0');
    std::size_t size = key.size();
    must(EVP_PKEY_decrypt_init(context) == 1);
    oaep(context);
    must(EVP_PKEY_decrypt(context, bytes(key), &size, bytes(carried.wrapped), carried.wrapped.size()) == 1);
    EVP_PKEY_CTX_free(context);
  }

  security_profile const& profile_;
  party const& keys_;
  std::string plain_;
  std::string sealed_;
  std::string key_ = std::string(16, 'k');
  std::string signed_info_ = std::string(1500, 's');
  std::string messaging_ = std::string(1200, 'm');  // between that of a small message and that of its receipt
  std::string body_ = std::string(150, 'b');
};

std::string receipt_text(std::vector<signed_reference> const& references) {
  std::string text = "<eb:SignalMessage><eb:Receipt><ebbp:NonRepudiationInformation>";
  for (auto const& each : references) {
    text += "<ebbp:MessagePartNRInformation>" + each.xml + "</ebbp:MessagePartNRInformation>";
  }
  return text + "</ebbp:NonRepudiationInformation></eb:Receipt></eb:SignalMessage>";
}

void measure(security_profile const& profile, std::size_t size) {
  auto const keys = party_for(profile);
  opening const terms{profile, {{keys.signing.cert}, {}, ""}, {keys.decryption}, instant{std::chrono::hours(1)}};
  std::vector<payload_part> const parts = {{"payload@bench", "application/gzip", std::string(size, 'x')}};
  auto const once = sign("<eb:UserMessage/>", parts, profile, keys.signing).value();
  auto const sealed = encrypt(once, profile, keys.decryption.cert).value();
  auto const open = [&] {
    auto const envelope = parse_envelope(sealed.soap);
    return verify_and_decrypt(*envelope, sealed.parts, terms).value();
  };
  auto const text = receipt_text(open().references);
  auto const receipt = sign(text, {}, profile, keys.signing).value();

  floor_of bare(profile, keys, size);
  auto const took = costs({[&] { (void)sign("<eb:UserMessage/>", parts, profile, keys.signing).value(); },
                           [&] { (void)encrypt(once, profile, keys.decryption.cert).value(); },  //
                           [&] { (void)open(); }, [&] { (void)sign(text, {}, profile, keys.signing).value(); },
                           [&] {
                             auto const envelope = parse_envelope(receipt.soap);
                             (void)verify_and_decrypt(*envelope, {}, terms).value();
                           },
                           [&] { bare.run(); }});
  double const all = std::accumulate(took.begin(), took.end() - 1, 0.0);
  std::printf("%-20s %6zu %8.0f %8.0f %8.0f %8.0f %8.0f %8.0f %8.0f %6.2f\n", profile.id.c_str(), size >> 10, took[0],
              took[1], took[2], took[3], took[4], all, took[5], all / took[5]);
}

// With words: only profiles and sizes (in kB) that are among them.
bool wanted(std::vector<std::string> const& words, std::string const& profile, std::size_t size) {
  if (words.empty()) return true;
  return std::find(words.begin(), words.end(), profile) != words.end() &&
         std::find(words.begin(), words.end(), std::to_string(size >> 10)) != words.end();
}

}  // namespace

int main(int count, char** given) {
  std::vector<std::string> const words(given + 1, given + count);
  std::printf("microseconds of processor time for one message\n%-20s %6s %8s %8s %8s %8s %8s %8s %8s %6s\n", "profile",
              "kB", "sign", "encrypt", "open", "receipt", "check", "all", "floor", "ratio");
  for (auto const& profile : {edelivery_1_15_rsa(), edelivery_2_0_eddsa(), edelivery_2_0_ecdsa()}) {
    for (std::size_t const size : {std::size_t{1} << 10, std::size_t{10} << 10, std::size_t{100} << 10,
                                   std::size_t{1} << 20, std::size_t{10} << 20}) {
      if (wanted(words, profile.id, size)) measure(profile, size);
    }
  }
  return 0;
}
