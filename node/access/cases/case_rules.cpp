#include "node/access/cases/case_rules.hpp"

#include "node/access/clocks/legal_clock.hpp"

#include <algorithm>

namespace ehds::node::access {
namespace {

problem refused(std::string code, std::string detail, std::string where, std::string mend) {
  return {"access.case." + std::move(code), std::move(detail), std::move(where), std::move(mend)};
}

bool is_there(case_particulars const& what, std::string_view need) {
  if (need == "text") return !what.text.empty();
  if (need == "questions") return !what.questions.empty();
  if (need == "track") return !what.track.empty();
  if (need == "outcome") return what.outcome.has_value();
  if (need == "grounds") return !what.grounds.empty();
  if (need == "terms") return what.terms.has_value();
  if (need == "answer_id") return !what.answer_id.empty();
  return false;
}

result<void> check_questions(case_state const& state, case_particulars const& what) {
  auto const* const form = shipped_form(state.form_release, state.type);
  for (auto const& question : what.questions) {
    bool const known = form == nullptr || form->field(question.section, question.field) != nullptr;
    if (!known || question.comment.empty())
      return refused("particulars", "A question names a field that the form does not have, or says nothing.",
                     question.section + "/" + question.field, "Name section and field, and write what is wanted.");
  }
  return {};
}

// Art. 68(12): ten years at most.
result<void> check_terms(permit_terms const& terms) {
  auto const from = parse_date(terms.valid_from);
  auto const to = parse_date(terms.valid_to);
  if (!from || !to || *to < *from)
    return refused("particulars", "The permit needs a first and a last day, in that order.", "terms/valid_to",
                   "Write both as YYYY-MM-DD.");
  if (*to > add_months(*from, 120))
    return refused("particulars", "A permit lasts ten years at most (Art. 68(12)).", "terms/valid_to",
                   "Choose an earlier last day.");
  return {};
}

result<void> check_decision(case_particulars const& what) {
  bool const positive = what.outcome && *what.outcome != decision_outcome::refused;
  if (what.outcome != decision_outcome::granted && what.grounds.empty())
    return refused("particulars", "A refusal, in whole or in part, states its grounds (Art. 68(3)).", "grounds",
                   "Name the criterion and the reason.");
  if (positive && !what.terms)
    return refused("particulars", "A positive decision states the terms of the permit.", "terms", "Add the terms.");
  return positive ? check_terms(*what.terms) : result<void>{};
}

// Two people: what one proposed the other takes as it stands, or leaves to a new proposal.
result<void> check_duties(case_state const& state, case_actor const& by) {
  if (!state.proposal)
    return refused("duties", "Nobody has proposed a decision yet; a decision needs two people.", state.case_id,
                   "Let an assessor propose it first.");
  if (state.proposal->by_id == by.id)
    return refused("duties", "Who proposed the decision cannot be the one who takes it.", state.case_id,
                   "Let another decider take it.");
  return {};
}

result<void> check_proposed(case_state const& state, case_particulars const& what, decision_outcome outcome) {
  auto const differs = [](std::string member) {
    return refused("proposal", "The " + member + " are not what was proposed; a decision needs two people.", member,
                   "Let an assessor propose again, or leave the particulars out to take what was proposed.");
  };
  if (outcome != state.proposal->outcome) return differs("outcome and terms");
  if (what.terms != state.proposal->terms) return differs("terms");
  if (what.grounds != state.proposal->grounds) return differs("grounds");
  return {};
}

result<void> check_taken(case_state const& state, case_actor const& by, case_particulars const& what) {
  if (auto fine = check_duties(state, by); !fine) return fine;
  if (auto fine = check_proposed(state, what, what.outcome.value_or(state.proposal->outcome)); !fine) return fine;
  return check_decision(what);
}

// A permit is changed as it was given: an assessor proposes the new terms, a decider takes them.
result<void> check_change(case_state const& state, case_actor const& by, case_particulars const& what) {
  if (auto fine = check_duties(state, by); !fine) return fine;
  if (state.proposal->outcome == decision_outcome::refused)
    return refused("proposal", "It was proposed to refuse the change of the permit.", state.case_id,
                   "Refuse it, or let an assessor propose again.");
  auto const outcome = what.outcome.value_or(state.proposal->outcome);
  return check_proposed(state, what, outcome).and_then([&] {
    return check_terms(what.terms.value_or(permit_terms{}));
  });
}

result<void> check_issue(case_state const& state, case_particulars const& what) {
  if (!state.decision || what.terms != state.decision->terms)
    return refused("proposal", "The terms of a permit are those of the decision.", "terms",
                   "Leave them out to take those of the decision.");
  return check_terms(what.terms.value_or(permit_terms{}));
}

// An extension is as long as the law makes it: a date that is asked for is honoured when it is that one.
result<void> check_asked_date(case_state state, case_particulars const& what, holiday_rules const& holidays,
                              instant now) {
  if (what.due.empty()) return {};
  apply(state, {.case_id = state.case_id,
                .seq = state.seq + 1,
                .verb = case_verb::extend,
                .at = now,
                .by = {},
                .command_id = {},
                .what = what});
  auto const due = next_due(state, holidays, now);
  if (due && to_text(*due) == what.due) return {};
  return refused("due",
                 "The period cannot end on that day; extended, it ends on " + (due ? to_text(*due) : "no day") + ".",
                 "due", "Ask for that day, or name none.");
}

result<void> check_extension(case_state const& state, case_particulars const& what, holiday_rules const& holidays,
                             instant now) {
  for (auto const& running : state.clocks) {
    auto const& rule = shipped_clock_rule(running.rule);
    bool const decides = running.rule == "request" || running.rule.starts_with("permit_");
    if (!decides) continue;
    auto const since_start =
        std::ranges::find(running.events.rbegin(), running.events.rend(), clock_step::start, &clock_event::step);
    auto const done = std::ranges::count(running.events.rbegin(), since_start, clock_step::extend, &clock_event::step);
    if (done >= rule.extensions)
      return refused("once", "This period cannot be extended any more (" + rule.source + ").", state.case_id,
                     "Decide by the due date.");
  }
  return check_asked_date(state, what, holidays, now);
}

result<void> check_lapse(case_state const& state, holiday_rules const& holidays, instant now) {
  for (auto const& reading : read_clocks(state, holidays, now)) {
    bool const counts =
        reading.rule == "response" || reading.rule == "information" || reading.rule.starts_with("completion");
    if (counts && reading.state == clock_state::overdue) return {};
  }
  return refused("too_early", "The period for the answer is not over.", state.case_id, "Wait until its last day.");
}

result<void> check_track(case_particulars const& what) {
  if (what.track == "standard" || what.track == "accelerated" || what.track == "trusted_holder") return {};
  return refused("particulars", "There is no such track.", "track", "Choose standard, accelerated or trusted_holder.");
}

result<void> check_renewal(case_state const& state) {
  if (!state.permit || state.permit->renewals == 0) return {};
  return refused("once", "A permit is renewed at most once (Art. 68(12)).", state.permit->id,
                 "A new application is needed.");
}

result<void> check_expiry(case_state const& state, instant now) {
  auto const last = state.permit ? parse_date(state.permit->terms.valid_to) : result<date>(date_of(now));
  if (last && date_of(now) > *last) return {};
  return refused("too_early", "The permit's last day is not over.", state.case_id, "Wait until it is.");
}

}  // namespace

case_particulars filled_in(case_state const& state, case_verb verb, case_particulars what) {
  bool const takes = verb == case_verb::decide || verb == case_verb::amend || verb == case_verb::renew;
  if (takes && state.proposal) {
    if (!what.outcome && verb == case_verb::decide) what.outcome = state.proposal->outcome;
    if (what.grounds.empty()) what.grounds = state.proposal->grounds;
    if (!what.terms) what.terms = state.proposal->terms;
  }
  if (verb == case_verb::issue_permit && !what.terms && state.decision) what.terms = state.decision->terms;
  return what;
}

result<void> check_rules(case_state const& state, transition const& t, case_actor const& by,
                         case_particulars const& what, holiday_rules const& holidays, instant now) {
  for (auto const& need : t.needs)
    if (!is_there(what, need))
      return refused("particulars", "\"" + std::string{to_text(t.verb)} + "\" needs " + need + ".", need,
                     "Add what is missing.");
  switch (t.verb) {
    case case_verb::ask_information:
      return check_questions(state, what);
    case case_verb::set_track:
      return check_track(what);
    case case_verb::extend:
      return check_extension(state, what, holidays, now);
    case case_verb::propose_decision:
      return check_decision(what);
    case case_verb::decide:
      return check_taken(state, by, what);
    case case_verb::lapse:
      return check_lapse(state, holidays, now);
    case case_verb::issue_permit:
      return check_issue(state, what);
    case case_verb::amend:
      return check_change(state, by, what);
    case case_verb::request_renewal:
      return check_renewal(state);
    case case_verb::renew:
      return check_renewal(state).and_then([&] { return check_change(state, by, what); });
    case case_verb::expire:
      return check_expiry(state, now);
    default:
      return {};
  }
}

}  // namespace ehds::node::access
