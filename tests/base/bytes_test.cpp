#include "base/bytes.hpp"

#include <catch2/catch.hpp>

#include <openssl/evp.h>
#include <map>

#include "base/ids.hpp"
#include "base/numbers.hpp"

using namespace ehds;

TEST_CASE("base64 agrees with the vectors of RFC 4648") {
  std::map<std::string, std::string> const vectors{{"", ""},
                                                   {"f", "Zg=="},
                                                   {"fo", "Zm8="},
                                                   {"foo", "Zm9v"},
                                                   {"foob", "Zm9vYg=="},
                                                   {"fooba", "Zm9vYmE="},
                                                   {"foobar", "Zm9vYmFy"}};
  for (auto const& [plain, text] : vectors) {
    CHECK(to_base64(plain) == text);
    CHECK(from_base64(text).value() == plain);
  }
}

TEST_CASE("base64 of every length is what OpenSSL writes, and comes back") {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    std::string theirs(static_cast<std::size_t>(4 * (i + 2) / 3 + 4), '\0');
    auto const written = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(theirs.data()),
                                         reinterpret_cast<unsigned char const*>(bytes.data()), i);
    theirs.resize(static_cast<std::size_t>(written));
    REQUIRE(to_base64(bytes) == theirs);
    REQUIRE(from_base64(theirs).value() == bytes);
    REQUIRE(from_base64url(to_base64url(bytes)).value() == bytes);
    bytes += static_cast<char>(i * 37 + 11);
  }
}

TEST_CASE("what is not base64 is refused wherever it stands, and blanks may stand anywhere") {
  std::string const good = "Zm9vYmFyZm9v";
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] = '!';
    CHECK_FALSE(from_base64(bad));
    CHECK_FALSE(from_base64url(bad));
    bad[i] = '\xC3';
    CHECK_FALSE(from_base64(bad));
    auto broken = good;
    broken.insert(i, "\r\n");
    CHECK(from_base64(broken).value() == "foobarfoo");
    broken = good;
    broken.insert(i, "=");
    CHECK_FALSE(from_base64(broken));
  }
}

TEST_CASE("base64 skips the line breaks of XML and refuses what is not base64") {
  CHECK(from_base64("Zm9v\r\n Ym Fy").value() == "foobar");
  for (auto const* bad : {"Z", "Zg=", "Z===", "Zm9v!", "Zg==Zg==", "Zh==", "Zm9v=", "=", "Zm9-"}) {
    INFO(bad);
    CHECK_FALSE(from_base64(bad));
  }
}

TEST_CASE("base64url has no padding and its own alphabet") {
  CHECK(to_base64url("\xfb\xff\xfe") == "-__-");
  CHECK(from_base64url("-__-").value() == "\xfb\xff\xfe");
  CHECK_FALSE(from_base64url("+//+"));
  CHECK_FALSE(from_base64url("Zm9v Zg"));
}

TEST_CASE("hexadecimal reads back what it wrote and refuses odd lengths") {
  CHECK(to_hex(std::string("\x00\xff\x10", 3)) == "00ff10");
  CHECK(from_hex("00FF10").value() == std::string("\x00\xff\x10", 3));
  CHECK_FALSE(from_hex("0"));
  CHECK_FALSE(from_hex("0g"));
}

TEST_CASE("a hexadecimal digit has a value in either case, and nothing else has one") {
  std::string_view const lower = "0123456789abcdef";
  std::string_view const upper = "0123456789ABCDEF";
  for (unsigned value = 0; value < 16; ++value) {
    CHECK(hex_value(lower[value]) == value);
    CHECK(hex_value(upper[value]) == value);
  }
  for (int c = 0; c < 256; ++c) {
    auto const byte = static_cast<char>(c);
    bool const is_digit = lower.find(byte) != std::string_view::npos || upper.find(byte) != std::string_view::npos;
    CHECK(hex_value(byte).has_value() == is_digit);
  }
}

TEST_CASE("SHA-256 of a stream is the SHA-256 of its whole") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 4231, test case 2.
  CHECK(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  sha256_stream stream;
  stream.add("a");
  stream.add("bc");
  CHECK(stream.finish() == sha256("abc"));
}

TEST_CASE("constant-time equality is equality") {
  CHECK(equal_in_constant_time("same", "same"));
  CHECK_FALSE(equal_in_constant_time("same", "sane"));
  CHECK_FALSE(equal_in_constant_time("same", "longer"));
}

TEST_CASE("UTF-8 is checked to the letter of RFC 3629") {
  for (auto const* good : {"", "plain", "h\xc3\xa9llo", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) CHECK(is_utf8(good));
  for (auto const* bad :
       {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xf4\x90\x80\x80"}) {
    INFO(to_hex(bad));
    CHECK_FALSE(is_utf8(bad));
  }
}

TEST_CASE("a random UUID has the shape of version 4 and does not repeat") {
  auto const first = random_uuid();
  CHECK(first.size() == 36);
  CHECK(first[14] == '4');
  CHECK(std::string("89ab").find(first[19]) != std::string::npos);
  CHECK(first != random_uuid());
}

TEST_CASE("a number is the whole text or nothing") {
  CHECK(parse_number<int>("-12") == -12);
  CHECK(parse_number<unsigned>("12") == 12u);
  for (auto const* bad : {"", " 1", "1 ", "1x", "99999999999999999999", "+1"}) CHECK_FALSE(parse_number<int>(bad));
  CHECK_FALSE(parse_number<unsigned>("-1"));
}
