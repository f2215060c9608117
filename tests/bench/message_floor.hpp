#pragma once
// The least that one AS4 round trip can cost: its cryptography and packing done once each, straight in OpenSSL and
// zlib, without XML, MIME, HTTP or a store.
#include <cstddef>
#include <string>

namespace ehds::bench {

// "rsa" (1.15, RSA-3072), "eddsa" (Ed25519, X25519) or "ecdsa" (P-256).
// Gzip, digest, sign, wrap, encrypt; unwrap, decrypt, digest, verify, gunzip; sign and verify the receipt.
class message_floor {
 public:
  message_floor(std::string const& suite, std::string payload);
  ~message_floor();
  message_floor(message_floor const&) = delete;
  message_floor& operator=(message_floor const&) = delete;

  void round_trip();
  std::size_t packed_bytes() const { return packed_; }

 private:
  struct keys;
  keys* keys_;
  std::string payload_;
  std::size_t packed_ = 0;
};

// Text of a kind that messages carry: about a quarter of its size when packed.
std::string sample_text(std::size_t size);

}  // namespace ehds::bench
