#include "edelivery/pmode/pmode_book.hpp"

#include "base/slips.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace ehds::edelivery {

namespace {

bool is_party(message_party const& in_message, party_name const& agreed) {
  return in_message.id == agreed.id && in_message.type == agreed.type;
}

bool is_channel(std::string_view mpc, pmode const& mode) {
  auto const named = [](std::string_view text) { return text.empty() ? default_mpc : text; };
  return named(mpc) == named(mode.mpc);
}

bool is_action(pmode const& mode, std::string_view action) {
  return mode.actions.empty() || std::ranges::find(mode.actions, action) != mode.actions.end();
}

bool is_service(user_message const& header, pmode const& mode) {
  if (header.is_test()) return true;
  return header.service == mode.service && header.service_type == mode.service_type;
}

// The first thing in which a message differs from a P-Mode; nothing when it fits. From coarse to fine, so that
// the P-Mode that fails last is the one the sender most likely meant.
struct miss {
  std::size_t step = 0;
  std::string_view what;
};

std::optional<miss> first_miss(user_message const& header, pmode const& mode, party_name const& from,
                               party_name const& to, bool way_is_open) {
  std::array<std::pair<bool, std::string_view>, 9> const steps{{
      {is_party(header.from, from), "the sender (From/PartyId and its type)"},
      {is_party(header.to, to), "the receiver (To/PartyId and its type)"},
      {way_is_open, "the direction"},
      {is_service(header, mode), "the service or its type"},
      {header.is_test() || is_action(mode, header.action), "the action"},
      {is_agreed(mode, header.agreement, header.agreement_type), "the agreement"},
      {header.from.role == mode.initiator_role, "the role of the sender"},
      {header.to.role == mode.responder_role, "the role of the receiver"},
      {is_channel(header.mpc, mode), "the message partition channel"},
  }};
  for (std::size_t step = 0; step < steps.size(); ++step) {
    if (!steps[step].first) return miss{step, steps[step].second};
  }
  return std::nullopt;
}

std::string typed(std::string_view value, std::string_view type) {
  return std::string{value.substr(0, 120)} + (type.empty() ? "" : " (type " + std::string{type.substr(0, 120)} + ")");
}

// What the message says and what is agreed, for the step at which they differ; empty for the direction.
std::string difference(std::size_t step, user_message const& header, pmode const& mode, party_name const& from,
                       party_name const& to) {
  std::array<std::pair<std::string, std::string>, 9> const said_and_agreed{{
      {typed(header.from.id, header.from.type), typed(from.id, from.type)},
      {typed(header.to.id, header.to.type), typed(to.id, to.type)},
      {},
      {typed(header.service, header.service_type), typed(mode.service, mode.service_type)},
      {typed(header.action, {}), typed(listed(mode.actions), {})},
      {typed(header.agreement, header.agreement_type), typed(mode.agreement, mode.agreement_type)},
      {typed(header.from.role, {}), mode.initiator_role},
      {typed(header.to.role, {}), mode.responder_role},
      {typed(header.mpc, {}), mode.mpc},
  }};
  auto const& [said, agreed] = said_and_agreed.at(step);
  if (said.empty() && agreed.empty()) return {};
  return ": the message says \"" + said + "\", agreed is \"" + agreed + "\"";
}

problem no_pmode(std::string detail) {
  return {"edelivery.pmode.none", std::move(detail), "eb:UserMessage",
          "agree on a P-Mode with the partner and add it to the configuration"};
}

// The values of a message are not shown: they may be people's. Those agreed are told to whoever sends through us, who
// has to write them.
std::string mend_of_corners(corner_names const& agreed, bool sent) {
  if (!sent) return "give the message the corners of four_corners";
  return "write the properties originalSender \"" + agreed.ours + "\" and finalRecipient \"" + agreed.theirs +
         "\", as four_corners of the P-Mode has them";
}

result<void> check_corner(std::vector<message_property> const& given, std::string_view name, std::string_view agreed,
                          pmode const& mode, std::string const& mend) {
  auto const found = std::ranges::find(given, name, &message_property::name);
  if (found != given.end() && found->value == agreed) return {};
  return problem{"edelivery.pmode.property",
                 "the message property \"" + std::string{name} + "\" " +
                     (found == given.end() ? "is missing" : "has another value than agreed") + " in the P-Mode \"" +
                     mode.id + "\"",
                 "UserMessage/MessageProperties", mend};
}

// Where only the name is agreed, the value is the sender's to know.
std::string meaning_of(std::string_view name) {
  if (name == "originalSender") return "; its value is the id of who sends, behind the sender's access point";
  if (name == "finalRecipient") return "; its value is the id of whom it is for, behind the receiver's access point";
  return {};
}

// The P-Mode that fits, or the one that fails last.
struct choice {
  pmode const* mode = nullptr;
  std::optional<miss> missed;  // none: it fits
};

template <class FirstMiss>
choice closest(std::vector<pmode> const& pmodes, FirstMiss const& first_miss_of) {
  choice best;
  for (auto const& mode : pmodes) {
    auto const missed = first_miss_of(mode);
    if (!missed) return {&mode, std::nullopt};
    if (best.mode == nullptr || missed->step > best.missed->step) best = {&mode, missed};
  }
  return best;
}

problem nearest_miss(choice const& best, std::string const& values) {
  if (best.mode == nullptr) return no_pmode("there are no P-Modes");
  return no_pmode("no P-Mode fits the message; \"" + best.mode->id + "\" comes nearest and differs in " +
                  std::string{best.missed->what} + values);
}

template <class Fits, class Differs>
result<pmode const*> nearest(std::vector<pmode> const& pmodes, Fits const& first_miss_of, Differs const& values) {
  auto const best = closest(pmodes, first_miss_of);
  if (best.mode != nullptr && !best.missed) return best.mode;
  return nearest_miss(best, best.mode == nullptr ? std::string() : values(best.missed->step, *best.mode));
}

// With what a program leaves to the P-Mode.
user_message completed(user_message header, pmode const& mode) {
  auto const fill = [](std::string& into, std::string const& agreed) {
    if (into.empty()) into = agreed;
  };
  fill(header.from.type, mode.us.type);
  fill(header.to.type, mode.partner.type);
  fill(header.service_type, mode.service_type);
  if (!header.agreement.empty()) fill(header.agreement_type, mode.agreement_type);
  header.from.role = mode.initiator_role;
  header.to.role = mode.responder_role;
  header.mpc = mode.mpc;
  return header;
}

// A test message is one like all others here, and an agreement that is named has to be there.
std::optional<miss> first_miss_of_submitted(user_message const& header, pmode const& mode) {
  auto missed = first_miss(completed(header, mode), mode, mode.us, mode.partner, mode.way != direction::receive);
  if (missed && missed->step < 3) return missed;
  if (header.service != mode.service) return miss{3, "the service or its type"};
  if (missed && missed->step == 3) return missed;
  if (!is_action(mode, header.action)) return miss{4, "the action"};
  if (!header.agreement.empty() && mode.agreement.empty()) return miss{5, "the agreement"};
  return missed;
}

constexpr std::array<std::string_view, 6> submitted_elements{"UserMessage/PartyInfo/From/PartyId",
                                                             "UserMessage/PartyInfo/To/PartyId",
                                                             "UserMessage/PartyInfo",
                                                             "UserMessage/CollaborationInfo/Service",
                                                             "UserMessage/CollaborationInfo/Action",
                                                             "UserMessage/CollaborationInfo/AgreementRef"};

}  // namespace

result<void> check_properties(std::vector<message_property> const& given, pmode const& mode, direction way) {
  for (auto const& name : mode.required_properties) {
    if (std::ranges::find(given, name, &message_property::name) != given.end()) continue;
    return problem{"edelivery.pmode.property",
                   "the message property \"" + name + "\" is missing, which the P-Mode \"" + mode.id + "\" requires",
                   "UserMessage/MessageProperties", "give the message this property" + meaning_of(name)};
  }
  if (!mode.four_corners) return {};
  auto const& [ours, theirs] = *mode.four_corners;
  bool const sent = way == direction::send;
  auto const mend = mend_of_corners(*mode.four_corners, sent);
  auto good = check_corner(given, "originalSender", sent ? ours : theirs, mode, mend);
  return good ? check_corner(given, "finalRecipient", sent ? theirs : ours, mode, mend) : good;
}

pmode const* pmode_book::by_id(std::string_view id) const {
  auto const found = std::ranges::find(pmodes_, id, &pmode::id);
  return found == pmodes_.end() ? nullptr : &*found;
}

result<pmode const*> pmode_book::for_received(user_message const& header) const {
  return nearest(
      pmodes_,
      [&](pmode const& mode) { return first_miss(header, mode, mode.partner, mode.us, mode.way != direction::send); },
      [&](std::size_t step, pmode const& mode) { return difference(step, header, mode, mode.partner, mode.us); });
}

result<pmode const*> pmode_book::for_sent(user_message const& header) const {
  return nearest(
      pmodes_,
      [&](pmode const& mode) {
        return first_miss(header, mode, mode.us, mode.partner, mode.way != direction::receive);
      },
      [&](std::size_t step, pmode const& mode) { return difference(step, header, mode, mode.us, mode.partner); });
}

result<pmode const*> pmode_book::for_submitted(user_message const& header) const {
  auto const best = closest(pmodes_, [&](pmode const& mode) { return first_miss_of_submitted(header, mode); });
  if (best.mode != nullptr && !best.missed) return best.mode;
  if (best.mode == nullptr) return nearest_miss(best, {});
  auto const& mode = *best.mode;
  auto const step = best.missed->step;
  auto wrong = nearest_miss(best, difference(step, completed(header, mode), mode, mode.us, mode.partner));
  wrong.where = submitted_elements.at(step);
  if (step == 0) wrong.code = "edelivery.pmode.party";
  wrong.mend = step == 5 ? "write the agreement of the P-Mode, or leave AgreementRef out"
                         : "write what a P-Mode for sending says, or ask the operator to agree on one with the partner";
  return wrong;
}

result<pmode const*> pmode_book::for_sending(std::string_view partner_id, std::string_view service,
                                             std::string_view action) const {
  for (auto const& mode : pmodes_) {
    if (mode.way != direction::receive && mode.partner.id == partner_id && mode.service == service &&
        is_action(mode, action)) {
      return &mode;
    }
  }
  return no_pmode("there is no P-Mode for sending the action \"" + std::string{action} + "\" of that service to \"" +
                  std::string{partner_id} + "\"");
}

}  // namespace ehds::edelivery
