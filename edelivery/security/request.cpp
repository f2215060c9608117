#include "edelivery/security/request.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "edelivery/security/device_key.hpp"
#include "edelivery/security/distinguished_name.hpp"
#include "edelivery/security/openssl.hpp"

namespace ehds::edelivery {

using openssl::must;
using openssl::owner;

namespace {

struct request_deleter {
  void operator()(X509_REQ* p) const { X509_REQ_free(p); }
  void operator()(STACK_OF(X509_EXTENSION) * p) const { sk_X509_EXTENSION_pop_free(p, X509_EXTENSION_free); }
};
using request_owner = std::unique_ptr<X509_REQ, request_deleter>;
using extensions_owner = std::unique_ptr<STACK_OF(X509_EXTENSION), request_deleter>;

problem cannot_request(std::string detail, asked_certificate const& asked, std::string mend) {
  ERR_clear_error();
  return {"edelivery.certificate.request", std::move(detail), asked.subject.substr(0, 200), std::move(mend)};
}

bool is_for_encryption(certificate_use use) {
  return use == certificate_use::encryption || use == certificate_use::signing_and_encryption;
}

bool is_for_tls(certificate_use use) { return use == certificate_use::tls_server || use == certificate_use::tls_node; }

result<void> check_asked(asked_certificate const& asked) {
  if (asked.use == certificate_use::authority) return cannot_request("An authority is not asked for here", asked, "");
  if (asked.key == key_kind::x25519 || asked.key == key_kind::other)
    return cannot_request("A key that cannot sign cannot sign its request", asked,
                          "Send the bare public key: the authority certifies it.");
  if (asked.key == key_kind::ed25519 && is_for_encryption(asked.use))
    return cannot_request("An Ed25519 key can only sign", asked, "Ask for an encryption certificate of another kind.");
  if (asked.rsa_bits < 3072 || asked.rsa_bits > 8192)
    return cannot_request("RSA keys have 3072 to 8192 bits", asked, "");
  if (is_for_tls(asked.use) && asked.hosts.empty())
    return cannot_request("A certificate for HTTPS needs a host name", asked, "Name the host.");
  for (auto const& host : asked.hosts)
    if (host.empty() || host.find_first_of(", \t\r\n:/") != std::string::npos)
      return cannot_request("That is no host name", asked, "Write names without blanks, ports and lists.");
  return {};
}

owner<EVP_PKEY> make_asked_key(asked_certificate const& asked) {
  if (asked.key == key_kind::ed25519) return must(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (asked.key == key_kind::elliptic_curve)
    return owner<EVP_PKEY>(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", asked.curve.c_str()));
  return must(EVP_RSA_gen(static_cast<unsigned int>(asked.rsa_bits)));
}

std::string asked_key_usage(asked_certificate const& asked) {
  std::string const enciphers = asked.key == key_kind::rsa ? "keyEncipherment" : "keyAgreement";
  if (asked.use == certificate_use::signing || asked.key == key_kind::ed25519) return "critical,digitalSignature";
  if (asked.use == certificate_use::encryption) return "critical," + enciphers;
  return "critical,digitalSignature," + enciphers;
}

void add(STACK_OF(X509_EXTENSION) * list, int kind, std::string const& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, nullptr, nullptr, nullptr, nullptr, 0);
  auto extension = must(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  must(sk_X509_EXTENSION_push(list, extension.get()) > 0);
  static_cast<void>(extension.release());
}

void add_request_extensions(X509_REQ* request, asked_certificate const& asked) {
  extensions_owner const list(sk_X509_EXTENSION_new_null());
  must(list != nullptr);
  add(list.get(), NID_key_usage, asked_key_usage(asked));
  if (is_for_tls(asked.use)) add(list.get(), NID_ext_key_usage, "serverAuth,clientAuth");
  std::string names;
  for (auto const& host : asked.hosts) {
    bool const address = host.find_first_not_of("0123456789.") == std::string::npos;
    names += (names.empty() ? "" : ",") + std::string{address ? "IP:" : "DNS:"} + host;
  }
  if (!names.empty()) add(list.get(), NID_subject_alt_name, names);
  must(X509_REQ_add_extensions(request, list.get()) == 1);
}

}  // namespace

namespace {

// Fresh, or the one in the device; then its kind is what is asked for.
result<private_key> key_to_certify(asked_certificate& asked) {
  if (asked.device_key.empty()) {
    auto made = make_asked_key(asked);
    if (!made) return cannot_request("The curve is not known", asked, "Use P-256, P-384 or P-521.");
    return private_key(openssl::shared(made.release()));
  }
  auto key = load_device_key(asked.device_key);
  if (!key) return key;
  asked.key = key->kind();
  if (asked.key == key_kind::rsa && EVP_PKEY_get_bits(key->handle()) < 3072)
    return cannot_request("RSA keys have 3072 to 8192 bits", asked, "Make a longer key in the device.");
  return key;
}

}  // namespace

result<made_request> request_certificate(asked_certificate asked) {
  if (auto const good = check_asked(asked); !good) return good.error();
  owner<X509_NAME> const name(read_name(asked.subject));
  if (!name || X509_NAME_entry_count(name.get()) == 0)
    return cannot_request("The subject is no name", asked, "Write it like CN=FR sign,O=Ministry,C=FR.");
  auto key = key_to_certify(asked);
  if (!key) return std::move(key).error();
  request_owner const request(X509_REQ_new());
  must(request != nullptr);
  must(X509_REQ_set_version(request.get(), 0) == 1);
  must(X509_REQ_set_subject_name(request.get(), name.get()) == 1);
  must(X509_REQ_set_pubkey(request.get(), key->handle()) == 1);
  add_request_extensions(request.get(), asked);
  auto const* const digest = asked.key == key_kind::ed25519 ? nullptr : EVP_sha256();
  must(X509_REQ_sign(request.get(), key->handle(), digest) > 0);
  auto const out = openssl::writer();
  must(PEM_write_bio_X509_REQ(out.get(), request.get()) == 1);
  return made_request{*std::move(key), openssl::content(out.get())};
}

result<void> check_answer(certificate const& got, private_key const& key, certificate_use use, instant now) {
  auto const refuse = [&](char const* what, std::string detail, char const* mend) -> result<void> {
    return problem{std::string{"edelivery.certificate."} + what, std::move(detail), got.subject(), mend};
  };
  if (!key.belongs_to(got))
    return refuse("other_key", "The certificate is for another key than the one that was asked for",
                  "Import the certificate that answers the last request.");
  if (now >= got.not_after()) return refuse("expired", "The certificate has ended", "Ask for a new one.");
  bool const may =
      (use == certificate_use::encryption || got.may_sign()) && (!is_for_encryption(use) || got.may_encipher_keys());
  if (may) return {};
  return refuse("key_usage", "The key usage of the certificate does not allow what it is for",
                "Ask the authority for digitalSignature, or for keyEncipherment or keyAgreement.");
}

}  // namespace ehds::edelivery
