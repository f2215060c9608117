#include "bench/message_floor.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <zlib.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <vector>

namespace ehds::bench {
namespace {

using bytes = std::vector<unsigned char>;

template <auto Free>
struct freed {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using key = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using key_context = std::unique_ptr<EVP_PKEY_CTX, freed<EVP_PKEY_CTX_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freed<EVP_MD_CTX_free>>;
using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, freed<EVP_CIPHER_CTX_free>>;

// About what a SignedInfo, and what an eb:Messaging and a Body, hold.
constexpr std::size_t signed_info_bytes = 1400;
constexpr std::size_t header_bytes = 1800;

void must(bool holds) {
  if (!holds) throw std::runtime_error("a primitive failed");
}

unsigned char const* as_bytes(std::string const& text) { return reinterpret_cast<unsigned char const*>(text.data()); }

key made(std::string const& suite, bool for_signing) {
  if (suite == "rsa") return key(EVP_RSA_gen(3072));
  if (suite == "ecdsa") return key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  return key(EVP_PKEY_Q_keygen(nullptr, nullptr, for_signing ? "ED25519" : "X25519"));
}

bytes signed_with(EVP_PKEY* with, EVP_MD const* digest, bytes const& what) {
  digest_context const context(EVP_MD_CTX_new());
  std::size_t size = 1024;
  bytes signature(size);
  must(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, with) == 1);
  must(EVP_DigestSign(context.get(), signature.data(), &size, what.data(), what.size()) == 1);
  signature.resize(size);
  return signature;
}

void verify(EVP_PKEY* with, EVP_MD const* digest, bytes const& what, bytes const& signature) {
  digest_context const context(EVP_MD_CTX_new());
  must(EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, with) == 1);
  must(EVP_DigestVerify(context.get(), signature.data(), signature.size(), what.data(), what.size()) == 1);
}

bytes transported(EVP_PKEY* with, bytes const& in, bool encrypt) {
  key_context const context(EVP_PKEY_CTX_new(with, nullptr));
  must((encrypt ? EVP_PKEY_encrypt_init(context.get()) : EVP_PKEY_decrypt_init(context.get())) == 1);
  must(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) == 1);
  must(EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), EVP_sha256()) == 1);
  must(EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), EVP_sha256()) == 1);
  std::size_t size = 1024;
  bytes out(size);
  must((encrypt ? EVP_PKEY_encrypt(context.get(), out.data(), &size, in.data(), in.size())
                : EVP_PKEY_decrypt(context.get(), out.data(), &size, in.data(), in.size())) == 1);
  out.resize(size);
  return out;
}

bytes agreed(EVP_PKEY* own, EVP_PKEY* other) {
  key_context const context(EVP_PKEY_CTX_new(own, nullptr));
  std::size_t size = 64;
  bytes secret(size);
  must(EVP_PKEY_derive_init(context.get()) == 1 && EVP_PKEY_derive_set_peer(context.get(), other) == 1);
  must(EVP_PKEY_derive(context.get(), secret.data(), &size) == 1);
  secret.resize(size);
  key_context const kdf(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
  std::array<unsigned char, 32> const salt{};
  bytes wrapping(16);
  std::size_t length = wrapping.size();
  must(EVP_PKEY_derive_init(kdf.get()) == 1 && EVP_PKEY_CTX_set_hkdf_md(kdf.get(), EVP_sha256()) == 1);
  must(EVP_PKEY_CTX_set1_hkdf_salt(kdf.get(), salt.data(), static_cast<int>(salt.size())) == 1);
  must(EVP_PKEY_CTX_set1_hkdf_key(kdf.get(), secret.data(), static_cast<int>(secret.size())) == 1);
  must(EVP_PKEY_derive(kdf.get(), wrapping.data(), &length) == 1);
  return wrapping;
}

// AES-128-GCM there and back, in pieces that stay in the cache.
void sealed_and_opened(bytes const& content_key, std::string const& packed) {
  std::array<unsigned char, 12> const nonce{};
  std::array<unsigned char, 16> tag{};
  bytes out(packed.size() + 16);
  cipher_context const seal(EVP_CIPHER_CTX_new());
  int done = 0;
  must(EVP_EncryptInit_ex2(seal.get(), EVP_aes_128_gcm(), content_key.data(), nonce.data(), nullptr) == 1);
  must(EVP_EncryptUpdate(seal.get(), out.data(), &done, as_bytes(packed), static_cast<int>(packed.size())) == 1);
  must(EVP_EncryptFinal_ex(seal.get(), out.data() + done, &done) == 1);
  must(EVP_CIPHER_CTX_ctrl(seal.get(), EVP_CTRL_GCM_GET_TAG, 16, tag.data()) == 1);
  cipher_context const open(EVP_CIPHER_CTX_new());
  must(EVP_DecryptInit_ex2(open.get(), EVP_aes_128_gcm(), content_key.data(), nonce.data(), nullptr) == 1);
  must(EVP_DecryptUpdate(open.get(), out.data(), &done, out.data(), static_cast<int>(packed.size())) == 1);
  must(EVP_CIPHER_CTX_ctrl(open.get(), EVP_CTRL_GCM_SET_TAG, 16, tag.data()) == 1);
  must(EVP_DecryptFinal_ex(open.get(), out.data() + done, &done) == 1);
}

std::string packed_with_gzip(std::string const& payload) {
  z_stream stream{};
  must(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, payload.size()), '\0');
  stream.next_in = const_cast<Bytef*>(as_bytes(payload));
  stream.avail_in = static_cast<uInt>(payload.size());
  stream.next_out = const_cast<Bytef*>(as_bytes(out));
  stream.avail_out = static_cast<uInt>(out.size());
  must(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void unpack(std::string const& packed, std::size_t size) {
  z_stream stream{};
  must(inflateInit2(&stream, 31) == Z_OK);
  std::string out(size + 1, '\0');
  stream.next_in = const_cast<Bytef*>(as_bytes(packed));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = const_cast<Bytef*>(as_bytes(out));
  stream.avail_out = static_cast<uInt>(out.size());
  must(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  inflateEnd(&stream);
}

void digest(unsigned char const* what, std::size_t size) {
  std::array<unsigned char, 32> out{};
  SHA256(what, size, out.data());
}

}  // namespace

struct message_floor::keys {
  std::string suite;
  key sender_signs, receiver_signs, receiver_decrypts;
  EVP_MD const* digest;
};

message_floor::message_floor(std::string const& suite, std::string payload)
    : keys_(new keys{suite, made(suite, true), made(suite, true), made(suite, false),
                     suite == "eddsa" ? nullptr : EVP_sha256()}),
      payload_(std::move(payload)) {}

message_floor::~message_floor() { delete keys_; }

void message_floor::round_trip() {
  bytes const info(signed_info_bytes, 's');
  bytes const header(header_bytes, 'h');
  bytes content_key(16, 'k');
  auto const packed = packed_with_gzip(payload_);
  packed_ = packed.size();
  for (int side = 0; side < 2; ++side) {  // sender and receiver digest the same
    digest(as_bytes(packed), packed.size());
    digest(header.data(), header.size());
  }
  verify(keys_->sender_signs.get(), keys_->digest, info, signed_with(keys_->sender_signs.get(), keys_->digest, info));
  if (keys_->suite == "rsa") {
    auto const wrapped = transported(keys_->receiver_decrypts.get(), content_key, true);
    content_key = transported(keys_->receiver_decrypts.get(), wrapped, false);
  } else {
    auto const once = made(keys_->suite, false);
    auto const sending = agreed(once.get(), keys_->receiver_decrypts.get());
    must(sending == agreed(keys_->receiver_decrypts.get(), once.get()));
  }
  sealed_and_opened(content_key, packed);
  unpack(packed, payload_.size());
  verify(keys_->receiver_signs.get(), keys_->digest, info,
         signed_with(keys_->receiver_signs.get(), keys_->digest, info));
}

std::string sample_text(std::size_t size) {
  std::string text;
  text.reserve(size + 96);
  unsigned long long state = 88172645463325252ULL;
  while (text.size() < size) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    text += "<dct:title xml:lang=\"en\">Register " + std::to_string(state % 100'000'000) + " of the year " +
            std::to_string(1990 + state % 40) + "</dct:title>\n";
  }
  text.resize(size);
  return text;
}

}  // namespace ehds::bench
