#include "edelivery/security/primitives.hpp"
#include "edelivery/security/token.hpp"
#include "edelivery/security/verify.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <optional>

namespace ehds::edelivery {

namespace {

result<void> check_algorithms(security_header const& header, security_profile const& profile, xml::node at) {
  for (auto const& key : header.keys) {
    if (key.method != profile.key_encryption || key.digest != profile.key_encryption_digest ||
        key.mask != profile.key_encryption_mask || key.labelled) {
      return policy_problem(
          "algorithm", "The profile does not allow how the content key is encrypted: " + key.method.substr(0, 128), at);
    }
  }
  for (auto const& part : header.parts) {
    if (part.method != profile.content_encryption) {
      return policy_problem("algorithm",
                            "The profile does not allow how a part is encrypted: " + part.method.substr(0, 128), at);
    }
  }
  return {};
}

encrypted_key_block const* key_for(encrypted_part_block const& part, security_header const& header) {
  for (auto const& key : header.keys) {
    bool const listed = std::find(key.data_ids.begin(), key.data_ids.end(), part.id) != key.data_ids.end();
    if (part.key_id.empty() ? listed : key.id == part.key_id) return &key;
  }
  return nullptr;
}

// The content keys of one message, each unwrapped once.
class content_keys {
 public:
  content_keys(parsed_envelope const& envelope, std::vector<credentials> const& ours)
      : envelope_(envelope), ours_(ours) {}
  content_keys(content_keys const&) = delete;
  content_keys& operator=(content_keys const&) = delete;
  ~content_keys() {
    for (auto& each : unwrapped_) {
      if (each.key) OPENSSL_cleanse(each.key->data(), each.key->size());
    }
  }

  std::optional<std::string> const& of(encrypted_key_block const& block) {
    for (auto const& each : unwrapped_) {
      if (each.block == &block) return each.key;
    }
    unwrapped_.push_back({&block, unwrap(block)});
    return unwrapped_.back().key;
  }

 private:
  struct unwrapped {
    encrypted_key_block const* block;
    std::optional<std::string> key;
  };

  std::optional<std::string> unwrap(encrypted_key_block const& block) const {
    std::vector<certificate> known;
    for (auto const& each : ours_) known.push_back(each.cert);
    auto const token = resolve_token(envelope_, block.key_reference, known);
    if (!token) return std::nullopt;
    for (auto const& each : ours_) {
      if (!(each.cert == token->cert)) continue;
      auto key = rsa_oaep_unwrap(each.key, block.wrapped);
      if (key && key->size() == content_key_size) return key;
    }
    return std::nullopt;
  }

  parsed_envelope const& envelope_;
  std::vector<credentials> const& ours_;
  std::vector<unwrapped> unwrapped_;
};

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

problem decryption_failed() { return {"edelivery.decryption.failed", "The payload cannot be decrypted", "", ""}; }

result<std::vector<part_terms>> terms_of_parts(parsed_envelope const& envelope, security_header const& header,
                                               std::vector<announced_part> const& parts, opening const& terms) {
  auto const at = envelope.messaging();
  if (auto checked = check_algorithms(header, terms.profile, at); !checked) return std::move(checked).error();
  auto const matched = match(header, parts, at);
  if (!matched) return matched.error();
  bool const required = terms.profile.encryption == payload_encryption::required;
  if (required && std::find(matched->begin(), matched->end(), nullptr) != matched->end()) {
    return policy_problem("not_encrypted", "A payload part is not encrypted", at);
  }
  content_keys keys(envelope, terms.decryption);
  std::vector<part_terms> opened;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    opened.push_back({parts[i].content_id, parts[i].mime_type, {}, {}});
    auto const* const block = (*matched)[i];
    if (block == nullptr) continue;
    auto const* const key_block = key_for(*block, header);
    if (key_block == nullptr) return policy_problem("structure", "An encrypted part has no key in the message", at);
    auto const& key = keys.of(*key_block);
    if (!key) return decryption_failed();
    opened.back().key = *key;
    opened.back().mime_type = block->mime_type;
  }
  return opened;
}

}  // namespace ehds::edelivery
