// The message exchange for the country's own programs, between two whole nodes over their real doors.
#include <catch2/catch.hpp>
#include <mutex>

#include "base/bytes.hpp"
#include "node/exchange/notice_worker.hpp"
#include "node/exchange/retention.hpp"
#include "node/house/two_houses.hpp"
#include "node/http/server.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;

namespace {

two_houses trading(std::function<void(node::config::configuration&)> change = [](auto&) {}) {
  return two_houses(
      [change](auto& settings) {
        settings.back_ends = {{"erp", {{"urn:orders", {}}}, "", ""}};
        change(settings);
      },
      [](json& mode) { mode["service"] = {{"value", "urn:orders"}, {"type", "urn:example"}}; });
}

std::string related(json const& message, std::vector<std::pair<std::string, std::string>> const& parts) {
  auto body = "--B\r\nContent-Type: application/json\r\n\r\n" + message.dump() + "\r\n";
  for (auto const& [id, bytes] : parts)
    body += "--B\r\nContent-Type: application/pdf\r\nContent-ID: <" + id + ">\r\n\r\n" + bytes + "\r\n";
  return body + "--B--\r\n";
}

struct back_end_of {
  one_house& house;
  std::string key = house.key_with({role::back_end});
  node::http::response ask(std::string const& method, std::string const& target, header_list more = {},
                           std::string const& body = {}) {
    more.emplace_back("X-API-Key", key);
    return house.ask(method, target, more, body);
  }
  node::http::response hand_over(std::string const& body, std::string const& idempotency = {}) {
    header_list headers{{"Content-Type", "multipart/related; boundary=B"}};
    if (!idempotency.empty()) headers.emplace_back("Idempotency-Key", idempotency);
    return ask("POST", "/api/messages", headers, body);
  }
};

std::string streamed(node::http::response const& answer) {
  REQUIRE(answer.stream);
  string_sink all;
  REQUIRE(each_piece(*answer.stream, [&](auto piece) { return all.add(piece); }));
  return all.text;
}

// Over the node's real door, as the program of another machine.
http_call_response over_the_door(two_houses& houses, one_house& from, one_house& to, http_call_request request) {
  static_cast<void>(houses);
  auto const door = to.house().addresses().at(0);
  request.url = door.substr(door.find("https://")) + request.url;
  request.headers.push_back({"X-API-Key", to.key_with({role::back_end})});
  return from.parts().wire->call(request).value();
}

}  // namespace

TEST_CASE("a back end hands a message over, the other one finds it, takes its parts and is done with it") {
  auto houses = trading();
  back_end_of fr{houses.fr()}, eu{houses.eu()};
  auto const large = std::string(900'000, 'x') + "end";
  json const message{{"pmode", "FR-EU"},
                     {"action", "order"},
                     {"properties", {{{"name", "originalSender"}, {"value", "shop"}}}},
                     {"parts", {{{"content_id", "plan"}, {"properties", {{{"name", "page"}, {"value", "3"}}}}}}}};
  auto const body = related(message, {{"plan", large}, {"note", "short"}});
  auto const taken = fr.hand_over(body, "order-1");
  REQUIRE(taken.status == 201);
  auto const id = json_of(taken).at("message_id").get<std::string>();
  auto const path = "/api/messages/" + node::http::percent_encode(id);
  CHECK(taken.headers.get("Location") == path);
  CHECK(fr.hand_over(body, "order-1").body == taken.body);
  CHECK(fr.hand_over(related(message, {{"plan", large}}), "order-1").status == 409);

  json listed;
  REQUIRE(soon([&] {
    listed = json_of(eu.ask("GET", "/api/messages")).at("messages");
    return !listed.empty();
  }));
  CHECK(listed.size() == 1);
  CHECK(listed[0].at("message_id") == id);
  CHECK(listed[0].at("status") == "waiting");
  CHECK(listed[0].at("from").at("id") == "FR");
  CHECK(listed[0].at("properties").at(0).at("value") == "shop");
  auto const& parts = listed[0].at("parts");
  CHECK(parts.at(0).at("size") == large.size());
  CHECK(parts.at(0).at("properties").at(0).at("name") == "page");
  auto const first = eu.ask("GET", path + "/parts/1");
  CHECK(first.headers.get("Content-Type") == "application/pdf");
  CHECK(streamed(first) == large);
  CHECK(streamed(eu.ask("GET", path + "/parts/2")) == "short");
  for (auto const* none : {"0", "3", "x", "-1"}) CHECK(eu.ask("GET", path + "/parts/" + none).status == 404);

  CHECK(eu.ask("POST", path + "/processed").status == 204);
  CHECK(eu.ask("POST", path + "/processed").status == 204);
  CHECK(json_of(eu.ask("GET", "/api/messages")).at("messages").empty());
  CHECK(json_of(eu.ask("GET", path)).at("status") == "processed");

  REQUIRE(soon([&] { return json_of(fr.ask("GET", path)).at("status") == "delivered"; }));
  auto const sent = json_of(fr.ask("GET", path));
  CHECK(sent.at("attempts").size() == 1);
  CHECK(sent.at("has_receipt") == true);
  CHECK(fr.ask("GET", path + "/receipt").body.find("NonRepudiationInformation") != std::string::npos);
}

TEST_CASE("a small part that the disk changed is 503 with its reason, and the other parts are handed out") {
  auto houses = trading();
  back_end_of fr{houses.fr()}, eu{houses.eu()};
  auto const taken = fr.hand_over(related({{"pmode", "FR-EU"}, {"action", "order"}}, {{"a", "short"}, {"b", "other"}}));
  REQUIRE(taken.status == 201);
  auto const path = "/api/messages/" + node::http::percent_encode(json_of(taken).at("message_id").get<std::string>());
  REQUIRE(soon([&] { return eu.ask("GET", path).status == 200; }));
  auto& db = *houses.eu().parts().db;
  REQUIRE(db.commit([](node::store::transaction& tx) -> result<void> {
    CHECK(tx.run("UPDATE store_payload SET bytes = ? WHERE bytes = ?", node::store::blob{"shorT"},
                 node::store::blob{"short"}) == 1);
    return {};
  }));
  auto const damaged = eu.ask("GET", path + "/parts/1");
  CHECK(damaged.status == 503);
  CHECK(json_of(damaged).at("code") == "store.payload_damaged");
  CHECK_FALSE(damaged.stream);
  CHECK(db.payloads().damaged() == 1);
  CHECK(streamed(eu.ask("GET", path + "/parts/2")) == "other");
}

TEST_CASE("parts larger than memory should hold go through the real doors, both ways") {
  auto houses = trading();
  std::string large;
  while (large.size() < 3'000'000) large += sha256(std::to_string(large.size()));  // no bomb: packs to what it is
  http_call_request give;
  give.method = "POST";
  give.url = "/api/messages";
  give.headers = {{"Content-Type", "multipart/related; boundary=B"}};
  give.body = related({{"pmode", "FR-EU"}, {"action", "order"}}, {{"a", large}});
  auto const taken = over_the_door(houses, houses.eu(), houses.fr(), give);
  REQUIRE(taken.status == 201);
  auto const id = json::parse(taken.body).at("message_id").get<std::string>();
  auto const path = "/api/messages/" + node::http::percent_encode(id);
  back_end_of eu{houses.eu()};
  REQUIRE(soon([&] { return eu.ask("GET", path).status == 200; }));
  http_call_request get;
  get.url = path + "/parts/1";
  auto const got = over_the_door(houses, houses.fr(), houses.eu(), get);
  CHECK(got.status == 200);
  CHECK(got.header("Content-Length") == std::to_string(large.size()));
  CHECK(got.body == large);
}

TEST_CASE("events are told in order as server-sent events, and again after the last one seen") {
  auto houses = trading();
  back_end_of fr{houses.fr()}, eu{houses.eu()};
  std::vector<std::string> ids;
  for (int n = 1; n <= 2; ++n) {
    ids.push_back(json_of(fr.hand_over(related({{"pmode", "FR-EU"}, {"action", "order"}}, {})))
                      .at("message_id")
                      .get<std::string>());
    REQUIRE(soon([&] { return eu.ask("GET", "/api/messages/" + ids.back()).status == 200; }));
  }
  auto const all = eu.ask("GET", "/api/messages/events");
  CHECK(all.headers.get("Content-Type") == "text/event-stream");
  CHECK(all.body.starts_with("retry: 2000\n\nid: 1\nevent: message.arrived\ndata: {\"id\":1,"));
  CHECK(all.body.find(ids[0]) < all.body.find(ids[1]));
  auto const rest = eu.ask("GET", "/api/messages/events", {{"Last-Event-ID", "1"}}).body;
  CHECK(rest.find("id: 1\n") == std::string::npos);
  CHECK(rest.find("id: 2\nevent: message.arrived\n") != std::string::npos);
  CHECK(eu.ask("GET", "/api/messages/events?last_event_id=2").body == "retry: 2000\n\n");
  CHECK(eu.ask("GET", "/api/messages/events?last_event_id=x").status == 400);
  // An EventSource keeps its address, and does not come again after a 400.
  for (auto const* address : {"/api/messages/events?last_event_id=x", "/api/messages/events?last_event_id=0"})
    CHECK(eu.ask("GET", address, {{"Last-Event-ID", "1"}}).body == rest);
  CHECK(eu.ask("GET", "/api/messages/events?count=1").body.find("id: 2\n") == std::string::npos);
  REQUIRE(soon([&] { return fr.ask("GET", "/api/messages/events").body.find("id: 2") != std::string::npos; }));
  CHECK(fr.ask("GET", "/api/messages/events").body.find("message.delivered") != std::string::npos);
}

TEST_CASE("a running node calls the webhook of a back end, signed, and again until it is taken") {
  std::mutex guard;
  std::vector<node::http::request> calls;
  system_clock const wall;
  node::http::io_thread io;
  auto const erp = node::http::server::bind(io, {{node::http::listener{}}}, wall).value();
  node::http::application const take{.answer = [&](node::http::request const& asked) {
    std::scoped_lock const lock(guard);
    calls.push_back(asked);
    return calls.size() == 1 ? node::http::text("not now", 503) : node::http::no_content();
  }};
  erp->start({{"public", take}});
  auto const url = erp->listeners().front().url() + "/events";
  auto houses = trading([&](auto& settings) {
    if (settings.node.id == "EU") settings.back_ends.at(0).webhook_url = url;
    settings.back_ends.at(0).webhook_secret = "a secret";
  });
  back_end_of fr{houses.fr()};
  auto const id =
      json_of(fr.hand_over(related({{"pmode", "FR-EU"}, {"action", "order"}}, {}))).at("message_id").get<std::string>();
  REQUIRE(soon([&] {
    std::scoped_lock const lock(guard);
    return calls.size() >= 2;
  }));
  std::scoped_lock const lock(guard);
  for (auto const& one : calls) {
    CHECK(one.path == "/events");
    CHECK(json::parse(one.body).at("message_id") == id);
    CHECK(one.header("X-EHDS-Signature") ==
          node::exchange::signature_of("a secret", one.header("X-EHDS-Timestamp"), one.body));
  }
}

TEST_CASE("only a back end's key opens these doors, and only for back ends' messages") {
  auto houses = trading();
  back_end_of fr{houses.fr()};
  for (auto const* path : {"/api/messages", "/api/messages/events", "/api/messages/x", "/api/messages/x/parts/1",
                           "/api/messages/x/receipt"}) {
    INFO(path);
    CHECK(houses.fr().ask("GET", path).status == 401);
    CHECK(houses.fr().as({role::catalogue_editor}, "GET", path).status == 403);
  }
  CHECK(houses.fr().as({role::catalogue_editor}, "POST", "/api/messages").status == 403);
  auto const unknown = fr.ask("GET", "/api/messages/unknown@x");
  CHECK(unknown.status == 404);
  CHECK_FALSE(json_of(unknown).at("mend").get<std::string>().empty());
  CHECK(fr.ask("POST", "/api/messages/unknown@x/processed").status == 404);
  CHECK(fr.hand_over(related({{"pmode", "EU-FR"}, {"action", "order"}}, {})).status == 422);
  CHECK(fr.hand_over(related({{"pmode", "FR-EU"}, {"action", ""}}, {})).status == 422);
  CHECK(fr.hand_over("--B--").status == 400);
  CHECK(fr.ask("POST", "/api/messages", {{"Content-Type", "text/xml"}}, "<a/>").status == 415);
}

TEST_CASE("what is wrong with a message is said at the member that it came from, with the choices there are") {
  two_houses houses(
      [](auto& settings) {
        settings.back_ends = {{"erp", {{"urn:orders", {"order", "invoice"}}}, "", ""},
                              {"archive", {{"urn:orders", {"letter"}}}, "", ""}};
      },
      [](json& mode) {
        mode["service"] = {{"value", "urn:orders"}, {"type", "urn:example"}};
        mode["actions"] = json::array({"order", "letter", "invoice"});
      });
  auto const made = houses.fr().as({role::operator_}, "POST", "/api/api-keys",
                                   {{"name", "x"}, {"roles", {"back_end"}}, {"back_end", "erp"}});
  REQUIRE(made.status == 201);
  back_end_of fr{houses.fr(), json_of(made).at("key").get<std::string>()};
  auto const refused = [&](json message) {
    message["pmode"] = "FR-EU";
    auto const answer = fr.hand_over(related(message, {}));
    INFO(answer.body);
    CHECK(answer.status == 422);
    return json_of(answer);
  };
  for (auto const& message : {json::object(), json{{"action", "poem"}}}) {
    auto const told = refused(message);
    CHECK(told.at("where") == "/action");
    CHECK(told.at("mend") == "Say which: order, invoice.");  // those of this back end alone
  }
  CHECK(refused({{"action", "letter"}}).at("code") == "exchange.submission.service");
  auto const id = refused({{"action", "order"}, {"message_id", "no at sign"}});
  CHECK(id.at("where") == "/message_id");
  CHECK(id.at("mend").get<std::string>().find("name@domain") != std::string::npos);
  CHECK(refused({{"action", "order"}, {"conversation_id", std::string(300, 'x')}}).at("where") == "/conversation_id");
  auto const both = refused({{"message_id", "no at sign"}}).at("problems");
  REQUIRE(both.size() == 2);
  CHECK(both.at(0).at("where") == "/action");
  CHECK(both.at(1).at("where") == "/message_id");
}

TEST_CASE("a key opens the messages of its own back end alone, and of none when it names none of several") {
  auto houses = trading([](auto& settings) {
    settings.back_ends = {{"erp", {{"urn:orders", {"order"}}}, "", ""},
                          {"archive", {{"urn:orders", {"letter"}}}, "", ""}};
  });
  auto const key = [](one_house& house, json const& asked) {
    return house.as({role::operator_}, "POST", "/api/api-keys", asked);
  };
  auto const key_of = [&](one_house& house, char const* name) {
    auto const made = key(house, {{"name", "a program"}, {"roles", {"back_end"}}, {"back_end", name}});
    REQUIRE(made.status == 201);
    return json_of(made).at("key").get<std::string>();
  };
  CHECK(key(houses.fr(), {{"name", "x"}, {"roles", {"back_end"}}}).status == 400);
  CHECK(key(houses.fr(), {{"name", "x"}, {"roles", {"back_end"}}, {"back_end", "nobody"}}).status == 400);
  CHECK(key(houses.fr(), {{"name", "x"}, {"roles", {"screener"}}, {"back_end", "erp"}}).status == 400);
  CHECK(back_end_of{houses.fr()}.ask("GET", "/api/messages").status == 403);

  back_end_of fr{houses.fr(), key_of(houses.fr(), "erp")}, fr_archive{houses.fr(), key_of(houses.fr(), "archive")};
  back_end_of eu{houses.eu(), key_of(houses.eu(), "erp")}, eu_archive{houses.eu(), key_of(houses.eu(), "archive")};
  auto const body = related({{"pmode", "FR-EU"}, {"action", "order"}}, {{"plan", "text"}});
  CHECK(fr_archive.hand_over(body).status == 422);
  auto const taken = fr.hand_over(body);
  REQUIRE(taken.status == 201);
  std::string const path(taken.headers.get("Location"));
  auto const id = json_of(taken).at("message_id").get<std::string>();
  REQUIRE(soon([&] { return eu.ask("GET", path).status == 200; }));
  REQUIRE(soon([&] { return json_of(fr.ask("GET", path)).at("status") == "delivered"; }));
  for (auto* other : {&fr_archive, &eu_archive}) {
    CHECK(json_of(other->ask("GET", "/api/messages")).at("messages").empty());
    CHECK(other->ask("GET", "/api/messages/events").body == "retry: 2000\n\n");
    CHECK(other->ask("GET", "/api/messages/events?back_end=erp").status == 400);
    for (auto const* more : {"", "?direction=in", "?direction=out", "/parts/1", "/receipt"})
      CHECK(other->ask("GET", path + more).status == 404);
    CHECK(other->ask("POST", path + "/processed").status == 404);
  }
  CHECK(json_of(eu.ask("GET", "/api/messages")).at("messages").at(0).at("message_id") == id);
  CHECK(eu.ask("GET", path + "?direction=out").status == 404);
  CHECK(eu.ask("POST", path + "/processed").status == 204);
}

TEST_CASE(
    "what was deleted after its days is 410 for the program and for the auditor, and its receipt is still there") {
  auto houses = trading();
  back_end_of fr{houses.fr()}, eu{houses.eu()};
  auto const taken = fr.hand_over(related({{"pmode", "FR-EU"}, {"action", "order"}}, {{"plan", "text"}}));
  std::string const path(taken.headers.get("Location"));
  REQUIRE(soon([&] { return eu.ask("GET", path).status == 200; }));
  REQUIRE(eu.ask("POST", path + "/processed").status == 204);
  auto& inside = houses.eu().parts();
  auto const bytes = "/api/ledger-bytes/" + json_of(eu.ask("GET", path)).at("number").dump();
  CHECK(houses.eu().as({role::auditor}, "GET", bytes).status == 200);
  REQUIRE(node::exchange::forget_bytes(*inside.db, inside.wall.now() + std::chrono::hours{1}) == 1);
  auto const gone = eu.ask("GET", path + "/parts/1");
  CHECK(gone.status == 410);
  CHECK(json_of(gone).at("code") == "exchange.part.gone");
  auto const raw = houses.eu().as({role::auditor}, "GET", bytes);
  CHECK(raw.status == 410);
  CHECK(json_of(raw).at("code") == "exchange.ledger.gone");
  CHECK(houses.eu().as({role::auditor}, "GET", bytes + "?of=receipt").status == 200);
  CHECK(eu.ask("GET", path + "/receipt").status == 200);
  CHECK(json_of(eu.ask("GET", path)).at("parts").at(0).at("sha256") == sha256_hex("text"));
}

TEST_CASE("a node whose back ends claim its own messages does not start") {
  fresh_folder folder;
  auto settings = settings_for("FR", folder.path());
  settings.back_ends = {{"erp", {{"urn:healthdata-eu:secondary-use", {}}}, "", ""}};
  auto const built = node::house::house::build(std::move(settings));
  REQUIRE_FALSE(built);
  CHECK(built.error().at(0).code == "exchange.back_end");
  CHECK(built.error().at(0).where == "/back_ends/0/takes/0/service");
}
