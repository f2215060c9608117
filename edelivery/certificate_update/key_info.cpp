// cu:CertificateUpdateRequest and the ds:KeyInfo in it, as the specification narrows it down: one X509Data with the new
// certificate and perhaps its chain; nothing that would have to be fetched, and no other kinds of keys.
#include <algorithm>
#include <set>

#include "base/bytes.hpp"
#include "edelivery/certificate_update/update_elements.hpp"
#include "edelivery/mime/text.hpp"

namespace ehds::edelivery {

namespace {

result<certificate> read_certificate(xml::node element) {
  constexpr std::size_t longest = 24 * 1024;  // in base64
  auto const text = update_text(element, longest);
  if (!text) return text.error();
  auto const der = from_base64(*text);
  auto read = der ? certificate::from_der(*der) : result<certificate>(der.error());
  if (!read) return bad_update("certificate", "The certificate cannot be read.", element);
  return read;
}

result<certificate_digest> read_digest(xml::node element) {
  auto const algorithm = element.attribute("Algorithm").value_or("");
  if (algorithm.empty()) return bad_update("attribute", "It needs an Algorithm.", element);
  auto const text = update_text(element, longest_update_value, {"Algorithm"});
  if (!text) return text.error();
  auto octets = from_base64(*text);
  if (!octets || octets->empty()) return bad_update("value", "The digest is not base64.", element);
  return certificate_digest{algorithm, *std::move(octets)};
}

// Which of them issued none of the others; a chain may come in any order (XML Signature 4.5.4).
result<std::vector<certificate>> leaf_first(std::vector<certificate> all, xml::node at) {
  std::vector<std::size_t> leaves;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto const subject = all[i].subject();
    bool issued = false;
    for (std::size_t n = 0; n < all.size(); ++n) {
      if (n == i) continue;
      if (all[n] == all[i]) return bad_update("certificate", "A certificate stands there twice.", at);
      issued = issued || all[n].has_issuer(subject);
    }
    if (!issued) leaves.push_back(i);
  }
  if (leaves.size() != 1)
    return bad_update("certificate", "The certificates are not one certificate and its chain.", at);
  std::rotate(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(leaves.front()),
              all.begin() + static_cast<std::ptrdiff_t>(leaves.front()) + 1);
  return all;
}

// Digests beside the certificates say the same again: one that says something else is a mistake.
result<void> check_digests(std::vector<certificate_digest> const& digests, std::vector<certificate> const& all,
                           xml::node at) {
  std::set<std::string> algorithms;
  for (auto const& each : digests) {
    if (!algorithms.insert(each.algorithm).second)
      return bad_update("certificate", "Two digests have the same algorithm.", at);
    if (std::ranges::none_of(all, [&](certificate const& cert) { return each.is_of(cert); }))
      return bad_update("certificate", "A digest is of none of the certificates beside it.", at);
  }
  return {};
}

result<std::vector<certificate>> read_x509_data(xml::node element) {
  if (auto const good = update_children::of(element); !good) return good.error();
  std::vector<certificate> all;
  std::vector<certificate_digest> digests;
  std::size_t names = 0;
  for (auto const& each : element.children()) {
    if (each.is(ns::xml_signature, "X509Certificate")) {
      if (all.size() == most_update_certificates) return bad_update("count", "It has too many certificates.", element);
      auto read = read_certificate(each);
      if (!read) return std::move(read).error();
      all.push_back(*std::move(read));
    } else if (each.is(ns::xml_signature_11, "X509Digest")) {
      if (digests.size() == most_update_certificates) return bad_update("count", "It has too many digests.", element);
      auto read = read_digest(each);
      if (!read) return std::move(read).error();
      digests.push_back(*std::move(read));
    } else if (!each.is(ns::xml_signature, "X509SubjectName") || ++names > 1) {
      return bad_update("unexpected", "Its like is not allowed in the X509Data of a certificate update.", each);
    }
  }
  if (all.empty()) return bad_update("missing", "X509Certificate is missing.", element);
  if (auto const good = check_digests(digests, all, element); !good) return good.error();
  return leaf_first(std::move(all), element);
}

// KeyName and KeyValue say nothing that the certificate does not.
result<std::vector<certificate>> read_key_info(xml::node element) {
  if (auto const good = update_children::of(element, {"Id"}); !good) return good.error();
  std::optional<xml::node> x509_data;
  std::size_t key_names = 0;
  std::size_t key_values = 0;
  for (auto const& each : element.children()) {
    if (each.is(ns::xml_signature, "X509Data") && !x509_data)
      x509_data = each;
    else if (each.is(ns::xml_signature, "KeyName") && key_names == 0)
      ++key_names;
    else if (each.is(ns::xml_signature, "KeyValue") && key_values == 0)
      ++key_values;
    else
      return bad_update("unexpected", "Its like is not allowed in the KeyInfo of a certificate update.", each);
  }
  if (!x509_data) return bad_update("missing", "X509Data is missing.", element);
  return read_x509_data(*x509_data);
}

result<certificate_digest> read_current(xml::node element) {
  auto inside = update_children::of(element);
  if (!inside) return inside.error();
  auto const digest = inside->demand(ns::xml_signature_11, "X509Digest");
  if (!digest) return digest.error();
  if (auto const over = inside->end(); !over) return over.error();
  return read_digest(*digest);
}

}  // namespace

result<certificate_update> read_certificate_update(xml::node element) {
  certificate_update update;
  update.id = std::string(trimmed(element.attribute("id").value_or("")));
  if (update.id.empty()) return bad_update("attribute", "It needs an id.", element);
  auto inside = update_children::of(element, {"id"});
  if (!inside) return inside.error();
  auto const named = inside->demand(ns::certificate_update, "CurrentCertificateIdentifier");
  if (!named) return named.error();
  auto const key_info = inside->demand(ns::xml_signature, "KeyInfo");
  if (!key_info) return key_info.error();
  if (auto const over = inside->end(); !over) return over.error();
  auto current = read_current(*named);
  if (!current) return std::move(current).error();
  auto certificates = read_key_info(*key_info);
  if (!certificates) return std::move(certificates).error();
  update.current = *std::move(current);
  update.certificates = *std::move(certificates);
  return update;
}

}  // namespace ehds::edelivery
