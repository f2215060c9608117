#include "edelivery/security/primitives.hpp"

#include "edelivery/security/openssl.hpp"

#include <openssl/rsa.h>

namespace ehds::edelivery {

using openssl::bytes;
using openssl::must;
using openssl::quiet;

namespace {

EVP_MD const* digest_named(oaep_digest which) { return which == oaep_digest::sha1 ? EVP_sha1() : EVP_sha256(); }

bool set_oaep(EVP_PKEY_CTX* context, oaep_digests const& how) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_oaep_md(context, digest_named(how.digest)) > 0 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest_named(how.mask)) > 0;
}

// With OpenSSL's pair of functions for encryption, or for decryption.
template <class Begin, class Apply>
std::optional<std::string> with_oaep(EVP_PKEY* key, std::string_view given, oaep_digests const& how, Begin begin,
                                     Apply apply) {
  auto const context = must(EVP_PKEY_CTX_new(key, nullptr));
  std::size_t size = 0;
  if (begin(context.get()) != 1 || !set_oaep(context.get(), how) ||
      apply(context.get(), nullptr, &size, bytes(given), given.size()) != 1)
    return std::nullopt;
  std::string got(size, '\0');
  if (apply(context.get(), bytes(got), &size, bytes(given), given.size()) != 1) return std::nullopt;
  got.resize(size);
  return got;
}

std::optional<std::string> unwrap_with(EVP_PKEY* key, std::string_view wrapped, oaep_digests const& how) {
  return with_oaep(key, wrapped, how, &EVP_PKEY_decrypt_init, &EVP_PKEY_decrypt);
}

}  // namespace

bool is_rsa(certificate const& cert) {
  auto const* const key = X509_get0_pubkey(cert.handle());
  return cert.key() == key_kind::rsa && EVP_PKEY_get_bits(key) >= smallest_rsa_bits;
}

std::optional<std::string> rsa_oaep_wrap(certificate const& recipient, std::string_view key) {
  quiet const afterwards;
  if (!is_rsa(recipient)) return std::nullopt;
  auto* const public_key = X509_get0_pubkey(recipient.handle());
  return with_oaep(public_key, key, {}, &EVP_PKEY_encrypt_init, &EVP_PKEY_encrypt);
}

std::optional<std::string> rsa_oaep_unwrap(private_key const& key, std::string_view wrapped, oaep_digests how) {
  quiet const afterwards;
  if (key.kind() != key_kind::rsa) return std::nullopt;
  auto plain = unwrap_with(key.handle(), wrapped, how);
  if (!plain && openssl::has_provider(key.handle()))
    plain = unwrap_with(openssl::copy_of(key.handle()).get(), wrapped, how);
  return plain;
}

std::string sha1(std::string_view text) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  must(EVP_Digest(text.data(), text.size(), bytes(digest), &size, EVP_sha1(), nullptr) == 1);
  digest.resize(size);
  return digest;
}

std::string key_identifier(certificate const& cert) {
  auto named = cert.subject_key_identifier();
  if (!named.empty()) return named;
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  must(X509_pubkey_digest(cert.handle(), EVP_sha1(), bytes(digest), &size) == 1);
  digest.resize(size);
  return digest;
}

}  // namespace ehds::edelivery
