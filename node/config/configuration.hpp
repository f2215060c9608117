#pragma once
// What an operator decides about a node, read from one commented JSON file and checked against the published
// schema (schema.hpp). Paths are absolute here; in the file they are relative to its folder.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"

namespace ehds::node::config {

using file_path = std::filesystem::path;  // empty: not given

enum class node_role { national, central };
enum class zone { edge, data, all };
enum class routing { star, mesh };
enum class served { public_side, internal_side };
enum class access_point_kind { own, domibus };
enum class webhook_kind { events, domibus };
enum class ask_certificate { none, wanted, required };

struct node_section {
  std::string id;       // the name among nodes: "FR"; the data zone of a country has its own: "FR-data"
  std::string name;     // for people: "Health Data Hub (demo)"
  std::string country;  // two letters, "EU" for the centre
  node_role role = node_role::national;
  config::zone zone = zone::all;
  std::string base_url;  // how others reach our public side; empty: the first public address
};

struct tls_section {
  file_path certificate;  // PEM chain, leaf first
  file_path private_key;
  file_path client_ca;  // who signs the certificates of callers
  ask_certificate ask = ask_certificate::none;
};

// Narrows what TLS connections of this node speak, in and out; nothing makes it weaker than eDelivery AS4 allows.
struct tls_terms_section {
  std::string minimum_version = "1.2";  // 1.2 or 1.3; 1.3 is preferred
  std::vector<std::string> suites;      // IANA names in the order of preference; empty: all that are allowed
  std::vector<std::string> groups;
};

struct listen_section {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: a free one, printed at start
  std::optional<tls_section> tls;
  served serves = served::public_side;
};

struct authority_section {
  std::string name;       // who decides and signs permits
  file_path signing_key;  // Ed25519, PEM; empty: the one in the keys folder
};

struct catalogue_section {
  file_path records;  // folder of records that are read at start
  std::string release = "r8";
};

struct partners_section {
  file_path file;    // who they are: id, country, url, certificates
  file_path pmodes;  // folder, one P-Mode a file
  config::routing routing = routing::star;
  std::string dns_server{};         // "address[:port]", IPv4; empty: those of the machine
  bool private_publishers = false;  // who DNS, a redirect or a record names may be in this network: laboratories alone
};

struct dataset_section {
  std::string id;       // identifier of the record it is
  std::string profile;  // data model: omop-5.4, snds-like
  std::string engine;   // sqlite
  file_path path;       // the engine's file
};

struct platform_section {
  std::string url;  // empty: no local platform
  file_path ca;
  std::string token;          // secret
  std::string kind = "http";  // http, folder
};

// Of a data zone: where its edge is, and with which certificate it shows itself.
struct edge_section {
  std::string url;
  file_path ca;
  file_path certificate;
  file_path private_key;
  file_path authority_keys;  // JWKS: who signs the permits that this zone believes
};

// Who speaks AS4 for this node: itself, or the Domibus that the country keeps.
struct access_point_section {
  access_point_kind kind = access_point_kind::own;
  // The rest for domibus alone.
  std::string url;                     // of its WS plug-in: https://host/domibus/services/wsplugin
  std::string user;                    // of the plug-in; empty: it asks for none
  std::string password;                // secret
  file_path ca;                        // who signs its TLS certificate; empty: trusted_ca
  std::chrono::seconds look_every{5};  // for messages that came there
  std::string push_user;               // with which it says who it is when it pushes messages; empty: it pushes none
  std::string push_password;           // secret
};

// Where keys are that do not leave it (PKCS#11); the key files then hold their URIs.
struct device_section {
  file_path module;  // empty: there is none
  std::string pin;   // secret
};

// A program of the country that exchanges messages through this node.
struct back_end_section {
  struct claim {
    std::string service;
    std::vector<std::string> actions;  // empty: all of the service
  };
  std::string name;
  std::vector<claim> takes;
  std::string webhook_url;  // empty: it asks
  std::string webhook_secret;
  webhook_kind webhook = webhook_kind::events;
  std::string webhook_user = {};  // for domibus, the secret is its password; empty: it asks for none
  std::vector<std::string> webhook_pushes = {"receive_success", "receive_failure", "send_success",
                                             "send_failure"};  // for domibus
};

struct limits_section {
  std::size_t workers = 8;
  std::size_t queue = 256;
  std::size_t connections = 4096;
  std::size_t connections_per_peer = 512;
  std::size_t body_bytes = 1024 * 1024;
  std::size_t message_bytes = 64 * 1024 * 1024;  // one AS4 message or upload
  std::size_t unproven_at_once = 20;             // AS4 messages of one address that prove nothing: answered by an error
  std::size_t unproven_per_second = 2;           // and how many more each second; the others get 503
  std::chrono::seconds stop{20};                 // for requests to finish when the node is told to end
};

struct configuration {
  file_path file;
  node_section node;
  std::vector<listen_section> listen;
  tls_terms_section tls;
  file_path store;                                        // folder of the node's database and payloads
  std::optional<std::chrono::days> message_bytes_kept{};  // after a message is over; empty: for good
  file_path keys;                                         // folder of keys and certificates; filled at first start
  device_section device;
  file_path accounts;  // local accounts to begin with
  file_path policy_pack;
  authority_section authority;
  catalogue_section catalogue;
  partners_section partners;
  access_point_section access_point;
  std::vector<dataset_section> health_data;
  platform_section platform;
  edge_section edge;
  std::vector<back_end_section> back_ends;
  file_path trusted_ca;           // who signs the TLS certificates of the servers we call; empty: the system's
  bool clock_adjustable = false;  // a rehearsal: the operator may move the clock
  limits_section limits;
  std::string store_vfs;  // a registered SQLite VFS; never in the file: tests fill the disk with it

  bool serves_edge() const { return node.zone != zone::data; }
  bool holds_data() const { return node.zone != zone::edge && !health_data.empty(); }
  bool is_behind_domibus() const { return access_point.kind == access_point_kind::domibus; }
  bool is_central() const { return node.role == node_role::central; }
};

// Where secrets named {"env": "NAME"} come from.
using environment = std::function<std::optional<std::string>(std::string const& name)>;
environment process_environment();

// Reads and checks everything before anything starts: all findings at once, each with the path in the file and the
// mend. Codes: config.unreadable, config.syntax, config.unknown_key, config.type, config.value, config.missing,
// config.secret, config.path.
std::expected<configuration, problems> read_configuration(file_path const& file,
                                                          environment const& env = process_environment());
// The same for a text whose relative paths start at `folder`.
std::expected<configuration, problems> parse_configuration(std::string_view text, file_path const& folder,
                                                           environment const& env);

std::string_view to_text(node_role role);
std::string_view to_text(zone where);
std::string_view to_text(routing how);
std::string_view to_text(access_point_kind kind);

}  // namespace ehds::node::config
