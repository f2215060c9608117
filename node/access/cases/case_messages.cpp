#include "node/access/cases/case_messages.hpp"

#include "node/access/cases/case_json.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

namespace ehds::node::access {
namespace {

// What every message about a case says.
json heading(case_state const& state, case_event const& event) {
  return {{"application_id", state.application_id},
          {"country_id", state.country},
          {"hdab", state.authority},
          {"status", to_code(state.status)},
          {"sequence", event.seq},  // of the case's events: whoever hears them out of order knows which is later
          {"date", to_rfc3339(event.at)}};
}

json status_content(case_state const& state, case_event const& event, std::optional<date> due) {
  auto content = heading(state, event);
  if (due) content["due"] = to_text(*due);
  content["next_actor"] = state.next_actor;
  if (!state.sub_state.empty()) content["status_description"] = state.sub_state;
  return content;
}

json acknowledgement(case_state const& state, case_event const& event, std::optional<date> due) {
  auto content = status_content(state, event, due);
  content["status_description"] = "received";
  content["date_acknowledged"] = to_rfc3339(event.at);
  return content;
}

json question_content(case_state const& state, case_event const& event, std::optional<date> due) {
  auto content = status_content(state, event, due);
  content["sections"] = write_questions(state.open_questions);
  return content;
}

json extension_content(case_state const& state, case_event const& event, std::optional<date> due) {
  auto content = status_content(state, event, due);
  content["justification"] = event.what.text;
  return content;
}

json decision_content(case_state const& state, case_event const& event, std::optional<date> due) {
  auto content = status_content(state, event, due);
  auto const& decision = state.decision.value();
  bool const positive = decision.outcome != decision_outcome::refused;
  content["decision"] = positive ? "Positive" : "Negative";
  content["signer"] = {{"name", decision.by_name}, {"job_title", decision.by_title}};
  content["reasons"] = write_grounds(decision.grounds);
  content["card"] = {{"outcome", to_text(decision.outcome)}};
  if (decision.terms) {
    content["card"]["datasets"] = decision.terms->datasets;
    content["card"]["valid_from"] = decision.terms->valid_from;
    content["card"]["valid_to"] = decision.terms->valid_to;
    content["card"]["fees"] = decision.terms->fees;
    content["card"]["conditions"] = decision.terms->conditions;
  }
  return content;
}

// Never the persons: the centre needs to know that there is a permit, not who works under it.
json permit_content(case_state const& state, case_event const& event) {
  auto content = heading(state, event);
  auto const& permit = state.permit.value();
  content["next_actor"] = state.next_actor;
  content["permit_id"] = permit.id;
  content["permit_status"] = to_code(permit.status);
  content["valid_from"] = permit.terms.valid_from;
  content["valid_to"] = permit.terms.valid_to;
  content["datasets"] = permit.terms.datasets;
  return content;
}

}  // namespace

std::vector<outgoing_business_message> messages_about(case_state const& state, case_event const& event,
                                                      std::optional<date> due, std::string_view centre) {
  std::vector<outgoing_business_message> messages;
  auto const send = [&](char const* action, json const& content) {
    messages.push_back(
        {std::string{centre}, action, state.application_id, event.what.message_id, to_line(content), {}});
  };
  switch (event.verb) {
    case case_verb::receive:
      send("applicationAck", acknowledgement(state, event, due));
      break;
    case case_verb::ask_information:
      send("requestInfo", question_content(state, event, due));
      break;
    case case_verb::receive_information:
      send("additionalInformationAck", acknowledgement(state, event, due));
      send("statusUpdate", status_content(state, event, due));
      break;
    case case_verb::extend:
      send("extension", extension_content(state, event, due));
      break;
    case case_verb::decide:
      send("decision", decision_content(state, event, due));
      break;
    case case_verb::publish:
    case case_verb::propose_decision:
      break;
    default:
      if (!event.what.permit_status.empty())
        send("permitInfo", permit_content(state, event));
      else
        send("statusUpdate", status_content(state, event, due));
  }
  return messages;
}

}  // namespace ehds::node::access
