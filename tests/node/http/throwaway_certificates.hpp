#pragma once
// An authority, servers and clients that live for one test: P-256 keys in a folder that goes away.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/ids.hpp"

namespace ehds::tests {

class throwaway_certificates {
 public:
  throwaway_certificates() : folder_(std::filesystem::temp_directory_path() / ("ehds-http-" + random_uuid())) {
    std::filesystem::create_directory(folder_);
    ca_key_ = make_key();
    ca_ = issue("CA", "critical,CA:TRUE", "", ca_key_);
    write("ca.pem", ca_);
  }
  ~throwaway_certificates() { std::filesystem::remove_all(folder_); }
  throwaway_certificates(throwaway_certificates const&) = delete;
  throwaway_certificates& operator=(throwaway_certificates const&) = delete;

  std::filesystem::path file(std::string const& name) const { return folder_ / name; }
  std::filesystem::path ca() const { return file("ca.pem"); }

  // name.pem and name.key; names as in "IP:127.0.0.1,DNS:localhost".
  void make(std::string const& name, std::string const& names) {
    auto const key = make_key();
    write(name + ".pem", issue(name, "CA:FALSE", names, key));
    std::unique_ptr<FILE, int (*)(FILE*)> const out(std::fopen(file(name + ".key").c_str(), "w"), std::fclose);
    PEM_write_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  }

 private:
  using key_handle = std::shared_ptr<EVP_PKEY>;
  using certificate_handle = std::shared_ptr<X509>;

  static key_handle make_key() { return {EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free}; }

  static void extend(X509* certificate, int what, std::string const& value) {
    std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> const made(
        X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str()), X509_EXTENSION_free);
    X509_add_ext(certificate, made.get(), -1);
  }

  certificate_handle issue(std::string const& name, std::string const& constraints, std::string const& names,
                           key_handle const& key) {
    certificate_handle made(X509_new(), X509_free);
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    auto const* const text = reinterpret_cast<unsigned char const*>(name.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, text, -1, -1, 0);
    X509_set_issuer_name(made.get(), X509_get_subject_name(ca_ ? ca_.get() : made.get()));
    X509_set_pubkey(made.get(), key.get());
    extend(made.get(), NID_basic_constraints, constraints);
    if (!names.empty()) extend(made.get(), NID_subject_alt_name, names);
    X509_sign(made.get(), ca_key_.get(), EVP_sha256());
    return made;
  }

  void write(std::string const& name, certificate_handle const& certificate) const {
    std::unique_ptr<FILE, int (*)(FILE*)> const out(std::fopen(file(name).c_str(), "w"), std::fclose);
    PEM_write_X509(out.get(), certificate.get());
  }

  std::filesystem::path folder_;
  key_handle ca_key_;
  certificate_handle ca_;
  long serial_ = 0;
};

}  // namespace ehds::tests
