// The single application at the centre: drafts, files, submission, the status vector, the applicant's answers.
#include <nlohmann/json.hpp>

#include "base/numbers.hpp"
#include "node/access/central/application_centre.hpp"
#include "node/api/answers.hpp"
#include "node/api/case_words.hpp"
#include "node/api/gate.hpp"
#include "node/api/surfaces.hpp"
#include "node/http/forms.hpp"

namespace ehds::node::api {
namespace {

using identity::role;
using nlohmann::json;

json vector_of(std::vector<access::authority_status> const& vector) {
  json all = json::array();
  for (auto const& cell : vector) {
    json questions = json::array();
    for (auto const& q : cell.questions)
      questions.push_back({{"section", q.section}, {"field", q.field}, {"comment", q.comment}, {"country", q.country}});
    all.push_back({{"country", cell.country},
                   {"authority", cell.authority},
                   {"status", cell.status},
                   {"since", to_rfc3339(cell.since)},
                   {"due", cell.due ? json(to_text(*cell.due)) : json(nullptr)},
                   {"next_actor", cell.next_actor},
                   {"decision", cell.decision},
                   {"grounds", grounds_json(cell.grounds)},
                   {"questions", questions},
                   {"permit_id", cell.permit_id},
                   {"permit_status", cell.permit_status}});
  }
  return all;
}

json line_of(access::application_line const& line) {
  return {{"application_id", line.application_id},
          {"type", line.type},
          {"title", line.title},
          {"submitted", to_rfc3339(line.submitted)},
          {"summary", line.counts}};
}

access::dataset_reference dataset_in(json const& item) {
  access::dataset_reference dataset;
  dataset.id = text_in(item, "dataset_id");
  dataset.catalogue_id = text_in(item, "catalogue_id");
  dataset.titles = {{"en", text_in(item, "title")}};
  dataset.country = text_in(item, "country");
  dataset.authority = text_in(item, "hdab");
  dataset.publisher = text_in(item, "publisher");
  return dataset;
}

http::response create(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::applicant});
  if (!who) return refuse(who.error());
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  auto const type = access::application_type_of(text_in(*body, "application_type"));
  if (!type)
    return refuse(problem{"access.form.type", "unknown kind of application", "/application_type",
                          "use DATA_ACCESS_APPLICATION or DATA_REQUEST_APPLICATION"});
  auto const id = house.centre->create_draft(who->id, *type, given_key(asked));
  if (!id) return refuse(id.error());
  auto answer = answer_json({{"draft_id", *id}}, 201);
  answer.headers.set("Location", "/api/drafts/" + http::percent_encode(*id));
  return answer;
}

http::response show_draft(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::applicant});
  if (!who) return refuse(who.error());
  auto const draft = house.centre->find_draft(asked.parameter("draft"), who->id);
  if (!draft)
    return refuse(problem{"access.draft.unknown", "there is no such draft", "/draft",
                          "it has the id that POST /api/drafts answered, and is its owner's alone; what was submitted "
                          "is in GET /api/applications"});
  json datasets = json::array();
  for (auto const& d : draft->datasets)
    datasets.push_back({{"dataset_id", d.id}, {"country", d.country}, {"hdab", d.authority}, {"title", d.title()}});
  json files = json::array();
  for (auto const& f : draft->files) files.push_back({{"id", f.id}, {"name", f.name}, {"size", f.size}});
  return answer_json({{"draft_id", draft->line.draft_id},
                      {"application_type", draft->line.type},
                      {"release", draft->release},
                      {"version", draft->version},
                      {"form", json::parse(draft->form_json, nullptr, false)},
                      {"datasets", datasets},
                      {"attachments", files}});
}

http::response put_section(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::applicant});
  if (!who) return refuse(who.error());
  auto const saved = house.centre->save_section(asked.parameter("draft"), who->id, asked.parameter("section"),
                                                asked.body, parse_number<std::int64_t>(asked.header("If-Match")));
  if (!saved) return refuse(saved.error());
  return answer_json({{"version", *saved}});
}

http::response discard(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::applicant});
  if (!who) return refuse(who.error());
  auto const gone = house.centre->discard_draft(asked.parameter("draft"), who->id);
  return gone ? http::no_content() : refuse(gone.error());
}

http::response put_datasets(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::applicant});
  if (!who) return refuse(who.error());
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  auto const items = objects_in(*body, "datasets");
  if (!items) return refuse(items.error());
  std::vector<access::dataset_reference> datasets;
  for (auto const& item : *items) datasets.push_back(dataset_in(item));
  auto const done = house.centre->set_datasets(asked.parameter("draft"), who->id, std::move(datasets));
  return done ? http::no_content() : refuse(done.error());
}

http::response put_file(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::applicant});
  if (!who) return refuse(who.error());
  auto const kept = house.centre->put_file(asked.parameter("draft"), who->id, asked.parameter("name"), asked.body);
  if (!kept) return refuse(kept.error());
  return answer_json({{"id", kept->id}, {"name", kept->name}, {"size", kept->size}}, 201);
}

http::response check_draft(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::applicant});
  if (!who) return refuse(who.error());
  auto const found = house.centre->check_draft(asked.parameter("draft"), who->id);
  if (!found) return refuse(found.error());
  return answer_json({{"complete", found->empty()}, {"problems", problems_json(*found)}});
}

http::response submit_draft(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::applicant});
  if (!who) return refuse(who.error());
  auto const id = house.centre->submit(asked.parameter("draft"), as_case_actor(*who), idempotency_key(asked));
  if (!id) {
    auto const found = house.centre->check_draft(asked.parameter("draft"), who->id);
    if (id.error().code == "access.application.incomplete" && found && !found->empty()) return refuse(*found);
    return refuse(id.error());
  }
  house.nudge();
  return answer_json({{"application_id", *id}}, 201);
}

http::response list_applications(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::applicant});
  if (!who) return refuse(who.error());
  json all = json::array();
  for (auto const& line : house.centre->applications(who->id)) all.push_back(line_of(line));
  return answer_json({{"applications", all}});
}

http::response show_application(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::applicant, role::operator_});
  if (!who) return refuse(who.error());
  auto const id = asked.parameter("application");
  auto const page = who->may(role::operator_) ? house.centre->find(id) : house.centre->find(id, who->id);
  if (!page)
    return refuse(problem{"access.application.unknown", "there is no such application", "/application",
                          "GET /api/applications lists yours"});
  json events = json::array();
  for (auto const& e : page->events)
    events.push_back(
        {{"at", to_rfc3339(e.at)}, {"country", e.country}, {"what", e.what}, {"message_id", e.message_id}});
  json answer = line_of(page->line);
  answer["authorities"] = vector_of(page->vector);
  answer["events"] = events;
  return answer_json(answer);
}

http::response act(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::applicant});
  if (!who) return refuse(who.error());
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  std::string const id(asked.parameter("application"));
  auto const deed = asked.parameter("deed");
  auto const actor = as_case_actor(*who);
  auto const key = idempotency_key(asked);
  result<void> done = problem{"api.not_found", "an applicant can post answers, response or withdrawal", "/deed",
                              "POST to one of /answers, /response, /withdrawal"};
  if (deed == "answers")
    done = house.centre->answer_questions(id, actor, text_in(*body, "country"),
                                          body->value("sections", json::object()).dump(), key);
  if (deed == "response")
    done = house.centre->respond(id, actor, text_in(*body, "country"), text_in(*body, "response"), key);
  if (deed == "withdrawal") done = house.centre->withdraw(id, actor, key);
  if (!done) return refuse(done.error());
  house.nudge();
  return http::no_content();
}

}  // namespace

std::vector<http::route> centre_routes(rooms& house) {
  constexpr std::size_t form_bytes = 1024 * 1024;
  constexpr std::size_t file_bytes = 2 * 1024 * 1024;
  return {
      {"POST", "/api/drafts", [&house](auto& asked) { return create(house, asked); }},
      {"GET", "/api/drafts/{draft}", [&house](auto& asked) { return show_draft(house, asked); }},
      {"DELETE", "/api/drafts/{draft}", [&house](auto& asked) { return discard(house, asked); }},
      {"PUT", "/api/drafts/{draft}/sections/{section}", [&house](auto& asked) { return put_section(house, asked); },
       form_bytes},
      {"PUT", "/api/drafts/{draft}/datasets", [&house](auto& asked) { return put_datasets(house, asked); }},
      {"PUT", "/api/drafts/{draft}/files/{name}", [&house](auto& asked) { return put_file(house, asked); }, file_bytes},
      {"GET", "/api/drafts/{draft}/findings", [&house](auto& asked) { return check_draft(house, asked); }},
      {"POST", "/api/drafts/{draft}/submission", [&house](auto& asked) { return submit_draft(house, asked); }},
      {"GET", "/api/applications", [&house](auto& asked) { return list_applications(house, asked); }},
      {"GET", "/api/applications/{application}", [&house](auto& asked) { return show_application(house, asked); }},
      {"POST", "/api/applications/{application}/{deed}", [&house](auto& asked) { return act(house, asked); },
       form_bytes},
  };
}

}  // namespace ehds::node::api
