#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "edelivery/security/primitives.hpp"
#include "edelivery/security/secure_message.hpp"
#include "edelivery/security/token.hpp"
#include "edelivery/security/written.hpp"

#include <fmt/format.h>

namespace ehds::edelivery {

namespace {

problem cannot_encrypt(char const* what, char const* detail, std::string where = {}) {
  return {std::string("edelivery.encrypt.") + what, detail, std::move(where), ""};
}

std::string write_key(std::string_view id, security_profile const& profile, token_text const& token,
                      std::string_view wrapped, std::vector<std::string> const& data_ids) {
  std::string references;
  for (auto const& each : data_ids) references += fmt::format(R"(<xenc:DataReference URI="#{}"/>)", each);
  return fmt::format(
      R"({}<xenc:EncryptedKey xmlns:xenc="{}" Id="{}"><xenc:EncryptionMethod Algorithm="{}">)"
      R"(<ds:DigestMethod Algorithm="{}"/><xenc11:MGF xmlns:xenc11="{}" Algorithm="{}"/></xenc:EncryptionMethod>)"
      R"(<ds:KeyInfo>{}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData>)"
      R"(<xenc:ReferenceList>{}</xenc:ReferenceList></xenc:EncryptedKey>)",
      token.token, ns::xenc, id, profile.key_encryption, profile.key_encryption_digest, ns::xenc11,
      profile.key_encryption_mask, token.reference, to_base64(wrapped), references);
}

std::string write_part(std::string_view id, std::string_view key_id, payload_part const& part,
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

result<secured_message> encrypt(secured_message const& message, security_profile const& profile,
                                certificate const& recipient) {
  if (message.parts.empty()) return message;
  auto const start = message.soap.find(security_start);
  if (start == std::string::npos) return cannot_encrypt("message", "The message was not signed here");
  if (!recipient.may_encipher_keys()) {
    return cannot_encrypt("key", "The recipient's certificate may not be used for encryption", recipient.subject());
  }
  auto const content_key = random_bytes(content_key_size);
  auto const wrapped = rsa_oaep_wrap(recipient, content_key);
  if (!wrapped) {
    return cannot_encrypt("key", "The recipient's certificate holds no RSA key of 2048 bits or more",
                          recipient.subject());
  }

  secured_message sealed{message.soap, {}, message.references};
  auto const key_id = "EK-" + random_uuid();
  std::vector<std::string> data_ids;
  std::string described;
  for (auto const& part : message.parts) {
    data_ids.push_back("ED-" + random_uuid());
    described += write_part(data_ids.back(), key_id, part, profile);
    sealed.parts.push_back({part.content_id, "application/octet-stream", aes128_gcm_seal(content_key, part.body)});
  }
  auto const token = write_token(recipient, profile.encryption_token);
  sealed.soap.insert(start + security_start.size(), write_key(key_id, profile, token, *wrapped, data_ids) + described);
  return sealed;
}

}  // namespace ehds::edelivery
