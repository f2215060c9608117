#include "edelivery/security/distinguished_name.hpp"

#include "base/bytes.hpp"
#include "edelivery/security/openssl.hpp"

#include <optional>
#include <vector>

namespace ehds::edelivery {

namespace {

struct name_part {
  std::string type;
  std::string value;
  bool joined = false;  // by "+" to the one before it
};

constexpr std::size_t longest_name = 4096;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

void trim_front(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

// One value up to an unescaped "," or "+", which is left in place. Quoted values are the older RFC 1779 form.
std::optional<std::string> read_value(std::string_view& text) {
  trim_front(text);
  std::string value;
  std::size_t kept = 0;  // blanks after this point are padding unless escaped
  bool const quoted = text.starts_with('"');
  if (quoted) text.remove_prefix(1);
  while (!text.empty() && (quoted || (text.front() != ',' && text.front() != '+' && text.front() != ';'))) {
    char const c = text.front();
    text.remove_prefix(1);
    if (quoted && c == '"') {
      trim_front(text);
      return value;
    }
    if (c == '\\') {
      if (text.empty()) return std::nullopt;
      if (text.size() >= 2 && is_hex(text[0]) && is_hex(text[1])) {
        value += *from_hex(text.substr(0, 2));
        text.remove_prefix(2);
      } else {
        value += text.front();
        text.remove_prefix(1);
      }
      kept = value.size();
      continue;
    }
    value += c;
    if (c != ' ') kept = value.size();
  }
  if (quoted) return std::nullopt;
  value.resize(kept);
  return value;
}

std::optional<std::vector<name_part>> read_parts(std::string_view text) {
  std::vector<name_part> parts;
  if (text.size() > longest_name) return std::nullopt;
  bool joined = false;
  while (true) {
    trim_front(text);
    auto const equals = text.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string type(text.substr(0, equals));
    while (!type.empty() && type.back() == ' ') type.pop_back();
    if (type.starts_with("OID.") || type.starts_with("oid.")) type.erase(0, 4);
    text.remove_prefix(equals + 1);
    auto value = read_value(text);
    if (!value) return std::nullopt;
    parts.push_back({std::move(type), *std::move(value), joined});
    if (text.empty()) return parts;
    if (text.front() != ',' && text.front() != '+' && text.front() != ';') return std::nullopt;
    joined = text.front() == '+';
    text.remove_prefix(1);
  }
}

std::string openssl_type(std::string const& type) {
  std::string upper;
  for (char const c : type) upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (upper == "E" || upper == "EMAIL" || upper == "EMAILADDRESS") return "emailAddress";
  if (upper == "S") return "ST";
  if (upper == "T") return "title";
  if (upper == "SERIALNUMBER") return "serialNumber";
  if (upper == "CN" || upper == "O" || upper == "OU" || upper == "C" || upper == "L" || upper == "ST" ||
      upper == "DC" || upper == "SN" || upper == "UID" || upper == "STREET") {
    return upper == "STREET" ? "street" : upper;
  }
  return type;
}

// "#1603616263": the DER form of the value in hexadecimal.
std::optional<std::string> decoded(std::string const& value) {
  auto const der = from_hex(std::string_view(value).substr(1));
  if (!der) return std::nullopt;
  auto const* at = openssl::bytes(std::string_view(*der));
  openssl::owner<ASN1_TYPE> const any(d2i_ASN1_TYPE(nullptr, &at, static_cast<long>(der->size())));
  if (!any || ASN1_TYPE_get(any.get()) == V_ASN1_BOOLEAN || ASN1_TYPE_get(any.get()) == V_ASN1_NULL ||
      ASN1_TYPE_get(any.get()) == V_ASN1_OBJECT) {
    return std::nullopt;
  }
  unsigned char* utf8 = nullptr;
  int const size = ASN1_STRING_to_UTF8(&utf8, any->value.asn1_string);
  if (size < 0) return std::nullopt;
  openssl::owner<unsigned char> const owned(utf8);
  return std::string(reinterpret_cast<char const*>(utf8), static_cast<std::size_t>(size));
}

// Texts run from the leaf to the root, names from the root to the leaf.
openssl::owner<X509_NAME> name_made_of(std::vector<name_part> const& parts) {
  auto name = openssl::must(X509_NAME_new());
  for (auto each = parts.rbegin(); each != parts.rend(); ++each) {
    auto const value = each->value.starts_with('#') ? decoded(each->value) : std::optional(each->value);
    if (!value) return nullptr;
    auto const type = openssl_type(each->type);
    bool const with_previous = each != parts.rbegin() && std::prev(each)->joined;
    if (X509_NAME_add_entry_by_txt(name.get(), type.c_str(), MBSTRING_UTF8, openssl::bytes(std::string_view(*value)),
                                   static_cast<int>(value->size()), -1, with_previous ? -1 : 0) != 1) {
      return nullptr;
    }
  }
  return name;
}

}  // namespace

std::string name_text(X509_name_st const* name) {
  auto const out = openssl::writer();
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  return openssl::content(out.get());
}

X509_name_st* read_name(std::string_view rfc4514) {
  openssl::quiet const quiet;
  auto const parts = read_parts(rfc4514);
  return parts ? name_made_of(*parts).release() : nullptr;
}

bool same_name(std::string_view rfc4514, X509_name_st const* name) {
  auto const parts = read_parts(rfc4514);
  auto const read = parts ? name_made_of(*parts) : nullptr;
  ERR_clear_error();
  if (!read) return false;
  return X509_NAME_cmp(read.get(), name) == 0;
}

}  // namespace ehds::edelivery
