// The data zone over a real (synthetic) OMOP database: judged again, run, disclosed, kept, answered once.
#include <deque>

#include "connectors/data/engine/sqlite_engine.hpp"
#include "connectors/data/profile/dataset_profile.hpp"
#include "connectors/data/profile/shipped_profiles.hpp"
#include "connectors/data/synthetic/country.hpp"
#include "connectors/data/synthetic/omop_world.hpp"
#include "network.hpp"
#include "node/federation/zone_line.hpp"
#include "node/federation/zone_runner.hpp"

using namespace ehds;
using namespace ehds::tests;
using federation::zone_outcome;

namespace {

// Made once for all cases: 1,500 persons take a moment.
std::filesystem::path const& health_data() {
  static temporary_folder const folder;
  static auto const file = [] {
    auto made = folder.path / "omop.sqlite";
    auto const finland = connectors::synthetic::find_country("FI").value();
    connectors::synthetic::write_omop_world({finland, 7, 1500}, made, {});
    return made;
  }();
  return file;
}

std::string query_about(std::string const& concept_id, std::string const& dataset = "FI-HILMO") {
  return R"({"aq":"1","protocol":"t2dm-by-sex","variant":"omop-5.4","dataset":")" + dataset +
         R"(","concept_sets":[{"name":"set","items":[{"concept_id":)" + concept_id +
         R"(,"descendants":true,"excluded":false}]}],"population":{"filter":{"exists_in":{"table":"condition_occurrence","concept_set":"set"}}},)"
         R"("unit":"person","by":[{"dimension":"sex"}],"measures":[{"measure":"persons"}],"denominator":true})";
}

constexpr char const* hypertension = "2000001101";
constexpr char const* rare = "2000001502";

struct data_zone {
  manual_clock wall{parse_rfc3339("2026-11-22T12:00:00Z").value()};
  temporary_folder folder;
  store::database db =
      store::database::open(folder.path / "zone.sqlite", {.migrations = federation::zone_migrations()}).value();
  std::vector<federation::audited> log;
  policies::disclosure_policy policy;
  std::optional<federation::zone_runner> runner;

  explicit data_zone(std::filesystem::path const& data = health_data()) {
    policy.id = "fi-statistics";
    policy.threshold = 5;
    policy.rounding = 5;
    policy.smallest_population = 5;
    std::vector<federation::zone_dataset> datasets;
    auto const profile = connectors::read_profile(connectors::shipped_profile("omop-5.4").value()).value();
    auto engine = std::make_unique<connectors::sqlite_engine>(data, connectors::profile_of_country(profile, "FI"),
                                                              "sixteen bytes at least", wall);
    datasets.push_back({"FI-HILMO", std::move(engine), policy});
    runner.emplace(db, wall, std::move(datasets), policies::read_data_permit,
                   [this](store::transaction&, federation::audited const& entry) { log.push_back(entry); });
  }

  federation::pulled_job job(std::string const& id, std::string const& query) const {
    policies::data_permit permit;
    permit.id = "FI-2026-0001";
    permit.authority = "FI";
    permit.application = "APP-1";
    permit.protocol = "t2dm-by-sex";
    auto const read = policies::read_aggregate_query(query).value();
    permit.queries = {{read.dataset, policies::query_hash(read)}};
    permit.valid_from = parse_date("2026-01-01").value();
    permit.valid_to = parse_date("2027-12-31").value();
    permit.opt_out_snapshot = parse_date("2026-01-01").value();
    permit.persons = {"access_point:FR"};
    permit.disclosure_policy = "fi-statistics";
    return {id, query, "access_point:FR", policies::to_json(permit)};
  }
  std::int64_t releases() {
    return db.read([](store::reading& at) { return at.first("SELECT count(*) FROM zone_release")->integer(0); });
  }
};

policies::released_table table_of(federation::zone_answer const& answer) {
  return policies::read_released_table(answer.table).value();
}

}  // namespace

TEST_CASE("a cleared query becomes a released table, a debit and an audit entry") {
  data_zone zone;
  auto const answer = zone.runner->run(zone.job("j1", query_about(hypertension)));
  INFO(answer.reason);
  REQUIRE(answer.outcome == zone_outcome::released);
  auto const table = table_of(answer);
  CHECK(table.policy.threshold == 5);
  auto const* const all = policies::find_cell(table, {"*"});
  REQUIRE(all != nullptr);
  REQUIRE(all->values.front().has_value());
  CHECK(*all->values.front() % 5 == 0);
  CHECK(zone.releases() == 1);
  CHECK(zone.log.back().action == "table.computed");
}

TEST_CASE("the same job again gets the kept answer and is debited once") {
  data_zone zone;
  auto const job = zone.job("j1", query_about(hypertension));
  auto const first = zone.runner->run(job);
  auto const again = zone.runner->run(job);
  CHECK(again.table == first.table);
  CHECK(zone.releases() == 1);
  auto const refused = zone.job("j2", query_about(hypertension));
  auto tampered = refused;
  tampered.caller = "access_point:DK";
  CHECK(zone.runner->run(tampered).outcome == zone_outcome::refused);
  tampered.caller = "access_point:FR";
  CHECK(zone.runner->run(tampered).outcome == zone_outcome::refused);  // kept, as it was said
}

TEST_CASE("a group of four persons shows nothing") {
  data_zone zone;
  auto const answer = zone.runner->run(zone.job("j1", query_about(rare)));
  REQUIRE(answer.outcome == zone_outcome::released);
  for (auto const& cell : table_of(answer).cells) CHECK_FALSE(cell.values.front().has_value());
}

namespace {

federation::pulled_job under_permit(federation::pulled_job job, std::string const& id, std::string const& snapshot) {
  auto permit = policies::read_data_permit(job.permit).value();
  permit.id = id;
  permit.opt_out_snapshot = parse_date(snapshot).value();
  job.permit = policies::to_json(permit);
  return job;
}

std::string without_children(std::string query) {
  auto const at = query.find("\"descendants\":true");
  return query.replace(at, 18, "\"descendants\":false");
}

}  // namespace

TEST_CASE("an authority's approved question, asked again under a later approval, has the figures it had") {
  data_zone zone;
  auto const question = query_about(hypertension);
  auto const first = zone.runner->run(zone.job("j1", question));
  REQUIRE(first.outcome == zone_outcome::released);
  auto between = question;
  between.replace(between.find("2000001101"), 10, "2000000101");
  zone.runner->run(zone.job("j2", between));
  zone.runner->run(zone.job("j3", without_children(question)));

  // Nobody opted out between the two snapshots.
  auto const later = under_permit(zone.job("j4", question), "FI-2026-0002", "2026-01-02");
  auto const again = zone.runner->run(later);
  REQUIRE(again.outcome == zone_outcome::released);
  CHECK(table_of(again).cells == table_of(first).cells);
  CHECK(table_of(again).permit_id == "FI-2026-0002");
  CHECK(zone.releases() == 4);

  auto dead = policies::read_data_permit(later.permit).value();
  dead.state = policies::permit_state::revoked;
  auto after = later;
  after.id = "j5";
  after.permit = policies::to_json(dead);
  CHECK(zone.runner->run(after).outcome == zone_outcome::refused);
}

TEST_CASE("the data zone judges by itself: another hash, a revoked permit, an unknown dataset") {
  data_zone zone;
  auto changed = zone.job("j1", query_about(hypertension));
  changed.query = query_about(rare);
  CHECK(zone.runner->run(changed).outcome == zone_outcome::refused);

  auto revoked = zone.job("j2", query_about(hypertension));
  auto permit = policies::read_data_permit(revoked.permit).value();
  permit.state = policies::permit_state::revoked;
  revoked.permit = policies::to_json(permit);
  CHECK(zone.runner->run(revoked).outcome == zone_outcome::refused);

  CHECK(zone.runner->run(zone.job("j3", query_about(hypertension, "FI-OTHER"))).outcome == zone_outcome::refused);
  CHECK(zone.runner->run({"j4", "no query", "access_point:FR", revoked.permit}).outcome == zone_outcome::refused);
  CHECK(zone.runner->run({"j5", query_about(hypertension), "access_point:FR", "no permit"}).outcome ==
        zone_outcome::refused);
  CHECK(zone.releases() == 0);
}

TEST_CASE("a database that cannot be opened is a failure to be tried again, not an answer") {
  data_zone zone("/nowhere/omop.sqlite");
  auto const job = zone.job("j1", query_about(hypertension));
  CHECK(zone.runner->run(job).outcome == zone_outcome::failed);
  CHECK(zone.runner->run(job).outcome == zone_outcome::failed);
}

TEST_CASE("one pull serves one job over the line in the process") {
  data_zone zone;
  auto wall = manual_clock{parse_rfc3339("2026-11-22T12:00:00Z").value()};
  one_node fi{"FI", wall};
  fi.approve("FI-HILMO", query_about(hypertension), {"access_point:FR"});
  fi.permit->disclosure_policy = "fi-statistics";
  REQUIRE(fi.receive(
      "FR", {"FI", "submitQuery", "q1/FI",
             R"({"part":"q1/FI","title":"t","application_id":"APP-1","query":)" + query_about(hypertension) + "}"}));
  auto const line = federation::line_in_process(fi.jobs, "FI-data");
  CHECK(federation::serve_once(line, *zone.runner).value());
  CHECK_FALSE(federation::serve_once(line, *zone.runner).value());
  CHECK(fi.jobs.list().front().state == "awaiting_release");
}

namespace {

// An edge that answers from a script.
struct scripted_edge final : http_call {
  std::deque<result<http_call_response>> answers;
  std::vector<http_call_request> asked;
  result<http_call_response> call(http_call_request const& request) override {
    asked.push_back(request);
    auto next = answers.front();
    answers.pop_front();
    return next;
  }
};

}  // namespace

TEST_CASE("over HTTP the zone pulls, answers, and survives an edge that does not") {
  data_zone zone;
  scripted_edge edge;
  auto const line = federation::line_over_http(edge, "https://edge");
  edge.answers = {http_call_response{204, {}, {}}};
  CHECK_FALSE(federation::serve_once(line, *zone.runner).value());

  edge.answers = {problem{"http_call.unreachable", "refused", {}, {}}};
  CHECK(federation::serve_once(line, *zone.runner).error().code == "federation.edge");
  edge.answers = {http_call_response{500, {}, "no json"}};
  CHECK(federation::serve_once(line, *zone.runner).error().code == "federation.edge");

  edge.answers = {http_call_response{200, {}, R"({"job":"j1","query":"no query","caller":"c","permit":"{}"})"},
                  http_call_response{503, {}, {}}};
  CHECK(federation::serve_once(line, *zone.runner).error().code == "federation.edge");
  CHECK(edge.asked.back().url == "https://edge/zone/answers");
  CHECK(edge.asked.back().body.find("\"outcome\":\"refused\"") != std::string::npos);
}

TEST_CASE("the zone's clock follows what its edge says with each pull, and nothing else that looks like it") {
  data_zone zone;
  scripted_edge edge;
  std::vector<std::int64_t> told;
  auto const line = federation::line_over_http(edge, "https://edge",
                                               [&](std::chrono::milliseconds shift) { told.push_back(shift.count()); });
  auto const pulled = [&](int status, std::string const& shift) {
    edge.answers = {http_call_response{status, {{"ehds-clock-shift", shift}}, "{}"}};
    static_cast<void>(line.pull());
  };
  pulled(204, "2419200000");
  pulled(200, "0");
  pulled(204, "-5");
  pulled(204, "tomorrow");
  pulled(204, "");
  pulled(500, "7");
  edge.answers = {http_call_response{204, {}, {}}};
  CHECK(line.pull().has_value());
  CHECK(told == std::vector<std::int64_t>{2'419'200'000, 0});

  edge.answers = {http_call_response{204, {{"EHDS-Clock-Shift", "5"}}, {}}};
  CHECK(federation::line_over_http(edge, "https://edge").pull().has_value());
}
