#include "node/http/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/verify_mode.hpp>
#include <fstream>
#include <stdexcept>

#include "base/bytes.hpp"

namespace ehds::node::http {

namespace asio = boost::asio;

namespace {

// eDelivery AS4 transport layer: TLS 1.3, or 1.2 with ephemeral keys and authenticated encryption.
constexpr char const* suites_1_3 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_AES_128_CCM_SHA256";
constexpr char const* suites_1_2 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-CCM:ECDHE-ECDSA-AES256-CCM";
constexpr char const* groups = "X25519:P-256:P-384:P-521:X448";

void must(long done, char const* what) {
  if (done != 1) throw std::runtime_error(std::string{"OpenSSL refuses "} + what);
}

void restrict_protocol(SSL_CTX* context) {
  must(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION), "TLS 1.2");
  must(SSL_CTX_set_cipher_list(context, suites_1_2), "the suites of TLS 1.2");
  must(SSL_CTX_set_ciphersuites(context, suites_1_3), "the suites of TLS 1.3");
  std::string names = groups;
  must(SSL_CTX_set1_groups_list(context, names.data()), "the groups");
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
}

problem unreadable(char const* what, std::filesystem::path const& file, std::string const& why, std::string mend) {
  return {"http.certificate", std::string{"The "} + what + " " + file.string() + " cannot be used: " + why + ".",
          file.string(), std::move(mend)};
}

result<void> readable(char const* what, std::filesystem::path const& file) {
  if (file.empty())
    return problem{"http.certificate", std::string{"No "} + what + " is named.", "", "Name its PEM file."};
  std::ifstream probe(file);
  if (probe && probe.peek() != std::ifstream::traits_type::eof()) return {};
  return unreadable(what, file,
                    std::filesystem::exists(file) ? "it cannot be read or is empty" : "there is no such file",
                    "Check the path and who may read it.");
}

result<void> use_own(tls_context& context, std::filesystem::path const& chain, std::filesystem::path const& key) {
  if (auto const there = readable("certificate", chain); !there) return there;
  if (auto const there = readable("private key", key); !there) return there;
  boost::system::error_code fault;
  context.openssl.use_certificate_chain_file(chain.string(), fault);
  if (fault) return unreadable("certificate", chain, "it is not a PEM certificate", "Give PEM, the leaf first.");
  context.openssl.use_private_key_file(key.string(), asio::ssl::context::pem, fault);
  if (fault || SSL_CTX_check_private_key(context.openssl.native_handle()) != 1) {
    ERR_clear_error();
    return unreadable("private key", key, "it is no PEM key of the certificate " + chain.string(),
                      "Give the key that the certificate was issued for, without a passphrase.");
  }
  return {};
}

result<void> trust(tls_context& context, std::filesystem::path const& ca) {
  if (auto const there = readable("list of trusted authorities", ca); !there) return there;
  boost::system::error_code fault;
  context.openssl.load_verify_file(ca.string(), fault);
  if (fault) return unreadable("list of trusted authorities", ca, "it holds no PEM certificate", "Give a PEM file.");
  return {};
}

}  // namespace

result<std::shared_ptr<tls_context>> server_context(server_tls const& files) {
  auto made = std::make_shared<tls_context>(asio::ssl::context::tls_server);
  auto* const openssl = made->openssl.native_handle();
  restrict_protocol(openssl);
  if (auto const own = use_own(*made, files.certificate_chain, files.private_key); !own) return own.error();
  if (files.ask != client_certificates::none) {
    if (auto const trusted = trust(*made, files.client_ca); !trusted) return trusted.error();
    SSL_CTX_set_client_CA_list(openssl, SSL_load_client_CA_file(files.client_ca.c_str()));
    auto const mode = files.ask == client_certificates::required
                          ? asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert
                          : asio::ssl::verify_peer;
    made->openssl.set_verify_mode(mode);
  }
  // A resumed session keeps the certificate it was made with, and is good for this listener's context only.
  auto const name = sha256(files.certificate_chain.string() + "\n" + files.client_ca.string());
  must(SSL_CTX_set_session_id_context(openssl, reinterpret_cast<unsigned char const*>(name.data()), 32),
       "the context id");
  return made;
}

result<std::shared_ptr<tls_context>> client_context(client_tls const& files) {
  auto made = std::make_shared<tls_context>(asio::ssl::context::tls_client);
  restrict_protocol(made->openssl.native_handle());
  made->openssl.set_verify_mode(asio::ssl::verify_peer);
  made->pinned = files.pinned;
  if (files.ca.empty()) {
    boost::system::error_code ignored;
    made->openssl.set_default_verify_paths(ignored);
  } else if (auto const trusted = trust(*made, files.ca); !trusted) {
    return trusted.error();
  }
  if (!files.certificate_chain.empty() || !files.private_key.empty()) {
    if (auto const own = use_own(*made, files.certificate_chain, files.private_key); !own) return own.error();
  }
  return made;
}

}  // namespace ehds::node::http
