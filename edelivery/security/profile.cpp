#include "edelivery/security/profile.hpp"

#include <algorithm>

namespace ehds::edelivery {

namespace {

constexpr std::string_view sha256_uri = "http://www.w3.org/2001/04/xmlenc#sha256";
constexpr std::string_view sha1_uri = "http://www.w3.org/2000/09/xmldsig#sha1";
constexpr std::string_view aes128_gcm_uri = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
constexpr std::string_view rsa_oaep = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
constexpr std::string_view mgf1_sha256 = "http://www.w3.org/2009/xmlenc11#mgf1sha256";
constexpr std::string_view mgf1_sha1 = "http://www.w3.org/2009/xmlenc11#mgf1sha1";

// What all profiles have in common.
security_profile profile_named(std::string_view id) {
  security_profile profile;
  profile.id = id;
  profile.digest = sha256_uri;
  profile.canonicalization = "http://www.w3.org/2001/10/xml-exc-c14n#";
  profile.attachment_transform =
      "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform";
  profile.content_encryption = aes128_gcm_uri;
  return profile;
}

key_encryption_method derived_key_wrap(std::string_view agreement) {
  return {.method = "http://www.w3.org/2001/04/xmlenc#kw-aes128",
          .digest = "",
          .mask = "",
          .agreement = std::string{agreement},
          .derivation = "http://www.w3.org/2021/04/xmldsig-more#hkdf",
          .prf = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"};
}

key_encryption_method oaep(std::string_view method, std::string_view digest, std::string_view mask) {
  return {std::string{method}, std::string{digest}, std::string{mask}, "", "", ""};
}

// Every spelling of OAEP with SHA-1 or SHA-256 in its two places.
std::vector<key_encryption_method> older_oaep() {
  std::vector<key_encryption_method> all;
  for (auto const digest : {std::string_view{}, sha1_uri, sha256_uri}) {
    all.push_back(oaep("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", digest, ""));
    for (auto const mask : {std::string_view{}, mgf1_sha1, mgf1_sha256}) all.push_back(oaep(rsa_oaep, digest, mask));
  }
  return all;
}

template <class List, class Value>
bool holds(List const& list, Value const& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::vector<security_profile> const& all_profiles() {
  static std::vector<security_profile> const all = {edelivery_1_15_rsa(), edelivery_2_0_eddsa(), edelivery_2_0_ecdsa(),
                                                    lab_rsa()};
  return all;
}

}  // namespace

bool security_profile::takes_signature(std::string_view uri) const {
  return uri == signature || holds(also_accepted.signatures, uri);
}
bool security_profile::takes_content_encryption(std::string_view uri) const {
  return uri == content_encryption || holds(also_accepted.content_encryptions, uri);
}
bool security_profile::takes_key_encryption(key_encryption_method const& method) const {
  return method == key_encryption || holds(also_accepted.key_encryptions, method);
}

security_profile edelivery_1_15_rsa() {
  auto profile = profile_named("edelivery-1.15-rsa");
  profile.signature = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
  profile.key_encryption = oaep(rsa_oaep, sha256_uri, mgf1_sha256);
  return profile;
}

security_profile edelivery_2_0_eddsa() {
  auto profile = profile_named("edelivery-2.0-eddsa");
  profile.signature = "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519";
  profile.key_encryption = derived_key_wrap("http://www.w3.org/2021/04/xmldsig-more#x25519");
  profile.signing_key = key_kind::ed25519;
  profile.encryption_key = key_kind::x25519;
  return profile;
}

security_profile edelivery_2_0_ecdsa() {
  auto profile = profile_named("edelivery-2.0-ecdsa");
  profile.signature = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
  profile.key_encryption = derived_key_wrap("http://www.w3.org/2009/xmlenc11#ECDH-ES");
  profile.signing_key = key_kind::elliptic_curve;
  profile.encryption_key = key_kind::elliptic_curve;
  return profile;
}

security_profile lab_rsa() {
  auto profile = edelivery_1_15_rsa();
  profile.id = "lab";
  profile.also_accepted.signatures = {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
                                      "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"};
  profile.also_accepted.content_encryptions = {"http://www.w3.org/2009/xmlenc11#aes256-gcm"};
  profile.also_accepted.key_encryptions = older_oaep();
  return profile;
}

std::optional<security_profile> find_security_profile(std::string_view id) {
  for (auto const& each : all_profiles()) {
    if (each.id == id) return each;
  }
  return std::nullopt;
}

std::vector<std::string> security_profile_ids() {
  std::vector<std::string> ids;
  for (auto const& each : all_profiles()) ids.push_back(each.id);
  return ids;
}

std::optional<security_profile> profile_for_signing_key(key_kind kind) {
  for (auto const& each : all_profiles()) {
    if (each.signing_key == kind) return each;
  }
  return std::nullopt;
}

std::string_view name_of(key_kind kind) {
  switch (kind) {
    case key_kind::rsa:
      return "RSA";
    case key_kind::ed25519:
      return "Ed25519";
    case key_kind::x25519:
      return "X25519";
    case key_kind::elliptic_curve:
      return "elliptic curve";
    case key_kind::other:
      break;
  }
  return "unknown";
}

}  // namespace ehds::edelivery
