#include "node/access/cases/case_event.hpp"

#include "node/access/cases/case_json.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace ehds::node::access {
namespace {

constexpr std::array<std::pair<case_verb, std::string_view>, 31> verbs{
    {{case_verb::receive, "receive"},
     {case_verb::publish, "publish"},
     {case_verb::start_pre_screening, "start_pre_screening"},
     {case_verb::ask_information, "ask_information"},
     {case_verb::receive_information, "receive_information"},
     {case_verb::mark_complete, "mark_complete"},
     {case_verb::set_track, "set_track"},
     {case_verb::extend, "extend"},
     {case_verb::propose_decision, "propose_decision"},
     {case_verb::decide, "decide"},
     {case_verb::accept, "accept"},
     {case_verb::reject, "reject"},
     {case_verb::appeal, "appeal"},
     {case_verb::approve_appeal, "approve_appeal"},
     {case_verb::reject_appeal, "reject_appeal"},
     {case_verb::reopen, "reopen"},
     {case_verb::withdraw, "withdraw"},
     {case_verb::lapse, "lapse"},
     {case_verb::issue_permit, "issue_permit"},
     {case_verb::record_answer, "record_answer"},
     {case_verb::request_amendment, "request_amendment"},
     {case_verb::amend, "amend"},
     {case_verb::refuse_amendment, "refuse_amendment"},
     {case_verb::request_renewal, "request_renewal"},
     {case_verb::renew, "renew"},
     {case_verb::refuse_renewal, "refuse_renewal"},
     {case_verb::revoke, "revoke"},
     {case_verb::appeal_revocation, "appeal_revocation"},
     {case_verb::approve_revocation_appeal, "approve_revocation_appeal"},
     {case_verb::reject_revocation_appeal, "reject_revocation_appeal"},
     {case_verb::expire, "expire"}}};

}  // namespace

std::string_view to_text(case_verb verb) {
  return std::ranges::find(verbs, verb, [](auto const& pair) { return pair.first; })->second;
}

std::optional<case_verb> case_verb_of(std::string_view text) {
  auto const found = std::ranges::find(verbs, text, [](auto const& pair) { return pair.second; });
  if (found == verbs.end()) return std::nullopt;
  return found->first;
}

bool case_actor::has(std::string_view role) const { return std::ranges::find(roles, role) != roles.end(); }

case_actor the_clock() { return {"clock", "the clock", "", {"clock"}}; }
case_actor partner(std::string_view nation) { return {"partner:" + std::string{nation}, "", "", {"partner"}}; }

std::string_view to_text(decision_outcome outcome) {
  switch (outcome) {
    case decision_outcome::granted:
      return "granted";
    case decision_outcome::partial:
      return "partial";
    case decision_outcome::refused:
      return "refused";
  }
  return "";
}

std::optional<decision_outcome> decision_outcome_of(std::string_view text) {
  if (text == "granted") return decision_outcome::granted;
  if (text == "partial") return decision_outcome::partial;
  if (text == "refused") return decision_outcome::refused;
  return std::nullopt;
}

std::string to_json(case_actor const& actor) {
  return to_line(json{{"id", actor.id}, {"name", actor.name}, {"job_title", actor.job_title}, {"roles", actor.roles}});
}

result<case_actor> read_case_actor(std::string_view text) {
  auto node = read_json(text, {});
  if (!node) return std::move(node).error();
  return case_actor{text_of(*node, "id"), text_of(*node, "name"), text_of(*node, "job_title"),
                    text_list(*node, "roles")};
}

std::string to_json(case_particulars const& what) { return to_line(write_particulars(what)); }

result<case_particulars> read_case_particulars(std::string_view text) {
  auto node = read_json(text, {});
  if (!node) return std::move(node).error();
  return read_particulars(*node);
}

}  // namespace ehds::node::access
