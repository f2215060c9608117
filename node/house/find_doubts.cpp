// What a node starts with and cannot use, or should not have: warnings of `config check` and `serve`.
#include <arpa/inet.h>
#include <sys/resource.h>

#include <algorithm>
#include <set>

#include "base/files.hpp"
#include "edelivery/security/device_key.hpp"
#include "node/house/partners.hpp"
#include "node/house/surroundings.hpp"
#include "node/http/url.hpp"

namespace ehds::node::house {
namespace {

namespace fs = std::filesystem;

// Whoever has a key is the node, for all partners.
void doubt_key(fs::path const& file, std::string const& where, problems& found) {
  std::error_code fault;
  auto const mode = fs::status(file, fault).permissions();
  constexpr auto readable = fs::perms::others_read | fs::perms::others_write;
  if (fault || (mode & readable) == fs::perms::none) return;
  if (auto const text = read_file(file); text && edelivery::is_device_uri(*text)) return;
  found.push_back({"config.key_open",
                   "The private key " + file.string() + " may be read or written by everybody on this machine.", where,
                   "Let its owner alone read it: chmod 600 " + file.string() + "."});
}

void doubt_keys(config::configuration const& settings, problems& found) {
  std::set<std::pair<std::string, std::string>> keys;  // file, place; each file once
  auto const add = [&](fs::path const& file, std::string const& where) {
    auto const same = [&](auto const& one) { return one.first == file.string(); };
    if (!file.empty() && std::ranges::none_of(keys, same)) keys.emplace(file.string(), where);
  };
  std::error_code fault;
  for (auto const& entry : fs::directory_iterator(settings.keys, fault))
    if (entry.path().extension() == ".key" || entry.path().extension() == ".secret") add(entry.path(), "/keys/folder");
  for (std::size_t i = 0; i < settings.listen.size(); ++i)
    if (settings.listen[i].tls)
      add(settings.listen[i].tls->private_key, "/listen/" + std::to_string(i) + "/tls/private_key");
  add(settings.authority.signing_key, "/authority/signing_key");
  add(settings.edge.private_key, "/edge/private_key");
  for (auto const& [file, where] : keys) doubt_key(file, where, found);
}

// The data zone is known by its certificate alone; without one such a door is for who watches the node.
void doubt_doors(config::configuration const& settings, problems& found) {
  if (settings.node.zone != config::zone::edge) return;
  for (std::size_t i = 0; i < settings.listen.size(); ++i) {
    auto const& door = settings.listen[i];
    bool const asks = door.tls && door.tls->ask != config::ask_certificate::none;
    if (door.serves == config::served::internal_side && !asks)
      found.push_back({"config.door.no_certificate",
                       "This internal door asks for no certificate: it serves no data zone, which is known by its own.",
                       "/listen/" + std::to_string(i) + "/tls/client_certificates",
                       R"(Add "client_certificates": "required" and "client_ca" to its "tls".)"});
  }
}

bool is_loopback(std::string const& host) {
  in_addr four{};
  in6_addr six{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24U) == 127;
  if (inet_pton(AF_INET6, host.c_str(), &six) == 1) return IN6_IS_ADDR_LOOPBACK(&six);
  return host == "localhost" || host.ends_with(".localhost");
}

void doubt_secret(std::string const& url, std::string const& secret, std::string const& where, problems& found) {
  auto const to = http::parse_url(url);
  if (secret.empty() || !to || to->scheme != "http" || is_loopback(to->host)) return;
  found.push_back({"config.secret.plain",
                   "A password is sent to " + to->host + " over http: whoever sees the connection can read it.", where,
                   "Write an https address, or leave the password out."});
}

// The secret of a webhook of events is not sent: it signs them.
void doubt_secrets(config::configuration const& settings, problems& found) {
  if (settings.is_behind_domibus())
    doubt_secret(settings.access_point.url, settings.access_point.password, "/access_point/url", found);
  if (settings.platform.kind == "http")
    doubt_secret(settings.platform.url, settings.platform.token, "/platform/url", found);
  for (std::size_t i = 0; i < settings.back_ends.size(); ++i)
    if (auto const& one = settings.back_ends[i]; one.webhook == config::webhook_kind::domibus)
      doubt_secret(one.webhook_url, one.webhook_secret, "/back_ends/" + std::to_string(i) + "/webhook/url", found);
}

// Beyond its limit a program cannot even open the file of the message that it is reading.
void doubt_descriptors(config::limits_section const& limits, problems& found) {
  constexpr rlim_t own = 256;  // stores, keys, what it sends
  rlimit granted{};
  if (getrlimit(RLIMIT_NOFILE, &granted) != 0 || granted.rlim_max >= limits.connections + own) return;
  found.push_back({"config.limits.descriptors",
                   "This system grants " + std::to_string(granted.rlim_max) + " open files, fewer than " +
                       std::to_string(limits.connections) + " connections and what the node itself opens need.",
                   "/limits/connections",
                   "Lower it, or raise the hard limit of open files (LimitNOFILE= of systemd, ulimit -Hn)."});
}

}  // namespace

problems find_doubts(config::configuration const& settings, instant now) {
  problems found;
  doubt_keys(settings, found);
  doubt_doors(settings, found);
  doubt_descriptors(settings.limits, found);
  doubt_secrets(settings, found);
  if (!settings.serves_edge()) return found;
  for (auto& one : doubt_exchange(settings, now)) found.push_back(std::move(one));
  return found;
}

}  // namespace ehds::node::house
