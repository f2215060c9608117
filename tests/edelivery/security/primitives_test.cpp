#include "edelivery/security/primitives.hpp"

#include "base/bytes.hpp"
#include "edelivery/keys.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

TEST_CASE("AES-128-GCM opens the published test vectors and nothing that differs in one bit") {
  // McGrew and Viega, The Galois/Counter Mode of Operation, test cases 2 and 3: key, IV, ciphertext, tag, plain.
  struct vector {
    char const* key;
    char const* sealed;
    char const* plain;
  };
  static constexpr vector published[] = {
      {"00000000000000000000000000000000",
       "000000000000000000000000"
       "0388dace60b6a392f328c2b971b2fe78"
       "ab6e47d42cec13bdf53a67b21257bddf",
       "00000000000000000000000000000000"},
      {"feffe9928665731c6d6a8f9467308308",
       "cafebabefacedbaddecaf888"
       "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
       "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985"
       "4d5c2af327cd64a62cf35abd2ba6fab4",
       "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
       "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"},
  };
  for (auto const& each : published) {
    auto const key = from_hex(each.key).value();
    auto const sealed = from_hex(each.sealed).value();
    CHECK(aes128_gcm_open(key, sealed) == from_hex(each.plain).value());
    for (std::size_t at = 0; at < sealed.size(); ++at) {
      auto damaged = sealed;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x80);
      CHECK_FALSE(aes128_gcm_open(key, damaged));
    }
  }
}

TEST_CASE("what is sealed opens again, from nothing to a mebibyte, never twice with one IV") {
  std::string const key(16, 'k');
  for (auto const size : {0, 1, 15, 16, 17, 4'096, 1'048'576}) {
    std::string const plain(static_cast<std::size_t>(size), 'p');
    auto const sealed = aes128_gcm_seal(key, plain);
    CHECK(sealed.size() == plain.size() + 28);
    CHECK(aes128_gcm_open(key, sealed) == plain);
    CHECK(aes128_gcm_seal(key, plain).substr(0, 12) != sealed.substr(0, 12));
    CHECK_FALSE(aes128_gcm_open(std::string(16, 'K'), sealed));
  }
}

TEST_CASE("a key or a text of the wrong size opens nothing") {
  auto const sealed = aes128_gcm_seal(std::string(16, 'k'), "plain");
  CHECK_FALSE(aes128_gcm_open(std::string(15, 'k'), sealed));
  CHECK_FALSE(aes128_gcm_open(std::string(32, 'k'), sealed));
  CHECK_FALSE(aes128_gcm_open("", sealed));
  for (std::size_t size = 0; size < 28; ++size) {
    CHECK_FALSE(aes128_gcm_open(std::string(16, 'k'), std::string(size, 'x')));
  }
  CHECK_THROWS(aes128_gcm_seal(std::string(24, 'k'), "plain"));
}

TEST_CASE("a wrapped key is unwrapped by its owner only") {
  std::string const key(16, 'k');
  auto const wrapped = rsa_oaep_wrap(receiver().cert, key);
  REQUIRE(wrapped);
  CHECK(wrapped->size() == 256);
  CHECK(rsa_oaep_unwrap(receiver().key, *wrapped) == key);
  CHECK_FALSE(rsa_oaep_unwrap(stranger().key, *wrapped));
  CHECK_FALSE(rsa_oaep_unwrap(receiver().key, wrapped->substr(1)));
  CHECK_FALSE(rsa_oaep_unwrap(receiver().key, ""));
  CHECK_FALSE(rsa_oaep_wrap(receiver().cert, std::string(300, 'k')));
}

TEST_CASE("thumbprints and key identifiers are the usual ones") {
  CHECK(to_hex(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(key_identifier(sender().cert) == sender().cert.subject_key_identifier());
  CHECK(is_rsa(sender().cert));
}
