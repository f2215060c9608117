// The operations of the National Dispatcher, as national application systems know them: X-API-Key, one row a version in
// the list, an application as a ZIP, and four verbs that move the case. (Names: TEHDAS2 D6.4, as used by its clients.)
#include <array>
#include <nlohmann/json.hpp>

#include "node/access/archive/application_archive.hpp"
#include "node/access/cases/case_desk.hpp"
#include "node/api/answers.hpp"
#include "node/api/case_words.hpp"
#include "node/api/gate.hpp"
#include "node/api/surfaces.hpp"

namespace ehds::node::api {
namespace {

using identity::role;
using nlohmann::json;

http::response list_dispatched(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::screener, role::assessor, role::decider});
  if (!who) return refuse(who.error());
  json rows = json::array();
  for (auto const& line : house.desk->cases())
    for (auto const& [version, submitted] : house.desk->versions(line.application_id))
      rows.push_back({{"application_id", line.application_id},
                      {"applicationType", line.type == "DATA_REQUEST_APPLICATION" ? "request" : "application"},
                      {"status", line.status},
                      {"authority", line.authority},
                      {"title", line.title},
                      {"dateSubmitted", submitted},
                      {"version", version}});
  return http::json(rows.dump());
}

http::response fetch(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::screener, role::assessor, role::decider});
  if (!who) return refuse(who.error());
  auto const id = asked.parameter("application");
  auto const metadata = house.desk->application_metadata(id);
  if (!metadata)
    return refuse(problem{"access.application.unknown", "there is no such application", "/application",
                          "GET /national-dispatcher/applications lists them"});
  auto zip = access::write_brought({*metadata, house.desk->attachments_zip(id).value_or("")});
  return http::bytes(std::move(zip), "application/zip");
}

struct renamed {
  char const* theirs;
  char const* ours;
};
constexpr std::array<renamed, 4> renamed_members{
    {{"sections", "questions"}, {"grounds", "grounds"}, {"justification", "text"}, {"dueDate", "due"}}};

problem in_their_words(problem what) {
  for (auto const& [theirs, ours] : renamed_members) {
    auto const place = "/" + std::string(ours);
    if (what.where != place && !what.where.starts_with(place + "/")) continue;
    what.where.replace(1, place.size() - 1, theirs);
    break;
  }
  return what;
}

// Positive is granted, or partial where that was proposed.
result<std::string_view> outcome_of(json const& body, access::case_page const& page) {
  auto const decision = text_in(body, "decision");
  if (decision == "Negative") return std::string_view{"refused"};
  if (decision != "Positive")
    return problem{"access.case.particulars", "a decision is Positive or Negative", "/decision",
                   "write one of the two words"};
  bool const partial = page.state.proposal && page.state.proposal->outcome == access::decision_outcome::partial;
  return std::string_view{partial ? "partial" : "granted"};
}

// requestInfo {sections: [{section, field, comment, country}]}, setDueDates {dueDate, justification},
// updateApplicationDecision {decision, grounds}
result<access::case_particulars> particulars_of(std::string_view operation, json const& body,
                                                access::case_page const& page) {
  json what = json::object();
  for (auto const& [theirs, ours] : renamed_members)
    if (body.contains(theirs)) what[ours] = body[theirs];
  if (operation == "updateApplicationDecision") {
    auto const outcome = outcome_of(body, page);
    if (!outcome) return outcome.error();
    what["outcome"] = *outcome;
  }
  auto read = access::read_case_particulars(what.dump());
  if (!read) return in_their_words(read.error());
  return read;
}

// The authority's own case; which authority must be said where an application concerns several of them.
result<access::case_page> case_for(rooms& house, http::request const& asked) {
  problem const unknown{"access.application.unknown", "there is no such application here", "/application",
                        "GET /national-dispatcher/applications lists them"};
  auto const authority = asked.query_value("authority");
  std::vector<access::case_page> pages;
  for (auto const& id : house.desk->cases_of(asked.parameter("application")))
    if (auto page = house.desk->find(id); page && (authority.empty() || page->line.authority == authority))
      pages.push_back(std::move(*page));
  if (pages.empty()) return unknown;
  if (pages.size() == 1) return std::move(pages.front());
  std::string names;
  for (auto const& page : pages) names += (names.empty() ? "" : ", ") + page.line.authority;
  return problem{"access.case.authority", "the application has cases at several authorities: " + names, "authority",
                 "name one: ?authority=" + pages.front().line.authority};
}

std::optional<access::case_verb> verb_of(std::string_view operation, json const& body) {
  using access::case_verb;
  if (operation == "requestInfo") return case_verb::ask_information;
  if (operation == "setDueDates") return case_verb::extend;
  if (operation == "updateApplicationDecision") return case_verb::decide;
  if (operation != "changeStatus") return std::nullopt;
  auto const status = text_in(body, "status");
  if (status == "PRE_SCREENING") return case_verb::start_pre_screening;
  if (status == "PROCESSING") return case_verb::mark_complete;
  return std::nullopt;
}

http::response operate(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::screener, role::assessor, role::decider});
  if (!who) return refuse(who.error());
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  auto const operation = asked.parameter("operation");
  auto const verb = verb_of(operation, *body);
  if (!verb)
    return refuse(
        problem{"api.not_found", "unknown operation, or a status that this operation cannot set", "/operation",
                "use requestInfo, changeStatus (PRE_SCREENING, PROCESSING), setDueDates or updateApplicationDecision"});
  auto const page = case_for(house, asked);
  if (!page) return refuse(page.error());
  auto const what = particulars_of(operation, *body, *page);
  if (!what) return refuse(what.error());
  auto const done =
      house.desk->execute({idempotency_key(asked), page->line.case_id, *verb, as_case_actor(*who), *what});
  if (!done) return refuse(done.error());
  house.nudge();
  return answer_json({{"application_id", asked.parameter("application")}, {"status", done->status}});
}

}  // namespace

std::vector<http::route> dispatcher_routes(rooms& house) {
  return {
      {"GET", "/national-dispatcher/applications", [&house](auto& asked) { return list_dispatched(house, asked); }},
      {"GET", "/national-dispatcher/applications/{application}", [&house](auto& asked) { return fetch(house, asked); }},
      {"POST", "/national-dispatcher/applications/{application}/{operation}",
       [&house](auto& asked) { return operate(house, asked); }}};
}

}  // namespace ehds::node::api
