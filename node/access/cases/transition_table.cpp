#include "node/access/cases/transition_table.hpp"

#include "base/slips.hpp"
#include "node/access/shipped.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace ehds::node::access {
namespace {

problem unreadable_transition(std::size_t line) {
  return {"access.transitions", "A transition names a verb, status or target that does not exist.",
          "transition " + std::to_string(line), "Correct the transition table."};
}

bool read_permit_part(json const& node, transition& t) {
  t.about_permit = node.contains("permitFrom");
  for (auto const& code : text_list(node, "permitFrom")) {
    auto const status = permit_status_of(code);
    if (code == "NONE") t.before_permit = true;
    if (status) t.permit_from.push_back(*status);
    if (!status && code != "NONE") return false;
  }
  auto const to = text_of(node, "permitTo");
  t.permit_to = permit_status_of(to);
  return to.empty() || to == "=" || t.permit_to.has_value();
}

bool read_target(std::string const& to, transition& t) {
  t.goes = to == "=" ? transition::target::stay : to == "<-" ? transition::target::origin : transition::target::named;
  if (t.goes != transition::target::named) return true;
  auto const status = case_status_of(to);
  if (status) t.to = *status;
  return status.has_value();
}

std::optional<transition> read_transition(json const& node) {
  transition t;
  auto const verb = case_verb_of(text_of(node, "verb"));
  if (!verb || !read_target(text_of(node, "to"), t) || !read_permit_part(node, t)) return std::nullopt;
  t.verb = *verb;
  for (auto const& code : text_list(node, "from")) {
    auto const status = case_status_of(code);
    if (!status) return std::nullopt;
    t.from.push_back(*status);
  }
  t.refused = case_status_of(text_of(node, "refused"));
  t.roles = text_list(node, "roles");
  t.needs = text_list(node, "needs");
  return t;
}

bool status_fits(transition const& t, case_state const& state) {
  return std::ranges::find(t.from, state.status) != t.from.end();
}

bool permit_fits(transition const& t, case_state const& state) {
  if (!t.about_permit) return true;
  if (!state.permit) return t.before_permit;
  return std::ranges::find(t.permit_from, state.permit->status) != t.permit_from.end();
}

void add_codes(transition const& t, std::vector<std::string>& codes) {
  if (!t.about_permit)
    for (auto const status : t.from) codes.emplace_back(to_code(status));
  if (t.before_permit) codes.emplace_back("POSITIVE_DECISION_ACCEPTED without a permit");
  for (auto const status : t.permit_from) codes.push_back("permit " + std::string{to_code(status)});
}

std::string where_it_stands(case_state const& state) {
  std::string text{to_code(state.status)};
  if (state.permit) text += ", permit " + std::string{to_code(state.permit->status)};
  return text;
}

}  // namespace

result<transition_table> transition_table::read(std::string_view text) {
  auto document = read_json(text, {});
  if (!document) return std::move(document).error();
  transition_table table;
  for (auto const& node : member(*document, "transitions")) {
    auto t = read_transition(node);
    if (!t) return unreadable_transition(table.transitions_.size() + 1);
    table.transitions_.push_back(std::move(*t));
  }
  return table;
}

transition_table const& transition_table::shipped(std::string_view release) {
  static auto const v05 = read(shipped::transitions_v05()).value();
  if (release != "v0.5") throw std::out_of_range("no transition table " + std::string{release});
  return v05;
}

result<transition> transition_table::allow(case_state const& state, case_verb verb, case_actor const& actor) const {
  std::vector<std::string> codes;
  for (auto const& t : transitions_) {
    if (t.verb != verb) continue;
    add_codes(t, codes);
    if (!status_fits(t, state) || !permit_fits(t, state)) continue;
    if (std::ranges::any_of(t.roles, [&](auto const& role) { return actor.has(role); })) return t;
    return problem{"access.case.role",
                   "\"" + std::string{to_text(verb)} + "\" is for the role " + either(t.roles) + "; this actor has " +
                       (actor.roles.empty() ? "none" : either(actor.roles)) + ".",
                   state.case_id, "Ask somebody who holds that role."};
  }
  return problem{"access.case.transition",
                 "The case is " + where_it_stands(state) + "; \"" + std::string{to_text(verb)} +
                     "\" is possible from " + (codes.empty() ? "nowhere" : either(codes)) + ".",
                 state.case_id, "Look at the case again: somebody may have moved it."};
}

std::vector<std::string> transition_table::possible(case_state const& state) const {
  std::vector<std::string> verbs;
  for (auto const& t : transitions_)
    if (status_fits(t, state) && permit_fits(t, state)) verbs.emplace_back(to_text(t.verb));
  return verbs;
}

}  // namespace ehds::node::access
