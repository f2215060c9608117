#include "node/pages/centre/application_view.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "node/access/cases/status.hpp"
#include "node/pages/centre/draft_view.hpp"
#include "node/pages/moments.hpp"
#include "node/pages/sentences.hpp"

namespace ehds::node::pages {
namespace {

value grounds_view(std::vector<access::decision_ground> const& grounds) {
  return value::list(grounds, [](access::decision_ground const& one) {
    return value::object({{"criterion", one.criterion}, {"text", one.text}});
  });
}

bool is_open(access::authority_status const& cell) {
  auto const code = access::case_status_of(cell.status);
  return !code || !access::is_final(*code);
}

// The questions of one authority, each with the field as it was answered, ready to be changed.
value questions_view(visit const& who, access::form_definition const* form, std::string const& form_json,
                     access::authority_status const& cell) {
  return value::list(cell.questions, [&](access::field_question const& question) {
    auto const* const section = form == nullptr ? nullptr : form->section(question.section);
    auto const* const field = form == nullptr ? nullptr : form->field(question.section, question.field);
    auto view = value::object({{"comment", question.comment},
                               {"place", section == nullptr ? question.section : section->title.in(who.language())},
                               {"fields", value::list({})}});
    if (section == nullptr || field == nullptr) return view;
    auto const country = section->per_country ? cell.country : std::string{};
    view.set("fields", editable_fields({*field}, section_answers(form_json, *section, country), section->key + ".",
                                       words_for(who)));
    return view;
  });
}

value cell_view(visit const& who, access::form_definition const* form, std::string const& form_json,
                std::vector<access::dataset_reference> const& datasets, access::authority_status const& cell,
                bool is_owner) {
  bool const positive = cell.status == "POSITIVE_DECISION_ISSUED";
  bool const negative = cell.status == "NEGATIVE_DECISION_ISSUED";
  bool const waits = is_owner && cell.next_actor == "you";
  return value::object({{"country", cell.country},
                        {"authority", authority_in_words(who, cell.authority, datasets)},
                        {"status", who.texts().of_code("status", cell.status)},
                        {"since", moment(cell.since)},
                        {"due", day(cell.due)},
                        {"next", who.texts().of_code("next", cell.next_actor)},
                        {"waits_for_you", value(cell.next_actor == "you")},
                        {"decision", cell.decision.empty() ? "" : who.texts().of_code("decision", cell.decision)},
                        {"grounds", grounds_view(cell.grounds)},
                        {"permit", cell.permit_id},
                        {"permit_status", who.texts().of_code("permit", cell.permit_status)},
                        {"asks", value(waits && !cell.questions.empty())},
                        {"questions", questions_view(who, form, form_json, cell)},
                        {"can_accept", value(waits && (positive || negative))},
                        {"can_reject", value(waits && positive)},
                        {"can_appeal", value(waits && negative)},
                        {"key", random_uuid()}});
}

}  // namespace

value application_view(visit const& who, access::application_page const& page, bool is_owner) {
  auto const document = access::read_application_metadata(page.metadata_json);
  auto const* const form = document ? access::shipped_form(document->form_release, document->type) : nullptr;
  auto const datasets = document ? document->datasets : std::vector<access::dataset_reference>{};
  auto const form_json = document ? document->form_json : std::string("{}");
  auto const events = value::list(page.events, [&](access::application_event_line const& one) {
    return value::object({{"at", moment(one.at)},
                          {"country", one.country},
                          {"what", event_in_words(who, one.what)},
                          {"message_id", one.message_id}});
  });
  bool const open = std::ranges::any_of(page.vector, is_open);
  return value::object({{"application", page.line.application_id},
                        {"heading", page.line.title},
                        {"type", type_in_words(who, page.line.type)},
                        {"submitted", moment(page.line.submitted)},
                        {"counts", counts_in_words(who, page.line.counts)},
                        {"cells", value::list(page.vector,
                                              [&](auto const& one) {
                                                return cell_view(who, form, form_json, datasets, one, is_owner);
                                              })},
                        {"events", events},
                        {"may_see_messages", value(who.may({identity::role::operator_, identity::role::auditor}))},
                        {"can_withdraw", value(is_owner && open)},
                        {"key", random_uuid()},
                        {"content", form == nullptr ? value::list({}) : read_form(*form, form_json, words_for(who))}});
}

}  // namespace ehds::node::pages
