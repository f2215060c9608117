// Who is let in: by session, by cookie with its CSRF token, by the key of a national system.
#include <catch2/catch.hpp>
#include <fstream>

#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;

namespace {

one_house with_accounts() {
  return one_house("FR", [](auto& settings) {
    settings.accounts = settings.file.parent_path() / "accounts.json";
    std::filesystem::create_directories(settings.file.parent_path());
    std::ofstream(settings.accounts) << accounts_json("FR");
  });
}

node::http::response sign_in(one_house& fr, std::string const& account, std::string const& password) {
  return fr.ask("POST", "/api/session", {{"Content-Type", "application/json"}},
                json{{"account", account}, {"password", password}}.dump());
}

}  // namespace

TEST_CASE("nobody is told to sign in, in problem+json") {
  one_house fr("FR");
  for (auto const* path : {"/api/cases", "/api/ledger", "/api/audit", "/api/questions", "/api/query-jobs",
                           "/api/session", "/national-dispatcher/applications"}) {
    auto const answer = fr.ask("GET", path);
    INFO(path);
    CHECK(answer.status == 401);
    CHECK(is_problem(answer));
    CHECK(answer.headers.has("WWW-Authenticate"));
  }
}

TEST_CASE("a session of a program: sign in, look, sign out, and the token is worth nothing any more") {
  auto fr = with_accounts();
  auto const opened = sign_in(fr, "auditor.FR", test_password);
  REQUIRE(opened.status == 201);
  CHECK(json_of(opened).at("roles") == json{"auditor"});
  header_list const bearer{{"Authorization", "Bearer " + json_of(opened).at("token").get<std::string>()}};
  CHECK(json_of(fr.ask("GET", "/api/session", bearer)).at("account") == "auditor.FR");
  CHECK(fr.ask("GET", "/api/audit", bearer).status == 200);
  CHECK(fr.ask("DELETE", "/api/session", bearer).status == 204);
  CHECK(fr.ask("GET", "/api/session", bearer).status == 401);
}

TEST_CASE("signing in without a name or a password is a mistake of the caller's, and is named") {
  auto fr = with_accounts();
  auto const where = [&](std::string const& body) {
    auto const answer = fr.ask("POST", "/api/session", {{"Content-Type", "application/json"}}, body);
    INFO(answer.body);
    CHECK(answer.status == 400);
    CHECK_FALSE(json_of(answer).at("mend").get<std::string>().empty());
    return json_of(answer).at("where").get<std::string>();
  };
  CHECK(where(R"({"account": "auditor.FR"})") == "/password");
  CHECK(where(R"({"account": "auditor.FR", "password": ""})") == "/password");
  CHECK(where(R"({"account": "auditor.FR", "password": 7})") == "/password");
  CHECK(where(R"({"password": "x"})") == "/account");
  CHECK(where("{}") == "/account");
}

TEST_CASE("a wrong password and an unknown name sound the same, and after five tries one waits") {
  auto fr = with_accounts();
  auto const wrong = sign_in(fr, "auditor.FR", "wrong");
  auto const unknown = sign_in(fr, "nobody.FR", "wrong");
  CHECK(wrong.status == 401);
  CHECK(wrong.body == unknown.body);
  for (int i = 0; i < 4; ++i) sign_in(fr, "auditor.FR", "wrong");
  auto const late = sign_in(fr, "auditor.FR", test_password);
  CHECK(late.status == 429);
  CHECK(late.headers.has("Retry-After"));
}

TEST_CASE("with a cookie, what changes something needs the session's CSRF token") {
  auto fr = with_accounts();
  auto const token = json_of(sign_in(fr, "operator.FR", test_password)).at("token").get<std::string>();
  header_list const cookie{{"Cookie", "ehds_session=" + token}, {"Content-Type", "application/json"}};
  auto const seen = fr.ask("GET", "/api/session", cookie);
  REQUIRE(seen.status == 200);
  auto const csrf = json_of(seen).at("csrf_token").get<std::string>();
  auto const body = R"({"advance_days": 1})";
  auto const without = fr.ask("POST", "/api/rehearsal/clock", cookie, body);
  CHECK(without.status == 403);
  CHECK(json_of(without).at("code") == "api.csrf");
  auto with = cookie;
  with.emplace_back("X-CSRF-Token", csrf.substr(1));
  CHECK(fr.ask("POST", "/api/rehearsal/clock", with, body).status == 403);
  with.back().second = csrf;
  CHECK(fr.ask("POST", "/api/rehearsal/clock", with, body).status == 200);
}

TEST_CASE("the wrong role is refused by name of the right ones") {
  one_house fr("FR");
  auto const answer = fr.as({role::screener}, "GET", "/api/audit");
  CHECK(answer.status == 403);
  CHECK(json_of(answer).at("detail").get<std::string>().find("auditor") != std::string::npos);
  CHECK(fr.as({role::operator_}, "POST", "/api/questions", json::object()).status == 403);
  CHECK(fr.as({role::data_preparer}, "PUT", "/api/datasets", json::object()).status == 403);
  CHECK(fr.as({role::auditor}, "POST", "/api/ledger/x/requeue", json::object()).status == 403);
  CHECK(fr.as({role::operator_}, "GET", "/api/ledger-bytes/1").status == 403);
}

TEST_CASE("a key that was revoked or never issued opens nothing") {
  one_house fr("FR");
  auto const issued =
      fr.parts().api_keys->issue({"", "A system", "Example", "FR", {role::screener}}, std::nullopt).value();
  header_list const key{{"X-API-Key", issued.text}};
  CHECK(fr.ask("GET", "/national-dispatcher/applications", key).status == 200);
  REQUIRE(fr.parts().api_keys->revoke(issued.id));
  CHECK(fr.ask("GET", "/national-dispatcher/applications", key).status == 401);
  CHECK(fr.ask("GET", "/api/cases", {{"X-API-Key", "ehds_0000000000000000_guess"}}).status == 401);
}

TEST_CASE("a wrong key is not helped by a good session beside it") {
  auto fr = with_accounts();
  auto const token = json_of(sign_in(fr, "auditor.FR", test_password)).at("token").get<std::string>();
  CHECK(fr.ask("GET", "/api/audit",
               {{"X-API-Key", "ehds_0000000000000000_a-guess-of-a-key"}, {"Authorization", "Bearer " + token}})
            .status == 401);
}
