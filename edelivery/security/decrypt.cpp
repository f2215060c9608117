#include "base/ids.hpp"
#include "edelivery/security/primitives.hpp"
#include "edelivery/security/token.hpp"
#include "edelivery/security/verify.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <optional>

namespace ehds::edelivery {

namespace {

std::string shown(key_encryption_method const& how) {
  std::string text;
  for (auto const& each : {how.method, how.digest, how.mask, how.agreement, how.derivation, how.prf}) {
    if (!each.empty()) text += (text.empty() ? "" : ", ") + each.substr(0, 128);
  }
  return text;
}

result<void> check_key(encrypted_key_block const& key, security_profile const& profile, xml::node at) {
  if (!profile.takes_key_encryption(key.how) || key.labelled) {
    return policy_problem("algorithm",
                          "The P-Mode's profile " + profile.id + " wants the content key encrypted by " +
                              shown(profile.key_encryption) + "; EncryptedKey " + key.id.substr(0, 64) + " says " +
                              shown(key.how) + (key.labelled ? " with OAEPparams" : ""),
                          at);
  }
  auto const wanted = std::to_string(wrapping_key_size);
  if (key.agreement && !key.agreement->key_length.empty() && key.agreement->key_length != wanted) {
    return problem{"edelivery.decryption.derivation",
                   "HKDFParams/KeyLength is " + key.agreement->key_length.substr(0, 16) +
                       ": the key for AES-128 key wrap has " + wanted + " bytes",
                   "EncryptedKey " + key.id.substr(0, 64), "Give KeyLength in bytes."};
  }
  return {};
}

result<void> check_encryption_algorithms(security_header const& header, security_profile const& profile, xml::node at) {
  for (auto const& key : header.keys) {
    if (auto checked = check_key(key, profile, at); !checked) return checked;
  }
  for (auto const& part : header.parts) {
    if (profile.takes_content_encryption(part.method)) continue;
    return policy_problem("algorithm",
                          "The P-Mode's profile " + profile.id + " wants parts encrypted by " +
                              profile.content_encryption + "; " + part.uri.substr(0, 128) + " is encrypted by " +
                              part.method.substr(0, 128),
                          at);
  }
  return {};
}

encrypted_key_block const* encrypted_key_for(encrypted_part_block const& part, security_header const& header) {
  for (auto const& key : header.keys) {
    bool const listed = std::find(key.data_ids.begin(), key.data_ids.end(), part.id) != key.data_ids.end();
    if (part.key_id.empty() ? listed : key.id == part.key_id) return &key;
  }
  return nullptr;
}

std::optional<originator_key> originator_of(agreement_method_block const& agreement) {
  return agreement.der.empty() ? originator_key::from_point(agreement.curve_uri, agreement.point)
                               : originator_key::from_der(agreement.der);
}

std::optional<std::string> unwrapped(encrypted_key_block const& block, originator_key const* originator,
                                     private_key const& ours) {
  if (block.agreement) {
    auto const wrapping_key = derive_wrapping_key(ours, originator->handle(), block.agreement->how);
    return wrapping_key ? aes128_unwrap(*wrapping_key, block.wrapped) : std::nullopt;
  }
  constexpr auto read = [](std::string_view uri) {
    return uri.ends_with("sha256") ? oaep_digest::sha256 : oaep_digest::sha1;
  };
  return rsa_oaep_unwrap(ours, block.wrapped, {read(block.how.digest), read(block.how.mask)});
}

// The content keys of one message, each unwrapped once; empty when our secret key could not open it.
class content_keys {
 public:
  content_keys(parsed_envelope const& envelope, opening const& terms) : envelope_(envelope), terms_(terms) {}
  content_keys(content_keys const&) = delete;
  content_keys& operator=(content_keys const&) = delete;
  ~content_keys() {
    for (auto& each : unwrapped_) {
      if (each.key) OPENSSL_cleanse(each.key->data(), each.key->size());
    }
  }

  struct unwrapped_key {
    encrypted_key_block const* block;
    result<std::string> key;
    std::string ours;  // the certificate it was encrypted for
  };

  unwrapped_key const& of(encrypted_key_block const& block) {
    for (auto const& each : unwrapped_) {
      if (each.block == &block) return each;
    }
    unwrapped_.push_back({&block, "", ""});
    auto& kept = unwrapped_.back();
    kept.key = unwrap(block, kept.ours);
    return kept;
  }

 private:
  // What the message says openly is judged openly; what comes of our secret key is not.
  result<std::string> unwrap(encrypted_key_block const& block, std::string& ours) const {
    std::vector<certificate> known;
    for (auto const& each : terms_.decryption) known.push_back(each.cert);
    auto const token = resolve_token(envelope_, block.key_reference, known);
    auto const own = std::find_if(terms_.decryption.begin(), terms_.decryption.end(),
                                  [&](credentials const& each) { return token && each.cert == token->cert; });
    if (own == terms_.decryption.end()) {
      return problem{"edelivery.decryption.not_for_us",
                     token ? "The content key is encrypted for " + token->cert.described() + ", which is not ours"
                           : token.error().detail,
                     "EncryptedKey " + block.id.substr(0, 64), "Give the partner our current certificate."};
    }
    ours = own->cert.described();
    if (own->cert.key() != terms_.profile.encryption_key) return wrong_key(own->cert, block);
    std::optional<originator_key> originator;
    if (block.agreement) {
      originator = originator_of(*block.agreement);
      if (!originator || !originator->same_group(own->cert)) return wrong_group(originator, own->cert, block);
    }
    return unwrapped(block, originator ? &*originator : nullptr, own->key).value_or("");
  }

  problem wrong_key(certificate const& ours, encrypted_key_block const& block) const {
    return policy_problem("algorithm",
                          "The P-Mode's profile " + terms_.profile.id + " encrypts for keys of kind " +
                              std::string(name_of(terms_.profile.encryption_key)) + "; the message is for " +
                              ours.described(),
                          block.key_reference);
  }
  static problem wrong_group(std::optional<originator_key> const& originator, certificate const& ours,
                             encrypted_key_block const& block) {
    return policy_problem("originator_key",
                          "OriginatorKeyInfo holds " +
                              (originator ? "a key of " + originator->text() : std::string("no usable key")) +
                              ", which cannot be agreed with " + ours.described(),
                          block.key_reference);
  }

  parsed_envelope const& envelope_;
  opening const& terms_;
  std::vector<unwrapped_key> unwrapped_;
};

// A key that no part of ours needs is for somebody else: the profile has one recipient.
result<void> check_each_used(security_header const& header, xml::node at) {
  for (auto const& key : header.keys) {
    bool const used = std::any_of(header.parts.begin(), header.parts.end(),
                                  [&](auto const& part) { return encrypted_key_for(part, header) == &key; });
    if (!used) {
      return policy_problem("structure",
                            "EncryptedKey " + key.id.substr(0, 64) +
                                " opens no part: a message has one recipient and no key beside the needed ones",
                            at);
    }
  }
  return {};
}

std::size_t key_size_of(std::string_view method) {
  return method.ends_with("aes256-gcm") ? older_content_key_size : content_key_size;
}

// Which EncryptedData describes which part; each at most once.
result<std::vector<encrypted_part_block const*>> match(security_header const& header,
                                                       std::vector<announced_part> const& parts, xml::node at) {
  std::vector<encrypted_part_block const*> matched(parts.size(), nullptr);
  for (auto const& block : header.parts) {
    auto const index = index_of_cid(parts, block.uri);
    if (index == parts.size()) {
      return problem{"edelivery.payload.missing", "An encrypted payload part is not in the message",
                     block.uri.substr(0, 256), ""};
    }
    if (matched[index] != nullptr) return policy_problem("structure", "A payload part is encrypted twice", at);
    matched[index] = &block;
  }
  return matched;
}

}  // namespace

problem decryption_failed(part_terms const& how) {
  return {"edelivery.decryption.failed",
          how.is_key_ours ? "The payload cannot be decrypted: its tag does not fit"
                          : "The payload cannot be decrypted: its content key cannot be unwrapped",
          how.encrypted_for, ""};
}

result<std::vector<part_terms>> terms_of_parts(parsed_envelope const& envelope, security_header const& header,
                                               std::vector<announced_part> const& parts, opening const& terms) {
  auto const at = envelope.messaging();
  if (auto checked = check_encryption_algorithms(header, terms.profile, at); !checked)
    return std::move(checked).error();
  auto const matched = match(header, parts, at);
  if (!matched) return matched.error();
  bool const required = terms.profile.encryption == payload_encryption::required;
  if (required && std::find(matched->begin(), matched->end(), nullptr) != matched->end()) {
    return policy_problem("not_encrypted", "A payload part is not encrypted", at);
  }
  if (auto checked = check_each_used(header, at); !checked) return std::move(checked).error();
  content_keys keys(envelope, terms);
  std::vector<part_terms> opened;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto& how = opened.emplace_back(parts[i].content_id, parts[i].mime_type, "", "");
    auto const* const block = (*matched)[i];
    if (block == nullptr) continue;
    auto const* const key_block = encrypted_key_for(*block, header);
    if (key_block == nullptr) return policy_problem("structure", "An encrypted part has no key in the message", at);
    // Drawn whether it is needed or not, and before the secret key is used: what follows takes the same way.
    auto substitute = random_bytes(key_size_of(block->method));
    auto const& key = keys.of(*key_block);
    if (!key.key) return key.key.error();
    how.is_key_ours = key.key->size() == substitute.size();
    how.key = how.is_key_ours ? *key.key : std::move(substitute);
    how.encrypted_for = key.ours;
    how.mime_type = block->mime_type;
  }
  return opened;
}

}  // namespace ehds::edelivery
