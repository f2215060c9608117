#include "edelivery/security/signature_algorithm.hpp"

#include "edelivery/security/elliptic_curve.hpp"
#include "edelivery/security/openssl.hpp"
#include "edelivery/security/primitives.hpp"

#include <openssl/ec.h>

#include <array>

namespace ehds::edelivery {

using openssl::bytes;
using openssl::must;
using openssl::owner;

namespace {

constexpr std::array<signature_algorithm, 5> algorithms{
    {{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", key_kind::rsa, "SHA256"},
     {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", key_kind::rsa, "SHA384"},
     {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", key_kind::rsa, "SHA512"},
     {"http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519", key_kind::ed25519, nullptr},
     {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", key_kind::elliptic_curve, "SHA256"}}};

struct der_signature_deleter {
  void operator()(ECDSA_SIG* p) const { ECDSA_SIG_free(p); }
};
using der_signature = std::unique_ptr<ECDSA_SIG, der_signature_deleter>;

std::size_t number_size(EVP_PKEY const* key) { return (static_cast<std::size_t>(EVP_PKEY_get_bits(key)) + 7) / 8; }

std::optional<std::string> raw_of_signature(std::string_view der, std::size_t size) {
  auto const* at = bytes(der);
  der_signature const read(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (!read) return std::nullopt;
  std::string raw(2 * size, '\0');
  auto const width = static_cast<int>(size);
  bool const good = BN_bn2binpad(ECDSA_SIG_get0_r(read.get()), bytes(raw), width) == width &&
                    BN_bn2binpad(ECDSA_SIG_get0_s(read.get()), bytes(raw) + size, width) == width;
  return good ? std::optional(std::move(raw)) : std::nullopt;
}

std::optional<std::string> der_of_signature(std::string_view raw, std::size_t size) {
  if (raw.size() != 2 * size) return std::nullopt;
  der_signature const made(ECDSA_SIG_new());
  must(made != nullptr);
  auto r = must(BN_bin2bn(bytes(raw), static_cast<int>(size), nullptr));
  auto s = must(BN_bin2bn(bytes(raw) + size, static_cast<int>(size), nullptr));
  must(ECDSA_SIG_set0(made.get(), r.release(), s.release()) == 1);
  unsigned char* out = nullptr;
  int const written = i2d_ECDSA_SIG(made.get(), &out);
  must(written > 0);
  owner<unsigned char> const owned(out);
  return std::string(reinterpret_cast<char const*>(out), static_cast<std::size_t>(written));
}

using begin_signature = int(EVP_MD_CTX*, EVP_PKEY_CTX**, char const*, OSSL_LIB_CTX*, char const*, EVP_PKEY*,
                            OSSL_PARAM const*);

owner<EVP_MD_CTX> begin_with(begin_signature* begin, char const* digest, EVP_PKEY* key) {
  auto context = must(EVP_MD_CTX_new());
  if (begin(context.get(), nullptr, digest, nullptr, nullptr, key, nullptr) != 1) return {};
  return context;
}

// A signature or verification with the key this thread used last is begun as a copy: OpenSSL 3 looks its providers
// through at every beginning. The key is held, so that its address cannot become another's.
class begun {
 public:
  // Empty when the key cannot do it.
  owner<EVP_MD_CTX> with(begin_signature* begin, char const* digest, EVP_PKEY* key) {
    // What is begun with a device's key cannot be copied.
    if (!openssl::has_provider(key)) return begin_with(begin, digest, key);
    if (!first_ || key != key_.get() || digest != digest_) {
      first_ = begin_with(begin, digest, key);
      if (!first_) return {};
      must(EVP_PKEY_up_ref(key) == 1);
      key_.reset(key);
      digest_ = digest;
    }
    auto copy = must(EVP_MD_CTX_new());
    must(EVP_MD_CTX_copy_ex(copy.get(), first_.get()) == 1);
    return copy;
  }

 private:
  owner<EVP_PKEY> key_;
  char const* digest_ = nullptr;
  owner<EVP_MD_CTX> first_;
};

// As OpenSSL writes it: DER for ECDSA.
std::optional<std::string> computed(signature_algorithm const& algorithm, EVP_PKEY* key, std::string_view octets) {
  thread_local begun last;
  auto const context = last.with(&EVP_DigestSignInit_ex, algorithm.digest, key);
  std::size_t size = 0;
  if (!context || EVP_DigestSign(context.get(), nullptr, &size, bytes(octets), octets.size()) != 1) {
    return std::nullopt;
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), bytes(signature), &size, bytes(octets), octets.size()) != 1) return std::nullopt;
  signature.resize(size);
  return signature;
}

bool is_signature_of(signature_algorithm const& algorithm, begun& last, EVP_PKEY* key, std::string_view octets,
                     std::string_view signature) {
  auto const context = last.with(&EVP_DigestVerifyInit_ex, algorithm.digest, key);
  return context &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(octets), octets.size()) == 1;
}

}  // namespace

signature_algorithm const* find_signature_algorithm(std::string_view uri) {
  for (auto const& each : algorithms) {
    if (each.uri == uri) return &each;
  }
  return nullptr;
}

bool fits(signature_algorithm const& algorithm, certificate const& cert) {
  if (cert.key() != algorithm.key) return false;
  if (algorithm.key == key_kind::rsa) return is_rsa(cert);
  return algorithm.key != key_kind::elliptic_curve || curve_of(X509_get0_pubkey(cert.handle())) != nullptr;
}

std::optional<std::string> make_signature(signature_algorithm const& algorithm, private_key const& key,
                                          std::string_view octets) {
  openssl::quiet const afterwards;
  if (key.kind() != algorithm.key) return std::nullopt;
  auto signature = computed(algorithm, key.handle(), octets);
  // Right signatures only: openssl::copy_of says how one of RSA can be wrong without an error.
  if (algorithm.key == key_kind::rsa && openssl::has_provider(key.handle())) {
    thread_local begun last;
    if (!signature || !is_signature_of(algorithm, last, key.handle(), octets, *signature))
      signature = computed(algorithm, openssl::copy_of(key.handle()).get(), octets);
  }
  if (signature && algorithm.key == key_kind::elliptic_curve)
    return raw_of_signature(*signature, number_size(key.handle()));
  return signature;
}

bool signature_is_good(signature_algorithm const& algorithm, certificate const& signer, std::string_view octets,
                       std::string_view signature) {
  openssl::quiet const afterwards;
  if (!fits(algorithm, signer)) return false;
  auto* const key = X509_get0_pubkey(signer.handle());
  std::optional<std::string> der;
  if (algorithm.key == key_kind::elliptic_curve) {
    der = der_of_signature(signature, number_size(key));
    if (!der) return false;
    signature = *der;
  }
  thread_local begun last;
  return is_signature_of(algorithm, last, key, octets, signature);
}

}  // namespace ehds::edelivery
