#include "edelivery/pmode/find_doubts.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "edelivery/pmode/certificate_ends.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::chrono::days soon{60};

std::string said_of(certificate_end const& end, instant now) {
  return "The " + end.what + " certificate " + end.subject + " of the partner \"" + end.partner + "\" " +
         (end.at <= now ? "ended" : "ends") + " at " + to_rfc3339(end.at) + ".";
}

// Most certificates stand in several P-Modes.
void doubt_certificates(pmode_book const& book, instant now, problems& found) {
  std::vector<certificate_end> told;
  auto const first = found.size();
  for (auto const& end : certificate_ends(book)) {
    if (end.at >= now + soon) break;  // soonest first
    auto const key = [](certificate_end const& one) { return std::tie(one.partner, one.what, one.subject, one.at); };
    auto const same = std::ranges::find_if(told, [&](auto const& one) { return key(one) == key(end); });
    if (same != told.end()) {
      found[first + static_cast<std::size_t>(same - told.begin())].where += ", " + end.pmode_id;
      continue;
    }
    told.push_back(end);
    found.push_back({"edelivery.pmode.certificate_ends", said_of(end, now), end.pmode_id,
                     "Ask the partner for the next one and add it to the P-Mode. One that was accepted by message "
                     "(Certificate Update) counts in a node that runs; this look does not see it."});
  }
}

std::string_view channel_of(pmode const& mode) { return mode.mpc.empty() ? default_mpc : std::string_view(mode.mpc); }

bool is_between_the_same(pmode const& one, pmode const& other) {
  auto const key = [](pmode const& mode) {
    return std::tie(mode.partner.id, mode.service, mode.us.id, mode.us.type, mode.partner.type, mode.service_type,
                    mode.initiator_role, mode.responder_role);
  };
  return one.way != direction::send && other.way != direction::send && key(one) == key(other) &&
         channel_of(one) == channel_of(other);
}

// A message that names no agreement fits each: what tells two P-Modes apart where it is named is no doubt.
bool may_name_one_agreement(pmode const& one, pmode const& other) {
  return one.agreement.empty() || other.agreement.empty() ||
         (one.agreement == other.agreement && one.agreement_type == other.agreement_type);
}

// "any action", "the action \"order\""; nothing when no action is in both.
std::optional<std::string> common_actions(pmode const& one, pmode const& other) {
  if (one.actions.empty() && other.actions.empty()) return "any action";
  auto const& named = one.actions.empty() ? other.actions : one.actions;
  auto const& among = one.actions.empty() ? one.actions : other.actions;
  for (auto const& action : named)
    if (among.empty() || std::ranges::find(among, action) != among.end()) return "the action \"" + action + "\"";
  return std::nullopt;
}

bool is_part_of(std::vector<std::string> const& few, std::vector<std::string> const& more) {
  auto const is_named = [&](std::string const& one) { return std::ranges::find(more, one) != more.end(); };
  return few.size() < more.size() && std::ranges::all_of(few, is_named);
}

// Something stays for the later one that the earlier does not fit, and all that fits both is the earlier's by name.
bool is_narrower(pmode const& earlier, pmode const& later) {
  bool const names_actions =
      !earlier.actions.empty() && (later.actions.empty() || is_part_of(earlier.actions, later.actions));
  bool const names_agreement = !earlier.agreement.empty() && later.agreement.empty();
  bool const is_wider =
      (earlier.actions.empty() && !later.actions.empty()) || (earlier.agreement.empty() && !later.agreement.empty());
  return (names_actions || names_agreement) && !is_wider;
}

bool doubt_pair(pmode const& earlier, pmode const& later, problems& found) {
  if (!is_between_the_same(earlier, later) || !may_name_one_agreement(earlier, later)) return false;
  auto const both = common_actions(earlier, later);
  if (!both || is_narrower(earlier, later)) return false;
  found.push_back({"edelivery.pmode.same_messages",
                   "A message of \"" + later.partner.id + "\" of the service \"" + later.service + "\" with " + *both +
                       " fits two P-Modes: it is taken under \"" + earlier.id +
                       "\", which comes first, and never under \"" + later.id + "\".",
                   earlier.id + ", " + later.id,
                   "Leave one of them out; or let them differ in direction, actions, agreement, roles or mpc."});
  return true;
}

// Each is told of once, however many come before it.
void doubt_pairs(std::vector<pmode> const& all, problems& found) {
  std::map<std::pair<std::string_view, std::string_view>, std::vector<pmode const*>> before;
  for (auto const& later : all) {
    auto& alike = before[{later.partner.id, later.service}];
    static_cast<void>(std::ranges::any_of(alike, [&](auto const* one) { return doubt_pair(*one, later, found); }));
    alike.push_back(&later);
  }
}

}  // namespace

problems find_doubts(pmode_book const& book, instant now) {
  problems found;
  doubt_certificates(book, now, found);
  doubt_pairs(book.all(), found);
  return found;
}

}  // namespace ehds::edelivery
