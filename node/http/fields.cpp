#include "node/http/fields.hpp"

#include <optional>

namespace ehds::node::http {

namespace {

std::optional<unsigned> hex_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

result<std::string> decode_form_text(std::string_view text) {
  std::string blanks{text};
  std::ranges::replace(blanks, '+', ' ');
  return percent_decode(blanks);
}

}  // namespace

std::string_view fields::value(std::string_view name) const {
  auto const found = std::ranges::find(list_, name, &field::name);
  return found == list_.end() ? std::string_view{} : std::string_view{found->value};
}

std::vector<std::string> fields::values(std::string_view name) const {
  std::vector<std::string> found;
  for (auto const& f : list_)
    if (f.name == name) found.push_back(f.value);
  return found;
}

result<std::string> percent_decode(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    auto const high = i + 1 < text.size() ? hex_value(text[i + 1]) : std::nullopt;
    auto const low = i + 2 < text.size() ? hex_value(text[i + 2]) : std::nullopt;
    if (!high || !low) {
      return problem{"http.percent", "A '%' is not followed by two hexadecimal digits.", "",
                     "Write a literal '%' as %25."};
    }
    plain += static_cast<char>(*high * 16 + *low);
    i += 2;
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

result<fields> parse_urlencoded(std::string_view text, std::size_t max_fields) {
  fields found;
  while (!text.empty()) {
    auto const end = std::min(text.find('&'), text.size());
    auto const pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    if (found.size() == max_fields) {
      return problem{"http.too_many_fields", "There are more than " + std::to_string(max_fields) + " fields.", "", ""};
    }
    auto const equals = std::min(pair.find('='), pair.size());
    auto name = decode_form_text(pair.substr(0, equals));
    if (!name) return name.error();
    auto value = decode_form_text(equals < pair.size() ? pair.substr(equals + 1) : std::string_view{});
    if (!value) return value.error();
    found.add(*std::move(name), *std::move(value));
  }
  return found;
}

}  // namespace ehds::node::http
