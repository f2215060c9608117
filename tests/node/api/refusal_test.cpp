// Messages refused at the door, test messages to a partner, and the story of a message: for operators and auditors.
#include <catch2/catch.hpp>
#include <map>

#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;

TEST_CASE("what was refused is told step by step to operators and auditors, and to nobody else") {
  auto fr = with_a_centre();
  CHECK(json_of(fr.as({role::auditor}, "GET", "/api/refusals")).at("refusals").empty());
  auto const answer = fr.ask("POST", "/as4", {{"Content-Type", "application/soap+xml"}}, "<not-soap/>");
  CHECK(answer.body.find("not-soap") == std::string::npos);
  CHECK(fr.ask("POST", "/as4", {{"Content-Type", "text/plain"}}, "rubbish").status == 400);

  auto const all = json_of(fr.as({role::operator_}, "GET", "/api/refusals")).at("refusals");
  REQUIRE(all.size() == 2);
  CHECK(all.at(0).at("number") == 2);
  CHECK(all.at(0).at("problem").get<std::string>().starts_with("edelivery.mime."));
  CHECK(all.at(1).at("code").get<std::string>().starts_with("EBMS:"));
  CHECK(json_of(fr.as({role::operator_}, "GET", "/api/refusals?count=1")).at("refusals").size() == 1);
  CHECK(json_of(fr.as({role::operator_}, "GET", "/api/refusals?before=2")).at("refusals").at(0).at("number") == 1);
  auto const one = json_of(fr.as({role::auditor}, "GET", "/api/refusals/1"));
  CHECK(one.at("bytes") == 11);
  auto const& steps = one.at("explanation").at("steps");
  CHECK(steps.front().at("step") == "MIME body");
  CHECK(steps.back().at("step") == "verdict");
  CHECK(steps.back().at("outcome") == "wrong");
  for (auto const* path : {"/api/refusals/3", "/api/refusals/x", "/api/refusals/-1"}) {
    INFO(path);
    CHECK(is_problem(fr.as({role::auditor}, "GET", path)));
    CHECK(fr.as({role::auditor}, "GET", path).status == 404);
  }
  for (auto const* path : {"/api/refusals", "/api/refusals/1"}) {
    CHECK(fr.ask("GET", path).status == 401);
    CHECK(fr.as({role::screener}, "GET", path).status == 403);
  }
}

TEST_CASE("those that name a partner are listed apart, and those beyond the minute's looks are counted") {
  auto fr = with_a_centre();
  auto rubbish = [&, from = 0]() mutable {  // from many addresses: one is not answered so often
    auto asked = request_of("POST", "/as4", {{"Content-Type", "text/plain"}}, "rubbish");
    asked.peer_address = "192.0.2." + std::to_string(++from);
    fr.parts().public_side.answer(asked);
  };
  auto const listed = [&](std::string const& query) {
    return json_of(fr.as({role::auditor}, "GET", "/api/refusals?count=100" + query));
  };
  for (int n = 0; n < 3; ++n) rubbish();
  auto few = listed("");
  CHECK(few.at("not_kept").empty());
  CHECK(few.at("refusals").at(0).at("party") == "");
  CHECK(few.at("refusals").at(0).at("is_proven") == false);
  for (int n = 3; n < 35; ++n) rubbish();
  auto const many = listed("");
  CHECK(many.at("refusals").size() == 30);
  REQUIRE(many.at("not_kept").size() == 1);
  CHECK(many.at("not_kept").at(0) == json{{"party", ""}, {"is_proven", false}, {"count", 5}});
  CHECK(listed("&of=parties").at("refusals").empty());
  CHECK(fr.ask_inside(request_of("GET", "/metrics")).body.find("\nehds_refusals_not_kept_total 5\n") !=
        std::string::npos);
}

TEST_CASE("rubbish from one address is answered so often, then by 503, and another address is not affected") {
  one_house fr("FR", [](auto& settings) { settings.limits.unproven_at_once = 3; });
  auto const post = [&](std::string const& from, std::string const& forwarded = {}) {
    auto asked = request_of("POST", "/as4", {{"Content-Type", "application/soap+xml"}}, "<not-soap/>");
    asked.peer_address = from;
    if (!forwarded.empty()) asked.headers.add("X-Forwarded-For", forwarded);
    return fr.parts().public_side.answer(asked);
  };
  for (int n = 0; n < 3; ++n) CHECK(post("2001:db8::1").status == 200);
  auto const later = post("2001:db8::2", "192.0.2.9");  // the same /64; anybody can write the header
  CHECK(later.status == 503);
  CHECK(later.headers.get("Retry-After") == "5");
  CHECK(later.headers.get("Content-Type").starts_with("text/plain"));
  CHECK(post("192.0.2.9").status == 200);
  CHECK(fr.ask_inside(request_of("GET", "/metrics")).body.find("\nehds_unproven_refused_total 1\n") !=
        std::string::npos);
}

TEST_CASE("an operator asks a partner with a test message; the answer is looked up under its id") {
  auto fr = with_a_centre();
  auto const pmode = fr.parts().book.all().front().id;
  auto const posted = fr.as({role::operator_}, "POST", "/api/test-messages", {{"pmode", pmode}});
  REQUIRE(posted.status == 202);
  auto const told = json_of(posted);
  CHECK(told.at("status") == "queued");
  CHECK(told.at("partner") == "EU");
  CHECK(told.at("receipt_id").is_null());
  auto const path = "/api/test-messages/" + node::http::percent_encode(told.at("message_id").get<std::string>());
  CHECK(fr.parts().sender->run_next(fr.parts().wall.now()));  // nobody is there
  auto const later = json_of(fr.as({role::auditor}, "GET", path));
  CHECK(later.at("status") == "waiting");
  CHECK(later.at("code") == "EBMS:0005");
  CHECK(json_of(fr.as({role::auditor}, "GET", "/api/ledger")).at("entries").size() == 1);
  CHECK(fr.as({role::auditor}, "POST", "/api/test-messages", {{"pmode", pmode}}).status == 403);
  CHECK(fr.as({role::operator_}, "POST", "/api/test-messages", {{"pmode", "none"}}).status == 404);
  for (auto const& [body, where] : std::map<std::string, std::string>{
           {R"({})", "/pmode"}, {R"({"pmode": 1})", "/pmode"}, {R"({"pmode": "none", "wait": 1})", "/wait"}}) {
    auto const answer = fr.as({role::operator_}, "POST", "/api/test-messages", json::parse(body));
    CHECK(answer.status == 400);
    CHECK(json_of(answer).at("where") == where);
  }
  CHECK(fr.as({role::operator_}, "GET", "/api/test-messages/none").status == 404);
  CHECK(fr.as({role::screener}, "GET", path).status == 403);
}

TEST_CASE("a message says what it was about and what else happened to that") {
  auto fr = with_a_centre();
  REQUIRE(fr.as({role::catalogue_editor}, "POST", "/api/datasets/FR-SNDS/publication").status == 204);
  REQUIRE(fr.as({role::catalogue_editor}, "POST", "/api/datasets/FR-ESIS/publication").status == 204);
  auto const list = json_of(fr.as({role::operator_}, "GET", "/api/ledger?subject=FR-SNDS")).at("entries");
  REQUIRE(list.size() == 1);
  auto const id = list.at(0).at("message_id").get<std::string>();
  auto const entry = json_of(fr.as({role::operator_}, "GET", "/api/ledger/" + id)).at("entries").at(0);
  CHECK(entry.at("about").at("dataset") == "FR-SNDS");
  CHECK(entry.at("about").at("application_id").is_null());
  CHECK(entry.at("about").at("cases").empty());
  REQUIRE(entry.at("timeline").size() == 1);
  CHECK(entry.at("timeline").at(0).at("message_id") == id);
  CHECK(entry.at("timeline").at(0).at("direction") == "out");
}
