#pragma once
// The steps of verify(), in the order in which they must run. For the sources of this folder only.
#include <string>
#include <vector>

#include "base/result.hpp"
#include "edelivery/security/part_streams.hpp"
#include "edelivery/security/secure_message.hpp"
#include "edelivery/security/security_header.hpp"

namespace ehds::edelivery {

// What remains to be checked when the signature is good: that part `index` has this digest once it is plain.
struct awaited_digest {
  std::size_t index = 0;
  std::string uri;
  std::string digest;  // raw bytes
};

struct verified_signature {
  certificate signer;
  std::vector<awaited_digest> parts;
  std::string signed_info;  // in canonical form
};

result<verified_signature> verify_signature(parsed_envelope const& envelope, security_header const& header,
                                            std::vector<announced_part> const& parts, opening const& terms);

// Is this one of the elements that a signature of ours may cover, found by its place and not by its Id?
bool may_be_covered(xml::node node, parsed_envelope const& envelope, security_header const& header);

// The references of a signature, each standing alone in canonical form. They are cut out of `signed_info`, the
// canonical form of SignedInfo, where that surely says the same, and made one by one where not.
result<std::vector<signed_reference>> references_of(signature_block const& signature, std::string_view signed_info);

// How each part is to be decrypted; the digests are still missing. Problems edelivery.policy.{not_encrypted, algorithm,
// structure}, edelivery.payload.missing, edelivery.decryption.{not_for_us, derivation}. A content key that our secret
// key does not open is none of them: a random one stands in its place, so that the same work follows.
result<std::vector<part_terms>> terms_of_parts(parsed_envelope const& envelope, security_header const& header,
                                               std::vector<announced_part> const& parts, opening const& terms);

// One code for whatever goes wrong once a secret key is used, said after the same work: a sender must not learn which
// step failed. The operator reads it in the detail.
problem decryption_failed(part_terms const& how);

// Strips "cid:" and finds the name among the content ids, as it stands first, then with percent escapes decoded.
// Gives parts.size() when there is none.
std::size_t index_of_cid(std::vector<announced_part> const& parts, std::string_view uri);

}  // namespace ehds::edelivery
