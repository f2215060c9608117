#pragma once
// Which keys and certificates a TLS connection uses: PEM files. Versions, suites and groups are those of eDelivery AS4
// (1.2 or 1.3, forward secrecy and AEAD only); they can be narrowed and not weakened.
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ehds::node::http {

enum class tls_version { v1_2, v1_3 };

// Names are those that IANA registers, in the order of preference; an empty list is all that the profile allows.
// Without a suite of a version that version is not spoken.
struct tls_terms {
  tls_version least = tls_version::v1_2;
  std::vector<std::string> suites{};
  std::vector<std::string> groups{};
};

// What the profile allows, the preferred one first.
struct tls_suite {
  std::string_view name;
  tls_version version;
};
std::vector<tls_suite> allowed_tls_suites();
std::vector<std::string_view> allowed_tls_groups();

enum class client_certificates { none, wanted, required };

struct server_tls {
  std::filesystem::path certificate_chain{};  // leaf first
  std::filesystem::path private_key{};
  client_certificates ask = client_certificates::none;
  std::filesystem::path client_ca{};  // who signs them; needed unless none
  tls_terms terms{};
};

struct client_tls {
  // Who signs the servers' certificates; empty: the system's store.
  std::filesystem::path ca{};
  // Ours, for servers that ask.
  std::filesystem::path certificate_chain{};
  std::filesystem::path private_key{};
  // Accept this server certificate only (SHA-256 of the DER form, hex) beside the checks of chain and name.
  std::optional<std::string> pinned{};
  tls_terms terms{};
};

// Are the files there, and what they are named for? Nothing is opened but they. Problem http.certificate.
result<void> check_files(server_tls const& files);
result<void> check_files(client_tls const& files);

}  // namespace ehds::node::http
