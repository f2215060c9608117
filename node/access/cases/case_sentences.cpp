#include "node/access/cases/case_views.hpp"

namespace ehds::node::access {
namespace {

std::string because(std::string const& text) { return text.empty() ? "" : ": " + text; }

std::string asked(case_particulars const& what) {
  auto text = "Information was asked for (" + std::to_string(what.questions.size()) +
              (what.questions.size() == 1 ? " question)" : " questions)");
  for (auto const& question : what.questions)
    text += "; " + question.section + "/" + question.field + ": " + question.comment;
  return text;
}

std::string grounds_of(case_particulars const& what) {
  std::string text;
  for (auto const& ground : what.grounds) text += "; Art. " + ground.criterion + ": " + ground.text;
  return text;
}

std::string decision_in_words(case_particulars const& what, char const* how) {
  auto const outcome = what.outcome.value_or(decision_outcome::refused);
  return std::string{how} + " " + std::string{to_text(outcome)} + grounds_of(what);
}

std::string about_permit(case_event const& event) {
  auto const& what = event.what;
  switch (event.verb) {
    case case_verb::issue_permit:
      return "The permit " + what.permit_id + " was issued";
    case case_verb::record_answer:
      return "The statistical answer was given";
    case case_verb::request_amendment:
      return "An amendment was asked for" + because(what.text);
    case case_verb::amend:
      return "The permit was amended: " + what.permit_id;
    case case_verb::refuse_amendment:
      return "The amendment was refused" + because(what.text);
    case case_verb::request_renewal:
      return "A renewal was asked for" + because(what.text);
    case case_verb::renew:
      return "The permit was renewed: " + what.permit_id;
    case case_verb::refuse_renewal:
      return "The renewal was refused" + because(what.text);
    case case_verb::revoke:
      return "The permit was revoked" + grounds_of(what);
    case case_verb::appeal_revocation:
      return "The revocation was appealed";
    case case_verb::approve_revocation_appeal:
      return "The appeal against the revocation was approved";
    case case_verb::reject_revocation_appeal:
      return "The appeal against the revocation was rejected";
    case case_verb::expire:
      return "The permit expired";
    default:
      return std::string{to_text(event.verb)};
  }
}

}  // namespace

std::string sentence_of(case_event const& event) {
  auto const& what = event.what;
  switch (event.verb) {
    case case_verb::receive:
      return "The application was received";
    case case_verb::publish:
      return "It entered the public register";
    case case_verb::start_pre_screening:
      return "The check for completeness began";
    case case_verb::ask_information:
      return asked(what);
    case case_verb::receive_information:
      return "The information arrived";
    case case_verb::mark_complete:
      return "The application is complete; the assessment began";
    case case_verb::set_track:
      return "It follows the " + what.track + " track" + because(what.text);
    case case_verb::extend:
      return "The period was extended" + because(what.text);
    case case_verb::propose_decision:
      return decision_in_words(what, "Proposed:");
    case case_verb::decide:
      return decision_in_words(what, "Decided:");
    case case_verb::accept:
      return "The applicant accepted the decision";
    case case_verb::reject:
      return "The applicant rejected the decision";
    case case_verb::appeal:
      return "The applicant appealed the decision";
    case case_verb::approve_appeal:
      return "The appeal was approved" + because(what.text);
    case case_verb::reject_appeal:
      return "The appeal was rejected" + because(what.text);
    case case_verb::reopen:
      return "The case was reopened";
    case case_verb::withdraw:
      return "The applicant withdrew";
    case case_verb::lapse:
      return "No answer came in time";
    default:
      return about_permit(event);
  }
}

}  // namespace ehds::node::access
