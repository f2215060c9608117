// The catalogue's surface: search, facets, records in any syntax, pages for harvesters, and the editors' side.
#include <catch2/catch.hpp>

#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;

namespace {

std::string const records = EHDS_SOURCE_DIR "/node/demo/records/";

one_house with_records() {
  return one_house("FR", [](auto& settings) { settings.catalogue.records = records + "FR"; });
}

node::http::response put(one_house& fr, std::string const& text, std::string const& type = "text/turtle") {
  return fr.ask("PUT", "/api/datasets", {{"X-API-Key", fr.key_with({role::catalogue_editor})}, {"Content-Type", type}},
                text);
}

std::string record_text() { return text_of_file(records + "FI/FI-CANCER.ttl"); }

}  // namespace

TEST_CASE("search pages, filters, counts, and finds variables") {
  auto fr = with_records();
  auto const all = json_of(fr.ask("GET", "/api/datasets?limit=3"));
  CHECK(all.at("total") == 13);
  CHECK(all.at("datasets").size() == 3);
  CHECK(json_of(fr.ask("GET", "/api/datasets?limit=3&offset=12")).at("datasets").size() == 1);
  CHECK(json_of(fr.ask("GET", "/api/datasets?limit=100000")).at("limit") == 100);
  auto const found = json_of(fr.ask("GET", "/api/datasets?variable=dispens"));
  REQUIRE(found.at("total") == 1);
  CHECK(found.at("datasets").at(0).at("id") == "FR-SNDS");
  CHECK_FALSE(found.at("datasets").at(0).at("variables").empty());
  CHECK(json_of(fr.ask("GET", "/api/datasets?q=nothing-has-this-word")).at("total") == 0);
}

TEST_CASE("every count of a facet is what that filter finds") {
  auto fr = with_records();
  std::size_t tried = 0;
  for (auto const& facet : json_of(fr.ask("GET", "/api/datasets")).at("facets")) {
    for (auto const& value : facet.at("values")) {
      auto const path = "/api/datasets?" + facet.at("name").get<std::string>() + "=" +
                        node::http::percent_encode(value.at("value").get<std::string>());
      INFO(path);
      CHECK(json_of(fr.ask("GET", path)).at("total") == value.at("count"));
      ++tried;
    }
  }
  CHECK(tried > 10);
}

TEST_CASE("what is no number, no order or too long in a search is refused, never quietly another search") {
  auto fr = with_records();
  for (std::string const wrong : {"limit=x", "offset=-1", "offset=99999999999999999999", "year=abcd", "year=10000",
                                  "individuals=1e9", "order=best", "has_variables=maybe", "count=5"}) {
    auto const answer = fr.ask("GET", "/api/datasets?" + wrong);
    INFO(wrong << " " << answer.body);
    CHECK(answer.status == 400);
    CHECK(json_of(answer).at("where") == "?" + wrong.substr(0, wrong.find('=')));
  }
  for (std::string const right : {"limit=0", "year=", "order=newest", "country=a&country=b&country=", "individuals=1"})
    CHECK(fr.ask("GET", "/api/datasets?" + right).status == 200);
  auto const long_text = fr.ask("GET", "/api/datasets?q=" + std::string(501, 'a'));
  CHECK(long_text.status == 422);
  CHECK(is_problem(long_text));
}

TEST_CASE("a record comes as JSON or in the syntax that is asked for, with a tag of its own") {
  auto fr = with_records();
  struct offer {
    char const* accept;
    char const* type;
  };
  std::set<std::string> tags;
  for (auto const& one : {offer{"", "application/json"},
                          {"text/turtle", "text/turtle"},
                          {"application/rdf+xml", "application/rdf+xml"},
                          {"application/ld+json", "application/ld+json"},
                          {"application/n-triples", "application/n-triples"},
                          {"text/turtle;q=0.2, application/ld+json;q=0.9", "application/ld+json"}}) {
    INFO(one.accept);
    auto const answer = fr.ask("GET", "/api/datasets/FR-SNDS", {{"Accept", one.accept}});
    CHECK(answer.status == 200);
    CHECK(answer.headers.get("Content-Type").starts_with(one.type));
    CHECK(answer.headers.get("Vary") == "Accept");
    tags.insert(std::string(answer.headers.get("ETag")));
    auto const again = fr.ask("GET", "/api/datasets/FR-SNDS",
                              {{"Accept", one.accept}, {"If-None-Match", std::string(answer.headers.get("ETag"))}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
  }
  CHECK(tags.size() == 5);
  CHECK(fr.ask("GET", "/api/datasets/FR-SNDS?format=nt").headers.get("Content-Type").starts_with("application/n-tri"));
  CHECK(fr.ask("GET", "/api/datasets/nothing").status == 404);
}

TEST_CASE("variables come by the page, and can be searched") {
  auto fr = with_records();
  auto const page = json_of(fr.ask("GET", "/api/datasets/FR-SNDS/variables?limit=2&offset=1"));
  CHECK(page.at("variables").size() == 2);
  CHECK(page.at("total").get<int>() > 10);
  CHECK(json_of(fr.ask("GET", "/api/datasets/FR-SNDS/variables?q=dispens")).at("total").get<int>() > 0);
  CHECK(json_of(fr.ask("GET", "/api/datasets/FR-SNDS/variables?table=9999")).at("total") == 0);
  CHECK(fr.ask("GET", "/api/datasets/nothing/variables").status == 404);
}

TEST_CASE("the editor puts a record: new, unchanged, changed, refused, withdrawn, gone") {
  one_house fr("FR");
  auto const created = put(fr, record_text());
  CHECK(created.status == 201);
  CHECK(json_of(created).at("version") == 1);
  auto const repeated = put(fr, record_text());
  CHECK(repeated.status == 200);
  CHECK(json_of(repeated).at("version") == 1);
  auto changed = record_text();
  changed.replace(changed.find("(demonstration)"), 15, "(second edition)");
  CHECK(json_of(put(fr, changed)).at("version") == 2);
  CHECK(json_of(fr.ask("GET", "/api/datasets?q=second+edition")).at("total") == 1);
  CHECK(fr.as({role::catalogue_editor}, "DELETE", "/api/datasets/FI-CANCER").status == 204);
  auto const gone = fr.ask("GET", "/api/datasets/FI-CANCER");
  CHECK(gone.status == 410);
  CHECK(is_problem(gone));
  CHECK(json_of(fr.ask("GET", "/api/datasets")).at("total") == 0);
  CHECK(fr.as({role::catalogue_editor}, "DELETE", "/api/datasets/FI-CANCER").status == 404);
  CHECK(json_of(fr.ask("GET", "/api/changes")).at("changes").size() == 3);
  CHECK(json_of(fr.ask("GET", "/api/changes?after=2")).at("changes").at(0).at("what") == "deleted");
}

TEST_CASE("a bad record is refused with every finding, its place and its mend; nothing of it is kept") {
  one_house fr("FR");
  auto const answer = put(fr, text_of_file(records + "incomplete.ttl"));
  CHECK(answer.status == 422);
  CHECK(is_problem(answer));
  auto const found = json_of(answer).at("problems");
  REQUIRE(found.size() == 2);
  for (auto const& one : found) {
    CHECK_FALSE(one.at("where").get<std::string>().empty());
    CHECK_FALSE(one.at("mend").get<std::string>().empty());
  }
  CHECK(json_of(fr.ask("GET", "/api/datasets")).at("total") == 0);
  CHECK(put(fr, "this is no Turtle").status == 400);
  CHECK(put(fr, "", "").status / 100 == 4);
}

TEST_CASE("anybody may have a record checked without keeping it") {
  one_house fr("FR");
  auto const good = fr.ask("POST", "/api/validation", {{"Content-Type", "text/turtle"}}, record_text());
  CHECK(good.status == 200);
  CHECK(json_of(good).at("conforms") == true);
  auto const bad =
      fr.ask("POST", "/api/validation", {{"Content-Type", "text/turtle"}}, text_of_file(records + "incomplete.ttl"));
  CHECK(bad.status == 422);
  CHECK(json_of(bad).at("conforms") == false);
  CHECK(json_of(fr.ask("GET", "/api/datasets")).at("total") == 0);
}

TEST_CASE("harvesters get whole pages in the syntax they ask for") {
  auto fr = with_records();
  auto const turtle = fr.ask("GET", "/catalogue");
  CHECK(turtle.status == 200);
  CHECK(turtle.headers.get("Content-Type").starts_with("text/turtle"));
  for (auto const* id : {"FR-SNDS", "FR-ESIS", "FR-BNDMR"}) CHECK(turtle.body.find(id) != std::string::npos);
  auto const xml = fr.ask("GET", "/catalogue?page=1", {{"Accept", "application/rdf+xml"}});
  CHECK(xml.body.find("<rdf:RDF") != std::string::npos);
  auto const beyond = fr.ask("GET", "/catalogue?page=1000000000");
  CHECK(beyond.status == 200);
  CHECK(beyond.body.find("FR-SNDS") == std::string::npos);
  for (auto const* wrong : {"page=x", "page=0", "page=184467440737095517", "format=doc"})
    CHECK(fr.ask("GET", std::string("/catalogue?") + wrong).status == 400);
}

TEST_CASE("publishing needs an editor, a record, and a centre to publish to") {
  auto fr = with_records();
  CHECK(fr.ask("POST", "/api/datasets/FR-SNDS/publication").status == 401);
  CHECK(fr.as({role::catalogue_editor}, "POST", "/api/datasets/nothing/publication").status == 404);
  auto const alone = fr.as({role::catalogue_editor}, "POST", "/api/datasets/FR-SNDS/publication");
  CHECK(alone.status == 422);
  CHECK(json_of(alone).at("detail").get<std::string>().find("EU") != std::string::npos);
  CHECK(json_of(fr.ask("GET", "/api/datasets/FR-SNDS")).at("publication").at("state") == "");
}
