#include "node/config/sections.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace ehds::node::config {

using nlohmann::json;

namespace {

constexpr std::pair<std::string_view, node_role> role_words[] = {{"national", node_role::national},
                                                                 {"central", node_role::central}};
constexpr std::pair<std::string_view, zone> zone_words[] = {
    {"edge", zone::edge}, {"data", zone::data}, {"all", zone::all}};
constexpr std::pair<std::string_view, routing> routing_words[] = {{"star", routing::star}, {"mesh", routing::mesh}};
constexpr std::pair<std::string_view, access_point_kind> access_point_words[] = {
    {"own", access_point_kind::own}, {"domibus", access_point_kind::domibus}};
constexpr std::pair<std::string_view, webhook_kind> webhook_words[] = {{"events", webhook_kind::events},
                                                                       {"domibus", webhook_kind::domibus}};
// Notices of BackendService, and messages whole (a Domibus calls that SUBMIT_MESSAGE).
constexpr std::array<std::string_view, 6> push_words{"message",      "receive_success", "receive_failure",
                                                     "send_success", "send_failure",    "message_status_change"};
constexpr std::pair<std::string_view, served> served_words[] = {{"public", served::public_side},
                                                                {"internal", served::internal_side}};
constexpr std::pair<std::string_view, ask_certificate> ask_words[] = {
    {"none", ask_certificate::none}, {"wanted", ask_certificate::wanted}, {"required", ask_certificate::required}};

template <class Word, std::size_t count>
std::string_view word_of(Word what, std::pair<std::string_view, Word> const (&words)[count]) {
  for (auto const& [text, meant] : words)
    if (meant == what) return text;
  return {};
}

void read_node(object_reader& in, node_section& node) {
  in.text("id", node.id, need::required);
  in.text("name", node.name);
  in.text("country", node.country, need::required);
  in.choice("role", node.role, role_words);
  in.choice("zone", node.zone, zone_words);
  in.text("base_url", node.base_url);
  if (!node.country.empty() && !is_nation(node.country)) {
    in.wrong("country", "config.value", "A country is two capital letters.", "Write FR, or EU for the centre.");
  }
  if (node.name.empty()) node.name = node.id;
}

// What eDelivery AS4 2.0 allows (and 1.15 with it): ephemeral keys and authenticated encryption.
constexpr std::array<std::string_view, 9> tls_suites{"TLS_AES_128_GCM_SHA256",
                                                     "TLS_AES_256_GCM_SHA384",
                                                     "TLS_AES_128_CCM_SHA256",
                                                     "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                                                     "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                                                     "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                                                     "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                                                     "TLS_ECDHE_ECDSA_WITH_AES_128_CCM",
                                                     "TLS_ECDHE_ECDSA_WITH_AES_256_CCM"};
constexpr std::array<std::string_view, 5> tls_groups{"x25519", "secp256r1", "secp384r1", "secp521r1", "x448"};

void read_tls_terms(object_reader& in, tls_terms_section& terms) {
  in.text("minimum_version", terms.minimum_version);
  in.words("suites", terms.suites, tls_suites);
  in.words("groups", terms.groups, tls_groups);
  auto const is_of_1_2 = [](std::string const& name) { return name.starts_with("TLS_ECDHE_"); };
  if (terms.minimum_version != "1.2" && terms.minimum_version != "1.3")
    in.wrong("minimum_version", "config.value",
             "\"" + terms.minimum_version.substr(0, 20) + "\" is no version of TLS that may be the least one.",
             "Write \"1.2\" or \"1.3\".");
  else if (terms.minimum_version == "1.3" && std::ranges::any_of(terms.suites, is_of_1_2))
    in.wrong("suites", "config.value", "Suites of TLS 1.2 are named, which is not spoken.",
             "Leave them out, or let minimum_version be \"1.2\".");
}

tls_section read_tls(json const* value, std::string const& where, reading_context& context) {
  object_reader in(value, where, context);
  tls_section tls;
  in.path("certificate", tls.certificate, need::required);
  in.path("private_key", tls.private_key, need::required);
  in.path("client_ca", tls.client_ca);
  in.choice("client_certificates", tls.ask, ask_words);
  if (tls.ask != ask_certificate::none && tls.client_ca.empty()) {
    in.wrong("client_ca", "config.missing", "Certificates of callers cannot be judged without an authority.",
             "Name the PEM file of who signs them.");
  }
  in.finish();
  return tls;
}

listen_section read_listen(json const* value, std::string const& where, reading_context& context) {
  object_reader in(value, where, context);
  listen_section listen;
  in.text("address", listen.address);
  if (auto const port = in.number("port", 0, 65535)) listen.port = static_cast<std::uint16_t>(*port);
  in.choice("serves", listen.serves, served_words);
  if (auto const* const tls = in.member("tls")) listen.tls = read_tls(tls, in.place("tls"), context);
  in.finish();
  return listen;
}

dataset_section read_dataset(json const* value, std::string const& where, reading_context& context) {
  object_reader in(value, where, context);
  dataset_section dataset;
  dataset.engine = "sqlite";
  in.text("dataset", dataset.id, need::required);
  in.text("profile", dataset.profile, need::required);
  in.text("engine", dataset.engine);
  in.path("path", dataset.path, need::required);
  if (dataset.engine != "sqlite") {
    in.wrong("engine", "config.value", "\"" + dataset.engine + "\" is no engine of this release.", "Use sqlite.");
  }
  in.finish();
  return dataset;
}

template <class One>
std::vector<One> list(object_reader& top, char const* name,
                      One (*read)(json const*, std::string const&, reading_context&), reading_context& context) {
  std::vector<One> all;
  auto const* const value = top.member(name);
  if (value == nullptr) return all;
  if (!value->is_array()) {
    top.wrong(name, "config.type", "A list is expected here.", "Write [...].");
    return all;
  }
  for (std::size_t i = 0; i < value->size(); ++i) {
    all.push_back(read(&(*value)[i], top.place(name) + "/" + std::to_string(i), context));
  }
  return all;
}

back_end_section::claim read_claim(json const* value, std::string const& where, reading_context& context) {
  object_reader in(value, where, context);
  back_end_section::claim claim;
  in.text("service", claim.service, need::required);
  in.texts("actions", claim.actions);
  in.finish();
  return claim;
}

// A back end checks the signature of each event; one that waits for a Domibus, user and password if anything.
void read_webhook_words(object_reader& in, back_end_section& back_end) {
  in.choice("kind", back_end.webhook, webhook_words);
  in.secret("secret", back_end.webhook_secret);
  in.text("user", back_end.webhook_user);
  if (in.has("pushes")) back_end.webhook_pushes.clear();
  in.words("pushes", back_end.webhook_pushes, push_words);
  bool const is_domibus = back_end.webhook == webhook_kind::domibus;
  if (!in.has("secret") && (!is_domibus || in.has("user")))
    in.wrong("secret", "config.missing", "Without a secret the back end cannot tell who calls it.",
             R"(Add "secret": {"file": ...}.)");
  if (is_domibus && in.has("secret") && !in.has("user"))
    in.wrong("user", "config.missing", "The secret is the password of a user, who is not named.", R"(Add "user".)");
  if (!is_domibus && in.has("user"))
    in.wrong("kind", "config.value", "A user is for a back end that was written for Domibus.",
             R"(Leave it out, or write "domibus".)");
  if (!is_domibus && in.has("pushes"))
    in.wrong("pushes", "config.value", "What is pushed is chosen for a back end that was written for Domibus.",
             R"(Leave it out: it is told of all events; or write "kind": "domibus".)");
}

back_end_section read_back_end(json const* value, std::string const& where, reading_context& context) {
  object_reader in(value, where, context);
  back_end_section back_end;
  in.text("name", back_end.name, need::required);
  back_end.takes = list(in, "takes", read_claim, context);
  if (back_end.takes.empty())
    in.wrong("takes", "config.missing", "Without messages of its own a back end has nothing to exchange.",
             R"(Add "takes": [{"service": ...}].)");
  if (auto const* const value_of = in.member("webhook")) {
    object_reader webhook(value_of, in.place("webhook"), context);
    webhook.text("url", back_end.webhook_url, need::required);
    read_webhook_words(webhook, back_end);
    webhook.finish();
  }
  in.finish();
  return back_end;
}

void read_platform(object_reader& in, platform_section& platform) {
  in.text("url", platform.url);
  in.path("ca", platform.ca);
  in.secret("token", platform.token);
  in.text("kind", platform.kind);
  if (platform.kind != "http" && platform.kind != "folder") {
    in.wrong("kind", "config.value", "\"" + platform.kind + "\" is no way to hand over.", "Use http or folder.");
  }
}

void read_limits(object_reader& in, limits_section& limits) {
  auto const read = [&](char const* name, std::size_t& into, std::uint64_t least, std::uint64_t most) {
    if (auto const value = in.number(name, least, most)) into = static_cast<std::size_t>(*value);
  };
  constexpr std::uint64_t gigabyte = 1024ULL * 1024 * 1024;
  read("workers", limits.workers, 1, 256);
  read("queue", limits.queue, 1, 100'000);
  read("connections", limits.connections, 1, 100'000);
  read("connections_per_peer", limits.connections_per_peer, 1, 100'000);
  read("body_bytes", limits.body_bytes, 1024, gigabyte);
  read("message_bytes", limits.message_bytes, 1024, 2 * gigabyte);
  read("unproven_at_once", limits.unproven_at_once, 1, 1'000'000);
  read("unproven_per_second", limits.unproven_per_second, 1, 1'000'000);
  if (auto const seconds = in.number("stop_seconds", 0, 3600)) limits.stop = std::chrono::seconds{*seconds};
}

// One section that is an object: read(reader, target), then nothing unknown may be left.
template <class Target>
void section(object_reader& top, char const* name, Target& target, void (*read)(object_reader&, Target&),
             reading_context& context) {
  auto const* const value = top.member(name);
  if (value == nullptr) return;
  object_reader in(value, top.place(name), context);
  read(in, target);
  in.finish();
}

void read_folder(object_reader& in, file_path& folder) { in.path("folder", folder, need::required); }
void read_store(object_reader& in, configuration& read) {
  read_folder(in, read.store);
  if (auto const days = in.number("message_bytes_days", 1, 36'500))
    read.message_bytes_kept = std::chrono::days{static_cast<int>(*days)};
}
void read_device(object_reader& in, device_section& device) {
  in.path("module", device.module, need::required);
  in.secret("pin", device.pin);
}
void read_keys(json const* value, std::string const& where, configuration& read, reading_context& context) {
  object_reader in(value, where, context);
  read_folder(in, read.keys);
  section(in, "device", read.device, read_device, context);
  in.finish();
}
void read_authority(object_reader& in, authority_section& authority) {
  in.text("name", authority.name);
  in.path("signing_key", authority.signing_key);
}
void read_catalogue(object_reader& in, catalogue_section& catalogue) {
  in.path("records", catalogue.records);
  in.text("release", catalogue.release);
}
void read_partners(object_reader& in, partners_section& partners) {
  in.path("file", partners.file);
  in.path("pmodes", partners.pmodes);
  in.choice("routing", partners.routing, routing_words);
  in.text("dns_server", partners.dns_server);
  in.truth("private_publishers", partners.private_publishers);
}
void read_push_login(object_reader& in, access_point_section& point) {
  in.text("user", point.push_user, need::required);
  in.secret("password", point.push_password);
  if (!in.has("password"))
    in.wrong("password", "config.missing", "Without a password anybody could push messages to this node.",
             R"(Add "password": {"file": ...}.)");
}
void read_access_point(json const* value, std::string const& where, access_point_section& point,
                       reading_context& context) {
  object_reader in(value, where, context);
  in.choice("kind", point.kind, access_point_words);
  in.text("url", point.url);
  in.text("user", point.user);
  in.secret("password", point.password);
  in.path("ca", point.ca);
  if (auto const seconds = in.number("look_every_seconds", 1, 3600)) point.look_every = std::chrono::seconds{*seconds};
  section(in, "push", point, read_push_login, context);
  bool const is_domibus = point.kind == access_point_kind::domibus;
  if (is_domibus && !in.has("url"))
    in.wrong("url", "config.missing", "Messages go to a Domibus, and nothing says where it is.",
             "Add the address of its WS plug-in: https://host/domibus/services/wsplugin.");
  auto const names = {"url", "user", "password", "ca", "look_every_seconds", "push"};
  if (!is_domibus && std::ranges::any_of(names, [&](auto const* name) { return in.has(name); }))
    in.wrong("kind", "config.value", "A node that is its own access point needs none of the other entries.",
             R"(Leave them out, or write "domibus".)");
  if (is_domibus && in.has("user") != in.has("password"))
    in.wrong("password", "config.missing", "User and password of the plug-in go together.",
             R"(Add "user", and "password": {"file": ...}.)");
  in.finish();
}
void read_edge(object_reader& in, edge_section& edge) {
  in.text("url", edge.url, need::required);
  in.path("authority_keys", edge.authority_keys, need::required);
  in.path("ca", edge.ca);
  in.path("certificate", edge.certificate);
  in.path("private_key", edge.private_key);
}
void read_clock(object_reader& in, bool& adjustable) { in.truth("adjustable", adjustable); }

void require_sections(object_reader& top, configuration const& read) {
  auto const missing = [&](char const* name) {
    top.wrong(name, "config.missing", "This section is missing.", "Add \"" + std::string{name} + "\".");
  };
  if (!top.has("node")) missing("node");
  if (!top.has("store")) missing("store");
  if (!top.has("keys")) missing("keys");
  if (!top.has("listen") && read.node.zone != zone::data) missing("listen");
}

}  // namespace

configuration read_document(json const& document, reading_context& context) {
  configuration read;
  object_reader top(&document, "", context);
  top.member("$schema");
  section(top, "node", read.node, read_node, context);
  read.listen = list(top, "listen", read_listen, context);
  section(top, "tls", read.tls, read_tls_terms, context);
  section(top, "store", read, read_store, context);
  if (auto const* const keys = top.member("keys")) read_keys(keys, top.place("keys"), read, context);
  top.path("accounts", read.accounts);
  top.path("policy_pack", read.policy_pack);
  section(top, "authority", read.authority, read_authority, context);
  section(top, "catalogue", read.catalogue, read_catalogue, context);
  section(top, "partners", read.partners, read_partners, context);
  if (auto const* const point = top.member("access_point"))
    read_access_point(point, top.place("access_point"), read.access_point, context);
  read.health_data = list(top, "health_data", read_dataset, context);
  section(top, "platform", read.platform, read_platform, context);
  section(top, "edge", read.edge, read_edge, context);
  read.back_ends = list(top, "back_ends", read_back_end, context);
  top.path("trusted_ca", read.trusted_ca);
  section(top, "clock", read.clock_adjustable, read_clock, context);
  section(top, "limits", read.limits, read_limits, context);
  require_sections(top, read);
  top.finish();
  if (read.authority.name.empty()) read.authority.name = read.node.name;
  return read;
}

std::string_view to_text(node_role role) { return word_of(role, role_words); }
std::string_view to_text(zone where) { return word_of(where, zone_words); }
std::string_view to_text(routing how) { return word_of(how, routing_words); }
std::string_view to_text(access_point_kind kind) { return word_of(kind, access_point_words); }

}  // namespace ehds::node::config
