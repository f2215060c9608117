#include "edelivery/security/verify.hpp"

#include "base/bytes.hpp"
#include "base/percent.hpp"
#include "edelivery/security/signature_algorithm.hpp"
#include "edelivery/security/token.hpp"

#include <algorithm>

namespace ehds::edelivery {

namespace {

problem wrong(char const* what, std::string detail, std::string_view uri) {
  return {std::string("edelivery.authentication.") + what, std::move(detail), std::string(uri.substr(0, 256)), ""};
}

// `what` the P-Mode wants, and what the message says instead.
problem not_allowed(security_profile const& profile, std::string_view what, std::string_view wanted,
                    std::string_view found, xml::node at) {
  return policy_problem("algorithm",
                        "The P-Mode's profile " + profile.id + " wants " + std::string(wanted) + " as " +
                            std::string(what) + "; the message says " + std::string(found.substr(0, 128)),
                        at);
}

result<void> check_reference(reference_block const& each, security_profile const& profile) {
  bool const attached = each.uri.starts_with("cid:");
  auto const of = " of Reference " + each.uri.substr(0, 128);
  auto const& transform = attached ? profile.attachment_transform : profile.canonicalization;
  if (each.transform != transform || (attached && !each.prefixes.empty())) {
    return not_allowed(profile, "transform" + of, transform, each.transform, each.element);
  }
  if (each.digest_method == profile.digest) return {};
  return not_allowed(profile, "digest method" + of, profile.digest, each.digest_method, each.element);
}

result<void> check_signature_algorithms(signature_block const& signature, security_profile const& profile) {
  auto const at = signature.signed_info;
  if (signature.canonicalization != profile.canonicalization) {
    return not_allowed(profile, "canonicalization", profile.canonicalization, signature.canonicalization, at);
  }
  if (!profile.takes_signature(signature.method)) {
    return not_allowed(profile, "signature method", profile.signature, signature.method, at);
  }
  for (auto const& each : signature.references) {
    if (auto checked = check_reference(each, profile); !checked) return checked;
  }
  return {};
}

// Follows the references, and remembers what they covered.
class coverage {
 public:
  coverage(parsed_envelope const& envelope, security_header const& header, std::vector<announced_part> const& parts)
      : envelope_(envelope), header_(header), parts_(parts), covered_parts_(parts.size(), false) {}

  result<void> follow(reference_block const& reference) {
    return reference.uri.starts_with("cid:") ? follow_part(reference) : follow_element(reference);
  }

  result<void> complete() const {
    auto const missing = [&](std::string what) {
      return policy_problem("not_covered", "The signature does not cover " + std::move(what),
                            header_.signature.signed_info);
    };
    if (!covers(envelope_.messaging())) return missing("eb:Messaging");
    if (!covers(envelope_.body())) return missing("the Body");
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (!covered_parts_[i]) return missing("the part " + parts_[i].content_id.substr(0, 128));
    }
    return {};
  }

  // The digests of what stands in the SOAP part.
  result<void> check_elements() const {
    for (auto const& [reference, node] : elements_) {
      auto const octets = xml::canonicalize(node, reference->prefixes);
      if (!octets) return wrong("digest", "A signed element: " + octets.error().detail, reference->uri);
      auto const expected = from_base64(reference->digest);
      if (!expected || !equal_in_constant_time(*expected, sha256(*octets))) {
        return wrong("digest", "A signed element was changed after signing", reference->uri);
      }
    }
    return {};
  }

  std::vector<awaited_digest> take_awaited() { return std::move(awaited_); }

 private:
  bool covers(xml::node node) const {
    return std::any_of(elements_.begin(), elements_.end(), [&](auto const& each) { return each.second == node; });
  }

  result<void> follow_element(reference_block const& reference) {
    auto const node =
        reference.uri.starts_with('#') ? envelope_.by_id(std::string_view(reference.uri).substr(1)) : std::nullopt;
    if (!node || !may_be_covered(*node, envelope_, header_) || covers(*node)) {
      return policy_problem("unknown_reference",
                            "The signature refers to " + reference.uri.substr(0, 128) +
                                ", which is no element that is to be signed, or refers to it twice",
                            reference.element);
    }
    elements_.emplace_back(&reference, *node);
    return {};
  }

  result<void> follow_part(reference_block const& reference) {
    auto const index = index_of_cid(parts_, reference.uri);
    if (index == parts_.size()) {
      return problem{"edelivery.payload.missing", "A signed payload part is not in the message",
                     reference.uri.substr(0, 256), ""};
    }
    auto digest = from_base64(reference.digest);
    if (!digest || covered_parts_[index]) {
      return policy_problem("unknown_reference", "The signature refers to a part twice, or without a readable digest",
                            reference.element);
    }
    covered_parts_[index] = true;
    awaited_.push_back({index, reference.uri, *std::move(digest)});
    return {};
  }

  parsed_envelope const& envelope_;
  security_header const& header_;
  std::vector<announced_part> const& parts_;
  std::vector<bool> covered_parts_;
  std::vector<std::pair<reference_block const*, xml::node>> elements_;
  std::vector<awaited_digest> awaited_;
};

// Gives the octets that were signed.
result<std::string> check_value(signature_block const& signature, certificate const& signer) {
  auto const* const algorithm = find_signature_algorithm(signature.method);
  auto octets = xml::canonicalize(signature.signed_info, signature.prefixes, largest_signed_info);
  if (!octets) return wrong("signature", "ds:SignedInfo: " + octets.error().detail, signer.described());
  if (algorithm != nullptr && signature_is_good(*algorithm, signer, *octets, signature.value)) return octets;
  return wrong("signature", "The signature does not verify with the signer's certificate", signer.described());
}

result<certificate> trusted_signer(parsed_envelope const& envelope, signature_block const& signature,
                                   opening const& terms) {
  auto const& memory = terms.trust.remembered;
  bool const remembers = memory && terms.trust.pinned.empty();
  auto token = resolve_token(envelope, signature.key_reference, known_signers(terms.trust),
                             remembers ? memory->signers() : std::vector<certificate>{});
  if (!token) return std::move(token).error();
  if (auto checked = check_signer(token->cert, token->chain, terms.trust, terms.now); !checked) {
    return std::move(checked).error();
  }
  auto const* const algorithm = find_signature_algorithm(signature.method);
  if (algorithm == nullptr || !fits(*algorithm, token->cert)) {
    return policy_problem("algorithm",
                          "The signer's certificate " + token->cert.described() + " holds no strong key for " +
                              signature.method.substr(0, 128),
                          signature.signed_info);
  }
  return token->cert;
}

}  // namespace

bool may_be_covered(xml::node node, parsed_envelope const& envelope, security_header const& header) {
  return node == envelope.messaging() || node == envelope.body() || node == header.timestamp ||
         std::find(header.tokens.begin(), header.tokens.end(), node) != header.tokens.end();
}

std::size_t index_of_cid(std::vector<announced_part> const& parts, std::string_view uri) {
  if (!uri.starts_with("cid:")) return parts.size();
  auto const literal = uri.substr(4);
  for (auto const& wanted : {std::string(literal), percent_decode_leniently(literal)}) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].content_id == wanted) return i;
    }
  }
  return parts.size();
}

result<verified_signature> verify_signature(parsed_envelope const& envelope, security_header const& header,
                                            std::vector<announced_part> const& parts, opening const& terms) {
  if (auto checked = check_signature_algorithms(header.signature, terms.profile); !checked)
    return std::move(checked).error();
  coverage covered(envelope, header, parts);
  for (auto const& each : header.signature.references) {
    if (auto followed = covered.follow(each); !followed) return std::move(followed).error();
  }
  if (auto checked = covered.complete(); !checked) return std::move(checked).error();
  auto signer = trusted_signer(envelope, header.signature, terms);
  if (!signer) return std::move(signer).error();
  auto signed_info = check_value(header.signature, *signer);
  if (!signed_info) return std::move(signed_info).error();
  if (auto checked = covered.check_elements(); !checked) return std::move(checked).error();
  return verified_signature{*std::move(signer), covered.take_awaited(), *std::move(signed_info)};
}

}  // namespace ehds::edelivery
