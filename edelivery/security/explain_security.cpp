#include "edelivery/security/explain_security.hpp"

#include "base/bytes.hpp"
#include "edelivery/security/security_header.hpp"
#include "edelivery/security/signature_algorithm.hpp"
#include "edelivery/security/token.hpp"
#include "edelivery/security/verify.hpp"

#include <algorithm>

namespace ehds::edelivery {

namespace {

finding good_if(bool good) { return good ? finding::good : finding::wrong; }

class look {
 public:
  look(parsed_envelope const& envelope, security_header const& header, std::vector<announced_part> const& parts,
       opening const& terms, explanation& into)
      : envelope_(envelope), header_(header), parts_(parts), terms_(terms), into_(into) {}

  explained_security at_all(bool opens_unproven) {
    bool const allowed = at_method();
    auto const signer = at_certificate();
    bool const is_signed = signer && at_value(*signer);
    bool covered = true;
    for (auto const& each : header_.signature.references) covered = at_reference(each) && covered;
    covered = at_coverage() && covered;
    found_.is_proven = allowed && is_trusted_ && is_signed && covered;
    at_keys();
    at_encrypted_parts();
    if (found_.is_proven || opens_unproven) open_keys();
    return std::move(found_);
  }

 private:
  bool at_method() {
    auto const& mine = header_.signature;
    auto const& profile = terms_.profile;
    auto& step = into_.add("signature method");
    step.fact("algorithm", mine.method).fact("canonicalization", mine.canonicalization);
    bool const takes = profile.takes_signature(mine.method);
    bool const canonical = mine.canonicalization == profile.canonicalization;
    if (!takes) step.fact("the P-Mode's profile " + profile.id + " wants", profile.signature);
    if (!canonical) step.fact("canonicalization wanted", profile.canonicalization);
    step.outcome = good_if(takes && canonical);
    return takes && canonical;
  }

  std::optional<certificate> at_certificate() {
    auto& step = into_.add("certificate of the signer");
    step.fact("named as", described(header_.signature.key_reference));
    auto const token = resolve_token(envelope_, header_.signature.key_reference, known_signers(terms_.trust));
    if (!token) {
      step.failed(token.error());
      return std::nullopt;
    }
    describe_certificate(step, token->cert);
    for (auto const& each : token->chain) step.fact("path", each.described());
    auto const trusted = check_signer(token->cert, token->chain, terms_.trust, terms_.now);
    is_trusted_ = trusted.has_value();
    step.outcome = good_if(is_trusted_);
    if (is_trusted_) return token->cert;
    step.failed(trusted.error());
    for (auto const& each : known_signers(terms_.trust))
      step.fact("trusted is", each.described() + ", SHA-256 " + each.fingerprint());
    for (auto const& each : terms_.trust.authorities)
      step.fact("trusted authority", each.described() + ", for " + terms_.trust.subject);
    return token->cert;
  }

  bool at_value(certificate const& signer) {
    auto const& mine = header_.signature;
    auto& step = into_.add("signature value");
    auto const* const algorithm = find_signature_algorithm(mine.method);
    if (algorithm == nullptr || !fits(*algorithm, signer)) {
      step.fact("why", "the certificate holds no strong key for this algorithm").outcome = finding::wrong;
      return false;
    }
    auto const octets = xml::canonicalize(mine.signed_info, mine.prefixes, largest_signed_info);
    if (!octets) {
      step.failed(octets.error());
      return false;
    }
    bool const good = signature_is_good(*algorithm, signer, *octets, mine.value);
    step.fact("SHA-256 of ds:SignedInfo in canonical form", sha256_hex(*octets)).outcome = good_if(good);
    if (!good) step.fact("why", "ds:SignedInfo was changed after signing, or signed with another key");
    return good;
  }

  // False when the SOAP part is not what was signed, or the form is not the profile's.
  bool at_reference(reference_block const& each) {
    bool const attached = each.uri.starts_with("cid:");
    auto& step = into_.add("reference", each.uri);
    auto const& wanted = attached ? terms_.profile.attachment_transform : terms_.profile.canonicalization;
    step.fact("transform", each.transform);
    if (each.transform != wanted) step.fact("transform wanted", wanted);
    step.fact("digest algorithm", each.digest_method);
    if (each.digest_method != terms_.profile.digest) step.fact("digest algorithm wanted", terms_.profile.digest);
    step.fact("digest given", each.digest);
    bool const form = each.transform == wanted && each.digest_method == terms_.profile.digest;
    bool const content = attached ? at_part(each, step) : at_element(each, step);
    if (!form || !content) step.outcome = finding::wrong;
    return form && content;
  }

  bool at_element(reference_block const& each, explained_step& step) {
    auto const node = each.uri.starts_with('#') ? envelope_.by_id(std::string_view(each.uri).substr(1)) : std::nullopt;
    if (!node) {
      step.fact("why", "no element has this Id");
      return false;
    }
    step.fact("element", node->name());
    // What no message of the profile signs is not put into canonical form: anybody may name it, and as often as he
    // likes.
    bool const again = std::ranges::find(covered_, *node) != covered_.end();
    if (again || !may_be_covered(*node, envelope_, header_)) {
      step.fact("why", again ? "it is referred to twice" : "it is no element that is to be signed");
      return false;
    }
    covered_.push_back(*node);
    auto const octets = xml::canonicalize(*node, each.prefixes);
    if (!octets) {
      step.failed(octets.error());
      return false;
    }
    auto const computed = sha256(*octets);
    step.fact("digest computed", to_base64(computed));
    bool const equal = from_base64(each.digest).value_or("") == computed;
    step.outcome = good_if(equal);
    if (!equal) step.fact("why", "the element was changed after signing");
    return equal;
  }

  bool at_part(reference_block const& each, explained_step& step) {
    auto const index = index_of_cid(parts_, each.uri);
    if (index == parts_.size()) {
      step.fact("why", "the message has no part of this Content-ID");
      return false;
    }
    covered_parts_.push_back(index);
    auto digest = from_base64(each.digest);
    if (!digest) {
      step.fact("why", "the digest is not base64");
      return false;
    }
    step.outcome = finding::not_looked_at;
    if (into_.left_out() == 0) found_.awaited.push_back({index, into_.steps().size() - 1, *std::move(digest)});
    return true;
  }

  bool at_coverage() {
    auto& step = into_.add("signed are");
    auto const covers = [&](xml::node node) { return std::ranges::find(covered_, node) != covered_.end(); };
    std::string missing;
    auto const note = [&](std::string const& what, bool is_covered) {
      step.fact(is_covered ? "signed" : "NOT signed", what);
      if (!is_covered) missing += what;
    };
    note("eb:Messaging", covers(envelope_.messaging()));
    note("Body", covers(envelope_.body()));
    for (std::size_t n = 0; n < parts_.size(); ++n)
      note("cid:" + parts_[n].content_id, std::ranges::find(covered_parts_, n) != covered_parts_.end());
    step.outcome = good_if(missing.empty());
    return missing.empty();
  }

  void at_keys() {
    std::vector<certificate> ours;
    for (auto const& each : terms_.decryption) ours.push_back(each.cert);
    for (auto const& key : header_.keys) {
      auto& step = into_.add("encrypted key", key.id);
      step.fact("algorithm", key.how.method).fact("digest", key.how.digest).fact("mask", key.how.mask);
      step.fact("agreement", key.how.agreement).fact("derivation", key.how.derivation).fact("PRF", key.how.prf);
      step.fact("recipient named as", described(key.key_reference));
      bool const takes = terms_.profile.takes_key_encryption(key.how) && !key.labelled;
      if (!takes)
        step.fact("the P-Mode's profile " + terms_.profile.id + " wants", terms_.profile.key_encryption.method);
      auto const token = resolve_token(envelope_, key.key_reference, ours);
      bool const is_ours = token && std::ranges::find(ours, token->cert) != ours.end();
      if (token) step.fact("recipient", token->cert.described()).fact("SHA-256", token->cert.fingerprint());
      if (!token) step.failed(token.error());
      if (token && !is_ours) step.fact("why", "this certificate is not ours");
      step.outcome = good_if(takes && is_ours);
    }
  }

  void at_encrypted_parts() {
    for (auto const& part : header_.parts) {
      auto& step = into_.add("encrypted part", part.uri);
      step.fact("algorithm", part.method).fact("media type", part.mime_type);
      bool const takes = terms_.profile.takes_content_encryption(part.method);
      if (!takes) step.fact("the P-Mode's profile " + terms_.profile.id + " wants", terms_.profile.content_encryption);
      bool const is_there = index_of_cid(parts_, part.uri) < parts_.size();
      if (!is_there) step.fact("why", "the message has no part of this Content-ID");
      step.outcome = good_if(takes && is_there);
    }
  }

  void open_keys() {
    if (parts_.empty()) return;
    auto terms = terms_of_parts(envelope_, header_, parts_, terms_);
    if (!terms) {
      into_.add("decryption").failed(terms.error());
      return;
    }
    found_.parts = *std::move(terms);
    for (auto const& one : found_.awaited) found_.parts.at(one.part).digest = one.digest;
  }

  parsed_envelope const& envelope_;
  security_header const& header_;
  std::vector<announced_part> const& parts_;
  opening const& terms_;
  explanation& into_;
  explained_security found_;
  bool is_trusted_ = false;
  std::vector<xml::node> covered_;
  std::vector<std::size_t> covered_parts_;
};

}  // namespace

void describe_certificate(explained_step& step, certificate const& cert) {
  step.fact("subject", cert.subject()).fact("issuer", cert.issuer()).fact("serial number", cert.serial());
  step.fact("key", cert.key_text()).fact("SHA-256", cert.fingerprint());
  step.fact("valid from", to_rfc3339(cert.not_before())).fact("valid to", to_rfc3339(cert.not_after()));
}

explained_security explain_security(parsed_envelope const& envelope, std::vector<announced_part> const& parts,
                                    opening const& terms, bool opens_unproven, explanation& into) {
  auto const header = read_security_header(envelope);
  if (!header) {
    into.add("security header").failed(header.error());
    return {};
  }
  return look(envelope, *header, parts, terms, into).at_all(opens_unproven);
}

}  // namespace ehds::edelivery
