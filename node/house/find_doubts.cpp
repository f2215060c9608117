// What a node starts with and cannot use, or should not have: warnings of `config check` and `serve`.
#include <sys/resource.h>

#include <algorithm>
#include <set>

#include "base/files.hpp"
#include "base/slips.hpp"
#include "edelivery/security/device_key.hpp"
#include "node/house/partners.hpp"
#include "node/house/surroundings.hpp"

namespace ehds::node::house {
namespace {

namespace fs = std::filesystem;
using edelivery::pmode_book;

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

std::string mend_for(std::string const& unknown, std::vector<std::string> const& known) {
  auto const meant = nearest_word(unknown, known);
  return meant ? "Did you mean \"" + *meant + "\"? Or add a P-Mode for it." : "Add a P-Mode for it.";
}

// Without a P-Mode nothing of it is ever sent or received.
void doubt_claim(exchange::back_end::claim const& claim, pmode_book const& book, std::string const& where,
                 problems& found) {
  std::vector<std::string> services;
  std::vector<std::string> actions;
  bool takes_any = false;
  for (auto const& mode : book.all()) {
    services.push_back(mode.service);
    if (mode.service != claim.service) continue;
    takes_any = takes_any || mode.actions.empty();
    actions.insert(actions.end(), mode.actions.begin(), mode.actions.end());
  }
  if (std::ranges::find(services, claim.service) == services.end())
    return found.push_back(
        {"config.back_end.unused",
         "No P-Mode of this node has the service \"" + claim.service + "\": nothing of it is sent or received.",
         where + "/service", mend_for(claim.service, services)});
  for (std::size_t i = 0; i < claim.actions.size() && !takes_any; ++i)
    if (std::ranges::find(actions, claim.actions[i]) == actions.end())
      found.push_back({"config.back_end.unused",
                       "No P-Mode of this node has the action \"" + claim.actions[i] +
                           "\" of this service: nothing of it is sent or received.",
                       where + "/actions/" + std::to_string(i), mend_for(claim.actions[i], actions)});
}

void doubt_partners(std::vector<exchange::partner> const& listed, pmode_book const& book, problems& found) {
  std::set<std::string> agreed;
  for (auto const& mode : book.all()) agreed.insert(mode.partner.id);
  std::vector<std::string> const known(agreed.begin(), agreed.end());
  for (std::size_t i = 0; i < listed.size(); ++i)
    if (!agreed.contains(listed[i].party_id))
      found.push_back(
          {"config.partners.unused",
           "No P-Mode of this node has the partner \"" + listed[i].party_id + "\": nothing is exchanged with it.",
           "/partners/file (/partners/" + std::to_string(i) + "/party_id)", mend_for(listed[i].party_id, known)});
}

void doubt_exchange(config::configuration const& settings, problems& found) {
  auto const book = load_pmodes(settings);
  auto const listed = load_partners(settings);
  if (!book || !listed) return;  // told by check_exchange
  if (book->all().empty()) {
    if (listed->empty() && settings.back_ends.empty()) return;
    auto const& folder = settings.partners.pmodes;
    return found.push_back(
        {"config.partners.no_pmode",
         std::string(listed->empty() ? "Back ends" : "Partners") + " are listed, and there is no P-Mode" +
             (folder.empty() ? "" : " in " + folder.string()) + ": nothing is exchanged.",
         "/partners/pmodes",
         folder.empty() ? "Name the folder that holds the P-Modes." : "Put them there, in files that end in .json."});
  }
  doubt_partners(*listed, *book, found);
  auto const back_ends = back_ends_of(settings);
  for (std::size_t i = 0; i < back_ends.all().size(); ++i)
    for (std::size_t n = 0; n < back_ends.all()[i].takes.size(); ++n)
      doubt_claim(back_ends.all()[i].takes[n], *book, "/back_ends/" + std::to_string(i) + "/takes/" + std::to_string(n),
                  found);
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

problems find_doubts(config::configuration const& settings) {
  problems found;
  doubt_keys(settings, found);
  doubt_doors(settings, found);
  doubt_descriptors(settings.limits, found);
  if (settings.serves_edge()) doubt_exchange(settings, found);
  return found;
}

}  // namespace ehds::node::house
