#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "edelivery/security/part_streams.hpp"
#include "edelivery/security/secure_message.hpp"
#include "edelivery/security/signature_algorithm.hpp"
#include "edelivery/security/token.hpp"
#include "edelivery/security/written.hpp"
#include "edelivery/xml/canonical_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace ehds::edelivery {

namespace {

constexpr std::size_t most_parts = 28;  // a message of more is not taken by every partner

struct frame {
  std::string stem = random_uuid();
  std::string messaging_id = "msg-" + stem;
  std::string body_id = "body-" + stem;
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

constexpr std::array<xml::bound_prefix, 6> envelope_prefixes{
    {{"S12", ns::soap}, {"eb", ns::ebms}, {"ebbp", ns::ebbp}, {"ds", ns::ds}, {"wsse", ns::wsse}, {"wsu", ns::wsu}}};

std::string write_messaging(std::string_view content, frame const& ids) {
  return fmt::format(R"(<eb:Messaging S12:mustUnderstand="true" wsu:Id="{}">{}</eb:Messaging>)", ids.messaging_id,
                     content);
}
std::string write_body(frame const& ids) { return fmt::format(R"(<S12:Body wsu:Id="{}"></S12:Body>)", ids.body_id); }

std::string write_envelope(std::string_view messaging, std::string_view security, frame const& ids) {
  std::string prefixes;
  for (auto const& [prefix, uri] : envelope_prefixes) prefixes += fmt::format(R"( xmlns:{}="{}")", prefix, uri);
  return fmt::format(
      R"(<?xml version="1.0" encoding="UTF-8"?><S12:Envelope{}><S12:Header>{}{}</wsse:Security>{}</S12:Header>{}</S12:Envelope>)",
      prefixes, security_start, security, messaging, write_body(ids));
}

problem not_fit(problem const& why) {
  return cannot_sign("messaging", "The ebMS header is not fit to be sent: " + why.detail, why.where);
}

// Could an Id in the content be one of ours, or a framing element stand in it? Rare enough to be judged by parsing.
bool may_confuse(std::string_view content) {
  static constexpr std::array<std::string_view, 8> marks = {"Id=",      "ID=",       "id=",     "Messaging",
                                                            "Security", ":Envelope", ":Header", ":Body"};
  return std::ranges::any_of(marks, [&](auto mark) { return content.find(mark) != std::string_view::npos; });
}

// What is signed of eb:Messaging. Texts of ours are plain; others are parsed, as the receiver will do.
result<std::string> canonical_messaging(std::string_view content, std::string const& messaging, frame const& ids) {
  if (!may_confuse(content)) {
    if (auto octets = xml::canonical_text(messaging, {envelope_prefixes.begin(), envelope_prefixes.end()})) {
      return *std::move(octets);
    }
  }
  auto const envelope = parse_envelope(write_envelope(messaging, "", ids));
  if (!envelope) return not_fit(envelope.error());
  auto octets = xml::canonicalize(envelope->messaging());
  if (!octets) return cannot_sign("messaging", octets.error().detail);
  return octets;
}

// Elements of ds as they are written here are canonical but for the namespace, which stands further out.
std::string standing_alone(std::string_view element, std::string_view name) {
  return fmt::format(R"(<{} xmlns:ds="{}"{})", name, ns::ds, element.substr(name.size() + 1));
}

// The ds:References of a signature, one after the other, and each to be copied into a receipt.
class reference_list {
 public:
  reference_list(security_profile const& profile) : profile_(profile) {}

  void add(std::string uri, std::string_view transform, std::string_view digest) {
    auto const text = to_base64(digest);
    auto const element = fmt::format(
        R"(<ds:Reference URI="{}"><ds:Transforms><ds:Transform Algorithm="{}"></ds:Transform></ds:Transforms>)"
        R"(<ds:DigestMethod Algorithm="{}"></ds:DigestMethod><ds:DigestValue>{}</ds:DigestValue></ds:Reference>)",
        uri, transform, profile_.digest, text);
    written_ += element;
    each_.push_back({std::move(uri), text, standing_alone(element, "ds:Reference")});
  }
  std::string const& written() const { return written_; }
  std::vector<signed_reference> take() { return std::move(each_); }

 private:
  security_profile const& profile_;
  std::string written_;
  std::vector<signed_reference> each_;
};

result<reference_list> make_references(std::string_view content, std::string const& messaging,
                                       std::vector<digested_part> const& parts, security_profile const& profile,
                                       frame const& ids) {
  auto const octets = canonical_messaging(content, messaging, ids);
  if (!octets) return octets.error();
  auto const body = xml::canonical_text(write_body(ids), {envelope_prefixes.begin(), envelope_prefixes.end()});
  reference_list references(profile);
  references.add("#" + ids.messaging_id, profile.canonicalization, sha256(*octets));
  references.add("#" + ids.body_id, profile.canonicalization, sha256(body.value()));
  for (auto const& part : parts) references.add("cid:" + part.content_id, profile.attachment_transform, part.digest);
  return references;
}

std::string write_signed_info(security_profile const& profile, std::string_view references) {
  return fmt::format(R"(<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{}"></ds:CanonicalizationMethod>)"
                     R"(<ds:SignatureMethod Algorithm="{}"></ds:SignatureMethod>{}</ds:SignedInfo>)",
                     profile.canonicalization, profile.signature, references);
}

std::string write_signature(std::string_view signed_info, std::string_view value, std::string_view token,
                            frame const& ids) {
  return fmt::format(
      R"(<ds:Signature Id="SIG-{}">{}<ds:SignatureValue>{}</ds:SignatureValue><ds:KeyInfo>{}</ds:KeyInfo></ds:Signature>)",
      ids.stem, signed_info, to_base64(value), token);
}

}  // namespace

result<signed_envelope> sign_digested(std::string_view content, std::vector<digested_part> const& parts,
                                      security_profile const& profile, credentials const& signer) {
  auto const* const algorithm = find_signature_algorithm(profile.signature);
  if (auto checked = check_signing_key(profile, algorithm, signer); !checked) return std::move(checked).error();
  if (auto checked = check_parts(parts); !checked) return std::move(checked).error();
  frame const ids;
  auto const messaging = write_messaging(content, ids);
  auto references = make_references(content, messaging, parts, profile, ids);
  if (!references) return std::move(references).error();
  auto const signed_info = write_signed_info(profile, references->written());
  auto const value = make_signature(*algorithm, signer.key, standing_alone(signed_info, "ds:SignedInfo"));
  if (!value) return cannot_sign("key", "The signing key cannot make signatures of " + std::string(algorithm->uri));
  auto const token = write_token(signer.cert, signer.chain, profile.signing_token);
  auto const security = token.token + write_signature(signed_info, *value, token.reference, ids);
  return signed_envelope{write_envelope(messaging, security, ids), references->take()};
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
