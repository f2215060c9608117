#include "edelivery/security/issue.hpp"

#include "base/ids.hpp"
#include "edelivery/security/openssl.hpp"

#include <openssl/rsa.h>

#include <algorithm>

namespace ehds::edelivery {

using openssl::bytes;
using openssl::must;
using openssl::owner;

namespace {

problem cannot_issue(char const* detail, certificate_request const& request) {
  ERR_clear_error();
  return {"edelivery.certificate.request", detail, request.common_name, ""};
}

bool add_name_part(X509_NAME* name, char const* type, std::string const& value) {
  if (value.empty()) return true;
  return X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8, bytes(std::string_view(value)),
                                    static_cast<int>(value.size()), -1, 0) == 1;
}

bool add_extension(X509* cert, X509* issuer, int kind, std::string const& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  owner<X509_EXTENSION> const extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && X509_add_ext(cert, extension.get(), -1) == 1;
}

// Keys that agree cannot encipher, and the other way round.
std::string usage_of_key(key_kind key) { return key == key_kind::rsa ? "keyEncipherment" : "keyAgreement"; }

std::string issued_key_usage(certificate_use use, key_kind key) {
  switch (use) {
    case certificate_use::authority:
      return "critical,keyCertSign,cRLSign";
    case certificate_use::signing:
      return "critical,digitalSignature";
    case certificate_use::encryption:
      return "critical," + usage_of_key(key);
    case certificate_use::signing_and_encryption:
    case certificate_use::tls_server:
    case certificate_use::tls_client:
    case certificate_use::tls_node:
      return "critical,digitalSignature," + usage_of_key(key);
  }
  return "critical,digitalSignature";
}

bool is_address(std::string const& host) {
  return host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
}

// A list in the host's place would certify more names than were meant.
bool is_host(std::string const& host) {
  return !host.empty() &&
         host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-*") ==
             std::string::npos;
}

bool add_hosts(X509* cert, X509* issuer, certificate_request const& request) {
  auto hosts = request.more_hosts;
  hosts.insert(hosts.begin(), request.host);
  std::string names;
  for (auto const& host : hosts) {
    if (!is_host(host)) return false;
    names += (names.empty() ? "" : ",") + std::string{is_address(host) ? "IP:" : "DNS:"} + host;
  }
  return add_extension(cert, issuer, NID_subject_alt_name, names);
}

bool add_certificate_extensions(X509* cert, X509* issuer, certificate_request const& request) {
  bool const authority = request.use == certificate_use::authority;
  bool good =
      add_extension(cert, issuer, NID_basic_constraints, authority ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
      add_extension(cert, issuer, NID_key_usage, issued_key_usage(request.use, request.key)) &&
      add_extension(cert, issuer, NID_subject_key_identifier, "hash");
  if (issuer != cert) good = good && add_extension(cert, issuer, NID_authority_key_identifier, "keyid");
  if (request.use == certificate_use::tls_server || request.use == certificate_use::tls_node) {
    auto const* const purpose = request.use == certificate_use::tls_node ? "serverAuth,clientAuth" : "serverAuth";
    good = good && add_extension(cert, issuer, NID_ext_key_usage, purpose) && add_hosts(cert, issuer, request);
  }
  if (request.use == certificate_use::tls_client)
    good = good && add_extension(cert, issuer, NID_ext_key_usage, "clientAuth");
  return good;
}

void set_serial(X509* cert) {
  auto random = random_bytes(16);
  random[0] = static_cast<char>((random[0] & 0x3F) | 0x40);  // positive, and always of the same length
  auto const number = must(BN_bin2bn(bytes(std::string_view(random)), static_cast<int>(random.size()), nullptr));
  must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(cert)) != nullptr);
}

void set_times(X509* cert, certificate_request const& request) {
  auto const begin = std::chrono::floor<std::chrono::seconds>(request.not_before).time_since_epoch().count();
  auto const end =
      std::chrono::floor<std::chrono::seconds>(request.not_before + request.lifetime).time_since_epoch().count();
  must(ASN1_TIME_set(X509_getm_notBefore(cert), begin) != nullptr);
  must(ASN1_TIME_set(X509_getm_notAfter(cert), end) != nullptr);
}

}  // namespace

namespace {

owner<EVP_PKEY> make_issued_key(certificate_request const& request) {
  switch (request.key) {
    case key_kind::ed25519:
      return must(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    case key_kind::x25519:
      return must(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
    case key_kind::elliptic_curve:
      return owner<EVP_PKEY>(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", request.curve.c_str()));
    case key_kind::rsa:
    case key_kind::other:
      break;
  }
  return must(EVP_RSA_gen(static_cast<unsigned int>(request.rsa_bits)));
}

result<void> check_issuable(certificate_request const& request, credentials const* issuer) {
  if (request.common_name.empty()) return cannot_issue("A certificate needs a common name", request);
  if (request.rsa_bits < 2048 || request.rsa_bits > 8192)
    return cannot_issue("RSA keys have 2048 to 8192 bits", request);
  if (request.key == key_kind::x25519 && (issuer == nullptr || request.use != certificate_use::encryption))
    return cannot_issue("An X25519 key cannot sign: it needs an issuer, and is for encryption", request);
  if (request.key == key_kind::ed25519 &&
      (request.use == certificate_use::encryption || request.use == certificate_use::signing_and_encryption))
    return cannot_issue("An Ed25519 key can only sign", request);
  return {};
}

// Ed25519 hashes by itself.
EVP_MD const* digest_for(EVP_PKEY const* key) { return EVP_PKEY_is_a(key, "ED25519") == 1 ? nullptr : EVP_sha256(); }

}  // namespace

result<credentials> issue_certificate(certificate_request const& request, credentials const* issuer) {
  if (auto const good = check_issuable(request, issuer); !good) return good.error();
  auto key = make_issued_key(request);
  if (!key) return cannot_issue("The curve is not known", request);
  auto cert = must(X509_new());
  must(X509_set_version(cert.get(), X509_VERSION_3) == 1);
  set_serial(cert.get());
  set_times(cert.get(), request);
  must(X509_set_pubkey(cert.get(), key.get()) == 1);
  auto* const subject = X509_get_subject_name(cert.get());
  if (!add_name_part(subject, "C", request.country) || !add_name_part(subject, "O", request.organization) ||
      !add_name_part(subject, "CN", request.common_name)) {
    return cannot_issue("The name does not fit into a certificate", request);
  }
  auto* const issuing = issuer == nullptr ? cert.get() : issuer->cert.handle();
  must(X509_set_issuer_name(cert.get(), X509_get_subject_name(issuing)) == 1);
  if (!add_certificate_extensions(cert.get(), issuing, request)) {
    return cannot_issue("The host name does not fit into a certificate", request);
  }
  auto* const signing = issuer == nullptr ? key.get() : issuer->key.handle();
  must(X509_sign(cert.get(), signing, digest_for(signing)) > 0);
  std::vector<certificate> chain;
  if (issuer != nullptr) {
    chain = issuer->chain;
    chain.insert(chain.begin(), issuer->cert);
  }
  return credentials{certificate(std::shared_ptr<x509_st>(cert.release(), [](X509* p) { X509_free(p); })),
                     private_key(std::shared_ptr<evp_pkey_st>(key.release(), [](EVP_PKEY* p) { EVP_PKEY_free(p); })),
                     std::move(chain)};
}

}  // namespace ehds::edelivery
