#include "base/percent.hpp"

#include <optional>

#include "base/bytes.hpp"

namespace ehds {

namespace {

// What the escape at `at` stands for; nothing when none begins there.
std::optional<char> escaped_at(std::string_view text, std::size_t at) {
  if (text[at] != '%' || at + 2 >= text.size()) return std::nullopt;
  auto const high = hex_value(text[at + 1]);
  auto const low = hex_value(text[at + 2]);
  if (!high || !low) return std::nullopt;
  return static_cast<char>(*high * 16 + *low);
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

result<std::string> percent_decode(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    auto const character = escaped_at(text, i);
    if (!character) {
      return problem{"percent.malformed", "A '%' is not followed by two hexadecimal digits.", "",
                     "Write a literal '%' as %25."};
    }
    plain += *character;
    i += 2;
  }
  return plain;
}

std::string percent_decode_leniently(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const character = escaped_at(text, i);
    plain += character.value_or(text[i]);
    if (character) i += 2;
  }
  return plain;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (char const c : text) {
    if (is_unreserved(c)) {
      encoded += c;
      continue;
    }
    auto const byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4U];
    encoded += digits[byte & 15U];
  }
  return encoded;
}

}  // namespace ehds
