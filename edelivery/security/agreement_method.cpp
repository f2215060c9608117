#include "edelivery/security/agreement_method.hpp"

#include "base/bytes.hpp"
#include "edelivery/security/grammar.hpp"
#include "edelivery/xml/soap.hpp"

#include <fmt/format.h>

namespace ehds::edelivery {

namespace {

constexpr std::size_t longest_input = 1024;  // of salt and info; the profiles use 16 and 32

result<agreement_method_block> read_parameters(xml::node parameters, agreement_method_block block) {
  grammar inside(parameters);
  auto const prf = inside.take(ns::dsig_more, "PRF");
  auto const salt = inside.take(ns::dsig_more, "Salt");
  auto const info = inside.take(ns::dsig_more, "Info");
  auto const length = inside.take(ns::dsig_more, "KeyLength");
  if (!prf || !prf->children().empty() || !inside.at_end()) {
    return inside.unexpected("PRF, and perhaps Salt, Info, KeyLength in this order");
  }
  for (auto const& [element, into] : {std::pair(salt, &block.how.salt), std::pair(info, &block.how.info)}) {
    if (!element) continue;
    auto octets = possibly_no_bytes_in(*element);
    if (!octets) return std::move(octets).error();
    if (octets->size() > longest_input) return unforeseen(*element, "at most 1024 bytes");
    *into = *std::move(octets);
  }
  if (length) {
    auto text = text_in(*length);
    if (!text) return std::move(text).error();
    block.key_length = *std::move(text);
  }
  block.prf = algorithm_of(*prf);
  return block;
}

result<agreement_method_block> read_derivation(xml::node method, agreement_method_block block) {
  grammar inside(method);
  auto const parameters = inside.take(ns::dsig_more, "HKDFParams");
  block.derivation_method = algorithm_of(method);
  if (!parameters || !inside.at_end()) return inside.unexpected("HKDFParams of RFC 9231");
  return read_parameters(*parameters, std::move(block));
}

result<agreement_method_block> read_curve_key(xml::node value, agreement_method_block block) {
  grammar inside(value);
  auto const key = inside.take(ns::dsig11, "ECKeyValue");
  if (!key || !inside.at_end()) return inside.unexpected("one ECKeyValue");
  grammar parts(*key);
  auto const curve = parts.take(ns::dsig11, "NamedCurve");
  auto const point = parts.take(ns::dsig11, "PublicKey");
  if (!curve || !point || !parts.at_end()) return parts.unexpected("NamedCurve, PublicKey");
  auto octets = bytes_in(*point);
  if (!octets) return std::move(octets).error();
  block.curve_uri = curve->attribute("URI").value_or("");
  block.point = *std::move(octets);
  return block;
}

result<agreement_method_block> read_originator(xml::node info, agreement_method_block block) {
  grammar inside(info);
  auto const der = inside.take(ns::dsig11, "DEREncodedKeyValue");
  auto const value = der ? std::nullopt : inside.take(ns::ds, "KeyValue");
  if ((!der && !value) || !inside.at_end()) {
    return inside.unexpected("the originator's key, as DEREncodedKeyValue or KeyValue");
  }
  if (value) return read_curve_key(*value, std::move(block));
  auto octets = bytes_in(*der);
  if (!octets) return std::move(octets).error();
  block.der = *std::move(octets);
  return block;
}

// A wsse:SecurityTokenReference, or the ds:X509Data that could stand in one.
result<xml::node> read_recipient(xml::node info) {
  auto const inside = info.children();
  if (inside.size() == 1 && inside[0].is(ns::wsse, "SecurityTokenReference")) return inside[0];
  if (inside.size() == 1 && inside[0].is(ns::ds, "X509Data")) return info;
  return unforeseen(info, "one reference to the recipient's certificate");
}

}  // namespace

result<agreement_method_block> read_agreement_method(xml::node agreement_method) {
  grammar inside(agreement_method);
  auto const derived = inside.take(ns::xenc11, "KeyDerivationMethod");
  auto const originator = inside.take(ns::xenc, "OriginatorKeyInfo");
  auto const recipient = inside.take(ns::xenc, "RecipientKeyInfo");
  if (!derived || !originator || !recipient || !inside.at_end()) {
    return inside.unexpected("KeyDerivationMethod, OriginatorKeyInfo, RecipientKeyInfo");
  }
  auto named = read_recipient(*recipient);
  if (!named) return std::move(named).error();
  agreement_method_block block{algorithm_of(agreement_method), "", "", {}, "", "", "", "", *named};
  return read_derivation(*derived, std::move(block)).and_then([&](agreement_method_block read) {
    return read_originator(*originator, std::move(read));
  });
}

std::string write_agreement_method(key_encryption_method const& method, fresh_key const& originator,
                                   std::string_view salt, std::string_view recipient) {
  auto const key =
      originator.curve_uri.empty()
          ? fmt::format("<dsig11:DEREncodedKeyValue>{}</dsig11:DEREncodedKeyValue>", to_base64(originator.der))
          : fmt::format(R"(<ds:KeyValue><dsig11:ECKeyValue><dsig11:NamedCurve URI="{}"/>)"
                        "<dsig11:PublicKey>{}</dsig11:PublicKey></dsig11:ECKeyValue></ds:KeyValue>",
                        originator.curve_uri, to_base64(originator.point));
  return fmt::format(
      R"(<xenc:AgreementMethod Algorithm="{}"><xenc11:KeyDerivationMethod xmlns:xenc11="{}" Algorithm="{}">)"
      R"(<dsig-more:HKDFParams xmlns:dsig-more="{}"><dsig-more:PRF Algorithm="{}"/>)"
      "<dsig-more:Salt>{}</dsig-more:Salt><dsig-more:KeyLength>{}</dsig-more:KeyLength></dsig-more:HKDFParams>"
      R"(</xenc11:KeyDerivationMethod><xenc:OriginatorKeyInfo xmlns:dsig11="{}">{}</xenc:OriginatorKeyInfo>)"
      "<xenc:RecipientKeyInfo>{}</xenc:RecipientKeyInfo></xenc:AgreementMethod>",
      method.agreement, ns::xenc11, method.derivation, ns::dsig_more, method.prf, to_base64(salt), wrapping_key_size,
      ns::dsig11, key, recipient);
}

}  // namespace ehds::edelivery
