#include "network.hpp"
#include "node/federation/zone_line.hpp"

using namespace ehds;
using namespace ehds::tests;
using namespace std::chrono_literals;
using federation::zone_outcome;

namespace {

manual_clock noon() { return manual_clock{parse_rfc3339("2026-11-22T12:00:00Z").value()}; }

federation::new_question to_two(std::string const& own) {
  return {"q1",
          "Diabetes by sex",
          "APP-1",
          "user-7",
          {{own, diabetes_query(own + ":snds")}, {"FI", diabetes_query("FI:register")}},
          14 * 24h};
}

std::string state_at(one_node const& node, std::string const& partner) {
  for (auto const& answer : node.questions.find("q1").value().answers)
    if (answer.partner == partner) return answer.state;
  return "not asked";
}

}  // namespace

TEST_CASE("a question to two authorities is answered by each under its own permit and summed") {
  auto wall = noon();
  one_node fr{"FR", wall};
  one_node fi{"FI", wall};
  auto const question = to_two("FR");
  fr.approve("FR:snds", question.parts[0].query, {"user-7"});
  fi.approve("FI:register", question.parts[1].query, {"access_point:FR"});

  REQUIRE(fr.questions.ask(question));
  carry({{"FR", &fr}, {"FI", &fi}});
  CHECK(state_at(fr, "FI") == "received");

  for (auto* node : {&fr, &fi}) {
    auto const job = node->jobs.lease("zone").value();
    REQUIRE(job);
    REQUIRE(node->jobs.hand_back({job->id, zone_outcome::released, table_for(job->query, 120, 90), "checked"}));
    carry({{"FR", &fr}, {"FI", &fi}});
    REQUIRE(node->jobs.release(job->id, "officer-1"));
  }
  carry({{"FR", &fr}, {"FI", &fi}});

  auto const view = fr.questions.find("q1").value();
  CHECK(view.pooled.answered == 2);
  CHECK(view.pooled.notes.front() == "2 of 2 authorities answered: FI, FR");
  CHECK(view.pooled.cells.front().values.front() == 240);
  CHECK(view.pooled.cells.front().denominator == 2000);
}

TEST_CASE("a late authority is shown as pending first and as late when the time is over") {
  auto wall = noon();
  one_node fr{"FR", wall};
  one_node fi{"FI", wall};
  REQUIRE(fr.questions.ask(to_two("FR")));
  CHECK(state_at(fr, "FI") == "asked");
  wall.advance(15 * 24h);
  CHECK(state_at(fr, "FI") == "late");
}

TEST_CASE("without an approval, with another code, or for another caller the asker hears one and the same word") {
  auto wall = noon();
  std::vector<std::string> heard;
  std::vector<std::string> officer_knows;
  for (int const why : {0, 1, 2, 3}) {
    one_node fr{"FR", wall};
    one_node fi{"FI", wall};
    auto const question = to_two("FR");
    if (why == 1) fi.approve("FI:register", diabetes_query("FI:register", "E10"), {"access_point:FR"});
    if (why == 2) fi.approve("FI:register", question.parts[1].query, {"access_point:DK"});
    if (why == 3) {
      fi.approve("FI:register", question.parts[1].query, {"access_point:FR"});
      fi.permit->state = policies::permit_state::revoked;
    }
    REQUIRE(fr.questions.ask(question));
    REQUIRE(fi.receive("FR", fr.sent.front().second));
    REQUIRE(fi.sent.size() == 2);
    heard.push_back(fi.sent[0].second.action + fi.sent[1].second.action + fi.sent[1].second.content);
    officer_knows.push_back(fi.jobs.list().front().officer_reason);
    CHECK_FALSE(fi.jobs.lease("zone").value());
  }
  for (auto const& word : heard) CHECK(word == heard.front());
  for (std::size_t i = 1; i < officer_knows.size(); ++i) CHECK(officer_knows[i] != officer_knows[0]);
}

TEST_CASE("a revocation bites between arrival and pull, and between run and release") {
  auto wall = noon();
  one_node fi{"FI", wall};
  auto const query = diabetes_query("FI:register");
  fi.approve("FI:register", query, {"access_point:FR"});
  auto const content = R"({"part":"q1/FI","title":"t","application_id":"APP-1","query":)" + query + "}";

  SECTION("before the pull") {
    REQUIRE(fi.receive("FR", {"FI", "submitQuery", "q1/FI", content}));
    fi.permit->state = policies::permit_state::revoked;
    CHECK_FALSE(fi.jobs.lease("zone").value());
    CHECK(fi.jobs.list().front().state == "refused");
  }
  SECTION("before the release") {
    REQUIRE(fi.receive("FR", {"FI", "submitQuery", "q1/FI", content}));
    auto const job = fi.jobs.lease("zone").value().value();
    REQUIRE(fi.jobs.hand_back({job.id, zone_outcome::released, table_for(query, 120, 90), ""}));
    fi.permit->state = policies::permit_state::revoked;
    CHECK_FALSE(fi.jobs.release(job.id, "officer-1"));
    CHECK(fi.jobs.find(job.id).value().state == "refused");
    CHECK(fi.jobs.find(job.id).value().table.empty());
    CHECK(fi.sent.back().second.action == "queryRefused");
  }
}

TEST_CASE("the same message, pull answer and release again change nothing") {
  auto wall = noon();
  one_node fi{"FI", wall};
  auto const query = diabetes_query("FI:register");
  fi.approve("FI:register", query, {"access_point:FR"});
  federation::partner_message const message{
      "FI", "submitQuery", "q1/FI", R"({"part":"q1/FI","title":"t","application_id":"APP-1","query":)" + query + "}"};
  REQUIRE(fi.receive("FR", message));
  REQUIRE(fi.receive("FR", message));
  CHECK(fi.jobs.list().size() == 1);

  auto const job = fi.jobs.lease("zone").value().value();
  CHECK_FALSE(fi.jobs.lease("other zone").value());
  federation::zone_answer const answer{job.id, zone_outcome::released, table_for(query, 120, 90), ""};
  REQUIRE(fi.jobs.hand_back(answer));
  REQUIRE(fi.jobs.hand_back(answer));
  REQUIRE(fi.jobs.release(job.id, "officer-1"));
  CHECK(fi.jobs.release(job.id, "officer-1").error().code == "federation.not_waiting");
  CHECK(std::ranges::count_if(fi.sent, [](auto const& m) { return m.second.action == "releasedTable"; }) == 1);
}

TEST_CASE("a lease that ran out is given to the next pull, a failed run is tried again after a pause") {
  auto wall = noon();
  one_node fi{"FI", wall};
  auto const query = diabetes_query("FI:register");
  fi.approve("FI:register", query, {"access_point:FR"});
  REQUIRE(fi.receive("FR", {"FI", "submitQuery", "q1/FI",
                            R"({"part":"q1/FI","title":"t","application_id":"APP-1","query":)" + query + "}"}));
  auto const first = fi.jobs.lease("zone").value();
  REQUIRE(first);
  wall.advance(3min);
  auto const again = fi.jobs.lease("zone").value();
  REQUIRE(again);
  CHECK(again->id == first->id);
  REQUIRE(fi.jobs.hand_back({first->id, zone_outcome::failed, "", "the engine was not reachable"}));
  CHECK_FALSE(fi.jobs.lease("zone").value());
  wall.advance(2min);
  CHECK(fi.jobs.lease("zone").value());
}

TEST_CASE("a table that answers another query, and an answer of a stranger, are refused") {
  auto wall = noon();
  one_node fr{"FR", wall};
  one_node dk{"DK", wall};
  REQUIRE(fr.questions.ask(to_two("FR")));
  auto const other = table_for(diabetes_query("FI:register", "E10"), 120, 90);
  CHECK(fr.receive("FI", {"FR", "releasedTable", "q1/FI", R"({"part":"q1/FI","table":)" + other + "}"}).error().code ==
        "federation.other_query");
  auto const right = table_for(diabetes_query("FI:register"), 120, 90);
  CHECK(fr.receive("DK", {"FR", "releasedTable", "q1/FI", R"({"part":"q1/FI","table":)" + right + "}"}).error().code ==
        "federation.unknown_part");
  CHECK(fr.receive("FI", {"FR", "releasedTable", "q1/FI", R"({"part":"q1/FI","table":)" + right + "}"}));
  CHECK(state_at(fr, "FI") == "answered");
}

TEST_CASE("a pooled cell hides what one authority hides") {
  auto const query = diabetes_query("FI:register");
  auto const table = [&](std::optional<std::int64_t> women) {
    return policies::read_released_table(table_for(query, women, 90)).value();
  };
  auto const pooled = federation::combine(
      {{"FI", "answered", table(120)}, {"FR", "answered", table(std::nullopt)}, {"DK", "asked", std::nullopt}});
  CHECK_FALSE(pooled.cells[0].values[0].has_value());
  CHECK(pooled.cells[1].values[0] == 180);
  CHECK(pooled.notes.front() == "2 of 3 authorities answered: FI, FR");
}

TEST_CASE("an answer of another shape is left out of the sum and named") {
  auto const query = diabetes_query("FI:register");
  auto first = policies::read_released_table(table_for(query, 120, 90)).value();
  auto other = first;
  other.dimensions[0].labels = {"f", "m"};
  auto const pooled = federation::combine({{"FI", "answered", first}, {"FR", "answered", other}});
  CHECK(pooled.cells[0].values[0] == 120);
  CHECK(pooled.notes.back() == "not in the sum because their tables have another shape: FR");
}

TEST_CASE("a question that is no question is refused by name, the same id twice asks once") {
  auto wall = noon();
  one_node fr{"FR", wall};
  auto question = to_two("FR");
  REQUIRE(fr.questions.ask(question));
  REQUIRE(fr.questions.ask(question));
  CHECK(fr.questions.list().size() == 1);
  question.title = "Something else";
  CHECK(fr.questions.ask(question).error().code == "federation.taken");
  auto elsewhere = to_two("FR");
  elsewhere.parts[1].partner = "DK";
  CHECK(fr.questions.ask(elsewhere).error().code == "federation.taken");
  auto other_query = to_two("FR");
  other_query.parts[1].query = diabetes_query("FI:register", "E10");
  CHECK(fr.questions.ask(other_query).error().code == "federation.taken");

  auto twice = to_two("FR");
  twice.id = "q2";
  twice.parts[1].partner = "FR";
  CHECK(fr.questions.ask(twice).error().where == "parts/FR");
  auto broken = to_two("FR");
  broken.id = "q3";
  broken.parts[1].query = R"({"aq":"1"})";
  CHECK(fr.questions.ask(broken).error().where.starts_with("parts/FI"));
  auto mixed = to_two("FR");
  mixed.id = "q4";
  auto& query = mixed.parts[1].query;
  query.replace(query.find("t2dm-by-sex"), 11, "asthma");
  CHECK(fr.questions.ask(mixed).error().code == "federation.variants");
}

TEST_CASE("what is not the content of a message is refused with its place") {
  auto wall = noon();
  one_node fi{"FI", wall};
  for (auto const* content :
       {"", "[]", "{}", R"({"part":7})", R"({"part":"p","title":"t"})", R"({"part":"p","title":"t","query":{}})",
        R"({"part":"p","title":"t","application_id":"APP-1","query":"text"})"}) {
    INFO(content);
    CHECK_FALSE(fi.receive("FR", {"FI", "submitQuery", "p", content}));
  }
  std::string const deep = R"({"part":"p","title":"t","application_id":"APP-1","query":)" + std::string(100, '[') +
                           std::string(100, ']') + "}";
  CHECK(fi.receive("FR", {"FI", "submitQuery", "p", deep}).error().code == "federation.content");
  CHECK(fi.jobs.list().empty());
}

TEST_CASE("where no officer is wanted a checked table leaves by itself, for a partner and for oneself") {
  auto wall = noon();
  one_node fr{"FR", wall, federation::release_by::nobody};
  one_node fi{"FI", wall, federation::release_by::nobody};
  auto const question = to_two("FR");
  fr.approve("FR:snds", question.parts[0].query, {"user-7"});
  fi.approve("FI:register", question.parts[1].query, {"access_point:FR"});
  REQUIRE(fr.questions.ask(question));
  carry({{"FR", &fr}, {"FI", &fi}});
  for (auto* node : {&fr, &fi}) {
    auto const job = node->jobs.lease("zone").value().value();
    REQUIRE(node->jobs.hand_back({job.id, zone_outcome::released, table_for(job.query, 50, 40), ""}));
  }
  carry({{"FR", &fr}, {"FI", &fi}});
  CHECK(state_at(fr, "FI") == "answered");
  CHECK(state_at(fr, "FR") == "answered");
  CHECK(fi.jobs.list().front().decided_by == "standing rule");
}

TEST_CASE("a table is withheld with a reason, which the asker does not hear") {
  auto wall = noon();
  one_node fi{"FI", wall};
  auto const query = diabetes_query("FI:register");
  fi.approve("FI:register", query, {"access_point:FR"});
  REQUIRE(fi.receive("FR", {"FI", "submitQuery", "q1/FI",
                            R"({"part":"q1/FI","title":"t","application_id":"APP-1","query":)" + query + "}"}));
  auto const job = fi.jobs.lease("zone").value().value();
  REQUIRE(fi.jobs.hand_back({job.id, zone_outcome::released, table_for(query, 120, 90), ""}));
  CHECK(fi.jobs.withhold(job.id, "officer-1", "").error().code == "federation.no_reason");
  REQUIRE(fi.jobs.withhold(job.id, "officer-1", "The figures need another look."));
  CHECK(fi.jobs.find(job.id).value().state == "withheld");
  CHECK(fi.sent.back().second.content == R"({"outcome":"not answered","part":"q1/FI"})");
}

TEST_CASE("who asked does not release the answer to his own question") {
  auto wall = noon();
  one_node fr{"FR", wall};
  auto question = to_two("FR");
  question.parts.resize(1);
  fr.approve("FR:snds", question.parts[0].query, {"user-7"});
  REQUIRE(fr.questions.ask(question));
  auto const job = fr.jobs.lease("zone").value().value();
  REQUIRE(fr.jobs.hand_back({job.id, zone_outcome::released, table_for(job.query, 50, 40), ""}));
  CHECK(fr.jobs.release(job.id, "user-7").error().code == "federation.duties");
  CHECK(fr.jobs.release(job.id, "officer-1"));
}

TEST_CASE("a zone that lost power gets back at once what it had pulled") {
  auto wall = noon();
  one_node fi{"FI", wall};
  auto const query = diabetes_query("FI:register");
  fi.approve("FI:register", query, {"access_point:FR"});
  REQUIRE(fi.receive("FR", {"FI", "submitQuery", "q1/FI",
                            R"({"part":"q1/FI","title":"t","application_id":"APP-1","query":)" + query + "}"}));
  auto const pulled = fi.jobs.lease("zone").value().value();
  CHECK_FALSE(fi.jobs.lease("zone").value());
  REQUIRE(fi.jobs.give_back("zone"));
  CHECK(fi.jobs.lease("zone").value()->id == pulled.id);
}

TEST_CASE("a question asked for another application than the permit answers was let through") {
  auto wall = noon();
  one_node fr{"FR", wall};
  one_node fi{"FI", wall};
  auto question = to_two("FR");
  question.application = "APP-2";
  fr.approve("FR:snds", question.parts[0].query, {"user-7"});
  fi.approve("FI:register", question.parts[1].query, {"access_point:FR"});
  REQUIRE(fr.questions.ask(question));
  carry({{"FR", &fr}, {"FI", &fi}});
  for (auto* node : {&fr, &fi}) {
    CHECK_FALSE(node->jobs.lease("zone").value());
    auto const job = node->jobs.list().front();
    CHECK(job.state == "refused");
    CHECK(job.application == "APP-2");
    CHECK(job.officer_reason.find("another application") != std::string::npos);
  }
  CHECK(state_at(fr, "FI") == "not_answered");
}

TEST_CASE("a question that belongs to no application is not sent") {
  auto wall = noon();
  one_node fr{"FR", wall};
  auto question = to_two("FR");
  question.application.clear();
  CHECK(fr.questions.ask(question).error().where == "application_id");
  CHECK(fr.sent.empty());
}
