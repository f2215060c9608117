// The ledger of messages, for operators and auditors.
#include "node/pages/ledger/entry_view.hpp"

#include <algorithm>

#include "node/api/query_words.hpp"
#include "node/exchange/ledger.hpp"
#include "node/pages/moments.hpp"
#include "node/pages/navigation.hpp"
#include "node/pages/room_pages.hpp"

namespace ehds::node::pages {
namespace {

using identity::role;

constexpr std::size_t entries_a_page = 50;

// Those there are; and one that is none, as it was asked: nothing is found by it, and "all" was not chosen.
value statuses_view(visit const& who, std::optional<std::string> const& asked) {
  std::vector<std::string> codes(exchange::ledger_statuses.begin(), exchange::ledger_statuses.end());
  bool const is_known = !asked || std::ranges::find(codes, *asked) != codes.end();
  if (!is_known) codes.push_back(*asked);
  return value::list(codes, [&](std::string const& code) {
    bool const is_code = is_known || code != *asked;
    return value::object({{"key", code},
                          {"text", is_code ? who.texts().of_code("message", code) : code},
                          {"selected", value(asked == code)}});
  });
}

http::response list(visit& who) {
  auto const given = [&](std::string_view name) { return api::text_asked(who.asked, name); };
  exchange::ledger_filter filter{given("direction"), given("nation_id"), given("action"), given("subject"),
                                 given("status")};
  filter.before = api::number_asked(who.asked, "before").value_or(0);
  filter.count = entries_a_page;
  auto const found = who.house.db->read([&](store::reading& now) { return exchange::list(now, filter); });
  auto const entries = value::list(found, [&](auto const& entry) { return entry_view(who, entry); });
  std::string const older =
      found.size() < entries_a_page ? "" : address_with(who.asked, "before", std::to_string(found.back().seq));
  return who.page("ledger", who.say("nav_ledger"),
                  value::object({{"entries", entries},
                                 {"may_read_bytes", value(who.may({role::auditor}))},
                                 {"older", older},
                                 {"statuses", statuses_view(who, filter.status)},
                                 {"subject", filter.subject.value_or("")},
                                 {"nation_id", filter.nation_id.value_or("")},
                                 {"action_filter", filter.action.value_or("")}}));
}

}  // namespace

value entry_view(visit const& who, exchange::ledger_entry const& e) {
  return value::object({{"seq", value(e.seq)},
                        {"incoming", value(e.direction == "in")},
                        {"direction", who.texts().of_code("direction", e.direction)},
                        {"message_id", e.message_id},
                        {"original_message_id", e.original_message_id},
                        {"action", e.action},
                        {"service", e.service},
                        {"nation", e.nation_id},
                        {"party", e.party_id},
                        {"subject", e.subject},
                        {"at", moment(e.at)},
                        {"status", who.texts().of_code("message", e.status)},
                        {"failed", value(e.status == "failed" || e.status == "not_valid")},
                        {"attempts", value(e.attempts)},
                        {"tried", value(e.direction == "out" && e.attempts > 1)},
                        {"code", e.code},
                        {"reason", e.reason},
                        {"due", e.due ? moment(*e.due) : value("")},
                        {"settled", e.settled_at ? moment(*e.settled_at) : value("")},
                        {"content_sha256", e.content_sha256},
                        {"receipt", value(e.has_receipt)}});
}

std::vector<http::route> ledger_pages(api::rooms& house) {
  return {page_for(house, "/ledger", {role::operator_, role::auditor}, list)};
}

}  // namespace ehds::node::pages
