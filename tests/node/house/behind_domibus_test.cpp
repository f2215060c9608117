// A country that keeps its access point: a whole node behind it sends and receives through the WS plug-in, over HTTPS.
// The access point is another whole node, which serves the plug-in and speaks AS4 with the centre.
#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "edelivery/backend/answers.hpp"
#include "edelivery/backend/envelopes.hpp"
#include "node/house/two_houses.hpp"
#include "node/http/client.hpp"
#include "node/http/io_thread.hpp"

using namespace ehds;
using namespace ehds::tests;
using namespace ehds::edelivery::tests;
using nlohmann::json;
using node::identity::role;

namespace {

void trade(json& mode) {
  mode["service"] = {{"value", "bdx:noprocess"}, {"type", "tc1"}};
  mode["us"]["type"] = "urn:t";
  mode["partner"]["type"] = "urn:t";
}

// The centre and the access point of France.
two_houses domibus_network() {
  return two_houses([](auto& settings) { settings.back_ends = {{"erp", {{"bdx:noprocess", {}}}, "", ""}}; }, trade);
}

// A program of the country at the plug-in of one house.
struct program {
  one_house& house;
  std::string key = house.key_with({role::back_end});

  std::string ask(std::string const& body) {
    auto const answer = house.ask("POST", "/services/wsplugin",
                                  {{"Authorization", "Basic " + to_base64("program:" + key)},
                                   {"Content-Type", "application/soap+xml; charset=utf-8"}},
                                  body);
    if (!answer.stream) return answer.body;
    string_sink all;
    REQUIRE(each_piece(*answer.stream, [&](auto piece) { return all.add(piece); }));
    return all.text;
  }
  std::string of(std::string const& operation, std::string const& inside) {
    return ask(asking("<_1:" + operation + ">" + inside + "</_1:" + operation + ">"));
  }
  bool waits(std::string const& id) {
    return of("listPendingMessagesRequest", "").find("<messageID>" + id + "<") != std::string::npos;
  }
  bool is(std::string const& id, std::string const& status) {
    return of("statusRequest", "<messageID>" + id + "</messageID>").find(">" + status + "<") != std::string::npos;
  }
};

std::string parties_of(std::string const& from, std::string const& to) {
  return "<ns:PartyInfo><ns:From><ns:PartyId type=\"urn:t\">" + from +
         "</ns:PartyId></ns:From><ns:To><ns:PartyId type=\"urn:t\">" + to + "</ns:PartyId></ns:To></ns:PartyInfo>";
}

std::string order(std::string const& id, std::string const& from, std::string const& to, std::string const& bytes) {
  return submitting(
      "<ns:MessageInfo><ns:MessageId>" + id + "</ns:MessageId></ns:MessageInfo>" + parties_of(from, to) +
          collaboration + properties +
          payload_info(listed_part(
              "cid:message",
              R"(<ns:PartProperties><ns:Property name="MimeType">text/csv</ns:Property></ns:PartProperties>)")),
      payload("cid:message", to_base64(bytes)));
}

// A node of France that speaks no AS4 itself.
struct node_behind {
  one_house house;

  static void settle(node::config::configuration& settings, std::string const& url, std::string const& key,
                     json const& more = json::object()) {
    auto const folder = settings.file.parent_path();
    json mode{{"id", "FR-EU"},
              {"service", {{"value", "bdx:noprocess"}, {"type", "tc1"}}},
              {"actions", json::array()},
              {"us", {{"id", "FR"}, {"type", "urn:t"}}},
              {"partner", {{"id", "EU"}, {"type", "urn:t"}}},
              {"retry", {{"initial_delay_seconds", 1}, {"factor", 1.0}, {"max_delay_seconds", 1}}}};
    mode.update(more);
    write_json(folder / "partners.json", {{"partners", {{{"nation_id", "EU"}, {"party_id", "EU"}}}}});
    write_json(folder / "pmodes/eu.json", {{"pmodes", {mode}}});
    settings.partners.file = folder / "partners.json";
    settings.partners.pmodes = folder / "pmodes";
    settings.back_ends = {{"erp", {{"bdx:noprocess", {}}}, "", ""}};
    settings.access_point.kind = node::config::access_point_kind::domibus;
    settings.access_point.url = url;
    settings.access_point.user = "node";
    settings.access_point.password = key;
    settings.access_point.look_every = std::chrono::seconds{1};
  }

  explicit node_behind(
      one_house& access_point, json const& more = json::object(),
      std::function<void(node::config::configuration&)> const& change = [](auto&) {})
      : house("FR", [&, url = access_point.house().addresses().at(0),
                     key = access_point.key_with({role::back_end})](auto& settings) {
          settle(settings, url.substr(url.find(' ') + 1) + "/services/wsplugin", key, more);
          change(settings);
        }) {
    auto const started = house.house().start();
    if (!started) FAIL(to_text(started.error().front()));
  }
};

}  // namespace

TEST_CASE("a node behind an access point sends and receives through it, and each side sees the same end") {
  auto net = domibus_network();
  node_behind behind(net.fr());
  program france{behind.house}, centre{net.eu()}, access_point{net.fr()};

  auto const large = std::string(900'000, 'x');
  auto const sent = france.ask(order("order@erp.fr", "FR", "EU", large));
  INFO(sent.substr(0, 1000));
  REQUIRE(sent.find("<messageID>order@erp.fr</messageID>") != std::string::npos);
  REQUIRE(soon([&] { return centre.waits("order@erp.fr"); }));
  auto const got = centre.of("retrieveMessageRequest", "<messageID>order@erp.fr</messageID>");
  CHECK(got.find("<value>" + to_base64(large) + "</value>") != std::string::npos);
  CHECK(got.find(R"(<eb:Property name="originalSender">C1</eb:Property>)") != std::string::npos);
  CHECK(got.find(R"(<payload payloadId="cid:message" contentType="text/csv">)") != std::string::npos);
  CHECK(soon([&] { return access_point.is("order@erp.fr", "ACKNOWLEDGED"); }));
  CHECK(soon([&] { return france.is("order@erp.fr", "ACKNOWLEDGED"); }));

  centre.ask(order("bill@erp.eu", "EU", "FR", large + "y"));
  REQUIRE(soon([&] { return france.waits("bill@erp.eu"); }));
  CHECK(soon([&] { return access_point.is("bill@erp.eu", "DOWNLOADED"); }));
  auto const bill = france.of("retrieveMessageRequest", "<messageID>bill@erp.eu</messageID>");
  CHECK(bill.find("<value>" + to_base64(large + "y") + "</value>") != std::string::npos);
}

TEST_CASE("what the access point gives up is a dead letter of the node behind it, and waits while it is away") {
  auto net = domibus_network();
  node_behind behind(net.fr());
  program france{behind.house}, access_point{net.fr()};
  net.stop("EU");
  france.ask(order("one@erp.fr", "FR", "EU", "a"));
  REQUIRE(soon([&] { return access_point.is("one@erp.fr", "WAITING_FOR_RETRY"); }));
  CHECK(soon([&] {
    auto const said = json_of(behind.house.as({role::operator_}, "GET", "/api/ledger?direction=out"));
    return said.at("entries").at(0).at("reason").get<std::string>().starts_with("Domibus has it");
  }));
  net.start("EU");
  CHECK(soon([&] { return france.is("one@erp.fr", "ACKNOWLEDGED"); }));
}

TEST_CASE("a node behind an access point takes no AS4 of its own, and notices on its internal side alone") {
  auto net = domibus_network();
  node_behind behind(net.fr());
  header_list const soap{{"Content-Type", "application/soap+xml"}};
  CHECK(behind.house.ask("POST", "/as4", soap, "<a/>").status == 404);
  auto const notice = [](std::string const& name) {
    return R"(<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><d:)" + name +
           R"( xmlns:d="eu.domibus"><messageID>a@b</messageID></d:)" + name + "></s:Body></s:Envelope>";
  };
  CHECK(behind.house.ask("POST", "/services/backend", soap, notice("receiveSuccess")).status == 404);
  auto const inside = [&](std::string const& body) {
    return behind.house.ask_inside(request_of("POST", "/services/backend", soap, body));
  };
  for (auto const* name : {"receiveSuccess", "sendSuccess", "sendFailure", "messageStatusChange", "delete"})
    CHECK(inside(notice(name)).status == 200);
  CHECK(inside("rubbish").status == 500);
  one_house own("FR");
  CHECK(own.ask_inside(request_of("POST", "/services/backend", soap, notice("delete"))).status == 404);
}

namespace {

// As the access point pushes it whole, inline as its Java does or with its payload beside the envelope.
struct pushed_order {
  std::string type = "application/soap+xml; charset=utf-8";
  std::string body;
};
pushed_order push_of(std::string const& id, std::string const& bytes, bool is_beside) {
  auto const info = "<ns2:MessageInfo><ns2:Timestamp>2026-11-22T11:00:00Z</ns2:Timestamp><ns2:MessageId>" + id +
                    "</ns2:MessageId></ns2:MessageInfo>";
  auto const value = is_beside ? R"(<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:p@x"/>)"
                               : to_base64(bytes);
  auto const soap = pushed_message(
      info + R"(<ns2:PartyInfo><ns2:From><ns2:PartyId type="urn:t">EU</ns2:PartyId><ns2:Role>)" +
          std::string(edelivery::default_initiator_role) +
          R"(</ns2:Role></ns2:From><ns2:To><ns2:PartyId type="urn:t">FR</ns2:PartyId><ns2:Role>)" +
          std::string(edelivery::default_responder_role) + "</ns2:Role></ns2:To></ns2:PartyInfo>" +
          retrieved_collaboration + "<ns2:MessageProperties>" + retrieved_property("originalSender", "C1") +
          retrieved_property("finalRecipient", "C4") + "</ns2:MessageProperties><ns2:PayloadInfo>" +
          retrieved_part("cid:message", retrieved_property("MimeType", "text/csv")) + "</ns2:PayloadInfo>",
      R"(<payload payloadId="cid:message" mimeType="text/csv"><value>)" + value + "</value></payload>");
  if (!is_beside) return {.body = soap};
  auto const part = [](std::string const& type, std::string const& name, std::string const& content) {
    return "--b\r\nContent-Type: " + type + "\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <" + name +
           ">\r\n\r\n" + content + "\r\n";
  };
  return {
      R"(multipart/related; type="application/xop+xml"; start="<r@x>"; start-info="application/soap+xml"; boundary=b)",
      part(R"(application/xop+xml; charset=UTF-8; type="application/soap+xml")", "r@x", soap) +
          part("application/octet-stream", "p@x", bytes) + "--b--\r\n"};
}

void may_push(node::config::configuration& settings) {
  settings.access_point.push_user = "domibus";
  settings.access_point.push_password = "a secret";
  node::config::listen_section door;
  door.serves = node::config::served::internal_side;
  settings.listen.push_back(door);
}

// At the door it has for that, over HTTP.
http_call_response push_over_wire(one_house& house, pushed_order const& order, std::string const& login) {
  node::http::io_thread io;
  auto const wire = node::http::client::make(io, {}).value();
  http_call_request request;
  request.method = "POST";
  for (auto const& door : house.house().addresses())
    if (door.starts_with("internal ")) request.url = door.substr(door.find(' ') + 1) + "/services/backend";
  REQUIRE_FALSE(request.url.empty());
  request.headers = {{"Content-Type", order.type}};
  if (!login.empty()) request.headers.push_back({"Authorization", "Basic " + to_base64(login)});
  request.body = order.body;
  request.timeout = std::chrono::seconds{60};
  auto const answer = wire->call(request);
  INFO((answer ? std::string("answered") : to_text(answer.error())));
  REQUIRE(answer);
  return *answer;
}

}  // namespace

TEST_CASE("the access point pushes messages whole, and they are in the mail before it is told so") {
  auto net = domibus_network();
  node_behind behind(net.fr(), json::object(), may_push);
  program france{behind.house};
  bool const is_beside = GENERATE(false, true);
  auto const large = std::string(900'000, 'x') + "end";
  auto const order = push_of("pushed@eu", large, is_beside);

  for (auto const* stranger : {"", "domibus:another", "another:a secret", "a secret"}) {
    auto const refused = push_over_wire(behind.house, order, stranger);
    CHECK(refused.status == 401);
    CHECK(refused.body.find("wsplugin.push.auth.username") != std::string::npos);
  }
  CHECK_FALSE(france.waits("pushed@eu"));
  CHECK(push_over_wire(behind.house, push_of("small@eu", "a", is_beside), "").status == 401);

  for (int again = 0; again < 2; ++again) {
    auto const taken = push_over_wire(behind.house, order, "domibus:a secret");
    INFO(taken.body);
    CHECK(taken.status == 200);
    CHECK(taken.body.find("Fault") == std::string::npos);
    CHECK(france.waits("pushed@eu"));
  }
  auto const got = france.of("retrieveMessageRequest", "<messageID>pushed@eu</messageID>");
  CHECK(got.find("<value>" + to_base64(large) + "</value>") != std::string::npos);
  CHECK(got.find(R"(<eb:Property name="originalSender">C1</eb:Property>)") != std::string::npos);

  auto const other = push_over_wire(behind.house, push_of("pushed@eu", "b", is_beside), "domibus:a secret");
  CHECK(other.status == 500);
  CHECK(other.body.find("<code>edelivery.duplicate.different</code>") != std::string::npos);
  auto strange = push_of("strange@eu", "b", is_beside);
  strange.body.replace(strange.body.find("bdx:noprocess"), 13, "bdx:another  ");
  CHECK(push_over_wire(behind.house, strange, "domibus:a secret").status == 500);
  CHECK_FALSE(france.waits("strange@eu"));
}

TEST_CASE("a node that has no secret for it takes no message that is pushed, and says what to do") {
  auto net = domibus_network();
  node_behind behind(net.fr());
  auto const order = push_of("pushed@eu", "a", false);
  auto const refused = behind.house.ask_inside(
      request_of("POST", "/services/backend",
                 {{"Content-Type", order.type}, {"Authorization", "Basic " + to_base64(":")}}, order.body));
  CHECK(refused.status == 500);
  CHECK(refused.body.find("RECEIVE_SUCCESS") != std::string::npos);
  CHECK(refused.body.find("access_point.push") != std::string::npos);
  program france{behind.house};
  CHECK_FALSE(france.waits("pushed@eu"));
}

TEST_CASE("what a partner fetches is handed to the access point as such, and waits there until it was fetched") {
  auto const to_be_fetched = [](json& mode) {
    trade(mode);
    bool const sends = mode["us"]["id"] == "FR";
    mode.update({{"binding", "pull"},
                 {"mpc", "urn:example:mpc:EU"},
                 {"direction", sends ? "send" : "receive"},
                 {"pull_interval_seconds", 1}});
  };
  two_houses net([](auto& settings) { settings.back_ends = {{"erp", {{"bdx:noprocess", {}}}, "", ""}}; },
                 to_be_fetched);
  net.stop("EU");
  node_behind behind(net.fr(), {{"binding", "pull"}, {"mpc", "urn:example:mpc:EU"}, {"direction", "send"}});
  program france{behind.house}, access_point{net.fr()};
  france.ask(order("one@erp.fr", "FR", "EU", "a"));
  REQUIRE(soon([&] { return access_point.is("one@erp.fr", "READY_TO_PULL"); }));
  net.start("EU");
  CHECK(soon([&] { return france.is("one@erp.fr", "ACKNOWLEDGED"); }));
  program centre{net.eu()};
  CHECK(centre.waits("one@erp.fr"));
}

TEST_CASE("a back end that says who calls whom, or names a channel, has to say what the P-Mode says") {
  auto net = domibus_network();
  program access_point{net.fr()};
  auto const with = [&](std::string const& id, std::string const& word) {
    auto text = order(id, "FR", "EU", "a");
    auto const at = text.find("</ns:UserMessage>");
    REQUIRE(at != std::string::npos);
    return access_point.ask(text.insert(at, "<ns:ProcessingType>" + word + "</ns:ProcessingType>"));
  };
  CHECK(with("one@erp.fr", "PUSH").find("<messageID>one@erp.fr</messageID>") != std::string::npos);
  CHECK(with("two@erp.fr", "").find("<messageID>two@erp.fr</messageID>") != std::string::npos);
  auto const over = [&](std::string_view channel) {
    auto text = order("four@erp.fr", "FR", "EU", "a");
    return access_point.ask(text.insert(text.find("<ns:UserMessage") + 15, " mpc=\"" + std::string(channel) + "\""));
  };
  CHECK(over("urn:elsewhere").find("UserMessage/@mpc") != std::string::npos);
  CHECK(over(edelivery::default_mpc).find("<messageID>four@erp.fr<") != std::string::npos);
  for (auto const* word : {"PULL", "pulled"}) {
    auto const refused = with("three@erp.fr", word);
    INFO(refused);
    CHECK(refused.find("Fault>") != std::string::npos);
    CHECK(refused.find("UserMessage/ProcessingType") != std::string::npos);
    CHECK(refused.find("PUSH") != std::string::npos);
  }
}

TEST_CASE("a P-Mode under which we would fetch belongs into the Domibus, and a node says so before it starts") {
  fresh_folder const folder;
  auto settings = settings_for("FR", folder.path());
  node_behind::settle(settings, "https://127.0.0.1:1/services/wsplugin", "key");
  auto const file = folder.path() / "pmodes/eu.json";
  auto pmodes = json::parse(text_of_file(file));
  pmodes["pmodes"][0]["binding"] = "pull";
  pmodes["pmodes"][0]["direction"] = "receive";
  pmodes["pmodes"][0]["mpc"] = "urn:example:mpc:EU";
  write_json(file, pmodes);
  auto const built = node::house::house::build(settings);
  REQUIRE_FALSE(built);
  CHECK(built.error().at(0).code == "config.access_point.pull");
}

TEST_CASE("a whole message that one node pushes is taken by the other at its door for that, and nobody fetches it") {
  std::string door;  // of the node behind, once it is there
  two_houses net(
      [&door](auto& settings) {
        settings.back_ends = {{"erp", {{"bdx:noprocess", {}}}, "", ""}};
        if (settings.node.id != "FR" || door.empty()) return;
        auto& erp = settings.back_ends.at(0);
        erp.webhook_url = door + "/services/backend";
        erp.webhook = node::config::webhook_kind::domibus;
        erp.webhook_user = "domibus";
        erp.webhook_secret = "a secret";
        erp.webhook_pushes = {"message", "send_success"};
      },
      trade);
  node_behind behind(net.fr(), json::object(), [](auto& settings) {
    may_push(settings);
    settings.access_point.look_every = std::chrono::hours{1};
  });
  for (auto const& each : behind.house.house().addresses())
    if (each.starts_with("internal ")) door = each.substr(each.find(' ') + 1);
  REQUIRE_FALSE(door.empty());
  net.stop("FR");
  net.start("FR");
  program france{behind.house}, centre{net.eu()}, access_point{net.fr()};

  auto const large = std::string(900'000, 'x') + "end";
  centre.ask(order("bill@erp.eu", "EU", "FR", large));
  REQUIRE(soon([&] { return france.waits("bill@erp.eu"); }));
  CHECK(soon([&] { return access_point.is("bill@erp.eu", "DOWNLOADED"); }));
  auto const bill = france.of("retrieveMessageRequest", "<messageID>bill@erp.eu</messageID>");
  CHECK(bill.find("<value>" + to_base64(large) + "</value>") != std::string::npos);
  CHECK(bill.find(R"(<eb:Property name="originalSender">C1</eb:Property>)") != std::string::npos);
  CHECK(bill.find(R"(<payload payloadId="cid:message" contentType="text/csv">)") != std::string::npos);

  france.ask(order("order@erp.fr", "FR", "EU", "a"));
  CHECK(soon([&] { return centre.waits("order@erp.fr"); }));
  CHECK(soon([&] { return france.is("order@erp.fr", "ACKNOWLEDGED"); }));
}
