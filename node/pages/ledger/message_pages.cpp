// One message of the ledger with all that is known of it; messages that were refused at the door.
#include <nlohmann/json.hpp>

#include "base/numbers.hpp"
#include "node/api/message_story.hpp"
#include "node/api/send_again.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/refusals.hpp"
#include "node/pages/ledger/entry_view.hpp"
#include "node/pages/moments.hpp"
#include "node/pages/navigation.hpp"
#include "node/pages/room_pages.hpp"

namespace ehds::node::pages {
namespace {

using identity::role;

constexpr std::size_t refusals_a_page = 50;

value history_view(visit const& who, exchange::ledger_entry const& entry) {
  auto const attempts = who.house.db->read([&](store::reading& now) { return exchange::attempts_of(now, entry.seq); });
  return value::list(attempts, [](exchange::ledger_attempt const& one) {
    return value::object(
        {{"number", value(one.attempt)}, {"begun", moment(one.begun_at)}, {"code", one.code}, {"reason", one.reason}});
  });
}

value whole_entry(visit const& who, exchange::ledger_entry const& entry) {
  auto view = entry_view(who, entry);
  view.set("conversation", entry.conversation_id);
  view.set("raw_sha256", entry.raw_sha256);
  view.set("is_sent", value(entry.direction == "out"));
  bool const is_dead_letter = entry.direction == "out" && entry.status == "failed";
  view.set("can_try_again", value(is_dead_letter && who.may({role::operator_})));
  view.set("form_token", who.form_token());
  view.set("history", history_view(who, entry));
  return view;
}

value about_view(visit const& who, api::message_subject const& about) {
  std::vector<value> all;
  auto const add = [&](std::string_view what, std::string const& name, std::string const& address) {
    all.push_back(value::object({{"what", who.texts().of_code("about", what)}, {"name", name}, {"address", address}}));
  };
  for (auto const& id : about.cases) add("case", id, "/desk/cases/" + http::percent_encode(id));
  // The page of an application is for its applicant and the operators.
  if (!about.application.empty())
    add("application", about.application,
        who.may({role::operator_}) ? "/applications/" + http::percent_encode(about.application) : "");
  if (!about.dataset.empty()) add("dataset", about.dataset, "/datasets/" + http::percent_encode(about.dataset));
  return value::list(std::move(all));
}

value story_view(visit const& who, std::vector<api::story_line> const& story, std::string_view here) {
  return value::list(story, [&](api::story_line const& one) {
    auto line = value::object({{"at", moment(one.at)},
                               {"country", one.country},
                               {"event", one.event},
                               {"message_id", ""},
                               {"direction", ""},
                               {"nation", ""},
                               {"action", ""},
                               {"status", ""},
                               {"elsewhere", ""}});
    if (!one.message) return line;
    auto const& message = *one.message;
    line.set("message_id", message.message_id);
    line.set("direction", who.texts().of_code("direction", message.direction));
    line.set("nation", message.nation_id);
    line.set("action", message.action);
    line.set("status", who.texts().of_code("message", message.status));
    line.set("elsewhere", value(message.message_id != here));
    return line;
  });
}

http::response show(visit& who) {
  auto const id = who.asked.parameter("message");
  auto const entries = who.house.db->read([&](store::reading& now) { return exchange::find_message(now, id); });
  if (entries.empty()) return who.refuse({"exchange.ledger.unknown", who.say("no_message"), {}, {}});
  auto const& first = entries.front();
  auto const about = api::subject_of(who.house, first);
  auto const story = api::story_of(who.house, first, about);
  return who.page(
      "ledger_message", first.action,
      value::object({{"action", first.action},
                     {"entries", value::list(entries, [&](auto const& one) { return whole_entry(who, one); })},
                     {"may_read_bytes", value(who.may({role::auditor}))},
                     {"subject", first.subject},
                     {"about", about_view(who, about)},
                     {"story", story_view(who, story, id)}}));
}

http::response try_again(visit& who, http::form const&) {
  if (who.house.messages == nullptr) return who.refuse({"api.not_found", "This node exchanges no messages.", "", ""});
  auto const id = std::string(who.asked.parameter("message"));
  auto const done = api::send_again(who.house, id, who.who()->id);
  return done ? who.go("/ledger/" + http::percent_encode(id)) : who.refuse(done.error());
}

value refusal_line(exchange::kept_refusal const& one) {
  return value::object({{"number", value(one.number)},
                        {"at", moment(one.at)},
                        {"code", one.code},
                        {"detail", one.detail},
                        {"problem", one.problem},
                        {"pmode", one.pmode_id},
                        {"party", one.origin.party},
                        {"claimed", value(!one.origin.is_proven)},
                        {"message_id", one.message_id},
                        {"bytes", value(one.bytes)}});
}

value not_kept_line(visit const& who) {
  std::uint64_t all = 0;
  if (who.house.messages != nullptr)
    for (auto const& [origin, count] : who.house.messages->refusals().not_kept()) all += count;
  return all == 0 ? value("") : value(all);
}

http::response refusals(visit& who) {
  bool const parties = who.asked.query_value("of") == "parties";
  auto const whom = parties ? exchange::refusals_of::parties : exchange::refusals_of::anybody;
  auto const before = parse_number<std::int64_t>(who.asked.query_value("before")).value_or(0);
  auto const found = who.house.db->read(
      [&](store::reading& now) { return exchange::list_refusals(now, before, refusals_a_page, whom); });
  std::string const older =
      found.size() < refusals_a_page ? "" : address_with(who.asked, "before", std::to_string(found.back().number));
  return who.page("refusals", who.say("refused_messages"),
                  value::object({{"entries", value::list(found, refusal_line)},
                                 {"older", older},
                                 {"parties", value(parties)},
                                 {"not_kept", not_kept_line(who)}}));
}

value steps_view(visit const& who, nlohmann::json const& steps) {
  std::vector<value> all;
  for (auto const& step : steps) {
    std::vector<value> facts;
    for (auto const& fact : step.at("facts"))
      facts.push_back(value::object(
          {{"name", fact.at("name").get<std::string>()}, {"value", fact.at("value").get<std::string>()}}));
    auto const outcome = step.at("outcome").get<std::string>();
    all.push_back(value::object({{"step", step.at("step").get<std::string>()},
                                 {"about", step.at("about").get<std::string>()},
                                 {"outcome", who.texts().of_code("look", outcome)},
                                 {"wrong", value(outcome == "wrong")},
                                 {"facts", value::list(std::move(facts))}}));
  }
  return value::list(std::move(all));
}

http::response refusal(visit& who) {
  auto const number = parse_number<std::int64_t>(who.asked.parameter("number")).value_or(0);
  auto const found = who.house.db->read([&](store::reading& now) { return exchange::find_refusal(now, number); });
  if (!found) return who.refuse({"exchange.refusal.unknown", who.say("no_refusal"), {}, {}});
  auto view = refusal_line(*found);
  auto const told = nlohmann::json::parse(found->explanation);
  auto const left_out = told.at("left_out").get<std::size_t>();
  view.set("steps", steps_view(who, told.at("steps")));
  view.set("left_out", left_out == 0 ? value("") : value(left_out));
  return who.page("refusal", found->code, view);
}

}  // namespace

std::vector<http::route> message_pages(api::rooms& house) {
  return {page_for(house, "/ledger/{message}", {role::operator_, role::auditor}, show),
          form_for(house, "/ledger/{message}/requeue", {role::operator_}, try_again),
          page_for(house, "/refusals", {role::operator_, role::auditor}, refusals),
          page_for(house, "/refusals/{number}", {role::operator_, role::auditor}, refusal)};
}

}  // namespace ehds::node::pages
