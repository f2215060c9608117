#include "edelivery/security/primitives.hpp"

#include "base/ids.hpp"
#include "edelivery/security/openssl.hpp"

#include <openssl/rsa.h>

#include <limits>

namespace ehds::edelivery {

using openssl::bytes;
using openssl::must;

namespace {

constexpr std::size_t iv_size = 12;
constexpr std::size_t tag_size = 16;

// Leaves no reason behind in OpenSSL's queue of this thread.
struct quiet {
  ~quiet() { ERR_clear_error(); }
};

bool set_oaep(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) > 0 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) > 0;
}

int size_for_openssl(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max() - 64)) {
    throw std::length_error("A part is too large to be encrypted in memory");
  }
  return static_cast<int>(text.size());
}

}  // namespace

bool is_rsa(certificate const& cert) {
  auto const* const key = X509_get0_pubkey(cert.handle());
  return key != nullptr && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) >= smallest_rsa_bits;
}

std::optional<std::string> rsa_sha256_sign(private_key const& key, std::string_view octets) {
  quiet const afterwards;
  if (EVP_PKEY_get_base_id(key.handle()) != EVP_PKEY_RSA) return std::nullopt;
  auto const context = must(EVP_MD_CTX_new());
  std::size_t size = 0;
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.handle()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes(octets), octets.size()) != 1) {
    return std::nullopt;
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), bytes(signature), &size, bytes(octets), octets.size()) != 1) return std::nullopt;
  signature.resize(size);
  return signature;
}

bool rsa_sha256_verify(certificate const& signer, std::string_view octets, std::string_view signature) {
  quiet const afterwards;
  if (!is_rsa(signer)) return false;
  auto const context = must(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, X509_get0_pubkey(signer.handle())) == 1 &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(octets), octets.size()) == 1;
}

std::optional<std::string> rsa_oaep_wrap(certificate const& recipient, std::string_view key) {
  quiet const afterwards;
  if (!is_rsa(recipient)) return std::nullopt;
  auto const context = must(EVP_PKEY_CTX_new(X509_get0_pubkey(recipient.handle()), nullptr));
  std::size_t size = 0;
  if (EVP_PKEY_encrypt_init(context.get()) != 1 || !set_oaep(context.get()) ||
      EVP_PKEY_encrypt(context.get(), nullptr, &size, bytes(key), key.size()) != 1) {
    return std::nullopt;
  }
  std::string wrapped(size, '\0');
  if (EVP_PKEY_encrypt(context.get(), bytes(wrapped), &size, bytes(key), key.size()) != 1) return std::nullopt;
  wrapped.resize(size);
  return wrapped;
}

std::optional<std::string> rsa_oaep_unwrap(private_key const& key, std::string_view wrapped) {
  quiet const afterwards;
  if (EVP_PKEY_get_base_id(key.handle()) != EVP_PKEY_RSA) return std::nullopt;
  auto const context = must(EVP_PKEY_CTX_new(key.handle(), nullptr));
  std::size_t size = 0;
  if (EVP_PKEY_decrypt_init(context.get()) != 1 || !set_oaep(context.get()) ||
      EVP_PKEY_decrypt(context.get(), nullptr, &size, bytes(wrapped), wrapped.size()) != 1) {
    return std::nullopt;
  }
  std::string plain(size, '\0');
  if (EVP_PKEY_decrypt(context.get(), bytes(plain), &size, bytes(wrapped), wrapped.size()) != 1) return std::nullopt;
  plain.resize(size);
  return plain;
}

std::string aes128_gcm_seal(std::string_view key, std::string_view plain) {
  if (key.size() != content_key_size) throw std::invalid_argument("An AES-128 key has 16 bytes");
  std::string sealed = random_bytes(iv_size);
  sealed.resize(iv_size + plain.size() + tag_size);
  auto* const out = bytes(sealed);
  auto const context = must(EVP_CIPHER_CTX_new());
  int written = 0;
  must(EVP_EncryptInit_ex2(context.get(), EVP_aes_128_gcm(), bytes(key), out, nullptr) == 1);
  must(EVP_EncryptUpdate(context.get(), out + iv_size, &written, bytes(plain), size_for_openssl(plain)) == 1);
  must(EVP_EncryptFinal_ex(context.get(), out + iv_size + written, &written) == 1);
  must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_size),
                           out + iv_size + plain.size()) == 1);
  return sealed;
}

std::optional<std::string> aes128_gcm_open(std::string_view key, std::string_view sealed) {
  quiet const afterwards;
  if (key.size() != content_key_size || sealed.size() < iv_size + tag_size) return std::nullopt;
  auto const iv = sealed.substr(0, iv_size);
  auto const ciphertext = sealed.substr(iv_size, sealed.size() - iv_size - tag_size);
  std::string tag(sealed.substr(sealed.size() - tag_size));
  std::string plain(ciphertext.size(), '\0');
  auto const context = must(EVP_CIPHER_CTX_new());
  int written = 0;
  bool const good =
      EVP_DecryptInit_ex2(context.get(), EVP_aes_128_gcm(), bytes(key), bytes(iv), nullptr) == 1 &&
      EVP_DecryptUpdate(context.get(), bytes(plain), &written, bytes(ciphertext), size_for_openssl(ciphertext)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_size), tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), bytes(plain) + written, &written) == 1;
  if (good) return plain;
  OPENSSL_cleanse(plain.data(), plain.size());
  return std::nullopt;
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
