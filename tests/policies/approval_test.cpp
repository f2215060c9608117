#include <catch2/catch.hpp>

#include "policies/approval/judge.hpp"
#include "policies/example_query.hpp"
#include "policies/simulated_people.hpp"

using namespace ehds::policies;
using examples::diabetes_query;
using examples::replaced;

namespace {

aggregate_query query() { return read_aggregate_query(diabetes_query()).value(); }

data_permit permit() {
  auto p = simulated::permit_for(query(), {});
  p.id = "FI-2026-0001";
  p.version = 3;
  p.authority = "FI";
  p.obligations = {"acknowledge the source"};
  p.disclosure_policy = "fi-statistics";
  return p;
}

ehds::instant at(std::string const& text) { return ehds::parse_rfc3339(text).value(); }

std::string refusal_of(aggregate_query const& q, data_permit const& p, std::string const& who,
                       std::string const& when) {
  auto const verdict = judge(q, p, {who}, at(when));
  if (verdict) return "";
  CHECK(verdict.error().to_asker.code == "query.not_approved");
  CHECK(verdict.error().to_asker.detail == "This query is not approved.");
  CHECK(verdict.error().to_officer.detail != verdict.error().to_asker.detail);
  return verdict.error().to_officer.code;
}

}  // namespace

TEST_CASE("an approved query is cleared with its grounds") {
  auto const cleared = judge(query(), permit(), {"researcher"}, at("2026-06-01T12:00:00Z")).value();

  CHECK(cleared.hash() == query_hash(query()));
  CHECK(cleared.query() == normal_form(query()));
  CHECK(cleared.permit_id() == "FI-2026-0001");
  CHECK(cleared.permit_version() == 3);
  CHECK(cleared.authority() == "FI");
  CHECK(cleared.basis() == legal_basis::request_approval);
  CHECK(cleared.opt_out_snapshot() == permit().opt_out_snapshot);
  CHECK(cleared.obligations() == permit().obligations);
  CHECK(cleared.disclosure_policy() == "fi-statistics");
  CHECK(cleared.cleared_at() == at("2026-06-01T12:00:00Z"));
  CHECK(cleared.expires() == at("2027-01-01"));
  CHECK(cleared.grounds().size() == 4);
}

TEST_CASE("whatever is wrong, the asker hears the same and the officer hears why") {
  auto const good = "2026-06-01";
  CHECK(refusal_of(query(), permit(), "researcher", good).empty());
  CHECK(refusal_of(query(), permit(), "researcher", "2026-12-31T23:59:59.999Z").empty());
  CHECK(refusal_of(query(), permit(), "researcher", "2027-01-01") == "approval.expired");
  CHECK(refusal_of(query(), permit(), "researcher", "2025-12-31T23:59:59.999Z") == "approval.not_yet");
  CHECK(refusal_of(query(), permit(), "somebody", good) == "approval.other_person");

  for (auto const state : {permit_state::suspended, permit_state::revoked, permit_state::expired}) {
    auto p = permit();
    p.state = state;
    CHECK(refusal_of(query(), p, "researcher", good) == "approval.not_live");
  }
  auto other = query();
  other.dataset = "another";
  CHECK(refusal_of(other, permit(), "researcher", good) == "approval.other_dataset");
  other = query();
  other.protocol = "another";
  CHECK(refusal_of(other, permit(), "researcher", good) == "approval.other_protocol");
}

TEST_CASE("a query changed by one code after approval is not approved") {
  auto const changed = read_aggregate_query(replaced(diabetes_query(), "2000000101", "2000000102")).value();
  CHECK(refusal_of(changed, permit(), "researcher", "2026-06-01") == "approval.other_hash");
}

TEST_CASE("a query in other words is the approved one") {
  auto const reworded =
      replaced(diabetes_query(), "\"descendants\":true", "\"excluded\":false, \"descendants\" : true");
  CHECK(refusal_of(read_aggregate_query(reworded).value(), permit(), "researcher", "2026-06-01").empty());
}

TEST_CASE("revocation between run and release bites") {
  auto const cleared = judge(query(), permit(), {"researcher"}, at("2026-06-01")).value();
  auto const code = [&](data_permit const& p, std::string const& when) {
    auto const verdict = judge_release(cleared, p, at(when));
    return verdict ? std::string{} : verdict.error().to_officer.code;
  };
  CHECK(code(permit(), "2026-06-02").empty());
  CHECK(code(permit(), "2027-06-02") == "approval.expired");

  auto p = permit();
  p.state = permit_state::revoked;
  CHECK(code(p, "2026-06-02") == "approval.not_live");
  p = permit();
  p.queries.clear();
  CHECK(code(p, "2026-06-02") == "approval.other_dataset");
  p = permit();
  p.id = "another";
  CHECK(code(p, "2026-06-02") == "approval.other_permit");
  p = permit();
  p.opt_out_snapshot = ehds::parse_date("2026-05-01").value();
  CHECK(code(p, "2026-06-02") == "approval.other_snapshot");
}

TEST_CASE("a permit comes back from its JSON") { CHECK(read_data_permit(to_json(permit())).value() == permit()); }

TEST_CASE("a permit with a fault is refused by name") {
  auto const text = to_json(permit());
  auto const code = [](std::string const& t) {
    auto const read = read_data_permit(t);
    return read ? std::string{} : read.error().code + " " + read.error().where;
  };
  CHECK(code(replaced(text, "\"live\"", "\"alive\"")) == "permit.value /state");
  CHECK(code(replaced(text, "\"version\":3", "\"version\":\"3\"")) == "permit.type /version");
  CHECK(code(replaced(text, "\"authority\"", "\"country\"")) == "permit.missing /authority");
  CHECK(code(replaced(text, "{\"app", "{\"more\":1,\"app")) == "permit.unknown_member /more");
  CHECK(code(replaced(text, "\"valid_to\":\"2026", "\"valid_to\":\"2025")) == "permit.value /valid_to");
  CHECK(code("nonsense") == "json.syntax ");
}
