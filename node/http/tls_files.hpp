#pragma once
// Which keys and certificates a TLS connection uses: PEM files. Versions and suites are those of eDelivery AS4
// (1.2 or 1.3, forward secrecy and AEAD only) and cannot be weakened.
#include <filesystem>
#include <optional>
#include <string>

namespace ehds::node::http {

enum class client_certificates { none, wanted, required };

struct server_tls {
  std::filesystem::path certificate_chain{};  // leaf first
  std::filesystem::path private_key{};
  client_certificates ask = client_certificates::none;
  std::filesystem::path client_ca{};  // who signs them; needed unless none
};

struct client_tls {
  // Who signs the servers' certificates; empty: the system's store.
  std::filesystem::path ca{};
  // Ours, for servers that ask.
  std::filesystem::path certificate_chain{};
  std::filesystem::path private_key{};
  // Accept this server certificate only (SHA-256 of the DER form, hex) beside the checks of chain and name.
  std::optional<std::string> pinned{};
};

}  // namespace ehds::node::http
