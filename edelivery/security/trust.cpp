#include "edelivery/security/trust.hpp"

#include "edelivery/security/openssl.hpp"

#include <algorithm>
#include <optional>

namespace ehds::edelivery {

using openssl::must;
using openssl::owner;

namespace {

problem refused(char const* what, std::string detail, certificate const& signer, char const* mend) {
  return {std::string("edelivery.authentication.") + what, std::move(detail), signer.described(), mend};
}

problem expired(certificate const& cert) {
  return refused("expired", "The signer's certificate is not valid at this time", cert,
                 "Ask the partner for a valid certificate.");
}

problem untrusted(certificate const& cert) {
  return refused("untrusted", "The signer's certificate does not lead to a trusted authority", cert, "");
}

// The chain as it was found, for as long as each of its certificates is valid.
good_chain found_good(X509_STORE_CTX* context, certificate const& signer, std::vector<certificate> const& between,
                      std::vector<certificate> const& authorities) {
  good_chain good{signer, between, authorities, signer.not_before(), signer.not_after()};
  auto* const found = X509_STORE_CTX_get0_chain(context);
  for (int i = 0; i < sk_X509_num(found); ++i) {
    auto* const each = sk_X509_value(found, i);
    must(X509_up_ref(each) == 1);
    certificate const link(std::shared_ptr<x509_st>(each, [](X509* p) { X509_free(p); }));
    good.from = std::max(good.from, link.not_before());
    good.until = std::min(good.until, link.not_after());
  }
  return good;
}

std::optional<good_chain> chain_that_ends_well(certificate const& signer, std::vector<certificate> const& chain,
                                               std::vector<certificate> const& authorities, instant now) {
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
  openssl::quiet const afterwards;
  if (X509_verify_cert(context.get()) != 1) return std::nullopt;
  return found_good(context.get(), signer, chain, authorities);
}

bool chain_ends_well(certificate const& signer, std::vector<certificate> const& chain, partner_trust const& trust,
                     instant now) {
  if (trust.remembered && trust.remembered->holds(signer, chain, trust.authorities, now)) return true;
  auto good = chain_that_ends_well(signer, chain, trust.authorities, now);
  if (good && trust.remembered) trust.remembered->keep(*good);
  return good.has_value();
}

}  // namespace

result<void> check_signer(certificate const& signer, std::vector<certificate> const& chain, partner_trust const& trust,
                          instant now) {
  bool const pinned = !trust.pinned.empty();
  bool const named = !trust.subject.empty() || !trust.common_name.empty();
  if (!pinned && (trust.authorities.empty() || !named)) {
    return refused("untrusted", "No certificate of the partner is known", signer,
                   "Configure the partner's certificate, or an authority and the partner's subject.");
  }
  if (pinned && std::find(trust.pinned.begin(), trust.pinned.end(), signer) == trust.pinned.end()) {
    return refused("not_partner", "The message is signed by a certificate that is not the partner's", signer,
                   "If the partner has a new certificate, add it to the partner's configuration.");
  }
  if (!trust.subject.empty() && !signer.has_subject(trust.subject)) {
    return refused("not_partner", "The message is signed by somebody else than " + trust.subject, signer, "");
  }
  if (!trust.common_name.empty() && signer.common_name() != trust.common_name) {
    return refused("not_partner", "The message is signed by somebody else than " + trust.common_name, signer, "");
  }
  if (!signer.valid_at(now)) return expired(signer);
  if (!trust.authorities.empty() && !chain_ends_well(signer, chain, trust, now)) {
    return untrusted(signer);
  }
  if (!signer.may_sign()) return refused("key_usage", "The signer's certificate may not sign", signer, "");
  return {};
}

result<void> check_chain(certificate const& cert, std::vector<certificate> const& between,
                         std::vector<certificate> const& authorities, instant now) {
  if (!cert.valid_at(now)) return expired(cert);
  if (chain_that_ends_well(cert, between, authorities, now)) return {};
  return untrusted(cert);
}

}  // namespace ehds::edelivery
