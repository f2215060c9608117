// The surface for certificates rolled over by messages: who may, and what is said when it cannot be.
#include <catch2/catch.hpp>

#include "edelivery/certificate_update/agreement_update.hpp"
#include "node/api/openapi.hpp"
#include "node/house/next_key.hpp"
#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;

namespace {

constexpr char const* path = "/api/certificate-updates";

// Keys of its own, and a P-Mode for updates with the centre, whose address answers nothing.
struct house_with_keys {
  fresh_folder keys;
  one_house fr;

  explicit house_with_keys(bool carries = true)
      : fr("FR", [this, carries](node::config::configuration& settings) {
          know_the_centre(settings);
          auto modes = json::parse(text_of_file(settings.partners.pmodes / "eu.json"));
          modes["pmodes"][0]["id"] = "updates";
          modes["pmodes"][0]["service"] = {{"value", edelivery::certificate_update_service}};
          if (carries) write_json(settings.partners.pmodes / "updates.json", modes);
          if (!std::filesystem::exists(keys / "FR")) std::filesystem::copy(keys_of("FR"), keys / "FR");
          settings.keys = keys / "FR";
        }) {}

  void bring_next(std::string const& name = "FR sign") { bring_next_signing_key(keys / "FR", name); }
  std::string refused(json const& body) {
    auto const answer = fr.as({role::operator_}, "POST", path, body);
    CHECK(is_problem(answer));
    return std::to_string(answer.status) + " " + json_of(answer).value("code", "");
  }
};

}  // namespace

TEST_CASE("our next certificate is announced to every partner with a P-Mode for it, and the list shows it") {
  house_with_keys a;
  CHECK(json_of(a.fr.as({role::auditor}, "GET", path)).at("certificate_updates").empty());
  a.bring_next();
  auto const posted = a.fr.as({role::operator_}, "POST", path, {{"keys", {"sign"}}});
  REQUIRE(posted.status == 202);
  CHECK(json_of(posted).at("announced") == json::array({{{"partner", "EU"}, {"number", 1}}}));
  CHECK(json_of(posted).at("not_announced").empty());
  auto const shown = json_of(a.fr.as({role::auditor}, "GET", path)).at("certificate_updates");
  REQUIRE(shown.size() == 1);
  CHECK(shown.at(0).at("direction") == "out");
  CHECK(shown.at(0).at("status") == "announced");
  CHECK(shown.at(0).at("delivery") == "queued");
  CHECK(shown.at(0).at("changes").at(0).at("next").at("subject") == "CN=FR sign,O=EHDS demo,C=FR");
  CHECK(shown.at(0).at("expire_by") == nullptr);
  CHECK(shown.at(0).at("urgent") == false);
  CHECK(shown.at(0).at("announced_reason") == "");
}

TEST_CASE("an announcement that cannot be made says why") {
  house_with_keys a;
  CHECK(a.refused({}) == "400 api.json");
  CHECK(a.refused({{"keys", "sign"}}) == "400 api.json");
  CHECK(a.refused({{"keys", json::array()}}) == "400 api.json");
  CHECK(a.refused({{"keys", {1}}}) == "400 api.json");
  CHECK(a.refused({{"keys", {"sign"}}}) == "400 identity.key");
  CHECK(a.refused({{"keys", {"../sign"}}}) == "400 identity.key");
  a.bring_next();
  CHECK(a.refused({{"keys", {"sign"}}, {"activate_by", "soon"}}) == "400 api.json");
  CHECK(a.refused({{"keys", {"tls"}}}) == "422 exchange.update.tls");
  CHECK(a.refused({{"keys", {"sign"}}, {"partner", "EU"}, {"activate_by", "2020-01-01T00:00:00Z"}}) ==
        "422 exchange.update.times");
  CHECK(a.refused({{"keys", {"sign"}}, {"partner", "DE"}}) == "400 edelivery.pmode.none");
  // Of all, those that it could not be told are named.
  auto const some =
      a.fr.as({role::operator_}, "POST", path, {{"keys", {"sign"}}, {"activate_by", "2020-01-01T00:00:00Z"}});
  REQUIRE(some.status == 202);
  CHECK(json_of(some).at("not_announced").at(0).at("code") == "exchange.update.times");
  CHECK_FALSE(json_of(some).at("not_announced").at(0).at("mend").get<std::string>().empty());
}

TEST_CASE("a rejection without a reason, and members that nobody reads, are refused by their names") {
  house_with_keys a;
  auto const rejected = std::string(path) + "/1/rejection";
  auto const where = [&](std::string const& target, json const& body) {
    auto const answer = a.fr.as({role::operator_}, "POST", target, body);
    INFO(answer.body);
    CHECK(answer.status == 400);
    CHECK_FALSE(json_of(answer).at("mend").get<std::string>().empty());
    return json_of(answer).at("where").get<std::string>();
  };
  // What is left of it when it is written is what counts; asked before whether there is such an update.
  for (json const& empty : {json::object(), json{{"reason", " \n"}}, json{{"reason", "\u0001\t"}},
                            json{{"reason", "\uFFFE"}}, json{{"reason", 7}}}) {
    auto const answer = json_of(a.fr.as({role::operator_}, "POST", rejected, empty));
    INFO(answer);
    CHECK(answer.at("status") == 422);
    CHECK(answer.at("code") == "exchange.update.reason");
    CHECK(answer.at("where") == "/reason");
    CHECK(answer.at("mend") == "Write one: the partner reads it.");
  }
  CHECK(where(rejected, {{"reason", "No."}, {"bogus", 1}}) == "/bogus");
  CHECK(where(path, {{"keys", {"sign"}}, {"bogus", 1}}) == "/bogus");
  CHECK(where(path, {{"keys", {"sign"}}, {"partner", 7}}) == "/partner");
  CHECK(where(path, {{"keys", {"sign"}}, {"another_subject", "yes"}}) == "/another_subject");
  for (std::string const time : {"activate_by", "expire_by"})
    for (json const& none : {json(1767225600), json(nullptr), json::array(), json("soon")})
      CHECK(where(path, {{"keys", {"sign"}}, {time, none}}) == "/" + time);
}

TEST_CASE("a next certificate with another subject is announced only to who insists") {
  house_with_keys a;
  a.bring_next("FR signing");
  auto const refused = json_of(a.fr.as({role::operator_}, "POST", path, {{"keys", {"sign"}}}));
  CHECK(refused.at("status") == 422);
  CHECK(refused.at("code") == "exchange.update.subject");
  CHECK(refused.at("where") == "/keys/0");
  auto const detail = refused.at("detail").get<std::string>();
  for (auto const* subject : {"CN=FR sign,O=EHDS demo,C=FR", "CN=FR signing,O=EHDS demo,C=FR"})
    CHECK(detail.find(subject) != std::string::npos);
  CHECK(refused.at("mend").get<std::string>().find("another_subject") != std::string::npos);
  CHECK(json_of(a.fr.as({role::auditor}, "GET", path)).at("certificate_updates").empty());
  CHECK(a.refused({{"keys", {"sign"}}, {"another_subject", false}}) == "422 exchange.update.subject");
  CHECK(a.fr.as({role::operator_}, "POST", path, {{"keys", {"sign"}}, {"another_subject", true}}).status == 202);
}

TEST_CASE("the description of an announcement and of a rejection names the members that are read") {
  auto const paths = json::parse(node::api::openapi_document()).at("paths");
  auto const members = [&](std::string const& of) {
    std::string all;
    auto const body = paths.at(of).at("post").at("requestBody").at("content").at("application/json").at("schema");
    CHECK(body.at("additionalProperties") == false);
    for (auto const& [name, ignored] : body.at("properties").items()) all += name + " ";
    return all;
  };
  CHECK(members(path) == "activate_by another_subject expire_by keys partner ");
  CHECK(members(std::string(path) + "/{number}/rejection") == "reason ");
}

TEST_CASE("where no P-Mode carries announcements nobody is told that somebody was") {
  house_with_keys a(false);
  a.bring_next();
  auto const answer = a.fr.as({role::operator_}, "POST", path, {{"keys", {"sign"}}});
  CHECK(answer.status == 422);
  CHECK(json_of(answer).at("code") == "exchange.update.partners");
  CHECK(json_of(answer).at("mend").get<std::string>().find("CertificateUpdate/v1.0") != std::string::npos);
}

TEST_CASE("only operators decide, and what is not there is not decided") {
  house_with_keys a;
  for (std::string const what : {"/acceptance", "/rejection"}) {
    INFO(what);
    auto const one = std::string(path) + "/1" + what;
    CHECK(a.fr.ask("POST", one).status == 401);
    CHECK(a.fr.as({role::auditor}, "POST", one, json::object()).status == 403);
    json const why = what == "/rejection" ? json{{"reason", "Call us first."}} : json::object();
    auto const unknown = a.fr.as({role::operator_}, "POST", one, why);
    CHECK(unknown.status == 404);
    CHECK_FALSE(json_of(unknown).at("mend").get<std::string>().empty());
    CHECK(a.fr.as({role::operator_}, "POST", std::string(path) + "/x" + what, why).status == 404);
  }
  CHECK(a.fr.ask("GET", path).status == 401);
  CHECK(a.fr.as({role::screener}, "GET", path).status == 403);
  CHECK(a.fr.as({role::auditor}, "POST", path, {{"keys", {"sign"}}}).status == 403);
}
