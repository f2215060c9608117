#include "node/access/cases/case_json.hpp"
#include "node/access/permits/permit_book.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

namespace ehds::node::access {
namespace {

json decision_part(case_decision const& decision) {
  return {{"outcome", to_text(decision.outcome)},
          {"date", to_rfc3339(decision.at)},
          {"signer", {{"name", decision.by_name}, {"job_title", decision.by_title}}},
          {"grounds", write_grounds(decision.grounds)}};
}

std::string previous_of(std::string const& id) {
  auto const slash = id.rfind('/');
  auto const version = slash == std::string::npos ? 1 : std::stoi(id.substr(slash + 1));
  return version <= 1 ? std::string{} : id.substr(0, slash) + "/" + std::to_string(version - 1);
}

}  // namespace

std::string permit_payload(case_state const& state, instant issued) {
  auto const& permit = state.permit.value();
  json payload = {{"permit", permit.id},
                  {"replaces", previous_of(permit.id)},
                  {"basis", state.type == application_type::data_request ? "request_approval" : "data_permit"},
                  {"status", to_code(permit.status)},
                  {"issued_at", to_rfc3339(issued)},
                  {"authority", {{"id", state.authority}, {"country", state.country}}},
                  {"application", {{"id", state.application_id}, {"title", state.title}}},
                  {"terms", write_terms(permit.terms)}};
  if (state.decision) payload["decision"] = decision_part(*state.decision);
  return to_line(payload);
}

}  // namespace ehds::node::access
