#include "node/identity/signing_key.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <iterator>
#include <stdexcept>

#include "base/bytes.hpp"
#include "base/files.hpp"

namespace ehds::node::identity {

namespace {

constexpr std::size_t raw_size = 32;
constexpr std::size_t signature_size = 64;

unsigned char const* raw_bytes(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }

std::shared_ptr<EVP_PKEY> owned(EVP_PKEY* key) {
  if (key == nullptr) throw std::runtime_error("OpenSSL made no Ed25519 key");
  return {key, EVP_PKEY_free};
}

// OpenSSL leaves its faults in a queue of the thread, where the next caller would trip over them.
problem unusable(char const* why, std::string where = {}) {
  ERR_clear_error();
  return {"identity.key", why, std::move(where), "Give an Ed25519 key as PEM (PKCS #8), without a passphrase."};
}

using digest_context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

std::string raw_public(EVP_PKEY* key) {
  std::string raw(raw_size, '\0');
  auto size = raw.size();
  if (EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size) != 1 || size != raw_size) {
    throw std::runtime_error("an Ed25519 key shows no public half");
  }
  return raw;
}

}  // namespace

verifying_key::verifying_key(std::shared_ptr<evp_pkey_st> handle) : handle_(std::move(handle)) {}

result<verifying_key> verifying_key::from_raw(std::string_view bytes) {
  if (bytes.size() != raw_size) return unusable("A public Ed25519 key has 32 bytes.");
  auto* const key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw_bytes(bytes), bytes.size());
  if (key == nullptr) return unusable("This is no public Ed25519 key.");
  return verifying_key{owned(key)};
}

bool verifying_key::verifies(std::string_view message, std::string_view signature) const {
  if (signature.size() != signature_size) return false;
  digest_context const context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  auto const good =
      context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle_.get()) == 1 &&
      EVP_DigestVerify(context.get(), raw_bytes(signature), signature.size(), raw_bytes(message), message.size()) == 1;
  ERR_clear_error();
  return good;
}

std::string verifying_key::raw() const { return raw_public(handle_.get()); }

std::string verifying_key::id() const {
  // RFC 7638 3: the required members in alphabetic order, without blanks.
  return to_base64url(sha256(R"({"crv":"Ed25519","kty":"OKP","x":")" + to_base64url(raw()) + "\"}"));
}

signing_key::signing_key(std::shared_ptr<evp_pkey_st> handle) : handle_(std::move(handle)) {}

signing_key signing_key::make() { return signing_key{owned(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"))}; }

result<signing_key> signing_key::from_raw(std::string_view seed) {
  if (seed.size() != raw_size) return unusable("A private Ed25519 key has 32 bytes.");
  auto* const key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw_bytes(seed), seed.size());
  if (key == nullptr) return unusable("This is no private Ed25519 key.");
  return signing_key{owned(key)};
}

result<signing_key> signing_key::from_pem(std::string_view text) {
  if (text.size() > 64 * 1024) return unusable("The file is too large for a key.");
  std::unique_ptr<BIO, decltype(&BIO_free)> const memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
                                                         BIO_free);
  auto const no_passphrase = [](char*, int, int, void*) { return 0; };
  auto* const key = memory ? PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, nullptr) : nullptr;
  if (key == nullptr) return unusable("This is no private key in PEM form.");
  auto held = owned(key);
  if (EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) return unusable("The key is not an Ed25519 key.");
  return signing_key{std::move(held)};
}

result<signing_key> signing_key::load(std::filesystem::path const& file) {
  auto const text = read_file(file);
  if (!text) return unusable("The key file cannot be read.", file.string());
  auto key = from_pem(*text);
  if (!key) return problem{key.error().code, key.error().detail, file.string(), key.error().mend};
  return key;
}

std::string signing_key::sign(std::string_view message) const {
  digest_context const context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::string signature(signature_size, '\0');
  auto size = signature.size();
  auto* const out = reinterpret_cast<unsigned char*>(signature.data());
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle_.get()) != 1 ||
      EVP_DigestSign(context.get(), out, &size, raw_bytes(message), message.size()) != 1 || size != signature_size) {
    throw std::runtime_error("an Ed25519 key does not sign");
  }
  return signature;
}

verifying_key signing_key::public_half() const {
  auto half = verifying_key::from_raw(raw_public(handle_.get()));
  return std::move(half).value();
}

std::string signing_key::pem() const {
  std::unique_ptr<BIO, decltype(&BIO_free)> const memory(BIO_new(BIO_s_mem()), BIO_free);
  if (!memory ||
      PEM_write_bio_PKCS8PrivateKey(memory.get(), handle_.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    throw std::runtime_error("an Ed25519 key cannot be written");
  }
  char* text = nullptr;
  auto const size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace ehds::node::identity
