#include "edelivery/security/revocation_list.hpp"

#include <openssl/pem.h>

#include "edelivery/security/distinguished_name.hpp"
#include "edelivery/security/openssl.hpp"

namespace ehds::edelivery {

using openssl::bytes;
using openssl::must;
using openssl::owner;

namespace {

problem refused_list(char const* what, std::string detail, char const* mend) {
  ERR_clear_error();
  return {std::string{"edelivery.revocation."} + what, std::move(detail), "", mend};
}

owner<X509_CRL> parsed(std::string_view text) {
  if (text.find("-----BEGIN ") != std::string_view::npos)
    return owner<X509_CRL>(PEM_read_bio_X509_CRL(openssl::reader(text).get(), nullptr, nullptr, nullptr));
  auto const* at = bytes(text);
  owner<X509_CRL> list(d2i_X509_CRL(nullptr, &at, static_cast<long>(text.size())));
  if (list && at != bytes(text) + text.size()) list.reset();
  return list;
}

// Of critical extensions only these are understood here.
bool is_understood(int kind) {
  return kind == NID_issuing_distribution_point || kind == NID_delta_crl || kind == NID_authority_key_identifier ||
         kind == NID_crl_number;
}

bool only_understood(X509_CRL* list) {
  for (int i = 0; i < X509_CRL_get_ext_count(list); ++i) {
    auto* const extension = X509_CRL_get_ext(list, i);
    if (X509_EXTENSION_get_critical(extension) == 1 &&
        !is_understood(OBJ_obj2nid(X509_EXTENSION_get_object(extension))))
      return false;
  }
  auto* const entries = X509_CRL_get_REVOKED(list);
  for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i) {
    auto const* const entry = sk_X509_REVOKED_value(entries, i);
    for (int n = 0; n < X509_REVOKED_get_ext_count(entry); ++n)
      if (X509_EXTENSION_get_critical(X509_REVOKED_get_ext(entry, n)) == 1) return false;
  }
  return true;
}

bool has_times(X509_CRL const* list) {
  return X509_CRL_get0_lastUpdate(list) != nullptr && X509_CRL_get0_nextUpdate(list) != nullptr;
}

struct point_deleter {
  void operator()(ISSUING_DIST_POINT* p) const { ISSUING_DIST_POINT_free(p); }
};

}  // namespace

result<revocation_list::scope> revocation_list::scope_of(X509_CRL* list) {
  int criticality = 0;
  std::unique_ptr<ISSUING_DIST_POINT, point_deleter> const point(static_cast<ISSUING_DIST_POINT*>(
      X509_CRL_get_ext_d2i(list, NID_issuing_distribution_point, &criticality, nullptr)));
  if (!point && criticality != -1)
    return refused_list("unreadable", "the list says what it is for more than once, or not readably", "");
  if (!point) return scope::all;
  if (point->indirectCRL > 0 || point->onlysomereasons != nullptr || point->onlyattr > 0)
    return refused_list("partial", "the list speaks for other issuers, for some reasons alone or for attributes",
                        "Name the authority's own complete list.");
  if (point->onlyuser > 0 && point->onlyCA > 0)
    return refused_list("partial", "the list says that it is for authorities only and for others only", "");
  if (point->onlyuser > 0) return scope::others;
  return point->onlyCA > 0 ? scope::authorities : scope::all;
}

result<revocation_list> revocation_list::read(std::string_view text) {
  openssl::quiet const afterwards;
  if (text.size() > largest_revocation_list)
    return refused_list("too_large",
                        "the list has " + std::to_string(text.size()) + " bytes; " +
                            std::to_string(largest_revocation_list) + " are read",
                        "Ask the authority for a list of those certificates that matter here.");
  auto list = parsed(text);
  if (!list)
    return refused_list("unreadable", "this is no revocation list",
                        "Name a list in DER or PEM form, without anything after.");
  if (X509_CRL_get_ext_by_NID(list.get(), NID_delta_crl, -1) >= 0)
    return refused_list("delta", "this list tells changes only (a delta CRL)", "Name the authority's complete list.");
  if (!has_times(list.get()))
    return refused_list("endless", "the list does not say when the next one comes", "Name a list that has nextUpdate.");
  if (!only_understood(list.get()))
    return refused_list("critical", "the list holds something that must be understood and is not known here",
                        "Name the authority's plain list.");
  auto const speaks_of = scope_of(list.get());
  if (!speaks_of) return speaks_of.error();
  return revocation_list(std::shared_ptr<X509_crl_st>(list.release(), [](X509_CRL* p) { X509_CRL_free(p); }),
                         *speaks_of);
}

std::string revocation_list::der() const {
  unsigned char* out = nullptr;
  int const written = i2d_X509_CRL(handle_.get(), &out);
  must(written > 0);
  owner<unsigned char> const owned(out);
  return {reinterpret_cast<char const*>(out), static_cast<std::size_t>(written)};
}

std::string revocation_list::issuer() const { return name_text(X509_CRL_get_issuer(handle_.get())); }
instant revocation_list::this_update() const { return openssl::time_of(X509_CRL_get0_lastUpdate(handle_.get())); }
instant revocation_list::next_update() const { return openssl::time_of(X509_CRL_get0_nextUpdate(handle_.get())); }

std::size_t revocation_list::size() const {
  auto const count = sk_X509_REVOKED_num(X509_CRL_get_REVOKED(handle_.get()));
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

bool revocation_list::is_from(certificate const& issuer) const {
  openssl::quiet const afterwards;
  return X509_NAME_cmp(X509_CRL_get_issuer(handle_.get()), X509_get_subject_name(issuer.handle())) == 0 &&
         (X509_get_key_usage(issuer.handle()) & X509v3_KU_CRL_SIGN) != 0 &&
         X509_CRL_verify(handle_.get(), X509_get0_pubkey(issuer.handle())) == 1;
}

bool revocation_list::covers(certificate const& cert) const {
  if (speaks_of_ == scope::all) return true;
  return (X509_check_ca(cert.handle()) > 0) == (speaks_of_ == scope::authorities);
}

bool revocation_list::names(certificate const& cert) const {
  X509_REVOKED* entry = nullptr;
  return X509_CRL_get0_by_cert(handle_.get(), &entry, cert.handle()) == 1;
}

}  // namespace ehds::edelivery
