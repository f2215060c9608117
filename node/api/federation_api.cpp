// Federated queries. Asking: a data preparer puts one question to several authorities. Answering: officers see what was
// asked of this node and let checked tables go. The asker's view says nothing about why somebody did not answer.
#include <nlohmann/json.hpp>

#include "node/api/answers.hpp"
#include "node/api/gate.hpp"
#include "node/api/surfaces.hpp"
#include "node/federation/jobs.hpp"
#include "node/federation/questions.hpp"
#include "policies/aggregate_query.hpp"

namespace ehds::node::api {
namespace {

using identity::role;
using nlohmann::json;

json number_json(policies::released_number const& n) { return n ? json(*n) : json(policies::hidden_symbol); }

json cells_json(std::vector<policies::released_cell> const& cells, bool denominators) {
  json all = json::array();
  for (auto const& cell : cells) {
    json values = json::array();
    for (auto const& value : cell.values) values.push_back(number_json(value));
    json one{{"labels", cell.labels}, {"values", values}};
    if (denominators) one["denominator"] = number_json(cell.denominator);
    all.push_back(std::move(one));
  }
  return all;
}

json pooled_json(federation::pooled_answer const& pooled) {
  json dimensions = json::array();
  for (auto const& d : pooled.dimensions) dimensions.push_back({{"name", d.name}, {"labels", d.labels}});
  return {{"asked", pooled.asked},
          {"answered", pooled.answered},
          {"answered_by", pooled.answered_by},
          {"dimensions", dimensions},
          {"measures", pooled.measures},
          {"cells", cells_json(pooled.cells, pooled.has_denominator)},
          {"notes", pooled.notes}};
}

json question_json(federation::question_summary const& q) {
  return {{"id", q.id},
          {"title", q.title},
          {"protocol", q.protocol},
          {"application_id", q.application},
          {"asked_at", to_rfc3339(q.asked_at)},
          {"due_at", to_rfc3339(q.due_at)}};
}

http::response ask(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::data_preparer});
  if (!who) return refuse(who.error());
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  federation::new_question question;
  question.id = text_in(*body, "id");
  question.title = text_in(*body, "title");
  question.application = text_in(*body, "application_id");
  question.asked_by = who->id;
  auto const parts = objects_in(*body, "parts");
  if (!parts) return refuse(parts.error());
  for (auto const& part : *parts)
    question.parts.push_back({text_in(part, "partner"), part.value("query", json::object()).dump()});
  if (auto const done = house.questions->ask(question); !done) return refuse(done.error());
  house.nudge();
  auto answer = answer_json({{"id", question.id}}, 202);
  answer.headers.set("Location", "/api/questions/" + http::percent_encode(question.id));
  return answer;
}

// What would this query be, here: its hash for the approval, its canonical text, and everything that is wrong with it.
http::response check_query(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::assessor, role::decider, role::data_preparer}); !who)
    return refuse(who.error());
  if (auto const faults = policies::faults_in_query(asked.body); !faults.empty()) return refuse(faults);
  auto const query = policies::read_aggregate_query(asked.body);
  if (!query) return refuse(query.error());
  return answer_json({{"query_hash", policies::query_hash(*query)},
                      {"canonical", policies::canonical_text(*query)},
                      {"protocol", query->protocol},
                      {"variant", query->variant}});
}

http::response list_questions(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::data_preparer, role::auditor, role::decider}); !who)
    return refuse(who.error());
  json all = json::array();
  for (auto const& q : house.questions->list()) all.push_back(question_json(q));
  return answer_json({{"questions", all}});
}

http::response show_question(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::data_preparer, role::auditor, role::decider}); !who)
    return refuse(who.error());
  auto const view = house.questions->find(asked.parameter("question"));
  if (!view) return refuse(view.error());
  json answers = json::array();
  for (std::size_t i = 0; i < view->answers.size(); ++i) {
    auto const& one = view->answers[i];
    json answer{{"authority", one.partner}, {"state", one.state}, {"query_hash", view->hashes[i]}};
    if (one.table) answer["table"] = json::parse(policies::to_json(*one.table));
    answers.push_back(std::move(answer));
  }
  json body = question_json(view->summary);
  body["answers"] = answers;
  body["pooled"] = pooled_json(view->pooled);
  return answer_json(body);
}

json job_json(federation::job_view const& job) {
  json one{{"id", job.id},
           {"asker", job.asker},
           {"caller", job.caller},
           {"title", job.title},
           {"application_id", job.application},
           {"dataset", job.dataset},
           {"protocol", job.protocol},
           {"query_hash", job.query_hash},
           {"state", job.state},
           {"permit", job.permit},
           {"reason", job.officer_reason},
           {"decided_by", job.decided_by},
           {"created_at", to_rfc3339(job.created_at)},
           {"changed_at", to_rfc3339(job.changed_at)}};
  one["query"] = json::parse(job.query);
  if (!job.table.empty()) one["table"] = json::parse(job.table);
  return one;
}

http::response list_jobs(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::data_preparer, role::decider, role::auditor}); !who)
    return refuse(who.error());
  json all = json::array();
  for (auto const& job : house.jobs->list()) all.push_back(job_json(job));
  return answer_json({{"jobs", all}});
}

http::response show_job(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::data_preparer, role::decider, role::auditor}); !who)
    return refuse(who.error());
  auto const job = house.jobs->find(asked.parameter("job"));
  return job ? answer_json(job_json(*job)) : refuse(job.error());
}

http::response release(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::data_preparer});
  if (!who) return refuse(who.error());
  auto const done = house.jobs->release(asked.parameter("job"), who->id);
  if (!done) return refuse(done.error());
  house.nudge();
  return http::no_content();
}

http::response withhold(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::data_preparer});
  if (!who) return refuse(who.error());
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  auto const done = house.jobs->withhold(asked.parameter("job"), who->id, text_in(*body, "reason"));
  if (!done) return refuse(done.error());
  house.nudge();
  return http::no_content();
}

}  // namespace

std::vector<http::route> federation_routes(rooms& house) {
  return {{"POST", "/api/questions", [&house](auto& asked) { return ask(house, asked); }},
          {"POST", "/api/query-checks", [&house](auto& asked) { return check_query(house, asked); }},
          {"GET", "/api/questions", [&house](auto& asked) { return list_questions(house, asked); }},
          {"GET", "/api/questions/{question}", [&house](auto& asked) { return show_question(house, asked); }},
          {"GET", "/api/query-jobs", [&house](auto& asked) { return list_jobs(house, asked); }},
          {"GET", "/api/query-jobs/{job}", [&house](auto& asked) { return show_job(house, asked); }},
          {"POST", "/api/query-jobs/{job}/release", [&house](auto& asked) { return release(house, asked); }},
          {"POST", "/api/query-jobs/{job}/withholding", [&house](auto& asked) { return withhold(house, asked); }}};
}

}  // namespace ehds::node::api
