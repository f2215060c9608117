#include <algorithm>
#include <array>

#include "policies/json/value.hpp"

namespace ehds::policies::json {
namespace {

// RFC 8785 orders names by UTF-16 units. UTF-8 bytes sort alike, except that U+E000..U+FFFF (lead bytes EE, EF) come
// after everything beyond them (lead bytes F0..F4), which UTF-16 writes with surrogates.
int rank_of(char c) {
  int const byte = static_cast<unsigned char>(c);
  return byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte;
}

bool before(std::string_view a, std::string_view b) {
  return std::ranges::lexicographical_compare(a, b, [](char x, char y) { return rank_of(x) < rank_of(y); });
}

void write_text(std::string_view text, std::string& out) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  for (char const c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (auto const byte = static_cast<unsigned char>(c); byte < 0x20) {
          out += "\\u00";
          out += hex[byte >> 4U];
          out += hex[byte & 15U];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

struct writer {
  std::string& out;

  void operator()(std::nullptr_t) const { out += "null"; }
  void operator()(bool b) const { out += b ? "true" : "false"; }
  void operator()(std::int64_t n) const { out += std::to_string(n); }
  void operator()(std::string const& s) const { write_text(s, out); }
  void operator()(array const& list) const {
    out += '[';
    for (bool first = true; auto const& item : list) {
      if (!std::exchange(first, false)) out += ',';
      std::visit(*this, item.is);
    }
    out += ']';
  }
  void operator()(object const& members) const {
    std::vector<std::pair<std::string, value> const*> sorted;
    for (auto const& member : members) sorted.push_back(&member);
    std::ranges::sort(sorted, [](auto const* a, auto const* b) { return before(a->first, b->first); });
    out += '{';
    for (bool first = true; auto const* const member : sorted) {
      if (!std::exchange(first, false)) out += ',';
      write_text(member->first, out);
      out += ':';
      std::visit(*this, member->second.is);
    }
    out += '}';
  }
};

}  // namespace

std::string write(value const& v) {
  std::string out;
  std::visit(writer{out}, v.is);
  return out;
}

}  // namespace ehds::policies::json
