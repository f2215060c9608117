#include "node/access/cases/case_state.hpp"

#include <algorithm>

namespace ehds::node::access {
namespace {

std::string decision_rule(case_state const& state) {
  return state.type == application_type::data_request ? "request" : "permit_" + state.track;
}

std::string waiting_rule(case_state const& state) {
  if (state.came_from == case_status::processing) return "information";
  return state.type == application_type::data_request ? "completion_request" : "completion";
}

void tick(case_state& state, std::string const& rule, clock_step step, instant at, std::string because) {
  auto found = std::ranges::find(state.clocks, rule, &case_clock::rule);
  if (found == state.clocks.end()) {
    if (step != clock_step::start) return;
    found = state.clocks.insert(state.clocks.end(), case_clock{rule, {}});
  }
  found->events.push_back({step, at, std::move(because)});
}

void stop_all(case_state& state, instant at, std::string const& because) {
  for (auto& running : state.clocks)
    if (running.events.back().step != clock_step::stop) running.events.push_back({clock_step::stop, at, because});
}

void open(case_state& state, case_event const& event) {
  auto const& what = event.what;
  state.case_id = event.case_id;
  state.application_id = what.application_id;
  state.authority = what.authority;
  state.country = what.country;
  state.type = application_type_of(what.application_type).value_or(application_type::data_access);
  state.title = what.title;
  state.form_release = what.form_release;
  state.opened = event.at;
  if (state.type == application_type::data_request)
    tick(state, "request", clock_step::start, event.at, "the request was received");
}

void ask(case_state& state, case_event const& event) {
  state.came_from = state.status;
  state.open_questions = event.what.questions;
  tick(state, decision_rule(state), clock_step::pause, event.at, "information was asked for");
  tick(state, waiting_rule(state), clock_step::start, event.at, "information was asked for");
}

void answered(case_state& state, case_event const& event) {
  state.open_questions.clear();
  tick(state, waiting_rule(state), clock_step::stop, event.at, "the information arrived");
  tick(state, decision_rule(state), clock_step::resume, event.at, "the information arrived");
}

void complete(case_state& state, case_event const& event) {
  if (state.type == application_type::data_access)
    tick(state, decision_rule(state), clock_step::start, event.at, "the application was complete");
}

// The period runs from the same day, under the other rule.
void change_track(case_state& state, case_event const& event) {
  auto const found = std::ranges::find(state.clocks, decision_rule(state), &case_clock::rule);
  state.track = event.what.track;
  if (found != state.clocks.end()) found->rule = decision_rule(state);
}

case_decision decision_of(case_event const& event) {
  return {.outcome = event.what.outcome.value_or(decision_outcome::refused),
          .grounds = event.what.grounds,
          .terms = event.what.terms,
          .by_id = event.by.id,
          .by_name = event.by.name,
          .by_title = event.by.job_title,
          .at = event.at};
}

void decided(case_state& state, case_event const& event) {
  state.decision = decision_of(event);
  tick(state, decision_rule(state), clock_step::stop, event.at, "the decision was issued");
  tick(state, "publication", clock_step::start, event.at, "the decision was issued");
  tick(state, "publication", clock_step::stop, event.at, "the decision entered the public register");
  tick(state, "response", clock_step::start, event.at, "the decision was issued");
}

void reopened(case_state& state, case_event const& event) {
  state.proposal.reset();
  state.decision.reset();
  tick(state, decision_rule(state), clock_step::start, event.at, "the appeal was approved");
}

// Only these say anew what the permit allows. Terms that come with another deed are a wish.
bool sets_terms(case_verb verb) {
  return verb == case_verb::issue_permit || verb == case_verb::amend || verb == case_verb::renew;
}

void permit_changed(case_state& state, case_event const& event) {
  auto const status = permit_status_of(event.what.permit_status);
  if (!status) return;
  if (!state.permit) state.permit.emplace();
  state.permit->status = *status;
  state.permit->since = event.at;
  if (!event.what.permit_id.empty()) state.permit->id = event.what.permit_id;
  if (event.what.terms && sets_terms(event.verb)) state.permit->terms = *event.what.terms;
  if (*status == permit_status::renewed) ++state.permit->renewals;
}

std::string sub_state_after(case_event const& event) {
  switch (event.verb) {
    case case_verb::propose_decision:
      return "decision proposed";
    case case_verb::lapse:
      return "no answer in time";
    case case_verb::withdraw:
      return "withdrawn by the applicant";
    case case_verb::record_answer:
      return "answered";
    default:
      return "";
  }
}

std::string next_actor_of(case_state const& state) {
  if (state.permit && (state.permit->status == permit_status::amendment_requested ||
                       state.permit->status == permit_status::renewal_requested ||
                       state.permit->status == permit_status::revoke_appealed))
    return "authority";
  switch (state.status) {
    case case_status::awaiting_additional_information:
    case case_status::positive_decision_issued:
    case case_status::negative_decision_issued:
      return "applicant";
    case case_status::positive_decision_accepted:
      return state.permit ? "nobody" : "authority";
    default:
      return is_final(state.status) ? "nobody" : "authority";
  }
}

void particular_to(case_state& state, case_event const& event) {
  switch (event.verb) {
    case case_verb::receive:
      return open(state, event);
    case case_verb::publish:
      state.published = true;
      return;
    case case_verb::ask_information:
      return ask(state, event);
    case case_verb::receive_information:
      return answered(state, event);
    case case_verb::mark_complete:
      return complete(state, event);
    case case_verb::set_track:
      return change_track(state, event);
    case case_verb::extend:
      return tick(state, decision_rule(state), clock_step::extend, event.at, event.what.text);
    case case_verb::propose_decision:
      state.proposal = decision_of(event);
      return;
    case case_verb::request_amendment:
    case case_verb::request_renewal:
      state.proposal.reset();  // what was decided before is not proposed again by itself
      return;
    case case_verb::decide:
      return decided(state, event);
    case case_verb::accept:
    case case_verb::reject:
    case case_verb::appeal:
      return stop_all(state, event.at, "the applicant answered");
    case case_verb::withdraw:
      return stop_all(state, event.at, "the applicant withdrew");
    case case_verb::lapse:
      return stop_all(state, event.at, "no answer came in time");
    case case_verb::reopen:
      return reopened(state, event);
    case case_verb::issue_permit:
      if (state.type == application_type::data_request)
        tick(state, "answer", clock_step::start, event.at, "the request was approved");
      return;
    case case_verb::record_answer:
      state.answers.push_back(event.what.answer_id);
      return tick(state, "answer", clock_step::stop, event.at, "the answer was given");
    case case_verb::revoke:
    case case_verb::expire:
      return stop_all(state, event.at, "the permit ended");
    default:
      return;
  }
}

}  // namespace

void apply(case_state& state, case_event const& event) {
  particular_to(state, event);
  if (auto const status = case_status_of(event.what.status)) {
    if (*status != state.status || event.verb == case_verb::receive) state.since = event.at;
    state.status = *status;
  }
  permit_changed(state, event);
  state.sub_state = sub_state_after(event);
  state.next_actor = next_actor_of(state);
  state.seq = event.seq;
}

case_state fold(std::vector<case_event> const& events) {
  case_state state;
  for (auto const& event : events) apply(state, event);
  return state;
}

std::vector<clock_reading> read_clocks(case_state const& state, holiday_rules const& holidays, instant now) {
  std::vector<clock_reading> readings;
  for (auto const& running : state.clocks)
    readings.push_back(read_clock(shipped_clock_rule(running.rule), running.events, holidays, now));
  return readings;
}

std::optional<date> next_due(case_state const& state, holiday_rules const& holidays, instant now) {
  std::optional<date> first;
  for (auto const& reading : read_clocks(state, holidays, now)) {
    bool const counts = reading.state == clock_state::running || reading.state == clock_state::overdue;
    if (counts && reading.due && (!first || *reading.due < *first)) first = reading.due;
  }
  return first;
}

}  // namespace ehds::node::access
