#include "dcat/catalogue/words.hpp"

#include <array>
#include <cstdint>

namespace ehds::dcat {
namespace {

// U+00C0..U+017F without accents and in lower case; a space is no letter, '?' stands for two letters (below).
constexpr std::string_view latin =
    "aaaaaa?ceeeeiiii"   // 00C0 À
    "dnooooo ouuuuy??"   // 00D0 Ð
    "aaaaaa?ceeeeiiii"   // 00E0 à
    "dnooooo ouuuuy?y"   // 00F0 ð
    "aaaaaaccccccccdd"   // 0100
    "ddeeeeeeeeeegggg"   // 0110
    "gggghhhhiiiiiiii"   // 0120
    "ii??jjkkklllllll"   // 0130
    "lllnnnnnnnnnoooo"   // 0140
    "oo??rrrrrrssssss"   // 0150
    "ssttttttuuuuuuuu"   // 0160
    "uuuuwwyyyzzzzzzs";  // 0170
static_assert(latin.size() == 0x180 - 0xC0);

// Letters beyond the table, or that become two.
std::string_view special_letters(std::uint32_t c) {
  switch (c) {
    case 0x218:  // Romanian letters with a comma below
    case 0x219:
      return "s";
    case 0x21A:
    case 0x21B:
      return "t";
    case 0xC6:
    case 0xE6:
      return "ae";
    case 0xDE:
    case 0xFE:
      return "th";
    case 0xDF:
    case 0x1E9E:
      return "ss";
    case 0x132:
    case 0x133:
      return "ij";
    case 0x152:
    case 0x153:
      return "oe";
    default:
      return {};
  }
}

constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 21> greek_accents{{
    {0x386, 0x3B1}, {0x388, 0x3B5}, {0x389, 0x3B7}, {0x38A, 0x3B9}, {0x38C, 0x3BF}, {0x38E, 0x3C5}, {0x38F, 0x3C9},
    {0x390, 0x3B9}, {0x3AC, 0x3B1}, {0x3AD, 0x3B5}, {0x3AE, 0x3B7}, {0x3AF, 0x3B9}, {0x3B0, 0x3C5}, {0x3C2, 0x3C3},
    {0x3CC, 0x3BF}, {0x3CD, 0x3C5}, {0x3CE, 0x3C9}, {0x3CA, 0x3B9}, {0x3CB, 0x3C5}, {0x3AA, 0x3B9}, {0x3AB, 0x3C5},
}};

std::uint32_t folded_greek_or_cyrillic(std::uint32_t c) {
  for (auto const& [accented, plain] : greek_accents)
    if (c == accented) return plain;
  if (c >= 0x391 && c <= 0x3A9) return c + 0x20;
  if (c >= 0x410 && c <= 0x42F) return c + 0x20;
  if (c >= 0x400 && c <= 0x40F) return c + 0x50;
  return c;
}

void append_utf8(std::string& out, std::uint32_t c) {
  auto const put = [&out](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | (c >> 6U));
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | (c >> 12U));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | (c >> 18U));
    put(0x80U | ((c >> 12U) & 0x3FU));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
}

// Takes one character off the front; a broken byte becomes U+FFFD.
std::uint32_t take(std::string_view& text) {
  auto const byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::size_t size = 1;
  std::uint32_t c = byte(0);
  if (c >= 0xF0) {
    size = 4;
    c &= 0x07U;
  } else if (c >= 0xE0) {
    size = 3;
    c &= 0x0FU;
  } else if (c >= 0xC0) {
    size = 2;
    c &= 0x1FU;
  } else if (c >= 0x80) {
    c = 0xFFFD;
  }
  if (size > text.size()) {
    text = {};
    return 0xFFFD;
  }
  for (std::size_t i = 1; i < size; ++i) c = (c << 6U) | (byte(i) & 0x3FU);
  text.remove_prefix(size);
  return c;
}

bool is_combining(std::uint32_t c) { return c >= 0x300 && c <= 0x36F; }

// Punctuation and spaces beyond ASCII; everything else counts as a letter.
bool separates(std::uint32_t c) {
  if (c < 0x80) return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
  return (c >= 0x80 && c <= 0xBF && c != 0xAA && c != 0xB5 && c != 0xBA) || c == 0xD7 || c == 0xF7 ||
         (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F) || c == 0xFFFD;
}

void append_folded(std::string& out, std::uint32_t c) {
  if (c >= 'A' && c <= 'Z') {
    out += static_cast<char>(c - 'A' + 'a');
  } else if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (auto const special = special_letters(c); !special.empty()) {
    out += special;
  } else if (c >= 0xC0 && c < 0x180 && latin[c - 0xC0] != ' ') {
    out += latin[c - 0xC0];
  } else if (!is_combining(c)) {
    append_utf8(out, folded_greek_or_cyrillic(c));
  }
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  while (!text.empty()) append_folded(out, take(text));
  return out;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  auto const finish = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  while (!text.empty()) {
    auto const c = take(text);
    if (separates(c)) {
      finish();
    } else if (word.size() < longest_word) {
      append_folded(word, c);
    }
  }
  finish();
  return words;
}

}  // namespace ehds::dcat
