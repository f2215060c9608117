// The officers' desk: cases, their timeline with the clocks explained, and the commands that move them.
#include <nlohmann/json.hpp>

#include "node/access/cases/case_desk.hpp"
#include "node/api/answers.hpp"
#include "node/api/case_words.hpp"
#include "node/api/gate.hpp"
#include "node/api/surfaces.hpp"

namespace ehds::node::api {
namespace {

using identity::role;
using nlohmann::json;

constexpr std::initializer_list<role> desk_roles{role::screener,      role::assessor, role::decider,
                                                 role::data_preparer, role::auditor,  role::operator_};

json line_json(access::case_line const& line) {
  return {{"case_id", line.case_id},
          {"application_id", line.application_id},
          {"authority", line.authority},
          {"type", line.type},
          {"title", line.title},
          {"status", line.status},
          {"sub_state", line.sub_state},
          {"since", to_rfc3339(line.since)},
          {"due", line.due ? json(to_text(*line.due)) : json(nullptr)},
          {"next_actor", line.next_actor},
          {"permit_id", line.permit_id},
          {"permit_status", line.permit_status}};
}

json clocks_json(std::vector<access::clock_reading> const& clocks) {
  json all = json::array();
  for (auto const& clock : clocks)
    all.push_back({{"rule", clock.rule},
                   {"label", clock.label},
                   {"state", access::in_words(clock.state)},
                   {"due", clock.due ? json(to_text(*clock.due)) : json(nullptr)},
                   {"explanation", clock.explanation}});
  return all;
}

http::response list_cases(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, desk_roles);
  if (!who) return refuse(who.error());
  access::case_filter filter;
  filter.status = asked.query_value("status");
  filter.application = asked.query_value("application");
  json all = json::array();
  for (auto const& line : house.desk->cases(filter)) all.push_back(line_json(line));
  return answer_json({{"cases", all}});
}

http::response show_case(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, desk_roles);
  if (!who) return refuse(who.error());
  auto const page = house.desk->find(asked.parameter("case"));
  if (!page)
    return refuse(problem{"access.case.unknown", "there is no such case", "/case", "GET /api/cases lists them"});
  json timeline = json::array();
  for (auto const& line : page->timeline)
    timeline.push_back({{"at", to_rfc3339(line.at)},
                        {"who", line.who},
                        {"what", line.what},
                        {"verb", line.verb},
                        {"message_id", line.message_id}});
  json elsewhere = json::array();
  for (auto const& other : page->elsewhere)
    elsewhere.push_back({{"country", other.country},
                         {"authority", other.authority},
                         {"status", other.status},
                         {"at", to_rfc3339(other.at)},
                         {"summary", other.summary}});
  json answer = line_json(page->line);
  answer["timeline"] = timeline;
  answer["clocks"] = clocks_json(page->clocks);
  answer["elsewhere"] = elsewhere;
  answer["possible"] = page->possible;
  return answer_json(answer);
}

http::response execute(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, desk_roles);
  if (!who) return refuse(who.error());
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  auto const verb = access::case_verb_of(text_in(*body, "verb"));
  if (!verb)
    return refuse(problem{"access.case.verb", "unknown command", "/verb",
                          "GET the case: \"possible\" lists what may be done now"});
  auto const what = access::read_case_particulars(body->value("particulars", json::object()).dump());
  if (!what) return refuse(what.error());
  access::case_command const command{idempotency_key(asked), std::string(asked.parameter("case")), *verb,
                                     as_case_actor(*who), *what};
  auto const done = house.desk->execute(command);
  if (!done) return refuse(done.error());
  house.nudge();
  return answer_json({{"case_id", done->case_id},
                      {"status", done->status},
                      {"permit_id", done->permit_id},
                      {"seq", done->seq},
                      {"repeated", done->repeated}});
}

http::response bring(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::operator_, role::screener});
  if (!who) return refuse(who.error());
  auto const found = house.desk->bring(asked.body);
  if (!found) return refuse(found.error());
  if (!found->empty()) return refuse(*found);
  house.nudge();
  return answer_json({{"accepted", true}}, 201);
}

}  // namespace

std::vector<http::route> case_routes(rooms& house) {
  constexpr std::size_t zip_bytes = 32 * 1024 * 1024;
  return {{"GET", "/api/cases", [&house](auto& asked) { return list_cases(house, asked); }},
          {"POST", "/api/cases", [&house](auto& asked) { return bring(house, asked); }, zip_bytes},
          {"GET", "/api/cases/{case}", [&house](auto& asked) { return show_case(house, asked); }},
          {"POST", "/api/cases/{case}/commands", [&house](auto& asked) { return execute(house, asked); }}};
}

}  // namespace ehds::node::api
