#include "base/bytes.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <new>
#include <stdexcept>

namespace ehds {
namespace {

constexpr std::string_view plain_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::uint32_t at(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

std::string encode(std::string_view bytes, std::string_view alphabet, bool padded) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  auto const give = [&](std::uint32_t held, int symbols) {
    char four[4];
    for (int k = 0; k < 4; ++k) four[k] = alphabet[held >> (18 - 6 * k) & 63];
    text.append(four, static_cast<std::size_t>(symbols));
  };
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) give(at(bytes, i) << 16 | at(bytes, i + 1) << 8 | at(bytes, i + 2), 4);
  if (bytes.size() - i == 1) give(at(bytes, i) << 16, 2);
  if (bytes.size() - i == 2) give(at(bytes, i) << 16 | at(bytes, i + 1) << 8, 3);
  while (padded && text.size() % 4 != 0) text += '=';
  return text;
}

constexpr std::array<signed char, 256> reverse(std::string_view alphabet) {
  std::array<signed char, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<signed char>(i);
  return table;
}
constexpr auto plain_reverse = reverse(plain_alphabet);
constexpr auto url_reverse = reverse(url_alphabet);

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

problem not_base64() { return {"bytes.base64", "the text is not valid base64", {}, {}}; }

// Four symbols to three bytes, up to the first group with anything else in it. How many symbols that were.
std::size_t whole_groups(std::string_view text, std::array<signed char, 256> const& table, std::string& bytes) {
  std::size_t i = 0;
  for (; i + 4 <= text.size(); i += 4) {
    int group = 0;
    int any = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      int const value = table[at(text, i + k)];
      any |= value;
      group = group << 6 | (value & 63);
    }
    if (any < 0) break;
    char const three[3] = {static_cast<char>(group >> 16), static_cast<char>(group >> 8), static_cast<char>(group)};
    bytes.append(three, 3);
  }
  return i;
}

result<std::string> decode(std::string_view text, std::array<signed char, 256> const& table, bool blanks_allowed) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t held = 0;
  unsigned bits = 0;
  std::size_t pads = 0;
  std::size_t symbols = whole_groups(text, table, bytes);
  for (char const c : text.substr(symbols)) {
    if (blanks_allowed && is_blank(c)) continue;
    if (c == '=') {
      ++pads;
      continue;
    }
    auto const value = table[static_cast<unsigned char>(c)];
    if (value < 0 || pads > 0) return not_base64();
    ++symbols;
    held = held << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(held >> bits & 255);
    }
  }
  bool const shaped = symbols % 4 != 1 && (pads == 0 || (pads <= 2 && (symbols + pads) % 4 == 0));
  bool const clean_tail = (held & ((1u << bits) - 1)) == 0;
  if (!shaped || !clean_tail) return not_base64();
  return bytes;
}

}  // namespace

std::optional<unsigned> hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a' + 10);
  if (digit >= 'A' && digit <= 'F') return static_cast<unsigned>(digit - 'A' + 10);
  return std::nullopt;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view symbols = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (char const c : bytes) {
    text += symbols[static_cast<unsigned char>(c) >> 4];
    text += symbols[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

result<std::string> from_hex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    auto const high = hex_value(text[i]);
    auto const low = i + 1 < text.size() ? hex_value(text[i + 1]) : std::nullopt;
    if (!high || !low) return problem{"bytes.hex", "the text is not hexadecimal", {}, {}};
    bytes += static_cast<char>(*high * 16 + *low);
  }
  return bytes;
}

std::string to_base64(std::string_view bytes) { return encode(bytes, plain_alphabet, true); }
std::string to_base64url(std::string_view bytes) { return encode(bytes, url_alphabet, false); }
result<std::string> from_base64(std::string_view text) { return decode(text, plain_reverse, true); }
result<std::string> from_base64url(std::string_view text) { return decode(text, url_reverse, false); }

namespace {

// Fetched once: OpenSSL 3 searches its providers at every use of EVP_sha256(), which takes longer than a short digest.
EVP_MD const* sha256_method() {
  static EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (fetched == nullptr) throw std::runtime_error("SHA-256 is not available");
  return fetched;
}

}  // namespace

struct sha256_stream::state {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  state() = default;
  state(state const&) = delete;
  state& operator=(state const&) = delete;
  ~state() { EVP_MD_CTX_free(context); }
};

sha256_stream::sha256_stream() : state_(std::make_unique<state>()) {
  if (state_->context == nullptr) throw std::bad_alloc();
  if (EVP_DigestInit_ex(state_->context, sha256_method(), nullptr) != 1) throw std::bad_alloc();
}
sha256_stream::~sha256_stream() = default;
sha256_stream::sha256_stream(sha256_stream&&) noexcept = default;
sha256_stream& sha256_stream::operator=(sha256_stream&&) noexcept = default;

void sha256_stream::add(std::string_view bytes) {
  if (EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) != 1) throw std::bad_alloc();
}

std::string sha256_stream::finish() {
  std::string digest(32, '\0');
  unsigned length = 0;
  if (EVP_DigestFinal_ex(state_->context, reinterpret_cast<unsigned char*>(digest.data()), &length) != 1)
    throw std::bad_alloc();
  return digest;
}

std::string sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, sha256_method(),
                 nullptr) != 1)
    throw std::bad_alloc();
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string code(32, '\0');
  std::size_t size = 0;
  auto const* const made = EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key.data(), key.size(),
                                     reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(),
                                     reinterpret_cast<unsigned char*>(code.data()), code.size(), &size);
  if (made == nullptr || size != code.size()) throw std::bad_alloc();
  return code;
}

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256(bytes)); }

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (i + 8 <= text.size()) {  // eight ASCII characters at once
      std::uint64_t eight = 0;
      std::memcpy(&eight, text.data() + i, 8);
      if ((eight & 0x8080808080808080u) == 0) {
        i += 8;
        continue;
      }
    }
    auto const lead = static_cast<unsigned char>(text[i]);
    std::size_t const length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    auto const second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0u;
    bool const overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    bool const beyond = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
    if (overlong || beyond) return false;
    i += length;
  }
  return true;
}

}  // namespace ehds
