// The applicant's applications: the status of each authority, its questions, its decision, and the answers to them.
#include <map>
#include <nlohmann/json.hpp>

#include "node/access/central/application_centre.hpp"
#include "node/api/case_words.hpp"
#include "node/pages/centre/application_view.hpp"
#include "node/pages/centre/draft_view.hpp"
#include "node/pages/centre/form_answers.hpp"
#include "node/pages/moments.hpp"
#include "node/pages/room_pages.hpp"
#include "node/pages/sentences.hpp"

namespace ehds::node::pages {
namespace {

using identity::role;
using json = nlohmann::ordered_json;

problem no_application(visit const& who) { return {"access.application.unknown", who.say("no_application"), {}, {}}; }

http::response list(visit& who) {
  auto const& owner = who.who()->id;
  auto const applications = value::list(who.house.centre->applications(owner), [&](auto const& line) {
    return value::object({{"application", line.application_id},
                          {"title", line.title},
                          {"type", type_in_words(who, line.type)},
                          {"submitted", moment(line.submitted)},
                          {"counts", counts_in_words(who, line.counts)}});
  });
  auto const drafts = value::list(who.house.centre->drafts(owner), [&](auto const& line) {
    return value::object({{"draft", line.draft_id},
                          {"title", line.title},
                          {"type", type_in_words(who, line.type)},
                          {"updated", moment(line.updated)}});
  });
  return who.page("applications", who.say("nav_applications"),
                  value::object({{"applications", applications}, {"drafts", drafts}}));
}

http::response show_application(visit& who) {
  auto const id = who.asked.parameter("application");
  auto page = who.house.centre->find(id, who.who()->id);
  bool const is_owner = page.has_value();
  if (!page && who.may({role::operator_})) page = who.house.centre->find(id);
  if (!page) return who.refuse(no_application(who));
  return who.page("application", page->line.title, application_view(who, *page, is_owner));
}

http::response back(visit& who, result<void> const& done) {
  if (!done) return who.refuse(done.error());
  who.house.nudge();
  return who.go("/applications/" + http::percent_encode(who.asked.parameter("application")));
}

// Only the fields that were asked about, as changed sections.
result<json> changed_sections(access::authority_status const& cell, access::form_definition const& form,
                              http::form const& posted) {
  json sections = json::object();
  for (auto const& question : cell.questions) {
    auto const* const section = form.section(question.section);
    auto const* const field = form.field(question.section, question.field);
    if (section == nullptr || field == nullptr || field->type == access::field_type::file) continue;
    auto const no_files = [](http::uploaded_file const&) -> result<access::attachment> {
      return problem{"access.file.type", "Files cannot be added to an answer.", {}, {}};
    };
    auto const answers = read_answers({*field}, posted, section->key + ".", "{}", no_files);
    if (!answers) return answers.error();
    auto const changed = json::parse(*answers);
    if (!section->per_country) {
      sections[section->key].update(changed);
      continue;
    }
    if (!sections.contains(section->key)) sections[section->key] = json::array({{{"country_id", cell.country}}});
    sections[section->key][0].update(changed);
  }
  return sections;
}

http::response answer(visit& who, http::form const& posted) {
  auto const id = who.asked.parameter("application");
  auto const page = who.house.centre->find(id, who.who()->id);
  if (!page) return who.refuse(no_application(who));
  auto const document = access::read_application_metadata(page->metadata_json);
  auto const* const form = document ? access::shipped_form(document->form_release, document->type) : nullptr;
  if (form == nullptr) return who.refuse(no_application(who));
  auto const country = posted.fields.value("country");
  for (auto const& cell : page->vector) {
    if (cell.country != country || cell.questions.empty()) continue;
    auto const sections = changed_sections(cell, *form, posted);
    if (!sections) return who.refuse(sections.error());
    return back(who, who.house.centre->answer_questions(id, api::as_case_actor(*who.who()), country, sections->dump(),
                                                        posted.fields.value("key")));
  }
  return who.refuse({"access.application.not_waiting", who.say("nothing_asked"), {}, {}});
}

http::response respond(visit& who, http::form const& posted) {
  return back(who, who.house.centre->respond(who.asked.parameter("application"), api::as_case_actor(*who.who()),
                                             posted.fields.value("country"), posted.fields.value("response"),
                                             posted.fields.value("key")));
}

http::response withdraw(visit& who, http::form const& posted) {
  return back(who, who.house.centre->withdraw(who.asked.parameter("application"), api::as_case_actor(*who.who()),
                                              posted.fields.value("key")));
}

}  // namespace

std::vector<http::route> application_pages(api::rooms& house) {
  return {page_for(house, "/applications", {role::applicant}, list),
          page_for(house, "/applications/{application}", {role::applicant, role::operator_}, show_application),
          form_for(house, "/applications/{application}/answers", {role::applicant}, answer),
          form_for(house, "/applications/{application}/response", {role::applicant}, respond),
          form_for(house, "/applications/{application}/withdrawal", {role::applicant}, withdraw)};
}

}  // namespace ehds::node::pages
