#pragma once
// OpenSSL's objects as owners, for the sources of this folder only.
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace ehds::edelivery::openssl {

struct deleter {
  void operator()(BIO* p) const { BIO_free_all(p); }
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
  void operator()(EVP_CIPHER_CTX* p) const { EVP_CIPHER_CTX_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(X509_CRL* p) const { X509_CRL_free(p); }
  void operator()(X509_NAME* p) const { X509_NAME_free(p); }
  void operator()(X509_STORE* p) const { X509_STORE_free(p); }
  void operator()(X509_STORE_CTX* p) const { X509_STORE_CTX_free(p); }
  void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
  void operator()(STACK_OF(X509) * p) const { sk_X509_free(p); }  // the list, not what it lists
  void operator()(PKCS8_PRIV_KEY_INFO* p) const { PKCS8_PRIV_KEY_INFO_free(p); }
  void operator()(unsigned char* p) const { OPENSSL_free(p); }
  void operator()(ASN1_TYPE* p) const { ASN1_TYPE_free(p); }
};

template <class Thing>
using owner = std::unique_ptr<Thing, deleter>;

// What several certificates and keys of ours hold together.
inline std::shared_ptr<X509> shared(X509* handle) { return {handle, deleter{}}; }
inline std::shared_ptr<EVP_PKEY> shared(EVP_PKEY* handle) { return {handle, deleter{}}; }

// Leaves no reason behind in OpenSSL's queue of this thread.
struct quiet {
  ~quiet() { ERR_clear_error(); }
};

inline unsigned char const* bytes(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }
inline unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// For what only a broken world makes fail: no memory, no random source.
template <class Thing>
owner<Thing> must(Thing* thing) {
  if (thing == nullptr) throw std::bad_alloc();
  return owner<Thing>(thing);
}
inline void must(bool done) {
  if (done) return;
  ERR_clear_error();
  throw std::runtime_error("OpenSSL failed where it cannot");
}

// The keys of a device are none of a provider.
inline bool has_provider(EVP_PKEY const* key) { return EVP_PKEY_get0_provider(key) != nullptr; }

// For a private operation of RSA that went wrong. OpenSSL keeps a pair of blinding numbers with a key and makes them
// anew at every 32nd use; where an allocation fails meanwhile they fit no longer, and what that key signs or opens
// until the next change is wrong, mostly without an error. A copy begins with numbers of its own.
inline owner<EVP_PKEY> copy_of(EVP_PKEY* key) { return must(EVP_PKEY_dup(key)); }

// The epoch when it cannot be read, which is before everything.
inline instant time_of(ASN1_TIME const* time) {
  std::tm broken{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &broken) != 1) return instant{};
  using namespace std::chrono;
  auto const day = year{broken.tm_year + 1900} / (broken.tm_mon + 1) / broken.tm_mday;
  return sys_days{day} + hours{broken.tm_hour} + minutes{broken.tm_min} + seconds{broken.tm_sec};
}

inline std::string content(BIO* memory) {
  char* data = nullptr;
  auto const size = BIO_get_mem_data(memory, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

inline owner<BIO> reader(std::string_view text) {
  return must(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}
inline owner<BIO> writer() { return must(BIO_new(BIO_s_mem())); }

}  // namespace ehds::edelivery::openssl
