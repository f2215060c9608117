#include "edelivery/security/trust.hpp"

#include "base/slips.hpp"
#include "edelivery/security/openssl.hpp"

#include <algorithm>
#include <optional>

namespace ehds::edelivery {

using openssl::must;
using openssl::owner;

namespace {

problem refused_signer(char const* what, std::string detail, certificate const& signer, char const* mend) {
  return {std::string("edelivery.authentication.") + what, std::move(detail), signer.described(), mend};
}

problem expired(certificate const& cert) {
  return refused_signer("expired", "The signer's certificate is not valid at this time", cert,
                        "Ask the partner for a valid certificate.");
}

problem untrusted(certificate const& cert) {
  return refused_signer("untrusted", "The signer's certificate does not lead to a trusted authority", cert, "");
}

void ask_for_policies(X509_VERIFY_PARAM* terms, std::vector<std::string> const& policies) {
  if (policies.empty()) return;
  for (auto const& each : policies) {
    auto* const object = OBJ_txt2obj(each.c_str(), 1);
    must(object != nullptr && X509_VERIFY_PARAM_add0_policy(terms, object) == 1);
  }
  X509_VERIFY_PARAM_set_flags(terms, X509_V_FLAG_POLICY_CHECK | X509_V_FLAG_EXPLICIT_POLICY);
}

// The chain as it was found, for as long as each of its certificates is valid.
good_chain found_good(X509_STORE_CTX* context, certificate const& signer, std::vector<certificate> const& between,
                      std::vector<certificate> const& authorities, std::vector<std::string> const& policies) {
  good_chain good{signer, between, authorities, signer.not_before(), signer.not_after(), {}, policies};
  auto* const found = X509_STORE_CTX_get0_chain(context);
  for (int i = 0; i < sk_X509_num(found); ++i) {
    auto* const each = sk_X509_value(found, i);
    must(X509_up_ref(each) == 1);
    auto const& link = good.path.emplace_back(std::shared_ptr<x509_st>(each, [](X509* p) { X509_free(p); }));
    good.from = std::max(good.from, link.not_before());
    good.until = std::min(good.until, link.not_after());
  }
  return good;
}

std::optional<good_chain> chain_that_ends_well(certificate const& signer, std::vector<certificate> const& chain,
                                               std::vector<certificate> const& authorities,
                                               std::vector<std::string> const& policies, instant now) {
  auto const store = must(X509_STORE_new());
  for (auto const& each : authorities) must(X509_STORE_add_cert(store.get(), each.handle()) == 1);
  owner<STACK_OF(X509)> const between(sk_X509_new_null());
  must(between != nullptr);
  for (auto const& each : chain) must(sk_X509_push(between.get(), each.handle()) > 0);
  auto const context = must(X509_STORE_CTX_new());
  must(X509_STORE_CTX_init(context.get(), store.get(), signer.handle(), between.get()) == 1);
  auto* const terms = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(terms, std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
  X509_VERIFY_PARAM_set_flags(terms, X509_V_FLAG_PARTIAL_CHAIN);  // an authority need not be a root
  ask_for_policies(terms, policies);
  openssl::quiet const afterwards;
  if (X509_verify_cert(context.get()) != 1) return std::nullopt;
  return found_good(context.get(), signer, chain, authorities, policies);
}

// What came with the message and what came with the announcement of this certificate.
std::vector<certificate> offered_issuers(certificate const& signer, std::vector<certificate> chain,
                                         partner_trust const& trust) {
  if (!trust.replacements) return chain;
  for (auto& each : announced_issuers(signer, *trust.replacements->held()))
    if (std::ranges::find(chain, each) == chain.end()) chain.push_back(std::move(each));
  return chain;
}

// From the certificate to one of the authorities, each followed by its issuer. Empty: there is no such way.
std::vector<certificate> path_to_authority(certificate const& signer, std::vector<certificate> const& came_with,
                                           partner_trust const& trust, std::vector<std::string> const& policies,
                                           instant now) {
  auto const chain = offered_issuers(signer, came_with, trust);
  auto path = trust.remembered ? trust.remembered->path_of(signer, chain, trust.authorities, now, policies)
                               : std::vector<certificate>{};
  if (!path.empty()) return path;
  auto good = chain_that_ends_well(signer, chain, trust.authorities, policies, now);
  if (!good) return {};
  path = good->path;
  if (trust.remembered) trust.remembered->keep(*std::move(good));
  return path;
}

struct policies_deleter {
  void operator()(CERTIFICATEPOLICIES* p) const { CERTIFICATEPOLICIES_free(p); }
};

// Without an authority only what the certificate says itself counts.
bool names_policy(certificate const& cert, std::vector<std::string> const& wanted) {
  std::unique_ptr<CERTIFICATEPOLICIES, policies_deleter> const named(
      static_cast<CERTIFICATEPOLICIES*>(X509_get_ext_d2i(cert.handle(), NID_certificate_policies, nullptr, nullptr)));
  for (int i = 0; named && i < sk_POLICYINFO_num(named.get()); ++i) {
    char text[128] = {};
    OBJ_obj2txt(text, sizeof text, sk_POLICYINFO_value(named.get(), i)->policyid, 1);
    if (std::find(wanted.begin(), wanted.end(), text) != wanted.end()) return true;
  }
  return false;
}

// Gives the way to the authority; without authorities an empty one.
result<std::vector<certificate>> check_issuing(certificate const& signer, std::vector<certificate> const& chain,
                                               partner_trust const& trust, instant now, instant lists_at) {
  auto const no_policy = [&] {
    return refused_signer(
        "policies",
        "The signer's certificate was not issued under a policy that the P-Mode asks for: " + listed(trust.policies),
        signer, "Ask the partner for a certificate of one of these policies.");
  };
  if (trust.authorities.empty()) {
    if (trust.policies.empty() || names_policy(signer, trust.policies)) return std::vector<certificate>{};
    return no_policy();
  }
  auto path = path_to_authority(signer, chain, trust, {}, now);
  if (path.empty()) return untrusted(signer);
  if (!trust.policies.empty() && path_to_authority(signer, chain, trust, trust.policies, now).empty())
    return no_policy();
  auto const found = judge_revocation(path, trust.revocation, lists_at);
  if (found.what == standing::revoked)
    return refused_signer("revoked", found.why, signer, "Ask the partner for a new certificate.");
  if (found.what == standing::unknown && trust.revocation.policy == revocation_policy::hard)
    return refused_signer("revocation_unknown", found.why, signer,
                          "Look why the list is not there or not current; until then the partner's messages wait.");
  return path;
}

std::optional<instant> replaced_until(certificate const& signer, partner_trust const& trust) {
  if (!trust.replacements) return std::nullopt;
  return end_by_replacement(signer, *trust.replacements->held(), certificate_purpose::signing);
}

}  // namespace

std::vector<lasting_certificate> lasting_signers(partner_trust const& trust) {
  auto const since = trust.replacements ? trust.replacements->held() : nullptr;
  return with_replacements(trust.pinned, since ? *since : replacement_shelf::content{}, certificate_purpose::signing);
}

std::vector<certificate> known_signers(partner_trust const& trust) {
  auto known = trust.pinned;
  // Where an authority is trusted, its word is what counts.
  if (known.empty() || !trust.replacements) return known;
  for (auto const& each : trust.replacements->held()->replacements)
    if (each.for_signing && std::ranges::find(known, each.next) == known.end()) known.push_back(each.next);
  return known;
}

result<void> check_signer(certificate const& signer, std::vector<certificate> const& chain, partner_trust const& trust,
                          instant now) {
  bool const pinned = !trust.pinned.empty();
  bool const named = !trust.subject.empty() || !trust.common_name.empty();
  if (!pinned && (trust.authorities.empty() || !named)) {
    return refused_signer("untrusted", "No certificate of the partner is known", signer,
                          "Configure the partner's certificate, or an authority and the partner's subject.");
  }
  auto const known = known_signers(trust);
  if (pinned && std::ranges::find(known, signer) == known.end()) {
    return refused_signer("not_partner", "The message is signed by a certificate that is not the partner's", signer,
                          "If the partner has a new certificate, add it to the partner's configuration.");
  }
  if (!trust.subject.empty() && !signer.has_subject(trust.subject)) {
    return refused_signer("not_partner", "The message is signed by somebody else than " + trust.subject, signer, "");
  }
  if (!trust.common_name.empty() && signer.common_name() != trust.common_name) {
    return refused_signer("not_partner", "The message is signed by somebody else than " + trust.common_name, signer,
                          "");
  }
  if (!signer.valid_at(now)) return expired(signer);
  if (auto const over = replaced_until(signer, trust); over && *over <= now) {
    return refused_signer("expired",
                          "The signer's certificate was replaced by the partner and counted until " + to_rfc3339(*over),
                          signer, "The partner signs with the certificate he announced.");
  }
  if (auto checked = check_issuing(signer, chain, trust, now, now); !checked) return std::move(checked).error();
  if (!signer.may_sign()) return refused_signer("key_usage", "The signer's certificate may not sign", signer, "");
  return {};
}

result<instant> check_chain(certificate const& cert, std::vector<certificate> const& between,
                            partner_trust const& trust, instant now, std::optional<instant> lists_at) {
  if (!cert.valid_at(now)) return expired(cert);
  if (trust.authorities.empty()) return untrusted(cert);
  auto terms = trust;
  terms.remembered.reset();  // holds who signed messages, and this one may never have
  auto const path = check_issuing(cert, between, terms, now, lists_at.value_or(now));
  if (!path) return path.error();
  return std::ranges::min(*path, {}, &certificate::not_after).not_after();
}

revocation_finding standing_of(certificate const& cert, std::vector<certificate> const& chain,
                               partner_trust const& trust, instant now) {
  if (trust.revocation.lists.empty()) return {};
  auto const path = path_to_authority(cert, chain, trust, {}, now);
  if (path.empty())
    return {standing::unknown, cert.described() + " does not lead to an authority, so that no list speaks of it"};
  return judge_revocation(path, trust.revocation, now);
}

bool is_policy_oid(std::string const& text) {
  openssl::quiet const afterwards;
  // OpenSSL forgives what stands after the last number.
  if (text.empty() || text.back() < '0' || text.back() > '9') return false;
  auto* const object = OBJ_txt2obj(text.c_str(), 1);
  ASN1_OBJECT_free(object);
  return object != nullptr;
}

}  // namespace ehds::edelivery
