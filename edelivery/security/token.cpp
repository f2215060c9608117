#include "edelivery/security/token.hpp"

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "edelivery/security/openssl.hpp"
#include "edelivery/security/primitives.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ehds::edelivery {

namespace {

constexpr std::size_t longest_path = 10;
constexpr char const* no_certificate = "A BinarySecurityToken holds no readable certificate";

problem token_problem(std::string detail, xml::node at) { return policy_problem("token", std::move(detail), at); }

// DER: SEQUENCE OF Certificate, the signer last.
result<resolved_token> read_pki_path(std::string const& der, xml::node token) {
  auto const* at = openssl::bytes(std::string_view(der));
  auto const* const end = at + der.size();
  long length = 0;
  int tag = 0;
  int kind = 0;
  auto const form = ASN1_get_object(&at, &length, &tag, &kind, static_cast<long>(der.size()));
  bool const sequence = form == V_ASN1_CONSTRUCTED && tag == V_ASN1_SEQUENCE && kind == V_ASN1_UNIVERSAL;
  std::vector<certificate> path;
  while (sequence && at + length == end && at < end && path.size() <= longest_path) {
    auto const* const begin = at;
    openssl::owner<X509> read(d2i_X509(nullptr, &at, end - at));
    if (!read) break;
    length -= at - begin;
    path.emplace_back(std::shared_ptr<x509_st>(read.release(), [](X509* p) { X509_free(p); }));
  }
  ERR_clear_error();
  if (path.size() > longest_path) {
    return token_problem(
        "A BinarySecurityToken holds a path of more than " + std::to_string(longest_path) + " certificates", token);
  }
  if (path.empty() || at != end) return token_problem(no_certificate, token);
  auto signer = path.back();
  path.pop_back();
  return resolved_token{signer, std::move(path)};
}

struct known_certificates {
  std::vector<certificate> const& named;
  std::vector<certificate> const& read_before;
};

// A certificate that is known is not read again: that is dearer than all else about a token.
result<resolved_token> read_binary_token(xml::node token, known_certificates const& known) {
  auto const der = from_base64(token.text());
  auto const encoding = token.attribute("EncodingType");
  if (!der || (encoding && *encoding != uri::base64)) {
    return token_problem("A BinarySecurityToken is not base64", token);
  }
  auto const type = token.attribute("ValueType");
  if (type == uri::x509v3) {
    for (auto const* const list : {&known.named, &known.read_before}) {
      auto const same = std::ranges::find(*list, *der, &certificate::der);
      if (same != list->end()) return resolved_token{*same, {}};
    }
    auto cert = certificate::from_der(*der);
    if (cert) return resolved_token{*std::move(cert), {}};
  } else if (type == uri::pki_path) {
    return read_pki_path(*der, token);
  } else {
    return token_problem("A BinarySecurityToken is neither X509v3 nor X509PKIPathv1", token);
  }
  return token_problem(no_certificate, token);
}

result<resolved_token> by_reference(parsed_envelope const& envelope, xml::node reference,
                                    known_certificates const& known) {
  auto const target = reference.attribute("URI").value_or("");
  auto const token = target.starts_with('#') ? envelope.by_id(std::string_view(target).substr(1)) : std::nullopt;
  if (!token || !token->is(ns::wsse, "BinarySecurityToken") || token->parent() != envelope.security()) {
    return token_problem("A token reference does not lead to a BinarySecurityToken of the security header", reference);
  }
  return read_binary_token(*token, known);
}

template <class Matches>
result<resolved_token> among(std::vector<certificate> const& known, xml::node at, Matches matches) {
  auto const found = std::find_if(known.begin(), known.end(), matches);
  if (found != known.end()) return resolved_token{*found, {}};
  std::string of = known.empty() ? "none is configured" : "known are";
  for (auto const& each : known) of += (&each == &known.front() ? " " : ", ") + each.described();
  return token_problem(
      "A key reference (" + described(*at.parent()) + ") names no certificate that is known here: " + of, at);
}

result<resolved_token> by_key_identifier(xml::node identifier, std::vector<certificate> const& known) {
  auto const wanted = from_base64(identifier.text());
  if (!wanted || wanted->empty()) return token_problem("A KeyIdentifier is not base64", identifier);
  auto const type = identifier.attribute("ValueType");
  if (type == uri::thumbprint) {
    return among(known, identifier, [&](certificate const& each) { return sha1(each.der()) == *wanted; });
  }
  if (type == uri::key_identifier) {
    return among(known, identifier, [&](certificate const& each) { return key_identifier(each) == *wanted; });
  }
  return token_problem("A KeyIdentifier is of a type that is not accepted", identifier);
}

result<resolved_token> by_x509_data(xml::node data, std::vector<certificate> const& known) {
  auto const inside = data.children();
  if (inside.size() == 1 && inside[0].is(ns::ds, "X509SKI")) {
    auto const wanted = from_base64(inside[0].text());
    if (!wanted || wanted->empty()) return token_problem("X509SKI is not base64", data);
    return among(known, data, [&](certificate const& each) { return key_identifier(each) == *wanted; });
  }
  if (inside.size() != 1 || !inside[0].is(ns::ds, "X509IssuerSerial")) {
    return token_problem("X509Data names its certificate neither by issuer and serial nor by key identifier", data);
  }
  auto const issuer = inside[0].child(ns::ds, "X509IssuerName");
  auto const serial = inside[0].child(ns::ds, "X509SerialNumber");
  if (!issuer || !serial) return token_problem("X509IssuerSerial is incomplete", data);
  auto number = serial->text();
  std::erase_if(number, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  auto const name = issuer->text();
  return among(known, data, [&](certificate const& each) { return each.serial() == number && each.has_issuer(name); });
}

}  // namespace

result<resolved_token> resolve_token(parsed_envelope const& envelope, xml::node reference,
                                     std::vector<certificate> const& known,
                                     std::vector<certificate> const& read_before) {
  auto const inside = reference.children();
  if (inside.size() == 1) {
    if (inside[0].is(ns::wsse, "Reference")) return by_reference(envelope, inside[0], {known, read_before});
    if (inside[0].is(ns::wsse, "KeyIdentifier")) return by_key_identifier(inside[0], known);
    if (inside[0].is(ns::ds, "X509Data")) return by_x509_data(inside[0], known);
  }
  return token_problem("A key reference is of a kind that is not accepted", reference);
}

std::string described(xml::node reference) {
  auto const inside = reference.children();
  if (inside.size() != 1) return "an unreadable reference";
  auto const type = inside[0].attribute("ValueType").value_or("");
  auto const name = inside[0].is(ns::wsse, "KeyIdentifier") ? type.substr(type.find('#') + 1)
                                                            : std::string(inside[0].name().substr(0, 32));
  auto text = inside[0].attribute("URI").value_or("") + inside[0].text();
  for (auto const child : inside[0].children()) {
    text += child.text();
    for (auto const part : child.children()) text += " " + part.text();
  }
  return (name + " " + text).substr(0, 256);
}

namespace {

// DER: SEQUENCE OF Certificate, from the authority down to the certificate itself.
std::string pki_path_of(certificate const& cert, std::vector<certificate> const& chain) {
  std::string inside;
  for (auto each = chain.rbegin(); each != chain.rend(); ++each) inside += each->der();
  inside += cert.der();
  auto const length = static_cast<int>(inside.size());
  std::string path(static_cast<std::size_t>(ASN1_object_size(1, length, V_ASN1_SEQUENCE)), '\0');
  auto* at = openssl::bytes(path);
  ASN1_put_object(&at, 1, length, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL);
  inside.copy(path.data() + (path.size() - inside.size()), inside.size());
  return path;
}

token_text in_key_identifier(std::string_view type, std::string_view bytes) {
  return {"", fmt::format("<wsse:SecurityTokenReference>"
                          R"(<wsse:KeyIdentifier EncodingType="{}" ValueType="{}">{}</wsse:KeyIdentifier>)"
                          "</wsse:SecurityTokenReference>",
                          uri::base64, type, to_base64(bytes))};
}

token_text in_issuer_serial(certificate const& cert) {
  return {"", fmt::format("<wsse:SecurityTokenReference><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>{}"
                          "</ds:X509IssuerName><ds:X509SerialNumber>{}</ds:X509SerialNumber></ds:X509IssuerSerial>"
                          "</ds:X509Data></wsse:SecurityTokenReference>",
                          xml::escaped(cert.issuer()), cert.serial())};
}

// `marked`: the reference says the type too, as WSS 1.1 asks for types that are not single certificates.
token_text in_binary_token(std::string_view type, std::string_view bytes, bool marked) {
  auto const id = "X509-" + random_uuid();
  auto const mark = marked ? fmt::format(R"( xmlns:wsse11="{}" wsse11:TokenType="{}")", ns::wsse11, type) : "";
  return {fmt::format(
              R"(<wsse:BinarySecurityToken EncodingType="{}" ValueType="{}" wsu:Id="{}">{}</wsse:BinarySecurityToken>)",
              uri::base64, type, id, to_base64(bytes)),
          fmt::format(R"(<wsse:SecurityTokenReference{}><wsse:Reference URI="#{}" ValueType="{}"/>)"
                      "</wsse:SecurityTokenReference>",
                      mark, id, type)};
}

}  // namespace

token_text write_token(certificate const& cert, std::vector<certificate> const& chain, token_reference kind) {
  switch (kind) {
    case token_reference::subject_key_identifier:
      return in_key_identifier(uri::key_identifier, key_identifier(cert));
    case token_reference::thumbprint:
      return in_key_identifier(uri::thumbprint, sha1(cert.der()));
    case token_reference::issuer_serial:
      return in_issuer_serial(cert);
    case token_reference::pki_path:
      return in_binary_token(uri::pki_path, pki_path_of(cert, chain), true);
    case token_reference::binary_security_token:
      break;
  }
  return in_binary_token(uri::x509v3, cert.der(), false);
}

}  // namespace ehds::edelivery
