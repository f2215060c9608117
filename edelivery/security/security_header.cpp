#include "edelivery/security/security_header.hpp"

#include "base/bytes.hpp"
#include "edelivery/security/grammar.hpp"

namespace ehds::edelivery {

problem policy_problem(char const* what, std::string detail, xml::node at) {
  return {std::string("edelivery.policy.") + what, std::move(detail), "line " + std::to_string(at.line()), ""};
}

namespace {

std::string fragment(std::optional<std::string> const& uri) {
  return uri && uri->starts_with('#') ? uri->substr(1) : std::string();
}
std::string id_of(xml::node element) {
  return element.attribute("Id").value_or(element.attribute("Id", ns::wsu).value_or(""));
}

std::vector<std::string> words(std::string const& list) {
  std::vector<std::string> all;
  std::string word;
  for (char const c : list + " ") {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
      word += c;
    } else if (!word.empty()) {
      all.push_back(std::move(word));
      word.clear();
    }
  }
  return all;
}

// Of ds:CanonicalizationMethod or ds:Transform: at most one InclusiveNamespaces inside.
result<std::vector<std::string>> prefixes_of(xml::node method) {
  grammar inside(method);
  auto const inclusive = inside.take(ns::ec, "InclusiveNamespaces");
  if (!inside.at_end() || method.has_text()) return inside.unexpected("at most one ec:InclusiveNamespaces");
  if (!inclusive) return std::vector<std::string>{};
  auto const list = inclusive->attribute("PrefixList").value_or("");
  if (list.size() > longest_prefix_list)
    return unforeseen(*inclusive, "a PrefixList of at most " + std::to_string(longest_prefix_list) + " characters");
  return words(list);
}

result<signature_block> read_signed_info(xml::node signed_info, signature_block block) {
  grammar inside(signed_info);
  auto const canonicalization = inside.take(ns::ds, "CanonicalizationMethod");
  auto const method = inside.take(ns::ds, "SignatureMethod");
  if (!canonicalization || !method || !method->children().empty()) {
    return inside.unexpected("CanonicalizationMethod, SignatureMethod (without parameters) and References");
  }
  auto prefixes = prefixes_of(*canonicalization);
  if (!prefixes) return std::move(prefixes).error();
  block.canonicalization = algorithm_of(*canonicalization);
  block.prefixes = *std::move(prefixes);
  block.method = algorithm_of(*method);
  while (auto const element = inside.take(ns::ds, "Reference")) {
    auto reference = read_reference_block(*element);
    if (!reference) return std::move(reference).error();
    block.references.push_back(*std::move(reference));
  }
  if (!inside.at_end() || block.references.empty() || block.references.size() > most_references) {
    return inside.unexpected("1 to " + std::to_string(most_references) + " References after its methods");
  }
  return block;
}

result<signature_block> read_signature(xml::node signature) {
  grammar inside(signature);
  auto const signed_info = inside.take(ns::ds, "SignedInfo");
  auto const value = inside.take(ns::ds, "SignatureValue");
  auto const key_info = inside.take(ns::ds, "KeyInfo");
  if (!signed_info || !value || !key_info || !inside.at_end()) {
    return inside.unexpected("SignedInfo, SignatureValue, KeyInfo");
  }
  auto raw = bytes_in(*value);
  if (!raw) return std::move(raw).error();
  auto token = token_reference_in(*key_info);
  if (!token) return std::move(token).error();
  return read_signed_info(*signed_info, {*signed_info, "", {}, "", {}, *std::move(raw), *token});
}

result<encrypted_key_block> read_key_method(xml::node method, encrypted_key_block block) {
  auto& how = block.how;
  how.method = algorithm_of(method);
  for (auto const child : method.children()) {
    if (child.is(ns::ds, "DigestMethod") && how.digest.empty()) {
      how.digest = algorithm_of(child);
    } else if (child.is(ns::xenc11, "MGF") && how.mask.empty()) {
      how.mask = algorithm_of(child);
    } else if (child.is(ns::xenc, "OAEPparams") && !block.labelled) {
      block.labelled = true;
    } else {
      return unforeseen(method, "DigestMethod and MGF at most once");
    }
  }
  return block;
}

result<std::vector<std::string>> data_ids(std::optional<xml::node> const& list) {
  std::vector<std::string> ids;
  if (!list) return ids;
  for (auto const child : list->children()) {
    auto const id = fragment(child.attribute("URI"));
    if (!child.is(ns::xenc, "DataReference") || id.empty()) return unforeseen(*list, "DataReferences");
    ids.push_back(id);
  }
  return ids;
}

// KeyInfo of EncryptedKey: the recipient's certificate, or how the wrapping key was agreed with it.
result<encrypted_key_block> read_key_info(xml::node key_info, encrypted_key_block block) {
  auto const inside = key_info.children();
  if (inside.size() != 1 || !inside[0].is(ns::xenc, "AgreementMethod")) {
    auto token = token_reference_in(key_info);
    if (!token) return std::move(token).error();
    block.key_reference = *token;
    return block;
  }
  auto agreement = read_agreement_method(inside[0]);
  if (!agreement) return std::move(agreement).error();
  block.key_reference = agreement->recipient;
  block.how.agreement = agreement->method;
  block.how.derivation = agreement->derivation_method;
  block.how.prf = agreement->prf;
  block.agreement = *std::move(agreement);
  return block;
}

result<encrypted_key_block> read_encrypted_key(xml::node element) {
  grammar inside(element);
  auto const method = inside.take(ns::xenc, "EncryptionMethod");
  auto const key_info = inside.take(ns::ds, "KeyInfo");
  auto const cipher = inside.take(ns::xenc, "CipherData");
  auto const list = inside.take(ns::xenc, "ReferenceList");
  if (!method || !key_info || !cipher || !inside.at_end()) {
    return inside.unexpected("EncryptionMethod, KeyInfo, CipherData, ReferenceList");
  }
  grammar data(*cipher);
  auto const value = data.take(ns::xenc, "CipherValue");
  if (!value || !data.at_end()) return data.unexpected("one CipherValue");
  auto wrapped = bytes_in(*value);
  if (!wrapped) return std::move(wrapped).error();
  auto ids = data_ids(list);
  if (!ids) return std::move(ids).error();
  encrypted_key_block block{id_of(element), {}, false, *std::move(wrapped), *std::move(ids), *key_info, std::nullopt};
  return read_key_method(*method, std::move(block)).and_then([&](encrypted_key_block read) {
    return read_key_info(*key_info, std::move(read));
  });
}

// KeyInfo of EncryptedData: a reference to the EncryptedKey, or nothing.
result<std::string> key_id_in(std::optional<xml::node> const& key_info) {
  if (!key_info) return std::string();
  auto token = token_reference_in(*key_info);
  if (!token) return std::move(token).error();
  grammar inside(*token);
  auto const reference = inside.take(ns::wsse, "Reference");
  auto id = reference ? fragment(reference->attribute("URI")) : std::string();
  if (id.empty() || !inside.at_end()) return inside.unexpected("one Reference to the EncryptedKey");
  return id;
}

result<std::string> cipher_uri(xml::node cipher) {
  grammar data(cipher);
  auto const reference = data.take(ns::xenc, "CipherReference");
  if (!reference || !data.at_end()) return data.unexpected("one CipherReference");
  grammar inside(*reference);
  auto const transforms = inside.take(ns::xenc, "Transforms");
  if (!transforms || !inside.at_end()) return inside.unexpected("Transforms");
  grammar list(*transforms);
  auto const transform = list.take(ns::ds, "Transform");
  if (!transform || !list.at_end() || algorithm_of(*transform) != uri::ciphertext_transform ||
      !transform->children().empty()) {
    return list.unexpected("the one Transform for attachment ciphertext");
  }
  return reference->attribute("URI").value_or("");
}

result<encrypted_part_block> read_encrypted_part(xml::node element) {
  grammar inside(element);
  auto const method = inside.take(ns::xenc, "EncryptionMethod");
  auto const key_info = inside.take(ns::ds, "KeyInfo");
  auto const cipher = inside.take(ns::xenc, "CipherData");
  if (!method || !method->children().empty() || !cipher || !inside.at_end()) {
    return inside.unexpected("EncryptionMethod (without parameters), KeyInfo, CipherData");
  }
  if (element.attribute("Type") != uri::content_only) {
    return policy_problem("structure", "EncryptedData is not of the type that encrypts a payload part's content",
                          element);
  }
  auto key = key_id_in(key_info);
  if (!key) return std::move(key).error();
  auto cid = cipher_uri(*cipher);
  if (!cid) return std::move(cid).error();
  return encrypted_part_block{id_of(element), element.attribute("MimeType").value_or("application/octet-stream"),
                              algorithm_of(*method), *std::move(key), *std::move(cid)};
}

template <class Block>
result<void> keep(std::vector<Block>& blocks, result<Block> read, std::size_t most, xml::node at) {
  if (!read) return std::move(read).error();
  if (blocks.size() == most) {
    return policy_problem(
        "structure",
        "wsse:Security holds more than " + std::to_string(most) + " elements " + std::string(at.name().substr(0, 64)),
        at);
  }
  blocks.push_back(*std::move(read));
  return {};
}

// Everything in wsse:Security but the signature.
result<void> read_other(xml::node child, security_header& header) {
  if (child.is(ns::wsse, "BinarySecurityToken")) {
    return keep(header.tokens, result<xml::node>(child), most_encrypted_keys, child);
  }
  if (child.is(ns::xenc, "EncryptedKey")) {
    return keep(header.keys, read_encrypted_key(child), most_encrypted_keys, child);
  }
  if (child.is(ns::xenc, "EncryptedData")) {
    return keep(header.parts, read_encrypted_part(child), most_references, child);
  }
  if (child.is(ns::wsu, "Timestamp") && !header.timestamp) {
    header.timestamp = child;
    return {};
  }
  return policy_problem("structure",
                        "wsse:Security holds " + std::string(child.name().substr(0, 64)) +
                            ", which the profile does not know or allows once",
                        child);
}

// A comment inside a value is skipped by one reader and ends the value for another. Between elements it does no harm.
result<void> check_values_whole(xml::node element) {
  if (element.has_text() && !element.is_uninterrupted()) return unforeseen(element, "text without comments");
  for (auto child = element.first_child(); child; child = child->next_sibling()) {
    if (auto whole = check_values_whole(*child); !whole) return whole;
  }
  return {};
}

}  // namespace

result<reference_block> read_reference_block(xml::node reference) {
  grammar inside(reference);
  auto const transforms = inside.take(ns::ds, "Transforms");
  auto const method = inside.take(ns::ds, "DigestMethod");
  auto const value = inside.take(ns::ds, "DigestValue");
  auto const uri = reference.attribute("URI");
  if (!transforms || !method || !method->children().empty() || !value || !inside.at_end() || !uri) {
    return inside.unexpected("Transforms, DigestMethod (without parameters), DigestValue");
  }
  auto digest = text_in(*value);
  if (!digest) return std::move(digest).error();
  if (digest->size() > longest_digest)
    return unforeseen(*value, "a digest of at most " + std::to_string(longest_digest) + " characters");
  grammar list(*transforms);
  auto const transform = list.take(ns::ds, "Transform");
  if (!transform || !list.at_end()) return list.unexpected("one Transform");
  auto prefixes = prefixes_of(*transform);
  if (!prefixes) return std::move(prefixes).error();
  return reference_block{
      *uri, algorithm_of(*transform), *std::move(prefixes), algorithm_of(*method), *std::move(digest), reference};
}

result<security_header> read_security_header(parsed_envelope const& envelope) {
  auto const security = envelope.security();
  auto const none = [&] {
    return problem{"edelivery.policy.unsigned", "The message is not signed", "", "Sign every message."};
  };
  if (!security) return none();
  auto const signatures = security->children(ns::ds, "Signature");
  if (signatures.empty()) return none();
  if (signatures.size() > 1) return policy_problem("structure", "wsse:Security holds two signatures", *security);
  if (auto whole = check_values_whole(*security); !whole) return std::move(whole).error();
  auto signature = read_signature(signatures[0]);
  if (!signature) return std::move(signature).error();
  security_header header{{}, {}, {}, {}, *std::move(signature)};
  for (auto const child : security->children()) {
    if (child == signatures[0]) continue;
    if (auto read = read_other(child, header); !read) return std::move(read).error();
  }
  return header;
}

}  // namespace ehds::edelivery
