// The single application at the centre: only its owner sees it, and it is complete before it leaves.
#include <catch2/catch.hpp>

#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;

namespace {

struct applicant {
  one_house& eu;
  std::string key;
  node::http::response operator()(std::string const& method, std::string const& path, std::string const& body = {},
                                  header_list headers = {}) const {
    headers.emplace_back("X-API-Key", key);
    headers.emplace_back("Content-Type", "application/json");
    return eu.ask(method, path, headers, body);
  }
};

applicant somebody(one_house& eu) { return {eu, eu.key_with({role::applicant})}; }

std::string draft_of(applicant const& me) {
  auto const made = me("POST", "/api/drafts", R"({"application_type": "DATA_ACCESS_APPLICATION"})");
  REQUIRE(made.status == 201);
  auto const id = json_of(made).at("draft_id").get<std::string>();
  CHECK(made.headers.get("Location") == "/api/drafts/" + node::http::percent_encode(id));
  return "/api/drafts/" + id;
}

}  // namespace

TEST_CASE("a draft keeps sections, datasets and files, and says what is missing") {
  one_house eu("EU");
  auto const me = somebody(eu);
  auto const draft = draft_of(me);
  CHECK(me("PUT", draft + "/sections/section2", R"({"projectName": "Hearts"})").status == 200);
  CHECK(me("PUT", draft + "/datasets",
           R"({"datasets": [{"dataset_id": "D1", "country": "FR", "hdab": "A", "title": "T", "publisher": "P"}]})")
            .status == 204);
  CHECK(me("PUT", draft + "/files/plan.pdf", "bytes").status == 201);
  CHECK(me("PUT", draft + "/files/plan.exe", "bytes").status == 422);
  auto const kept = json_of(me("GET", draft));
  CHECK(kept.at("form").at("section2").at("projectName") == "Hearts");
  CHECK(kept.at("datasets").at(0).at("dataset_id") == "D1");
  CHECK(kept.at("attachments").at(0).at("name") == "plan.pdf");
  auto const found = json_of(me("GET", draft + "/findings"));
  CHECK(found.at("complete") == false);
  auto const early = me("POST", draft + "/submission", "{}");
  CHECK(early.status == 422);
  CHECK(json_of(early).at("problems").size() == found.at("problems").size());
  CHECK(json_of(me("GET", "/api/applications")).at("applications").empty());
}

TEST_CASE("two windows on one draft: the second save of an old version is refused") {
  one_house eu("EU");
  auto const me = somebody(eu);
  auto const draft = draft_of(me);
  auto const version = json_of(me("GET", draft)).at("version").dump();
  CHECK(me("PUT", draft + "/sections/section2", R"({"projectName": "A"})", {{"If-Match", version}}).status == 200);
  CHECK(me("PUT", draft + "/sections/section2", R"({"projectName": "B"})", {{"If-Match", version}}).status == 409);
  CHECK(json_of(me("GET", draft)).at("form").at("section2").at("projectName") == "A");
}

TEST_CASE("what does not fit the form is refused at once") {
  one_house eu("EU");
  auto const me = somebody(eu);
  auto const draft = draft_of(me);
  for (auto const& [section, body] : std::vector<std::pair<std::string, std::string>>{
           {"section99", "{}"}, {"section2", R"({"nonsense": 1})"}, {"section2", "[1,"}, {"section2", ""}}) {
    INFO(section << " " << body);
    auto const answer = me("PUT", draft + "/sections/" + section, body);
    CHECK(answer.status / 100 == 4);
    CHECK(is_problem(answer));
  }
  CHECK(me("POST", "/api/drafts", R"({"application_type": "HOLIDAY"})").status == 422);
}

TEST_CASE("nobody sees or changes the draft of another, and it looks as if it were not there") {
  one_house eu("EU");
  auto const draft = draft_of(somebody(eu));
  auto const other = somebody(eu);
  CHECK(other("GET", draft).status == 404);
  CHECK(other("GET", draft + "/findings").status == 404);
  CHECK(other("PUT", draft + "/sections/section2", "{}").status == 404);
  CHECK(other("PUT", draft + "/datasets", R"({"datasets": []})").status == 404);
  CHECK(other("PUT", draft + "/files/plan.pdf", "bytes").status == 404);
  CHECK(other("POST", draft + "/submission", "{}").status == 404);
  CHECK(eu.as({role::operator_}, "GET", draft).status == 403);
}

TEST_CASE("an application that is not there cannot be answered, accepted or withdrawn") {
  one_house eu("EU");
  auto const me = somebody(eu);
  for (auto const* deed : {"answers", "response", "withdrawal"}) {
    INFO(deed);
    CHECK(me("POST", std::string("/api/applications/nothing/") + deed, "{}").status == 404);
  }
  CHECK(me("POST", "/api/applications/nothing/celebration", "{}").status == 404);
  CHECK(me("GET", "/api/applications/nothing").status == 404);
}
