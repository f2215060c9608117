#pragma once
// Certificates that name places on the network, as real ones do: where their revocation list is, who answers about
// them, where their issuer's certificate is. And such a place, which sees whether anybody comes.
#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "edelivery/keys.hpp"

namespace ehds::edelivery::tests {

inline void must_hold(bool holds) {
  if (!holds) throw std::runtime_error("a certificate or a socket cannot be made");
}

// Listens on a port of this machine and answers nobody.
class watched_place {
 public:
  watched_place() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    auto* const at = reinterpret_cast<sockaddr*>(&address_);
    must_hold(socket_ >= 0 && ::bind(socket_, at, size) == 0 && ::listen(socket_, 8) == 0 &&
              ::getsockname(socket_, at, &size) == 0);
  }
  ~watched_place() { ::close(socket_); }
  watched_place(watched_place const&) = delete;
  watched_place& operator=(watched_place const&) = delete;

  std::string address() const { return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }
  // A connection that nobody took waits, so one that was made is seen however long ago it was.
  bool was_visited() const {
    pollfd seen{socket_, POLLIN, 0};
    return ::poll(&seen, 1, 0) > 0;
  }
  void visit() const {
    int const caller = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must_hold(::connect(caller, reinterpret_cast<sockaddr const*>(&address_), sizeof address_) == 0);
    ::close(caller);
  }

 private:
  int socket_;
  sockaddr_in address_{};
};

// The same name and key, issued once more by `issuer`, with the places in it.
inline credentials pointing_to(std::string const& address, credentials const& who, credentials const& issuer) {
  std::unique_ptr<X509, decltype(&X509_free)> const made(X509_dup(who.cert.handle()), &X509_free);
  must_hold(made != nullptr);
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer.cert.handle(), made.get(), nullptr, nullptr, 0);
  auto const add = [&](int what, std::string const& value) {
    auto* const extension = X509V3_EXT_nconf_nid(nullptr, &context, what, value.c_str());
    must_hold(extension != nullptr && X509_add_ext(made.get(), extension, -1) == 1);
    X509_EXTENSION_free(extension);
  };
  add(NID_crl_distribution_points, "URI:" + address + "/named-in-the-certificate.crl");
  add(NID_info_access, "OCSP;URI:" + address + "/ocsp,caIssuers;URI:" + address + "/issuer.cer");
  must_hold(X509_set_issuer_name(made.get(), X509_get_subject_name(issuer.cert.handle())) == 1);
  auto const pem = issuer.key.pem();
  std::unique_ptr<BIO, decltype(&BIO_free)> const text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                       &BIO_free);
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const key(
      PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  must_hold(key != nullptr && X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
  unsigned char* der = nullptr;
  auto const size = i2d_X509(made.get(), &der);
  must_hold(size > 0);
  std::string const bytes(reinterpret_cast<char const*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return {certificate::from_der(bytes).value(), who.key, {}};
}

}  // namespace ehds::edelivery::tests
