#include <algorithm>

#include "edelivery/discovery/find_partner.hpp"

namespace ehds::edelivery {

namespace {

problem none(std::string detail, std::string where) {
  return {"edelivery.discovery.none", std::move(detail), std::move(where).substr(0, 300),
          "Compare the process and the transport of the P-Mode with what the partner has registered."};
}

bool is_address(std::string_view text) {
  return (text.starts_with("https://") || text.starts_with("http://")) && text.size() <= 2048 &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

problem unfit(std::string detail, certificate const& cert, char const* mend) {
  return {"edelivery.discovery.certificate", std::move(detail), cert.described(), mend};
}

// The authorities of the P-Mode must vouch for what is found (the chain beyond it is theirs to list) as they do for
// what is written, it must be the partner's, and made for this use. Gives when its chain ends.
result<instant> check_partner(certificate const& cert, certificate_for use, pmode const& mode, instant now) {
  auto const& trust = mode.trust;
  if (!trust.subject.empty() && !cert.has_subject(trust.subject))
    return unfit("The registered certificate is not of the subject " + trust.subject, cert,
                 "Compare certificates.subject with what the partner has registered.");
  if (!trust.common_name.empty() && cert.common_name() != trust.common_name)
    return unfit("The registered certificate does not name the partner " + trust.common_name, cert,
                 "Give certificates.subject, if the partner's certificates are named in another way.");
  bool const fits = use == certificate_for::signing ? cert.may_sign() : cert.may_encipher_keys();
  if (!fits)
    return unfit("The registered certificate may not be used for this", cert, "Ask the partner for a good one.");
  return check_chain(cert, {}, trust, now);
}

// Good ones of that use, the youngest first, and when the first of them ends; else why the last one was not.
struct selection {
  std::vector<certificate> good;
  problem why;
  instant until = instant::max();
};

selection certificates_for(certificate_for use, published_endpoint const& from, pmode const& mode, instant now) {
  auto const kind = use == certificate_for::signing ? mode.security.signing_key : mode.security.encryption_key;
  selection made{{},
                 none("The endpoint has no certificate for " +
                          std::string(use == certificate_for::signing ? "signing" : "encryption") +
                          " of the kind that the profile " + mode.security.id + " needs.",
                      from.address),
                 instant::max()};
  made.why.code = "edelivery.discovery.certificate";
  for (auto const& one : from.certificates) {
    bool const is_for = one.use == certificate_for::any || one.use == use;
    if (!is_for || one.cert.key() != kind || !one.is_on(now)) continue;
    auto good = check_partner(one.cert, use, mode, now);
    if (!good) {
      made.why = std::move(good).error();
      continue;
    }
    made.good.push_back(one.cert);
    made.until = std::min({made.until, *good, one.until.value_or(*good)});
  }
  std::ranges::sort(made.good, std::greater{}, &certificate::not_before);
  return made;
}

result<discovered_partner> take(published_endpoint const& from, pmode const& mode, instant now) {
  if (!is_address(from.address)) return none("The endpoint has no http or https address.", from.address);
  auto signing = certificates_for(certificate_for::signing, from, mode, now);
  if (signing.good.empty()) return std::move(signing).why;
  auto encryption = certificates_for(certificate_for::encryption, from, mode, now);
  if (encryption.good.empty()) return std::move(encryption).why;
  auto until = std::min(signing.until, encryption.until);
  if (from.until) until = std::min(until, *from.until);
  return discovered_partner{from.address, std::move(signing.good), std::move(encryption.good), until};
}

}  // namespace

result<discovered_partner> choose_endpoint(service_metadata const& record, pmode const& mode, instant now) {
  auto const& terms = mode.discovery.value();
  auto nearest = none("The record knows no such process.", to_text(terms.process));
  for (auto const& process : record.processes) {
    if (!process.is_about(terms.process) || process.endpoints.empty()) continue;
    bool transport_is_there = false;
    for (auto const& endpoint : process.endpoints) {
      if (endpoint.transport != terms.transport) continue;
      transport_is_there = true;
      auto taken = endpoint.is_on(now) ? take(endpoint, mode, now)
                                       : none("The endpoint is not active at this time.", endpoint.address);
      if (taken) return taken;
      nearest = std::move(taken).error();
    }
    if (!transport_is_there) nearest = none("The process has no endpoint of this transport.", terms.transport);
  }
  return nearest;
}

result<void> check_redirected(published_redirect const& from, certificate const& signer, instant now) {
  bool const named = from.certificate_uid.empty() || signer.has_subject(from.certificate_uid) ||
                     signer.subject_holds(from.certificate_uid);
  bool const listed = from.signers.empty() || std::ranges::any_of(from.signers, [&](auto const& one) {
                        return one.cert == signer && one.is_on(now);
                      });
  if (named && listed) return {};
  return problem{"edelivery.discovery.redirect",
                 "The record that was redirected to is signed by another publisher than the redirect names.",
                 signer.described(), "Ask the operators of both publishers."};
}

pmode completed(pmode mode, discovered_partner const& found) {
  mode.address = found.address;
  mode.trust.pinned = found.signing;
  mode.trust.common_name.clear();  // it was compared when the record was read
  mode.partner_encryption = found.encryption;
  if (mode.discovery->by == looked_up_by::final_recipient)
    mode.partner = {found.signing.front().common_name(), std::string(unregistered_party_type)};
  return mode;
}

}  // namespace ehds::edelivery
