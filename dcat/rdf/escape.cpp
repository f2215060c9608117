#include "dcat/rdf/escape.hpp"

#include <array>
#include <cstdint>

namespace ehds::dcat {
namespace {

void append_code(std::string& out, unsigned char byte) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  out += "\\u00";
  out += digits[byte >> 4U];
  out += digits[byte & 0xFU];
}

}  // namespace

std::string escape_iri(std::string_view iri) {
  std::string out;
  out.reserve(iri.size());
  for (char const c : iri) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || std::string_view("<>\"{}|^`\\").find(c) != std::string_view::npos) {
      append_code(out, byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string escape_literal(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
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
        if (byte < 0x20 || byte == 0x7F) {
          append_code(out, byte);
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string escape_xml(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (char const c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\r':
        out += "&#13;";
        break;
      case '\n':
        out += "&#10;";
        break;
      case '\t':
        out += "&#9;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

bool is_writable_in_xml(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return false;
    // U+FFFE and U+FFFF
    if (byte == 0xEF && text.substr(i, 2) == "\xEF\xBF" && i + 2 < text.size()) {
      auto const last = static_cast<unsigned char>(text[i + 2]);
      if (last == 0xBE || last == 0xBF) return false;
    }
  }
  return true;
}

}  // namespace ehds::dcat
