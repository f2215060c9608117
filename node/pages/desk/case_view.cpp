#include "node/pages/desk/case_view.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "node/pages/centre/draft_view.hpp"
#include "node/pages/desk/command_form.hpp"
#include "node/pages/moments.hpp"
#include "node/pages/sentences.hpp"

namespace ehds::node::pages {
namespace {

value timeline_view(std::vector<access::timeline_line> const& lines) {
  return value::list(lines, [](access::timeline_line const& one) {
    return value::object({{"at", moment(one.at)}, {"by", one.who}, {"what", one.what}, {"message_id", one.message_id}});
  });
}

value clocks_view(visit const& who, std::vector<access::clock_reading> const& clocks) {
  return value::list(clocks, [&](access::clock_reading const& one) {
    return value::object({{"label", one.label},
                          {"state", who.texts().of_code("clock", access::in_words(one.state))},
                          {"overdue", value(one.state == access::clock_state::overdue)},
                          {"due", one.state == access::clock_state::stopped ? std::string{} : day(one.due)},
                          {"lines", value::list(one.explanation, [](auto const& line) { return value(line); })}});
  });
}

value elsewhere_view(visit const& who, std::vector<access::foreign_status> const& others) {
  return value::list(others, [&](access::foreign_status const& one) {
    return value::object({{"country", one.country},
                          {"authority", authority_in_words(who, one.authority)},
                          {"status", who.texts().of_code("status", one.status)},
                          {"at", moment(one.at)},
                          {"summary", one.summary}});
  });
}

value findings_view(problems const& findings) {
  return value::list(findings, [](problem const& one) {
    return value::object({{"where", one.where}, {"detail", one.detail}, {"mend", one.mend}});
  });
}

value decision_view(visit const& who, std::optional<access::case_decision> const& decision) {
  if (!decision) return {};
  auto const grounds = value::list(decision->grounds, [](access::decision_ground const& one) {
    return value::object({{"criterion", one.criterion}, {"text", one.text}});
  });
  return value::object({{"outcome", who.texts().of_code("outcome", access::to_text(decision->outcome))},
                        {"by", decision->by_name.empty() ? decision->by_id : decision->by_name},
                        {"job_title", decision->by_title},
                        {"at", moment(decision->at)},
                        {"grounds", grounds}});
}

value datasets_view(visit const& who, access::application_document const& application) {
  return value::list(application.datasets, [&](access::dataset_reference const& one) {
    return value::object({{"dataset", one.id}, {"title", one.title(who.language())}, {"country", one.country}});
  });
}

}  // namespace

value case_line_view(visit const& who, access::case_line const& line) {
  return value::object({{"case", line.case_id},
                        {"application", line.application_id},
                        {"authority", authority_in_words(who, line.authority)},
                        {"type", type_in_words(who, line.type)},
                        {"title", line.title.empty() ? line.case_id : line.title},
                        {"status", who.texts().of_code("status", line.status)},
                        {"sub_state", line.sub_state},
                        {"since", moment(line.since)},
                        {"due", day(line.due)},
                        {"next", who.texts().of_code("next", line.next_actor)},
                        {"permit", line.permit_id},
                        {"permit_status", who.texts().of_code("permit", line.permit_status)}});
}

value case_view(visit const& who, access::case_page const& page,
                std::optional<access::application_document> const& application) {
  auto view = case_line_view(who, page.line);
  auto const* const form = application ? access::shipped_form(application->form_release, application->type) : nullptr;
  view.set("heading", page.line.title);
  view.set("timeline", timeline_view(page.timeline));
  view.set("may_see_messages", value(who.may({identity::role::operator_, identity::role::auditor})));
  view.set("clocks", clocks_view(who, page.clocks));
  view.set("elsewhere", elsewhere_view(who, page.elsewhere));
  view.set("screening", findings_view(page.findings));
  view.set("proposal", decision_view(who, page.state.proposal));
  view.set("decision", decision_view(who, page.state.decision));
  view.set("datasets", application ? datasets_view(who, *application) : value::list({}));
  view.set("has_files", value(application.has_value()));
  view.set("content", form == nullptr ? value::list({}) : read_form(*form, application->form_json, words_for(who)));
  view.set("commands", command_forms(who, page, application));
  view.set("key", random_uuid());
  return view;
}

}  // namespace ehds::node::pages
