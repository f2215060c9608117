// What everybody may see, and the rules that hold for every page.
#include <catch2/catch.hpp>

#include "node/pages/page_house.hpp"
#include "node/pages/pages.hpp"

using namespace ehds;
using namespace ehds::node;
using namespace page_tests;
using identity::role;

namespace {}  // namespace

TEST_CASE("every page carries the strict policy and is well-formed, in both languages") {
  page_house house;
  auto const id = house.dataset("FR-1", "Stays in hospital");
  visitor someone(house);
  for (auto const& path : {std::string("/"), "/datasets/" + id, std::string("/sign-in"), std::string("/register"),
                           std::string("/register/none"), std::string("/datasets/none"), std::string("/?q=zzz")}) {
    INFO(path);
    auto const page = someone.get(path);
    CHECK(page.headers.get("Content-Security-Policy") ==
          "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'self'; "
          "frame-ancestors 'none'; base-uri 'none'");
    CHECK(page.headers.get("X-Frame-Options") == "DENY");
    CHECK(has(page, "<html lang=\"en\">"));
    CHECK(has(page, "href=\"#content\""));
    CHECK(has(page, "Health Data &lt;Demo&gt;"));
  }
  auto const french = someone.get("/?lang=fr");
  CHECK(has(french, "<html lang=\"fr\">"));
  CHECK(has(someone.get("/"), "<html lang=\"fr\">"));  // the choice is remembered
  visitor other(house);
  other.headers["Accept-Language"] = "fr-BE, en;q=0.5";
  CHECK(has(other.get("/sign-in"), "Se connecter"));
}

TEST_CASE("a hostile title, description and search text stay text") {
  page_house house;
  std::string const attack = "<script>alert(1)</script>";
  auto const id = house.dataset("FR-1", attack);
  visitor someone(house);
  for (auto const& path :
       {std::string("/?q=alert"), "/datasets/" + id, "/?q=" + http::percent_encode("\"><script>x</script>"),
        "/sign-in?next=" + http::percent_encode("\"><script>x</script>"),
        "/?lang=" + http::percent_encode("\"><script>")}) {
    INFO(path);
    auto const page = someone.get(path);
    CHECK_FALSE(has(page, "<script>"));
    CHECK_FALSE(has(page, "\"><script"));
  }
  CHECK(has(someone.get("/datasets/" + id), "&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST_CASE("the catalogue is searched with facets, and a dataset shows its variables and its other forms") {
  page_house house;
  auto const id = house.dataset("FR/1", "Stays in hospital");
  house.dataset("FR-2", "Vaccinations");
  visitor someone(house);
  auto const all = someone.get("/");
  CHECK(has(all, "2 datasets"));
  CHECK(has(all, "Vaccinations"));
  CHECK(has(someone.get("/?q=vaccinations"), "1 datasets"));
  CHECK(has(someone.get("/?access_level=PUBLIC"), "0 datasets"));
  auto const page = someone.get("/datasets/" + http::percent_encode(id));
  CHECK(page.status == 200);
  CHECK(has(page, "rel=\"alternate\" type=\"text/turtle\" title=\"Turtle\" href=\"/api/datasets/FR%2F1?format=ttl\""));
  CHECK(has(page, "id=\"variables\""));
  CHECK(has(someone.get("/datasets/" + http::percent_encode(id) + "?v=nothing-like-it"), "0–0 of 0"));
  CHECK(someone.get("/datasets/none").status == 404);
}

TEST_CASE("a form without the token of the session is refused, before and after sign-in") {
  page_house house;
  auto const id = house.dataset("FR-1", "Stays in hospital");
  house.account("anna", "Anna", {role::applicant});
  visitor someone(house);
  CHECK(someone.post_without_token("/sign-in", {{"account", "anna"}, {"password", password}}).status == 403);
  someone.get("/sign-in");
  CHECK(someone.post_without_token("/sign-in", {{"account", "anna"}, {"password", password}}).status == 403);
  CHECK(someone.post_without_token("/basket", {{"dataset", id}, {"form_token", "wrong"}}).status == 403);
  auto const before = someone.token;
  someone.sign_in("anna");
  CHECK(someone.token != before);
  CHECK(someone.post_without_token("/applications/new", {{"type", "DATA_ACCESS_APPLICATION"}, {"form_token", before}})
            .status == 403);
  CHECK(house.centre->drafts("anna").empty());
  someone.headers["Sec-Fetch-Site"] = "cross-site";
  CHECK(someone.post("/applications/new", {{"type", "DATA_ACCESS_APPLICATION"}}).status == 403);
}

TEST_CASE("signing in goes back to a local page only, and a wrong password says no more than that") {
  page_house house;
  house.account("anna", "Anna", {role::applicant});
  visitor someone(house);
  auto const sent = someone.get("/applications");
  CHECK(sent.status == 303);
  CHECK(sent.headers.get("Location") == "/sign-in?next=%2Fapplications");
  someone.get("/sign-in");
  auto const wrong = someone.post("/sign-in", {{"account", "anna"}, {"password", "no"}, {"next", "/"}});
  CHECK(wrong.status == 401);
  CHECK(has(wrong, "Account or password is wrong."));
  for (auto const* const next : {"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", ""}) {
    auto const answer = someone.post("/sign-in", {{"account", "anna"}, {"password", password}, {"next", next}});
    CHECK(answer.headers.get("Location") == "/");
    someone.cookies.erase("ehds_session");
    someone.get("/sign-in");
  }
  auto const in = someone.post("/sign-in", {{"account", "anna"}, {"password", password}, {"next", "/applications"}});
  CHECK(in.headers.get("Location") == "/applications");
  CHECK(has(someone.get("/applications"), "Anna"));
  CHECK(someone.get("/desk").status == 403);
  CHECK(someone.get("/ledger").status == 403);
  CHECK(someone.post("/sign-out", {}).status == 303);
  CHECK(someone.get("/applications").status == 303);
}

TEST_CASE("style and script are served with their tag, and nothing else is") {
  page_house house;
  visitor someone(house);
  auto const style = someone.get("/static/style.css");
  CHECK(style.headers.get("Content-Type") == "text/css; charset=utf-8");
  CHECK(style.headers.get("Cache-Control") == "public, max-age=86400");
  someone.headers["If-None-Match"] = style.headers.get("ETag");
  CHECK(someone.get("/static/style.css").status == 304);
  someone.headers.clear();
  CHECK(someone.get("/static/none.css").status == 404);
  CHECK(someone.get("/static/..%2Ftexts%2Fen.json").status == 404);
  CHECK(has(someone.get("/"), "/static/style.css?v="));
}

TEST_CASE("a house plays only its parts, and a data zone has no pages") {
  page_house house;
  auto rooms = house.rooms;
  rooms.centre = nullptr;
  rooms.desk = nullptr;
  auto const patterns = [](api::rooms& of) {
    std::string all;
    for (auto const& route : pages::page_routes(of)) all += route.method + " " + route.pattern + "\n";
    return all;
  };
  CHECK(patterns(rooms).find("/applications") == std::string::npos);
  CHECK(patterns(rooms).find("/desk/cases") == std::string::npos);
  CHECK(patterns(rooms).find("GET /register\n") != std::string::npos);
  rooms.sessions = nullptr;
  CHECK(patterns(rooms).empty());
}
