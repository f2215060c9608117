#include "edelivery/security/certificate.hpp"

#include "base/bytes.hpp"
#include "edelivery/security/device_key.hpp"
#include "edelivery/security/distinguished_name.hpp"
#include "edelivery/security/openssl.hpp"

#include <openssl/pem.h>

#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

namespace ehds::edelivery {

using openssl::bytes;
using openssl::must;
using openssl::owner;
using openssl::shared;

namespace {

constexpr std::string_view pem_mark = "-----BEGIN ";
constexpr std::uintmax_t largest_file = 1'048'576;

problem unreadable(char const* kind, std::string detail, std::string where, std::string mend) {
  ERR_clear_error();
  return {std::string("edelivery.") + kind + ".unreadable", std::move(detail), std::move(where), std::move(mend)};
}

std::optional<std::string> content_of(std::filesystem::path const& file) {
  std::error_code fault;
  auto const size = std::filesystem::file_size(file, fault);
  if (fault || size > largest_file) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Never asks on a terminal: without a passphrase an encrypted key is simply unreadable.
int give_passphrase(char* buffer, int size, int, void* given) {
  auto const& passphrase = *static_cast<std::string_view*>(given);
  if (passphrase.size() > static_cast<std::size_t>(size)) return -1;
  passphrase.copy(buffer, passphrase.size());
  return static_cast<int>(passphrase.size());
}

key_kind kind_of(EVP_PKEY const* key) {
  if (key == nullptr) return key_kind::other;
  if (EVP_PKEY_is_a(key, "RSA") == 1) return key_kind::rsa;
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return key_kind::ed25519;
  if (EVP_PKEY_is_a(key, "X25519") == 1) return key_kind::x25519;
  return EVP_PKEY_is_a(key, "EC") == 1 ? key_kind::elliptic_curve : key_kind::other;
}

std::string der_of_certificate(X509* handle) {
  unsigned char* out = nullptr;
  int const size = i2d_X509(handle, &out);
  must(size > 0);
  owner<unsigned char> const owned(out);
  return {reinterpret_cast<char const*>(out), static_cast<std::size_t>(size)};
}

// What follows the first certificate in a PEM file.
std::vector<certificate> further_certificates(std::string_view text) {
  std::vector<certificate> chain;
  auto const in = openssl::reader(text);
  std::string_view none;
  bool first = true;
  while (auto* const handle = PEM_read_bio_X509(in.get(), nullptr, &give_passphrase, &none)) {
    certificate read(shared(handle));
    if (!first) chain.push_back(std::move(read));
    first = false;
  }
  ERR_clear_error();
  return chain;
}

std::string text_of(X509_NAME_ENTRY const* entry) {
  unsigned char* out = nullptr;
  int const size = ASN1_STRING_to_UTF8(&out, X509_NAME_ENTRY_get_data(entry));
  if (size < 0) return {};
  owner<unsigned char> const owned(out);
  return {reinterpret_cast<char const*>(out), static_cast<std::size_t>(size)};
}

bool usage_includes(X509* handle, std::uint32_t wanted) {
  // All bits are reported as set when the extension is absent.
  return (X509_get_key_usage(handle) & wanted) != 0;
}

}  // namespace

result<certificate> certificate::from_pem(std::string_view text) {
  auto const in = openssl::reader(text);
  std::string_view none;
  auto* const handle = PEM_read_bio_X509(in.get(), nullptr, &give_passphrase, &none);
  if (handle == nullptr) return unreadable("certificate", "The text is not a PEM certificate", "", "");
  return certificate(shared(handle));
}

result<certificate> certificate::from_der(std::string_view der) {
  auto const* at = bytes(der);
  auto* const handle = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
  if (handle == nullptr) return unreadable("certificate", "The bytes are not a DER certificate", "", "");
  certificate read(shared(handle));
  if (at != bytes(der) + der.size()) return unreadable("certificate", "Bytes follow the certificate", "", "");
  return read;
}

result<certificate> certificate::load(std::filesystem::path const& file) {
  auto const text = content_of(file);
  if (!text) {
    return unreadable("certificate", "The certificate file cannot be read", file.string(),
                      "Check that the file exists and may be read by this user.");
  }
  auto read = text->find(pem_mark) != std::string::npos ? from_pem(*text) : from_der(*text);
  if (read) return read;
  return unreadable("certificate", "The file holds no X.509 certificate", file.string(),
                    "Give a certificate in PEM or DER form.");
}

certificate::certificate(std::shared_ptr<x509_st> handle)
    : handle_(std::move(handle)), facts_(std::make_shared<facts>()) {
  facts_->der = der_of_certificate(handle_.get());
  facts_->key = kind_of(X509_get0_pubkey(handle_.get()));
  facts_->not_before = openssl::time_of(X509_get0_notBefore(handle_.get()));
  facts_->not_after = openssl::time_of(X509_get0_notAfter(handle_.get()));
}

std::string certificate::pem() const {
  auto const out = openssl::writer();
  must(PEM_write_bio_X509(out.get(), handle_.get()) == 1);
  return openssl::content(out.get());
}

std::string certificate::subject() const { return name_text(X509_get_subject_name(handle_.get())); }
std::string certificate::common_name() const {
  auto* const name = X509_get_subject_name(handle_.get());
  int found = -1;
  for (int at = -1; (at = X509_NAME_get_index_by_NID(name, NID_commonName, at)) >= 0;) found = at;
  return found < 0 ? std::string() : text_of(X509_NAME_get_entry(name, found));
}

bool certificate::subject_holds(std::string_view text) const {
  auto const* const name = X509_get_subject_name(handle_.get());
  for (int at = 0; at < X509_NAME_entry_count(name); ++at)
    if (text_of(X509_NAME_get_entry(name, at)) == text) return true;
  return false;
}

std::string certificate::issuer() const { return name_text(X509_get_issuer_name(handle_.get())); }

std::string certificate::serial() const {
  auto const number = must(ASN1_INTEGER_to_BN(X509_get0_serialNumber(handle_.get()), nullptr));
  char* const text = BN_bn2dec(number.get());
  must(text != nullptr);
  std::string const copy = text;
  OPENSSL_free(text);
  return copy;
}

std::string certificate::subject_key_identifier() const {
  auto const* const found = X509_get0_subject_key_id(handle_.get());
  if (found == nullptr) return {};
  return {reinterpret_cast<char const*>(ASN1_STRING_get0_data(found)),
          static_cast<std::size_t>(ASN1_STRING_length(found))};
}

std::string certificate::fingerprint() const { return sha256_hex(der()); }
bool certificate::valid_at(instant now) const { return not_before() <= now && now <= not_after(); }

bool certificate::may_sign() const {
  return usage_includes(handle_.get(), X509v3_KU_DIGITAL_SIGNATURE | X509v3_KU_NON_REPUDIATION);
}
bool certificate::may_encipher_keys() const {
  return usage_includes(handle_.get(), key() == key_kind::rsa ? X509v3_KU_KEY_ENCIPHERMENT : X509v3_KU_KEY_AGREEMENT);
}

std::string certificate::key_text() const {
  auto* const key = X509_get0_pubkey(handle_.get());
  auto const kind = kind_of(key);
  auto text = std::string(name_of(kind));
  if (kind == key_kind::rsa) text += " " + std::to_string(EVP_PKEY_get_bits(key));
  std::array<char, 64> group{};
  std::size_t size = 0;
  if (kind == key_kind::elliptic_curve && EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1) {
    text += " " + std::string(group.data(), size);
  }
  return text;
}

std::string const& certificate::described() const {
  std::call_once(facts_->told, [this] {
    facts_->description = subject() + " (serial " + serial() + " of " + issuer() + ", " + key_text() + ")";
  });
  return facts_->description;
}

bool certificate::has_subject(std::string_view rfc4514) const {
  return same_name(rfc4514, X509_get_subject_name(handle_.get()));
}
bool certificate::has_issuer(std::string_view rfc4514) const {
  return same_name(rfc4514, X509_get_issuer_name(handle_.get()));
}

result<private_key> private_key::from_pem(std::string_view text, std::string_view passphrase) {
  auto const in = openssl::reader(text);
  auto* const handle = PEM_read_bio_PrivateKey(in.get(), nullptr, &give_passphrase, &passphrase);
  if (handle == nullptr) return unreadable("key", "The text is not a readable PEM private key", "", "");
  return private_key(shared(handle));
}

result<private_key> private_key::load(std::filesystem::path const& file, std::string_view passphrase) {
  auto text = content_of(file);
  if (!text) {
    return unreadable("key", "The key file cannot be read", file.string(),
                      "Check that the file exists and may be read by this user.");
  }
  if (is_device_uri(*text)) {
    auto key = load_device_key(*text);
    if (key) return key;
    return problem{key.error().code, key.error().detail, file.string() + " (" + key.error().where + ")",
                   key.error().mend};
  }
  EVP_PKEY* handle = nullptr;
  if (text->find(pem_mark) != std::string::npos) {
    auto const in = openssl::reader(*text);
    handle = PEM_read_bio_PrivateKey(in.get(), nullptr, &give_passphrase, &passphrase);
  } else {
    auto const* at = bytes(std::string_view(*text));
    handle = d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(text->size()));
  }
  OPENSSL_cleanse(text->data(), text->size());
  if (handle != nullptr) return private_key(shared(handle));
  return unreadable("key", "The file holds no private key that can be read", file.string(),
                    "Give an unencrypted PEM or PKCS#8 DER key, or its passphrase.");
}

std::string private_key::pem() const {
  auto const out = openssl::writer();
  must(PEM_write_bio_PKCS8PrivateKey(out.get(), handle_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return openssl::content(out.get());
}

bool private_key::belongs_to(certificate const& cert) const {
  return EVP_PKEY_eq(X509_get0_pubkey(cert.handle()), handle_.get()) == 1;
}

key_kind private_key::kind() const { return kind_of(handle_.get()); }

result<credentials> load_credentials(std::filesystem::path const& certificate_file,
                                     std::filesystem::path const& key_file, std::string_view passphrase) {
  auto cert = certificate::load(certificate_file);
  if (!cert) return std::move(cert).error();
  auto key = private_key::load(key_file, passphrase);
  if (!key) return std::move(key).error();
  if (!key->belongs_to(*cert)) {
    return problem{"edelivery.key.mismatch", "The private key does not belong to the certificate", key_file.string(),
                   "Give the key of " + certificate_file.string() + "."};
  }
  auto const text = content_of(certificate_file).value_or("");
  return credentials{*std::move(cert), *std::move(key), further_certificates(text)};
}

}  // namespace ehds::edelivery
