// The operations of the National Dispatcher, as national application systems know them: X-API-Key, one row a version in
// the list, an application as a ZIP, and four verbs that move the case. (Names: TEHDAS2 D6.4, as used by its clients.)
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

http::response list(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::screener, role::assessor, role::decider});
  if (!who) return refuse(who.error());
  json rows = json::array();
  for (auto const& line : house.desk->cases())
    rows.push_back({{"application_id", line.application_id},
                    {"applicationType", line.type == "DATA_REQUEST_APPLICATION" ? "request" : "application"},
                    {"status", line.status},
                    {"title", line.title},
                    {"dateSubmitted", to_rfc3339(line.since)},
                    {"version", 1}});
  return http::json(rows.dump());
}

http::response fetch(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::screener, role::assessor, role::decider});
  if (!who) return refuse(who.error());
  auto const id = asked.parameter("application");
  auto const metadata = house.desk->application_metadata(id);
  if (!metadata) return refuse(problem{"access.application.unknown", "there is no such application", {}, {}});
  auto zip = access::write_brought({*metadata, house.desk->attachments_zip(id).value_or("")});
  return http::bytes(std::move(zip), "application/zip");
}

// requestInfo {sections: [{section, field, comment, country}]}
access::case_particulars particulars_of(std::string_view operation, json const& body) {
  access::case_particulars what;
  what.text = text_in(body, "justification");
  if (operation == "requestInfo")
    for (auto const& q : body.value("sections", json::array()))
      what.questions.push_back(
          {text_in(q, "section"), text_in(q, "field"), text_in(q, "comment"), text_in(q, "country")});
  if (operation == "updateApplicationDecision") {
    what.outcome =
        text_in(body, "decision") == "Positive" ? access::decision_outcome::granted : access::decision_outcome::refused;
    for (auto const& g : body.value("grounds", json::array()))
      what.grounds.push_back({text_in(g, "criterion"), text_in(g, "text")});
  }
  return what;
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
    return refuse(problem{
        "api.not_found", "unknown operation, or a status that this operation cannot set", std::string(operation),
        "use requestInfo, changeStatus (PRE_SCREENING, PROCESSING), setDueDates or updateApplicationDecision"});
  auto const cases = house.desk->cases_of(asked.parameter("application"));
  if (cases.empty()) return refuse(problem{"access.application.unknown", "there is no such application", {}, {}});
  auto const done = house.desk->execute(
      {idempotency_key(asked), cases.front(), *verb, as_case_actor(*who), particulars_of(operation, *body)});
  if (!done) return refuse(done.error());
  house.nudge();
  return answer_json({{"application_id", asked.parameter("application")}, {"status", done->status}});
}

}  // namespace

std::vector<http::route> dispatcher_routes(rooms& house) {
  return {
      {"GET", "/national-dispatcher/applications", [&house](auto& asked) { return list(house, asked); }},
      {"GET", "/national-dispatcher/applications/{application}", [&house](auto& asked) { return fetch(house, asked); }},
      {"POST", "/national-dispatcher/applications/{application}/{operation}",
       [&house](auto& asked) { return operate(house, asked); }}};
}

}  // namespace ehds::node::api
