#include "node/access/cases/case_desk.hpp"
#include "node/access/cases/case_tables.hpp"
#include "node/access/cases/transition_table.hpp"
#include "node/access/forms/form_check.hpp"
#include "node/access/wire/application_metadata.hpp"

namespace ehds::node::access {
namespace {

std::string who_acted(case_actor const& actor) {
  if (actor.has("partner")) return "the applicant, through the centre";
  if (actor.has("clock")) return "the clock";
  return actor.name.empty() ? actor.id : actor.name;
}

std::vector<timeline_line> timeline_of(std::vector<case_event> const& events) {
  std::vector<timeline_line> lines;
  for (auto const& event : events)
    lines.push_back({.at = event.at,
                     .who = event.verb == case_verb::receive ? "the centre" : who_acted(event.by),
                     .what = sentence_of(event),
                     .verb = std::string{to_text(event.verb)},
                     .message_id = event.what.message_id});
  return lines;
}

problems findings_of(std::optional<tables::application_copy> const& copy, instant now) {
  if (!copy) return {};
  auto const document = read_application_metadata(copy->metadata_json);
  if (!document) return {document.error()};
  auto const* const form = shipped_form(document->form_release, document->type);
  return form == nullptr ? problems{} : check_complete(*form, *document, date_of(now));
}

// What access_case says, as one text: two of them are compared.
std::string stored_text(case_line const& line) {
  return line.status + "|" + line.sub_state + "|" + to_rfc3339(line.since) + "|" +
         (line.due ? to_text(*line.due) : "") + "|" + line.next_actor + "|" + line.permit_id + "|" + line.permit_status;
}

std::string folded_text(case_state const& state, std::optional<date> due) {
  case_line line;
  line.status = to_code(state.status);
  line.sub_state = state.sub_state;
  line.since = state.since;
  line.due = due;
  line.next_actor = state.next_actor;
  if (state.permit) line.permit_id = state.permit->id;
  if (state.permit) line.permit_status = to_code(state.permit->status);
  return stored_text(line);
}

}  // namespace

std::vector<case_line> case_desk::cases(case_filter const& filter) const {
  return db_.read([&](store::reading& now) { return tables::case_lines(now, filter); });
}

std::optional<case_page> case_desk::find(std::string_view case_id) const {
  return db_.read([&](store::reading& now) -> std::optional<case_page> {
    auto line = tables::case_line_of(now, case_id);
    if (!line) return std::nullopt;
    auto const events = tables::events_of(now, case_id);
    auto state = fold(events);
    auto clocks = read_clocks(state, holidays_of(settings_.country), time_.now());
    auto elsewhere = tables::foreign_of(now, state.application_id);
    auto possible = transition_table::shipped(settings_.specification).possible(state);
    auto findings = findings_of(tables::newest_copy(now, state.application_id), time_.now());
    return case_page{std::move(*line),     std::move(state),    timeline_of(events), std::move(clocks),
                     std::move(elsewhere), std::move(possible), std::move(findings)};
  });
}

std::vector<std::string> case_desk::cases_of(std::string_view application_id) const {
  return db_.read([&](store::reading& now) { return tables::case_ids(now, application_id); });
}

std::vector<application_version> case_desk::versions(std::string_view application_id) const {
  return db_.read([&](store::reading& now) { return tables::versions_of(now, application_id); });
}

std::optional<std::string> case_desk::application_metadata(std::string_view application_id) const {
  return db_.read([&](store::reading& now) -> std::optional<std::string> {
    auto copy = tables::newest_copy(now, application_id);
    if (!copy) return std::nullopt;
    return std::move(copy->metadata_json);
  });
}

std::optional<std::string> case_desk::attachments_zip(std::string_view application_id) const {
  return db_.read([&](store::reading& now) -> std::optional<std::string> {
    auto copy = tables::newest_copy(now, application_id);
    if (!copy) return std::nullopt;
    return std::move(copy->zip);
  });
}

std::vector<std::string> case_desk::rebuild_and_compare() const {
  return db_.read([&](store::reading& now) {
    std::vector<std::string> differing;
    auto const holidays = holidays_of(settings_.country);
    for (auto const& row : now.rows("SELECT case_id FROM access_case ORDER BY case_id")) {
      auto const state = fold(tables::events_of(now, row.text(0)));
      auto const line = tables::case_line_of(now, row.text(0));
      if (!line || stored_text(*line) != folded_text(state, next_due(state, holidays, time_.now())))
        differing.push_back(row.text(0));
    }
    return differing;
  });
}

}  // namespace ehds::node::access
