// What the exchange starts with and cannot use, or uses otherwise than was meant.
#include <algorithm>
#include <set>

#include "base/slips.hpp"
#include "edelivery/certificate_update/agreement_update.hpp"
#include "edelivery/pmode/find_doubts.hpp"
#include "node/exchange/business_message.hpp"
#include "node/house/partners.hpp"
#include "node/house/surroundings.hpp"

namespace ehds::node::house {
namespace {

namespace fs = std::filesystem;
using edelivery::pmode_book;

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

// Which of our certificates these are: those that lie beside their key.
std::vector<std::pair<std::string, edelivery::certificate>> own_certificates(fs::path const& keys) {
  std::vector<std::pair<std::string, edelivery::certificate>> own;
  std::error_code fault;
  for (fs::directory_iterator each(keys, fault), end; !fault && each != end; each.increment(fault)) {
    auto key = each->path();
    std::error_code unseen;
    if (key.extension() != ".pem" || !fs::exists(key.replace_extension(".key"), unseen)) continue;
    if (auto read = edelivery::certificate::load(each->path())) own.emplace_back(each->path().filename(), *read);
  }
  return own;
}

// A partner cannot open what is for us, and what he signs would not be ours. Whoever writes to himself means it.
void doubt_own_certificates(fs::path const& keys, pmode_book const& book, problems& found) {
  auto const own = own_certificates(keys);
  auto const doubt = [&](edelivery::pmode const& mode, auto const& named, std::string const& member) {
    for (auto const& [file, ours] : own)
      if (std::ranges::find(named, ours) != named.end())
        found.push_back({"config.pmode.own_certificate",
                         "The P-Mode " + mode.id + " has our own certificate " + file + " as one of the partner \"" +
                             mode.partner.id + "\" (" + member + ").",
                         "/partners/pmodes (" + mode.id + ")", "Name the certificate that the partner gave you."});
  };
  for (auto const& mode : book.all()) {
    if (mode.us == mode.partner) continue;
    doubt(mode, mode.partner_encryption, "partner_encryption");
    doubt(mode, mode.trust.pinned, "partner_signing");
  }
}

// As the node is wired (wire_messages.cpp, build_exchange.cpp).
bool takes_itself(config::configuration const& settings, std::string const& service) {
  if (service == exchange::partners_service) return !settings.is_central();
  if (service == edelivery::certificate_update_service) return !settings.is_behind_domibus();
  return exchange::is_own_service(service);
}

// The actions of a P-Mode that nobody takes; empty: somebody takes all, or one of those that it does not name.
std::vector<std::string> untaken_actions(edelivery::pmode const& mode, exchange::back_end_list const& back_ends) {
  std::vector<std::string> untaken;
  for (auto const& action : mode.actions)
    if (action != exchange::validation_result && back_ends.taker_of(mode.service, action) == nullptr)
      untaken.push_back(action);
  return untaken;
}

bool is_claimed(std::string const& service, exchange::back_end_list const& back_ends) {
  return std::ranges::any_of(back_ends.all(), [&](exchange::back_end const& one) {
    return std::ranges::find(one.takes, service, &exchange::back_end::claim::service) != one.takes.end();
  });
}

// What comes under it would be refused or called not valid (exchange/deliver.cpp).
void doubt_takers(config::configuration const& settings, exchange::back_end_list const& back_ends,
                  pmode_book const& book, problems& found) {
  for (auto const& mode : book.all()) {
    if (mode.way == edelivery::direction::send || takes_itself(settings, mode.service)) continue;
    bool const claimed = is_claimed(mode.service, back_ends);
    auto const untaken = untaken_actions(mode, back_ends);
    if (claimed && untaken.empty()) continue;
    found.push_back({"config.pmode.untaken",
                     "Messages of the service \"" + mode.service + "\"" +
                         (claimed ? " with the action " + listed(untaken) : "") + " may come under the P-Mode " +
                         mode.id + ", and neither this node nor a back end takes them.",
                     "/partners/pmodes (" + mode.id + ")",
                     R"(Add them to the "takes" of a back end, or set the P-Mode's direction to send.)"});
  }
}

}  // namespace

problems doubt_exchange(config::configuration const& settings, instant now) {
  problems found;
  auto const book = load_pmodes(settings);
  auto const listed = load_partners(settings);
  if (!book || !listed) return found;  // told by check_exchange
  if (book->all().empty()) {
    if (listed->empty() && settings.back_ends.empty()) return found;
    auto const& folder = settings.partners.pmodes;
    found.push_back(
        {"config.partners.no_pmode",
         std::string(listed->empty() ? "Back ends" : "Partners") + " are listed, and there is no P-Mode" +
             (folder.empty() ? "" : " in " + folder.string()) + ": nothing is exchanged.",
         "/partners/pmodes",
         folder.empty() ? "Name the folder that holds the P-Modes." : "Put them there, in files that end in .json."});
    return found;
  }
  for (auto const& one : edelivery::find_doubts(*book, now)) found.push_back(placed(one, "/partners/pmodes"));
  doubt_partners(*listed, *book, found);
  auto const back_ends = back_ends_of(settings);
  for (std::size_t i = 0; i < back_ends.all().size(); ++i)
    for (std::size_t n = 0; n < back_ends.all()[i].takes.size(); ++n)
      doubt_claim(back_ends.all()[i].takes[n], *book, "/back_ends/" + std::to_string(i) + "/takes/" + std::to_string(n),
                  found);
  doubt_takers(settings, back_ends, *book, found);
  if (!settings.is_behind_domibus()) doubt_own_certificates(settings.keys, *book, found);
  return found;
}

}  // namespace ehds::node::house
