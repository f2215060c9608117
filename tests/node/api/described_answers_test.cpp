// What the description says of answers is what is answered: the statuses, the members, and the words of `status`.
#include <catch2/catch.hpp>
#include <set>

#include "edelivery/sender/outbound.hpp"
#include "node/api/openapi.hpp"
#include "node/exchange/back_end_box.hpp"
#include "node/house/two_houses.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;

namespace {

json described_api() { return json::parse(node::api::openapi_document()); }

json schema(std::string const& name) { return described_api().at("components").at("schemas").at(name); }

bool is_of_the_exchange(std::string const& path) {
  return path.starts_with("/api/messages") || path.starts_with("/api/ledger") || path.starts_with("/api/test-messages");
}

// Calls visit(name, operation) for each operation of the message exchange; how many there were.
template <class Visit>
int each_operation(Visit visit) {
  int seen = 0;
  auto const whole = described_api();
  for (auto const& [path, operations] : whole.at("paths").items())
    for (auto const& [method, operation] : operations.items())
      if (is_of_the_exchange(path)) visit(method + " " + path, operation), ++seen;
  return seen;
}

std::vector<std::string> described_words(std::string const& name) {
  std::vector<std::string> words;
  for (auto const& one : schema(name).at("oneOf")) {
    CHECK_FALSE(one.at("description").get<std::string>().empty());
    words.push_back(one.at("const").get<std::string>());
  }
  return words;
}

template <class Words>
std::vector<std::string> texts(Words const& words) {
  return {words.begin(), words.end()};
}

std::set<std::string> members_of(json const& object) {
  std::set<std::string> names;
  for (auto const& [name, value] : object.items()) names.insert(name);
  return names;
}

std::set<std::string> described_members(std::string const& name) {
  auto const shape = schema(name);
  auto names = members_of(shape.at("properties"));
  for (auto const& base : shape.value("allOf", json::array())) {
    auto const path = base.at("$ref").get<std::string>();
    names.merge(described_members(path.substr(path.rfind('/') + 1)));
  }
  return names;
}

two_houses ordering() {
  return two_houses([](auto& settings) { settings.back_ends = {{"erp", {{"urn:orders", {}}}, "", ""}}; },
                    [](json& mode) { mode["service"] = {{"value", "urn:orders"}}; });
}

}  // namespace

TEST_CASE("each operation of the message exchange describes its success and its problems") {
  auto const problem = json{{"$ref", "#/components/schemas/problem"}};
  int const seen = each_operation([&](std::string const& name, json const& operation) {
    INFO(name);
    auto const& answers = operation.at("responses");
    std::set<std::string> expected{"400", "401", "403", "503", "default"};
    if (name.find('{') != std::string::npos) expected.insert("404");
    for (auto const& status : expected) CHECK(answers.contains(status));
    int good = 0;
    for (auto const& [status, answer] : answers.items()) {
      if (status == "default") continue;
      INFO(status);
      CHECK_FALSE(answer.at("description").get<std::string>().empty());
      if (status.starts_with('2'))
        good += status == "204" || answer.contains("content") ? 1 : 0;
      else
        CHECK(answer.at("content").at("application/problem+json").at("schema") == problem);
    }
    CHECK(good == 1);
  });
  CHECK(seen == 13);
}

TEST_CASE("the words of status are described, each with its meaning, as the exchange knows them") {
  auto const& all = node::exchange::ledger_statuses;
  CHECK(described_words("ledger_status") == texts(all));
  auto const sent = described_words("sent_status");
  CHECK(sent == std::vector<std::string>(all.begin(), all.begin() + 5));
  for (auto const& word : sent) CHECK(edelivery::parse_outbound_status(word).has_value());
  CHECK(described_words("arrived_status") == texts(node::exchange::arrived_statuses));
  CHECK(schema("direction").at("enum").get<std::vector<std::string>>() == texts(node::exchange::ledger_directions));
}

TEST_CASE("messages have the members that are described, no more and no less") {
  auto houses = ordering();
  auto& fr = houses.fr();
  auto const ask = [&](std::string const& key, std::string const& method, std::string const& target,
                       std::string const& body = {}) {
    return fr.ask(method, target, {{"X-API-Key", key}, {"Content-Type", "application/json"}}, body);
  };
  auto const key = fr.key_with({role::back_end});
  auto const taken = ask(key, "POST", "/api/messages", R"({"pmode": "FR-EU", "action": "order"})");
  REQUIRE(taken.status == 201);
  CHECK(members_of(json_of(taken)) == described_members("submitted"));
  auto const id = json_of(taken).at("message_id").get<std::string>();
  auto const at = node::http::percent_encode(id);
  auto const sent = json_of(ask(key, "GET", "/api/messages/" + at));
  CHECK(members_of(sent) == described_members("message_with_sending"));
  CHECK(members_of(sent.at("from")) == described_members("party"));
  auto const entries = json_of(fr.as({role::operator_}, "GET", "/api/ledger")).at("entries");
  CHECK(members_of(entries.at(0)) == described_members("ledger_entry"));
  auto const entry = json_of(fr.as({role::operator_}, "GET", "/api/ledger/" + at)).at("entries").at(0);
  CHECK(members_of(entry) == described_members("ledger_entry_with_history"));

  // Problems, each under a status that is described.
  auto const refused = ask(key, "POST", "/api/messages", R"({"pmode": "none"})");
  CHECK(refused.status == 422);
  auto known = described_members("problem");
  for (auto const& name : members_of(json_of(refused))) CHECK(known.contains(name));
  CHECK(ask(key, "POST", "/api/messages", "{").status == 400);
  CHECK(ask("", "POST", "/api/messages", "{}").status == 401);
  CHECK(ask(fr.key_with({role::screener}), "POST", "/api/messages", "{}").status == 403);
  CHECK(ask(key, "GET", "/api/messages/none").status == 404);
}

TEST_CASE("a conflict, a part that is gone and a form that is not read have the status that is described") {
  auto houses = ordering();
  auto& fr = houses.fr();
  auto const json_type = std::string("application/json");
  auto const post = [&](std::string const& target, std::string const& body, std::string const& type) {
    return fr.ask("POST", target,
                  {{"X-API-Key", fr.key_with({role::back_end, role::operator_})},
                   {"Content-Type", type},
                   {"Idempotency-Key", "order-1"}},
                  body);
  };
  auto const is_described = [](std::string const& path, std::string const& method, node::http::response const& answer) {
    return described_api().at("paths").at(path).at(method).at("responses").contains(std::to_string(answer.status));
  };
  auto const submit = [&](std::string const& body, std::string const& type) {
    auto answer = post("/api/messages", body, type);
    CHECK(is_described("/api/messages", "post", answer));
    return answer;
  };
  auto const order = std::string(R"({"pmode": "FR-EU", "action": "order", "parts": []})");
  auto const taken = submit(order, json_type);
  REQUIRE(taken.status == 201);
  CHECK(submit(R"({"pmode": "FR-EU", "action": "return"})", json_type).status == 409);
  CHECK(submit("<order/>", "text/xml").status == 415);
  auto const test = post("/api/test-messages", "<ping/>", "text/xml");
  CHECK(test.status == 415);
  CHECK(is_described("/api/test-messages", "post", test));
  auto const id = node::http::percent_encode(json_of(taken).at("message_id").get<std::string>());
  REQUIRE(soon([&] {
    return json_of(fr.ask("GET", "/api/messages/" + id, {{"X-API-Key", fr.key_with({role::back_end})}})).at("status") ==
           "delivered";
  }));
  auto const again = post("/api/ledger/" + id + "/requeue", "", json_type);
  CHECK(again.status == 409);
  CHECK(is_described("/api/ledger/{message}/requeue", "post", again));
}

TEST_CASE("what came for a back end has the members that are described") {
  auto houses = ordering();
  auto const fr = houses.fr().key_with({role::back_end});
  auto const eu = houses.eu().key_with({role::back_end});
  auto const body = std::string(
      "--B\r\nContent-Type: application/json\r\n\r\n{\"pmode\": \"FR-EU\", \"action\": \"order\", "
      "\"properties\": [{\"name\": \"n\", \"value\": \"v\"}]}\r\n--B\r\nContent-Type: "
      "text/plain\r\n\r\nx\r\n--B--\r\n");
  REQUIRE(
      houses.fr()
          .ask("POST", "/api/messages", {{"X-API-Key", fr}, {"Content-Type", "multipart/related; boundary=B"}}, body)
          .status == 201);
  json listed;
  REQUIRE(soon([&] {
    listed = json_of(houses.eu().ask("GET", "/api/messages", {{"X-API-Key", eu}})).at("messages");
    return !listed.empty();
  }));
  CHECK(members_of(listed.at(0)) == described_members("message"));
  CHECK(members_of(listed.at(0).at("parts").at(0)) == described_members("part"));
  CHECK(members_of(listed.at(0).at("properties").at(0)) == described_members("property"));
}
