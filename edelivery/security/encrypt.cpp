#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "edelivery/security/agreement_method.hpp"
#include "edelivery/security/openssl.hpp"
#include "edelivery/security/part_streams.hpp"
#include "edelivery/security/primitives.hpp"
#include "edelivery/security/token.hpp"
#include "edelivery/security/written.hpp"

#include <fmt/format.h>

namespace ehds::edelivery {

namespace {

problem cannot_encrypt(char const* what, std::string detail, std::string where = {}) {
  return {std::string("edelivery.encrypt.") + what, std::move(detail), std::move(where), ""};
}

// A content key, carried to the recipient.
struct carried_key {
  std::string method_parameters;  // inside EncryptionMethod
  std::string key_info;
  std::string wrapped;
};

carried_key carry_by_rsa(security_profile const& profile, token_text const& token, std::string wrapped) {
  return {fmt::format(R"(<ds:DigestMethod Algorithm="{}"/><xenc11:MGF xmlns:xenc11="{}" Algorithm="{}"/>)",
                      profile.key_encryption.digest, ns::xenc11, profile.key_encryption.mask),
          token.reference, std::move(wrapped)};
}

constexpr std::size_t salt_size = 16;

std::optional<carried_key> carry_by_agreement(security_profile const& profile, token_text const& token,
                                              certificate const& recipient, std::string_view content_key) {
  auto const originator = make_fresh_key(recipient);
  if (!originator) return std::nullopt;
  derivation const how{random_bytes(salt_size), ""};
  auto wrapping_key = derive_wrapping_key(originator->secret, X509_get0_pubkey(recipient.handle()), how);
  if (!wrapping_key) return std::nullopt;
  auto wrapped = aes128_wrap(*wrapping_key, content_key);
  OPENSSL_cleanse(wrapping_key->data(), wrapping_key->size());
  return carried_key{"", write_agreement_method(profile.key_encryption, *originator, how.salt, token.reference),
                     std::move(wrapped)};
}

std::optional<carried_key> carry(security_profile const& profile, token_text const& token, certificate const& recipient,
                                 std::string_view content_key) {
  if (recipient.key() != profile.encryption_key) return std::nullopt;
  if (profile.encryption_key != key_kind::rsa) return carry_by_agreement(profile, token, recipient, content_key);
  auto wrapped = rsa_oaep_wrap(recipient, content_key);
  return wrapped ? std::optional(carry_by_rsa(profile, token, *std::move(wrapped))) : std::nullopt;
}

std::string write_key(std::string_view id, security_profile const& profile, token_text const& token,
                      carried_key const& key, std::vector<std::string> const& data_ids) {
  std::string references;
  for (auto const& each : data_ids) references += fmt::format(R"(<xenc:DataReference URI="#{}"/>)", each);
  return fmt::format(
      R"({}<xenc:EncryptedKey xmlns:xenc="{}" Id="{}"><xenc:EncryptionMethod Algorithm="{}">{}</xenc:EncryptionMethod>)"
      R"(<ds:KeyInfo>{}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData>)"
      R"(<xenc:ReferenceList>{}</xenc:ReferenceList></xenc:EncryptedKey>)",
      token.token, ns::xenc, id, profile.key_encryption.method, key.method_parameters, key.key_info,
      to_base64(key.wrapped), references);
}

std::string write_part(std::string_view id, std::string_view key_id, announced_part const& part,
                       security_profile const& profile) {
  return fmt::format(
      R"(<xenc:EncryptedData xmlns:xenc="{}" Id="{}" MimeType="{}" Type="{}"><xenc:EncryptionMethod Algorithm="{}"/>)"
      R"(<ds:KeyInfo><wsse:SecurityTokenReference xmlns:wsse11="{}" wsse11:TokenType="{}">)"
      R"(<wsse:Reference URI="#{}"/></wsse:SecurityTokenReference></ds:KeyInfo>)"
      R"(<xenc:CipherData><xenc:CipherReference URI="cid:{}"><xenc:Transforms><ds:Transform Algorithm="{}"/>)"
      R"(</xenc:Transforms></xenc:CipherReference></xenc:CipherData></xenc:EncryptedData>)",
      ns::xenc, id, xml::escaped(part.mime_type), uri::content_only, profile.content_encryption, ns::wsse11,
      uri::encrypted_key, key_id, xml::escaped(part.content_id), uri::ciphertext_transform);
}

}  // namespace

result<sealed_envelope> encrypt_envelope(std::string const& soap, std::vector<announced_part> const& parts,
                                         security_profile const& profile, certificate const& recipient) {
  auto const start = soap.find(security_start);
  if (start == std::string::npos) return cannot_encrypt("message", "The message was not signed here");
  if (!recipient.may_encipher_keys()) {
    return cannot_encrypt("key", "The recipient's certificate may not be used for encryption", recipient.subject());
  }
  sealed_envelope sealed{soap, random_bytes(content_key_size)};
  auto const token = write_token(recipient, {}, profile.encryption_token);
  auto const carried = carry(profile, token, recipient, sealed.content_key);
  if (!carried) {
    return cannot_encrypt("key",
                          "The profile " + profile.id + " encrypts for a strong key of kind " +
                              std::string(name_of(profile.encryption_key)) +
                              ", which the recipient's certificate lacks",
                          recipient.described());
  }

  auto const key_id = "EK-" + random_uuid();
  std::vector<std::string> data_ids;
  std::string described;
  for (auto const& part : parts) {
    data_ids.push_back("ED-" + random_uuid());
    described += write_part(data_ids.back(), key_id, part, profile);
  }
  sealed.soap.insert(start + security_start.size(), write_key(key_id, profile, token, *carried, data_ids) + described);
  return sealed;
}

result<secured_message> encrypt(secured_message const& message, security_profile const& profile,
                                certificate const& recipient) {
  if (message.parts.empty()) return message;
  std::vector<announced_part> announced;
  for (auto const& part : message.parts) announced.push_back({part.content_id, part.mime_type});
  auto envelope = encrypt_envelope(message.soap, announced, profile, recipient);
  if (!envelope) return std::move(envelope).error();
  secured_message sealed{std::move(envelope->soap), {}, message.references};
  for (auto const& part : message.parts) {
    sealed.parts.push_back(
        {part.content_id, std::string(sealed_part_type), aes128_gcm_seal(envelope->content_key, part.body)});
  }
  return sealed;
}

}  // namespace ehds::edelivery
