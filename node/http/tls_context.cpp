#include "node/http/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <boost/asio/ssl/verify_mode.hpp>
#include <fstream>
#include <stdexcept>

#include "base/bytes.hpp"

namespace ehds::node::http {

namespace asio = boost::asio;

namespace {

// eDelivery AS4 transport layer: TLS 1.3, or 1.2 with ephemeral keys and authenticated encryption.
struct known_suite {
  tls_suite suite;
  char const* openssl;
};
constexpr std::array<known_suite, 9> suites{{
    {{"TLS_AES_128_GCM_SHA256", tls_version::v1_3}, "TLS_AES_128_GCM_SHA256"},
    {{"TLS_AES_256_GCM_SHA384", tls_version::v1_3}, "TLS_AES_256_GCM_SHA384"},
    {{"TLS_AES_128_CCM_SHA256", tls_version::v1_3}, "TLS_AES_128_CCM_SHA256"},
    {{"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", tls_version::v1_2}, "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {{"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", tls_version::v1_2}, "ECDHE-RSA-AES128-GCM-SHA256"},
    {{"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", tls_version::v1_2}, "ECDHE-ECDSA-AES256-GCM-SHA384"},
    {{"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", tls_version::v1_2}, "ECDHE-RSA-AES256-GCM-SHA384"},
    {{"TLS_ECDHE_ECDSA_WITH_AES_128_CCM", tls_version::v1_2}, "ECDHE-ECDSA-AES128-CCM"},
    {{"TLS_ECDHE_ECDSA_WITH_AES_256_CCM", tls_version::v1_2}, "ECDHE-ECDSA-AES256-CCM"},
}};
constexpr std::array<std::pair<std::string_view, char const*>, 5> groups{
    {{"x25519", "X25519"}, {"secp256r1", "P-256"}, {"secp384r1", "P-384"}, {"secp521r1", "P-521"}, {"x448", "X448"}}};

void must(long done, char const* what) {
  if (done != 1) throw std::runtime_error(std::string{"OpenSSL refuses "} + what);
}

void append(std::string& list, std::string_view name) { (list += list.empty() ? "" : ":") += name; }

problem too_weak(std::string const& name) {
  return {"http.tls_terms", "\"" + name + "\" is not among what eDelivery AS4 allows for TLS.", name,
          "Leave it out, or name one of the profile."};
}

// The suites of one version in OpenSSL's words, in the order of preference.
std::string suites_of(tls_version version, tls_terms const& terms) {
  std::string list;
  if (terms.suites.empty()) {
    for (auto const& known : suites)
      if (known.suite.version == version) append(list, known.openssl);
  }
  for (auto const& name : terms.suites) {
    auto const known = std::ranges::find(suites, name, [](known_suite const& one) { return one.suite.name; });
    if (known != suites.end() && known->suite.version == version) append(list, known->openssl);
  }
  return list;
}

result<void> check_terms(tls_terms const& terms) {
  for (auto const& name : terms.suites)
    if (std::ranges::find(suites, name, [](known_suite const& one) { return one.suite.name; }) == suites.end())
      return too_weak(name);
  for (auto const& name : terms.groups)
    if (std::ranges::find(groups, name, &decltype(groups)::value_type::first) == groups.end()) return too_weak(name);
  if (terms.least == tls_version::v1_2 || !suites_of(tls_version::v1_3, terms).empty()) return {};
  return problem{"http.tls_terms", "TLS 1.3 alone is spoken, and no suite of it is named.", "",
                 "Name a suite of TLS 1.3, or take 1.2 too."};
}

void use_suites(SSL_CTX* context, tls_terms const& terms) {
  auto const of_1_3 = suites_of(tls_version::v1_3, terms);
  auto const of_1_2 = suites_of(tls_version::v1_2, terms);
  bool const speaks_1_2 = terms.least == tls_version::v1_2 && !of_1_2.empty();
  must(SSL_CTX_set_min_proto_version(context, speaks_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION), "the least version");
  must(SSL_CTX_set_max_proto_version(context, of_1_3.empty() ? TLS1_2_VERSION : TLS1_3_VERSION), "the version");
  if (speaks_1_2) must(SSL_CTX_set_cipher_list(context, of_1_2.c_str()), "the suites of TLS 1.2");
  if (!of_1_3.empty()) must(SSL_CTX_set_ciphersuites(context, of_1_3.c_str()), "the suites of TLS 1.3");
}

result<void> restrict_protocol(SSL_CTX* context, tls_terms const& terms) {
  if (auto checked = check_terms(terms); !checked) return checked;
  use_suites(context, terms);
  std::string names;
  for (auto const& [name, openssl] : groups)
    if (terms.groups.empty()) append(names, openssl);
  for (auto const& wanted : terms.groups)
    append(names, std::ranges::find(groups, wanted, &decltype(groups)::value_type::first)->second);
  must(SSL_CTX_set1_groups_list(context, names.data()), "the groups");
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  return {};
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

std::vector<tls_suite> allowed_tls_suites() {
  std::vector<tls_suite> all;
  for (auto const& known : suites) all.push_back(known.suite);
  return all;
}

std::vector<std::string_view> allowed_tls_groups() {
  std::vector<std::string_view> all;
  for (auto const& [name, openssl] : groups) all.push_back(name);
  return all;
}

result<std::shared_ptr<tls_context>> server_context(server_tls const& files) {
  auto made = std::make_shared<tls_context>(asio::ssl::context::tls_server);
  auto* const openssl = made->openssl.native_handle();
  if (auto const narrowed = restrict_protocol(openssl, files.terms); !narrowed) return narrowed.error();
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
  if (auto const narrowed = restrict_protocol(made->openssl.native_handle(), files.terms); !narrowed)
    return narrowed.error();
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

result<void> check_files(server_tls const& files) {
  auto const made = server_context(files);
  return made ? result<void>{} : made.error();
}

result<void> check_files(client_tls const& files) {
  auto const made = client_context(files);
  return made ? result<void>{} : made.error();
}

}  // namespace ehds::node::http
