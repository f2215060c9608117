#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "edelivery/security/part_streams.hpp"
#include "edelivery/security/secure_message.hpp"
#include "edelivery/security/signature_algorithm.hpp"
#include "edelivery/security/token.hpp"
#include "edelivery/security/written.hpp"

#include <fmt/format.h>

#include <set>

namespace ehds::edelivery {

namespace {

constexpr std::size_t most_parts = 28;  // a message of more is not taken by every partner

struct frame {
  std::string messaging_id = "msg-" + random_uuid();
  std::string body_id = "body-" + random_uuid();
};

problem cannot_sign(char const* what, std::string detail, std::string where = {}) {
  return {std::string("edelivery.sign.") + what, std::move(detail), std::move(where), ""};
}

// Letters, digits and "-._@": other characters are decoded differently by different receivers.
bool plain_content_id(std::string_view id) {
  for (char const c : id) {
    bool const fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '.' || c == '_' || c == '@';
    if (!fine) return false;
  }
  return !id.empty();
}

result<void> check_parts(std::vector<digested_part> const& parts) {
  if (parts.size() > most_parts) return cannot_sign("parts", "A message carries at most 28 payload parts");
  std::set<std::string_view> seen;
  for (auto const& each : parts) {
    if (!plain_content_id(each.content_id)) {
      return cannot_sign("parts", "A content id may hold letters, digits, '-', '.', '_' and '@' only", each.content_id);
    }
    if (!seen.insert(each.content_id).second)
      return cannot_sign("parts", "Two parts have one content id", each.content_id);
    if (each.mime_type.empty()) return cannot_sign("parts", "A part has no media type", each.content_id);
  }
  return {};
}

result<void> check_signing_key(security_profile const& profile, signature_algorithm const* algorithm,
                               credentials const& signer) {
  if (algorithm == nullptr) return cannot_sign("key", "The signature algorithm is not known: " + profile.signature);
  if (!fits(*algorithm, signer.cert)) {
    return cannot_sign(
        "key",
        "The profile " + profile.id + " signs with a strong key of kind " + std::string(name_of(profile.signing_key)),
        signer.cert.described());
  }
  if (!signer.key.belongs_to(signer.cert) || !signer.cert.may_sign()) {
    return cannot_sign("key", "The signer's certificate may not sign, or its key is another's",
                       signer.cert.described());
  }
  return {};
}

std::string write_envelope(std::string_view messaging, std::string_view security, frame const& ids) {
  return fmt::format(
      R"(<?xml version="1.0" encoding="UTF-8"?>)"
      R"(<S12:Envelope xmlns:S12="{}" xmlns:eb="{}" xmlns:ebbp="{}" xmlns:ds="{}" xmlns:wsse="{}" xmlns:wsu="{}">)"
      R"(<S12:Header>{}{}</wsse:Security><eb:Messaging S12:mustUnderstand="true" wsu:Id="{}">{}</eb:Messaging>)"
      R"(</S12:Header><S12:Body wsu:Id="{}"></S12:Body></S12:Envelope>)",
      ns::soap, ns::ebms, ns::ebbp, ns::ds, ns::wsse, ns::wsu, security_start, security, ids.messaging_id, messaging,
      ids.body_id);
}

std::string write_reference(std::string_view uri, std::string_view transform, std::string_view digest_uri,
                            std::string_view digest) {
  return fmt::format(
      R"(<ds:Reference URI="{}"><ds:Transforms><ds:Transform Algorithm="{}"></ds:Transform></ds:Transforms>)"
      R"(<ds:DigestMethod Algorithm="{}"></ds:DigestMethod><ds:DigestValue>{}</ds:DigestValue></ds:Reference>)",
      uri, transform, digest_uri, to_base64(digest));
}

// The digests of Messaging, Body and the parts, as they stand in an envelope without its signature.
result<std::string> write_references(std::string const& unsigned_soap, std::vector<digested_part> const& parts,
                                     security_profile const& profile, frame const& ids) {
  auto const envelope = parse_envelope(unsigned_soap);
  if (!envelope) {
    return cannot_sign("messaging", "The ebMS header is not fit to be sent: " + envelope.error().detail,
                       envelope.error().where);
  }
  std::string references;
  for (auto const& [id, node] :
       {std::pair(ids.messaging_id, envelope->messaging()), std::pair(ids.body_id, envelope->body())}) {
    auto const octets = xml::canonicalize(node);
    if (!octets) return cannot_sign("messaging", octets.error().detail);
    references += write_reference("#" + id, profile.canonicalization, profile.digest, sha256(*octets));
  }
  for (auto const& part : parts) {
    references += write_reference("cid:" + part.content_id, profile.attachment_transform, profile.digest, part.digest);
  }
  return references;
}

std::string write_signature(security_profile const& profile, std::string_view references, std::string_view value,
                            std::string_view token) {
  return fmt::format(
      R"(<ds:Signature Id="SIG-{}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{}"></ds:CanonicalizationMethod>)"
      R"(<ds:SignatureMethod Algorithm="{}"></ds:SignatureMethod>{}</ds:SignedInfo>)"
      R"(<ds:SignatureValue>{}</ds:SignatureValue><ds:KeyInfo>{}</ds:KeyInfo></ds:Signature>)",
      random_uuid(), profile.canonicalization, profile.signature, references, value, token);
}

// Stands where the value goes while the signature is computed; the signature does not cover it.
constexpr std::string_view value_to_come = "AAAA";

result<std::string> signature_value(std::string const& soap, signature_algorithm const& algorithm,
                                    private_key const& key) {
  auto const envelope = parse_envelope(soap);
  if (!envelope) return cannot_sign("messaging", envelope.error().detail, envelope.error().where);
  auto const header = read_security_header(*envelope);
  if (!header) return cannot_sign("messaging", header.error().detail, header.error().where);
  auto const octets = xml::canonicalize(header->signature.signed_info);
  if (!octets) return cannot_sign("messaging", octets.error().detail);
  auto const value = make_signature(algorithm, key, *octets);
  if (!value) return cannot_sign("key", "The signing key cannot make signatures of " + std::string(algorithm.uri));
  return to_base64(*value);
}

result<std::vector<signed_reference>> references_in(std::string const& soap) {
  auto const envelope = parse_envelope(soap);
  if (!envelope) return envelope.error();
  return references_of(*envelope);
}

}  // namespace

result<signed_envelope> sign_digested(std::string_view messaging, std::vector<digested_part> const& parts,
                                      security_profile const& profile, credentials const& signer) {
  auto const* const algorithm = find_signature_algorithm(profile.signature);
  if (auto checked = check_signing_key(profile, algorithm, signer); !checked) return std::move(checked).error();
  if (auto checked = check_parts(parts); !checked) return std::move(checked).error();
  frame const ids;
  auto const references = write_references(write_envelope(messaging, "", ids), parts, profile, ids);
  if (!references) return references.error();
  auto const token = write_token(signer.cert, signer.chain, profile.signing_token);
  auto soap = write_envelope(messaging,
                             token.token + write_signature(profile, *references, value_to_come, token.reference), ids);
  auto const value = signature_value(soap, *algorithm, signer.key);
  if (!value) return value.error();
  // The security header comes first, so the first SignatureValue is the one to fill.
  constexpr std::string_view open = "<ds:SignatureValue>";
  soap.replace(soap.find(open) + open.size(), value_to_come.size(), *value);
  auto kept = references_in(soap);
  if (!kept) return std::move(kept).error();
  return signed_envelope{std::move(soap), *std::move(kept)};
}

result<secured_message> sign(std::string_view messaging, std::vector<payload_part> parts,
                             security_profile const& profile, credentials const& signer) {
  std::vector<digested_part> digested;
  for (auto const& part : parts) {
    auto digest = attachment_digest(part.mime_type, part.body);
    if (!digest) return cannot_sign("parts", digest.error().detail, part.content_id);
    digested.push_back({part.content_id, part.mime_type, *std::move(digest)});
  }
  auto done = sign_digested(messaging, digested, profile, signer);
  if (!done) return std::move(done).error();
  return secured_message{std::move(done->soap), std::move(parts), std::move(done->references)};
}

result<secured_message> secure(std::string_view messaging, std::vector<payload_part> parts,
                               security_profile const& profile, credentials const& signer,
                               certificate const& recipient) {
  auto done = sign(messaging, std::move(parts), profile, signer);
  if (!done || profile.encryption == payload_encryption::none) return done;
  return encrypt(*done, profile, recipient);
}

}  // namespace ehds::edelivery
