#include "node/access/permits/query_permit.hpp"

#include "node/access/cases/case_json.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace ehds::node::access {
namespace {

policies::permit_state state_of(std::string_view code) {
  auto const status = permit_status_of(code);
  if (status == permit_status::expired) return policies::permit_state::expired;
  return status && is_in_force(*status) ? policies::permit_state::live : policies::permit_state::revoked;
}

date day_of(std::string const& text, instant otherwise) {
  auto const day = parse_date(text);
  return day ? *day : date_of(otherwise);
}

// In the order of weight: live, names the caller, of that application.
std::array<bool, 3> fitness(policies::data_permit const& permit, asked_query const& asked) {
  return {permit.state == policies::permit_state::live,
          std::ranges::find(permit.persons, asked.caller) != permit.persons.end(),
          permit.application == asked.application};
}

}  // namespace

policies::data_permit query_permit(permit_line const& line) {
  auto const payload = read_json(line.payload_json, {});
  auto const terms = payload ? read_terms(member(*payload, "terms")) : permit_terms{};
  policies::data_permit permit;
  permit.id = line.number;
  permit.version = line.version;
  permit.authority = payload ? text_of(member(*payload, "authority"), "country") : std::string{};
  permit.basis = line.type == to_code(application_type::data_request) ? policies::legal_basis::request_approval
                                                                      : policies::legal_basis::data_permit;
  permit.application = line.application_id;
  permit.protocol = terms.protocol;
  for (auto const& query : terms.queries) permit.queries.push_back({query.dataset, query.query_hash});
  permit.valid_from = day_of(line.valid_from, line.issued);
  permit.valid_to = day_of(line.valid_to, line.issued);
  permit.state = state_of(line.status);
  permit.persons = terms.persons;
  permit.opt_out_snapshot = day_of(terms.opt_out_snapshot, line.issued);
  permit.obligations = terms.conditions;
  permit.disclosure_policy = terms.disclosure_policy;
  return permit;
}

std::optional<policies::data_permit> query_permit(store::reading& now, std::string_view permit_id) {
  auto const line = permit_book::find(now, permit_id.substr(0, permit_id.find('/')));
  if (!line) return std::nullopt;
  return query_permit(*line);
}

std::optional<policies::data_permit> permit_for_query(store::reading& now, asked_query const& asked) {
  auto numbers = now.rows("SELECT number FROM access_permit_query WHERE dataset = ? AND query_hash = ? ORDER BY number",
                          asked.dataset, asked.query_hash);
  if (numbers.empty())
    numbers =
        now.rows("SELECT DISTINCT number FROM access_permit_query WHERE dataset = ? AND protocol = ? ORDER BY number",
                 asked.dataset, asked.protocol);
  std::optional<policies::data_permit> found;
  for (auto const& row : numbers) {
    auto permit = query_permit(now, row.text(0));
    if (permit && (!found || fitness(*permit, asked) > fitness(*found, asked))) found = std::move(permit);
  }
  return found;
}

}  // namespace ehds::node::access
