#pragma once
// A certificate revocation list (RFC 5280, section 5) as a value; copies share the same immutable thing. Whether it may
// be believed is asked with is_from; where lists come from is the owner's business.
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/security/certificate.hpp"

struct X509_crl_st;

namespace ehds::edelivery {

inline constexpr std::size_t largest_revocation_list = 10 * 1024 * 1024;  // bytes: some 250,000 certificates

class revocation_list {
 public:
  // DER or PEM. Whole lists only: one that tells changes alone, or speaks for other issuers or for some reasons alone,
  // says less than it seems to. Problems edelivery.revocation.{too_large, unreadable, delta, partial, endless,
  // critical}.
  static result<revocation_list> read(std::string_view bytes);

  std::string der() const;
  std::string issuer() const;   // RFC 4514
  instant this_update() const;  // when it was made
  instant next_update() const;  // until when it is current
  std::size_t size() const;     // certificates named
  bool is_current(instant now) const { return this_update() <= now && now <= next_update(); }

  // Made and signed by the holder of this certificate, which may sign lists.
  bool is_from(certificate const& issuer) const;
  // Does it speak of certificates like this one at all? A list may be for authorities only, or for all others.
  bool covers(certificate const& cert) const;
  // Revoked or on hold. Ask only a list that is from the certificate's issuer.
  bool names(certificate const& cert) const;

 private:
  enum class scope { all, authorities, others };
  revocation_list(std::shared_ptr<X509_crl_st> handle, scope speaks_of)
      : handle_(std::move(handle)), speaks_of_(speaks_of) {}
  static result<scope> scope_of(X509_crl_st* list);

  std::shared_ptr<X509_crl_st> handle_;
  scope speaks_of_ = scope::all;
};

}  // namespace ehds::edelivery
