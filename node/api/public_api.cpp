// What everybody may read: the register (Art. 57(1)(j)), the keys that verify permits, and what was revoked.
#include <nlohmann/json.hpp>

#include "node/access/permits/permit_book.hpp"
#include "node/access/register/public_register.hpp"
#include "node/api/answers.hpp"
#include "node/api/case_words.hpp"
#include "node/api/gate.hpp"
#include "node/api/surfaces.hpp"

namespace ehds::node::api {
namespace {

using nlohmann::json;

json register_json(access::register_entry const& e) {
  return {{"case_id", e.case_id},
          {"application_id", e.application_id},
          {"authority", e.authority},
          {"type", e.type},
          {"title", e.title},
          {"applicant", e.applicant},
          {"purposes", e.purposes},
          {"summary", e.summary},
          {"datasets", e.datasets},
          {"status", e.status},
          {"decision", e.decision},
          {"grounds", grounds_json(e.grounds)},
          {"permit_id", e.permit_id},
          {"permit_status", e.permit_status},
          {"valid_to", e.valid_to},
          {"received", to_rfc3339(e.received)},
          {"decided", e.decided ? json(to_rfc3339(*e.decided)) : json(nullptr)},
          {"updated", to_rfc3339(e.updated)}};
}

http::response register_list(rooms& house) {
  json all = json::array();
  for (auto const& entry : house.public_entries->entries()) all.push_back(register_json(entry));
  return answer_json({{"entries", all}});
}

http::response permit(rooms& house, http::request const& asked) {
  using identity::role;
  auto const who = admit(house, asked, {role::decider, role::auditor, role::operator_, role::data_preparer});
  if (!who) return refuse(who.error());
  auto const found = house.permits->find(asked.parameter("permit"));
  if (!found)
    return refuse(problem{"access.permit.unknown", "there is no such permit", "/permit",
                          "GET /api/register names those that were issued"});
  json handovers = json::array();
  for (auto const& h : house.permits->handovers(found->id))
    handovers.push_back({{"key", h.key},
                         {"kind", h.kind},
                         {"attempts", h.attempts},
                         {"done", h.done ? json(to_rfc3339(*h.done)) : json(nullptr)},
                         {"last_error", h.last_error},
                         {"proof", h.proof}});
  return answer_json({{"permit_id", found->id},
                      {"case_id", found->case_id},
                      {"application_id", found->application_id},
                      {"status", found->status},
                      {"valid_from", found->valid_from},
                      {"valid_to", found->valid_to},
                      {"jws", found->jws},
                      {"handovers", handovers}});
}

}  // namespace

std::vector<http::route> public_routes(rooms& house) {
  std::vector<http::route> routes{{"GET", "/.well-known/jwks.json",
                                   [&house](auto&) { return http::bytes(house.jwks, "application/jwk-set+json"); }}};
  if (house.public_entries != nullptr) {
    routes.push_back({"GET", "/api/register", [&house](auto&) { return register_list(house); }});
    routes.push_back({"GET", "/api/permits/{permit}", [&house](auto& asked) { return permit(house, asked); }});
    routes.push_back({"GET", "/api/revocations",
                      [&house](auto&) { return http::json(house.permits->revocations_json(house.wall->now())); }});
  }
  return routes;
}

}  // namespace ehds::node::api
