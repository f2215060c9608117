#include "edelivery/security/key_agreement.hpp"

#include "edelivery/security/elliptic_curve.hpp"
#include "edelivery/security/openssl.hpp"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>

namespace ehds::edelivery {

using openssl::bytes;
using openssl::must;
using openssl::owner;
using openssl::shared;

namespace {

constexpr std::size_t wrap_overhead = 8;

// SubjectPublicKeyInfo of an X25519 key up to its 32 bytes (RFC 8410, 4): written and read here, because OpenSSL's
// encoders and decoders take longer over it than the agreement itself.
constexpr std::string_view x25519_spki{"\x30\x2a\x30\x05\x06\x03\x2b\x65\x6e\x03\x21\x00", 12};
constexpr std::size_t x25519_size = 32;

// Begun once a thread: to begin takes a quarter as long as to generate.
std::shared_ptr<evp_pkey_st> generate_x25519() {
  thread_local auto const generator = [] {
    auto begun = must(EVP_PKEY_CTX_new_from_name(nullptr, "X25519", nullptr));
    must(EVP_PKEY_keygen_init(begun.get()) == 1);
    return begun;
  }();
  EVP_PKEY* key = nullptr;
  must(EVP_PKEY_generate(generator.get(), &key) == 1);
  return shared(key);
}

bool is_x25519(EVP_PKEY const* key) { return key != nullptr && EVP_PKEY_is_a(key, "X25519") == 1; }

// On the curve and not at infinity; every curve of the profiles has cofactor 1, so its order need not be checked too.
bool is_good_point(EVP_PKEY* key) {
  owner<EVP_PKEY_CTX> const checker(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return checker && EVP_PKEY_public_check_quick(checker.get()) == 1;
}

std::optional<std::string> shared_secret(EVP_PKEY* ours, EVP_PKEY* theirs) {
  owner<EVP_PKEY_CTX> const context(EVP_PKEY_CTX_new_from_pkey(nullptr, ours, nullptr));
  std::size_t size = 0;
  // Their key was judged where it was read: on its curve, which has cofactor 1, and not at infinity. OpenSSL would
  // multiply it by the order of the group besides.
  if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer_ex(context.get(), theirs, 0) != 1 ||
      EVP_PKEY_derive(context.get(), nullptr, &size) != 1) {
    return std::nullopt;
  }
  std::string secret(size, '\0');
  if (EVP_PKEY_derive(context.get(), bytes(secret), &size) != 1) return std::nullopt;
  secret.resize(size);
  return secret;
}

EVP_KDF* hkdf() {
  static EVP_KDF* const fetched = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  must(fetched != nullptr);
  return fetched;
}

std::string hkdf_sha256(std::string secret, derivation how) {
  struct freed {
    void operator()(EVP_KDF_CTX* p) const { EVP_KDF_CTX_free(p); }
  };
  std::unique_ptr<EVP_KDF_CTX, freed> const context(EVP_KDF_CTX_new(hkdf()));
  must(context != nullptr);
  std::string digest = "SHA256";
  std::array<OSSL_PARAM, 5> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, how.salt.data(), how.salt.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, how.info.data(), how.info.size()),
      OSSL_PARAM_construct_end()};
  std::string key(wrapping_key_size, '\0');
  must(EVP_KDF_derive(context.get(), bytes(key), key.size(), parameters.data()) == 1);
  OPENSSL_cleanse(secret.data(), secret.size());
  return key;
}

EVP_CIPHER const* aes_wrap() {
  static EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-128-WRAP", nullptr);
  must(fetched != nullptr);
  return fetched;
}

owner<EVP_CIPHER_CTX> wrapping_context() {
  auto context = must(EVP_CIPHER_CTX_new());
  EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  return context;
}

}  // namespace

std::optional<originator_key> originator_key::from_der(std::string_view der) {
  openssl::quiet const afterwards;
  if (der.size() == x25519_spki.size() + x25519_size && der.starts_with(x25519_spki)) {
    auto const raw = der.substr(x25519_spki.size());
    auto key = shared(EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", nullptr, bytes(raw), raw.size()));
    return key ? std::optional(originator_key(std::move(key))) : std::nullopt;
  }
  auto const* at = bytes(der);
  auto key = shared(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  if (!key || at != bytes(der) + der.size()) return std::nullopt;
  if (is_x25519(key.get())) return originator_key(std::move(key));
  if (curve_of(key.get()) == nullptr || !is_good_point(key.get())) return std::nullopt;
  return originator_key(std::move(key));
}

std::optional<originator_key> originator_key::from_point(std::string_view curve_uri, std::string_view point) {
  openssl::quiet const afterwards;
  auto const* const curve = find_curve(curve_uri);
  if (curve == nullptr) return std::nullopt;
  owner<EVP_PKEY_CTX> const context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  must(context != nullptr);
  std::string group = curve->name;
  std::string octets(point);
  std::array<OSSL_PARAM, 3> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* made = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.data()) != 1) {
    return std::nullopt;
  }
  originator_key key(shared(made));
  return is_good_point(made) ? std::optional(std::move(key)) : std::nullopt;
}

std::string originator_key::text() const {
  auto const* const curve = curve_of(handle_.get());
  return curve == nullptr ? "X25519" : curve->name;
}

bool originator_key::same_group(certificate const& cert) const {
  auto const* const other = X509_get0_pubkey(cert.handle());
  if (is_x25519(handle_.get())) return is_x25519(other);
  auto const* const curve = curve_of(handle_.get());
  return curve != nullptr && curve == curve_of(other);
}

std::optional<fresh_key> make_fresh_key(certificate const& recipient) {
  openssl::quiet const afterwards;
  auto const* const theirs = X509_get0_pubkey(recipient.handle());
  if (is_x25519(theirs)) {
    auto const key = generate_x25519();
    std::string raw(x25519_size, '\0');
    std::size_t size = raw.size();
    must(EVP_PKEY_get_raw_public_key(key.get(), bytes(raw), &size) == 1 && size == x25519_size);
    return fresh_key{private_key(key), std::string(x25519_spki) + raw, "", ""};
  }
  auto const* const curve = curve_of(theirs);
  if (curve == nullptr) return std::nullopt;
  auto key = must(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve->name));
  std::size_t size = 0;
  must(EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, nullptr, 0, &size) == 1);
  std::string point(size, '\0');
  must(EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, bytes(point), size, &size) == 1);
  return fresh_key{private_key(shared(key.release())), "", std::string(curve->uri), std::move(point)};
}

std::optional<std::string> derive_wrapping_key(private_key const& ours, evp_pkey_st* theirs, derivation const& how) {
  openssl::quiet const afterwards;
  auto secret = shared_secret(ours.handle(), theirs);
  if (!secret) return std::nullopt;
  return hkdf_sha256(*std::move(secret), how);
}

std::string aes128_wrap(std::string_view wrapping_key, std::string_view key) {
  auto const context = wrapping_context();
  std::string wrapped(key.size() + wrap_overhead, '\0');
  int written = 0;
  must(wrapping_key.size() == wrapping_key_size &&
       EVP_EncryptInit_ex2(context.get(), aes_wrap(), bytes(wrapping_key), nullptr, nullptr) == 1 &&
       EVP_EncryptUpdate(context.get(), bytes(wrapped), &written, bytes(key), static_cast<int>(key.size())) == 1);
  return wrapped;
}

std::optional<std::string> aes128_unwrap(std::string_view wrapping_key, std::string_view wrapped) {
  openssl::quiet const afterwards;
  constexpr std::size_t longest = 32 + wrap_overhead;
  bool const sized = wrapped.size() > 2 * wrap_overhead && wrapped.size() <= longest && wrapped.size() % 8 == 0;
  if (wrapping_key.size() != wrapping_key_size || !sized) return std::nullopt;
  auto const context = wrapping_context();
  std::string key(wrapped.size(), '\0');
  int written = 0;
  if (EVP_DecryptInit_ex2(context.get(), aes_wrap(), bytes(wrapping_key), nullptr, nullptr) != 1 ||
      EVP_DecryptUpdate(context.get(), bytes(key), &written, bytes(wrapped), static_cast<int>(wrapped.size())) != 1) {
    return std::nullopt;
  }
  key.resize(static_cast<std::size_t>(written));
  return key;
}

}  // namespace ehds::edelivery
