#include "edelivery/discovery/signed_record.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/bytes.hpp"
#include "edelivery/security/signature_algorithm.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::string_view ds = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::string_view exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr std::string_view inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
constexpr std::string_view enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::string_view sha256_uri = "http://www.w3.org/2001/04/xmlenc#sha256";
constexpr std::size_t largest_signed_info = 16 * 1024;
constexpr std::size_t longest_prefix_list = 1024;
constexpr std::size_t most_certificates = 5;

problem bad(std::string detail) {
  return {"edelivery.discovery.signature", std::move(detail), "Signature",
          "Ask the operator of the publisher: the record may have been changed on the way."};
}

struct canonicalization {
  xml::canonical_form form = xml::canonical_form::inclusive;
  std::vector<std::string> prefixes;
};

std::string algorithm(xml::node element) { return element.attribute("Algorithm").value_or(""); }

std::vector<std::string> words(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string> all;
  for (auto at = text.find_first_not_of(blanks); at != std::string_view::npos;) {
    auto const end = std::min(text.find_first_of(blanks, at), text.size());
    all.emplace_back(text.substr(at, end - at));
    at = text.find_first_not_of(blanks, end);
  }
  return all;
}

result<canonicalization> read_canonicalization(xml::node element) {
  auto const name = algorithm(element);
  auto const children = element.children();
  if (name == inclusive && children.empty()) return canonicalization{};
  if (name != exclusive || children.size() > 1)
    return bad("The canonicalization " + name.substr(0, 100) + " is not taken.");
  canonicalization how{xml::canonical_form::exclusive, {}};
  if (children.empty()) return how;
  auto const list = children.front().attribute("PrefixList").value_or("");
  if (!children.front().is(exclusive, "InclusiveNamespaces") || list.size() > longest_prefix_list)
    return bad("The parameters of the canonicalization are not taken.");
  how.prefixes = words(list);
  return how;
}

// enveloped-signature, and at most one canonicalization after it; without one the older form (XML Signature 4.4.3.2).
result<canonicalization> read_transforms(xml::node transforms) {
  auto const all = transforms.children();
  bool const known = !all.empty() && all.size() <= 2 &&
                     std::ranges::all_of(all, [](xml::node each) { return each.is(ds, "Transform"); });
  if (!known || algorithm(all.front()) != enveloped || !all.front().children().empty())
    return bad("The transforms of the signature are not those of an enveloped one.");
  return all.size() == 1 ? canonicalization{} : read_canonicalization(all.back());
}

template <std::size_t N>
std::optional<std::array<xml::node, N>> exactly(xml::node parent, std::array<std::string_view, N> const& names) {
  auto const children = parent.children();
  if (children.size() != N) return std::nullopt;
  for (std::size_t n = 0; n < N; ++n)
    if (!children[n].is(ds, names[n])) return std::nullopt;
  std::array<xml::node, N> found = [&]<std::size_t... Is>(std::index_sequence<Is...>) {
    return std::array<xml::node, N>{children[Is]...};
  }(std::make_index_sequence<N>{});
  return found;
}

result<void> check_digest(xml::document const& document, xml::node signature, xml::node reference) {
  auto const parts = exactly<3>(reference, {"Transforms", "DigestMethod", "DigestValue"});
  if (!parts || reference.attribute("URI") != "") return bad("The signature is not over the whole record.");
  auto const& [transforms, method, value] = *parts;
  if (algorithm(method) != sha256_uri || !method.children().empty())
    return bad("The digest " + algorithm(method).substr(0, 100) + " is not taken; it has to be SHA-256.");
  auto const how = read_transforms(transforms);
  if (!how) return how.error();
  auto const octets = xml::canonicalize_without(document, signature, how->form, how->prefixes);
  auto const expected = from_base64(value.text());
  if (octets && expected && equal_in_constant_time(*expected, sha256(*octets))) return {};
  return bad("The record was changed after it was signed.");
}

// In the order of the text; who of them signed is found out by trying.
result<std::vector<certificate>> certificates_in(xml::node key_info) {
  std::vector<certificate> all;
  for (auto const& block : key_info.children(ds, "X509Data")) {
    for (auto const& each : block.children(ds, "X509Certificate")) {
      auto const der = from_base64(each.text());
      auto read = der ? certificate::from_der(*der) : result<certificate>(der.error());
      if (!read || all.size() == most_certificates) return bad("A certificate of the signature cannot be read.");
      all.push_back(*std::move(read));
    }
  }
  if (all.empty()) return bad("The signature holds no certificate.");
  return all;
}

result<xml::node> only_signature(xml::document const& document) {
  auto const found = document.root().children(ds, "Signature");
  if (found.size() == 1) return found.front();
  return problem{"edelivery.discovery.unsigned",
                 found.empty() ? "The record is not signed." : "The record has several signatures.", "Signature",
                 "Ask the publisher for a record with one signature."};
}

// The certificate that made the signature value, and the others.
result<std::pair<certificate, std::vector<certificate>>> signer_of(xml::node signature) {
  auto const parts = exactly<3>(signature, {"SignedInfo", "SignatureValue", "KeyInfo"});
  if (!parts) return bad("The signature holds something else than SignedInfo, SignatureValue and KeyInfo.");
  auto const& [info, value, key_info] = *parts;
  auto const named = exactly<3>(info, {"CanonicalizationMethod", "SignatureMethod", "Reference"});
  if (!named) return bad("SignedInfo holds something else than its two methods and one Reference.");
  auto const how = read_canonicalization((*named)[0]);
  if (!how) return how.error();
  auto const* const method = find_signature_algorithm(algorithm((*named)[1]));
  if (method == nullptr || !(*named)[1].children().empty())
    return bad("The signature method " + algorithm((*named)[1]).substr(0, 100) + " is not taken.");
  auto certificates = certificates_in(key_info);
  if (!certificates) return std::move(certificates).error();
  auto const raw = from_base64(value.text());
  auto const octets = xml::canonicalize(info, how->form, how->prefixes, largest_signed_info);
  if (!raw || !octets) return bad("The signature cannot be read.");
  auto const signer = std::ranges::find_if(
      *certificates, [&](certificate const& each) { return signature_is_good(*method, each, *octets, *raw); });
  if (signer == certificates->end()) return bad("The signature was made by none of the certificates in it.");
  auto found = *signer;
  certificates->erase(signer);
  return std::pair(std::move(found), *std::move(certificates));
}

result<void> check_publisher(certificate const& signer, std::vector<certificate> const& between,
                             partner_trust const& trust, instant now) {
  bool const is_pinned = trust.pinned.empty() || std::ranges::find(trust.pinned, signer) != trust.pinned.end();
  if (!is_pinned || (!trust.subject.empty() && !signer.has_subject(trust.subject)))
    return problem{"edelivery.discovery.publisher", "The record is signed by somebody else than the publisher.",
                   signer.described(), "Compare discovery.publisher with the certificate of the publisher."};
  if (auto issued = check_chain(signer, between, trust, now); !issued) return std::move(issued).error();
  if (!signer.may_sign()) return bad("The publisher's certificate may not sign.");
  return {};
}

}  // namespace

xml::limits record_limits() {
  xml::limits few;
  few.bytes = 512 * 1024;
  few.depth = 32;
  few.elements = 4'000;
  few.attributes = 4'000;
  return few;
}

result<signed_record> signed_record::open(std::string_view bytes, partner_trust const& publisher, instant now) {
  auto document = xml::document::parse(bytes, record_limits());
  if (!document) return std::move(document).error();
  auto const signature = only_signature(*document);
  if (!signature) return signature.error();
  auto signer = signer_of(*signature);
  if (!signer) return std::move(signer).error();
  // Who signed is known; whether that counts comes before the costly step.
  if (auto known = check_publisher(signer->first, signer->second, publisher, now); !known)
    return std::move(known).error();
  auto const info = *signature->child(ds, "SignedInfo");
  if (auto good = check_digest(*document, *signature, *info.child(ds, "Reference")); !good)
    return std::move(good).error();
  return signed_record(*std::move(document), std::move(signer->first));
}

}  // namespace ehds::edelivery
