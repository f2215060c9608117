// Messages of the country's own programs, from one node's hands into the other's: handed over once, sent with all their
// parts, kept until they are processed, whatever breaks in between.
#include <catch2/catch.hpp>

#include "edelivery/sender/outbound.hpp"
#include "node/exchange/back_end_box.hpp"
#include "node/exchange/retention.hpp"
#include "node/exchange/submission.hpp"
#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;
using exchange::way;

namespace {

struct two_back_ends : two_nodes {
  explicit two_back_ends(fault_disk* of_fr = nullptr, fault_disk* of_eu = nullptr) : two_nodes(of_fr, of_eu) {
    for (auto* node : {&fr, &eu}) {
      node->back_ends = {{"erp", {{"urn:nobody", {}}}}};
      node->start();
    }
  }
};

exchange::submission order(std::string key) {
  exchange::submission message;
  message.caller = "key:1";
  message.back_end = "erp";
  message.idempotency_key = std::move(key);
  message.pmode_id = "urn:nobody/EU";
  message.action = "order";
  return message;
}

std::string codes(problems const& found) {
  std::string all;
  for (auto const& one : found) all += (all.empty() ? "" : " ") + one.code;
  return all;
}

std::string refused(test_node& node, exchange::submission const& message) {
  auto const taken = exchange::submit(node->desk, message);
  return taken ? "taken" : codes(taken.error());
}

std::vector<exchange::box_message> waiting(test_node& node, exchange::box_filter filter = {}) {
  return node->db.read([&](store::reading& now) { return exchange::waiting(now, filter); });
}

std::string bytes_of(test_node& node, exchange::box_message const& message, std::size_t number) {
  return node->db.read([&](store::reading& now) {
    string_sink whole;
    auto const bytes = exchange::open_part(now, node->db.payloads(), message, number);
    if (!bytes) return bytes.error().code;
    REQUIRE(each_piece(**bytes, [&](auto piece) { return whole.add(piece); }));
    return whole.text;
  });
}

std::vector<std::string> events(test_node& node, std::int64_t after = 0) {
  std::vector<std::string> all;
  for (auto const& one :
       node->db.read([&](store::reading& now) { return exchange::events_after(now, {.after = after}); }))
    all.push_back(std::to_string(one.id) + " " + one.kind + " " + one.message_id);
  return all;
}

std::string without_pattern(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 7;
  for (auto& c : bytes) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

}  // namespace

TEST_CASE("a message with several parts arrives as it was handed over, and waits until it is processed") {
  two_back_ends nodes;
  auto const large = without_pattern(700'000);
  memory_source const xml("<order n='1'/>"), pdf(large), nothing("");
  auto message = order("1");
  message.properties = {{"originalSender", "shop", ""}, {"finalRecipient", "mill", "urn:type"}};
  message.parts = {{"a", "application/xml", "utf-8", {{"kind", "order", ""}}, &xml},
                   {"b", "application/pdf", "", {{"name", "plan", ""}, {"page", "3", ""}}, &pdf},
                   {"c", "application/octet-stream", "", {}, &nothing}};
  auto const taken = exchange::submit(nodes.fr->desk, message);
  REQUIRE(taken);
  CHECK(waiting(nodes.eu).empty());
  nodes.turn();

  auto const came = waiting(nodes.eu);
  REQUIRE(came.size() == 1);
  auto const& got = came[0];
  CHECK(got.entry.message_id == taken->message_id);
  CHECK(got.entry.conversation_id == taken->conversation_id);
  CHECK(got.back_end == "erp");
  CHECK(got.pmode_id == "urn:nobody/FR");
  CHECK(got.header.from.id == "FR");
  CHECK(got.header.action == "order");
  CHECK(got.header.properties == message.properties);
  REQUIRE(got.parts.size() == 3);
  CHECK(got.parts[0].mime_type == "application/xml");
  CHECK(got.parts[0].character_set == "utf-8");
  CHECK(got.parts[1].properties == message.parts[1].properties);
  CHECK(got.parts[1].size == large.size());
  CHECK(bytes_of(nodes.eu, got, 1) == "<order n='1'/>");
  CHECK(bytes_of(nodes.eu, got, 2) == large);
  CHECK(bytes_of(nodes.eu, got, 3).empty());
  CHECK(bytes_of(nodes.eu, got, 4) == "exchange.part.unknown");
  CHECK(nodes.fr.ledger().at(0).status == "delivered");
  CHECK(nodes.eu.ledger().size() == 1);  // no answer of the node's own
  CHECK(nodes.eu.got().empty());
  CHECK(events(nodes.fr) == std::vector<std::string>{"1 message.delivered " + taken->message_id});
  CHECK(events(nodes.eu) == std::vector<std::string>{"1 message.arrived " + taken->message_id});

  for (int n = 0; n < 2; ++n)
    CHECK(nodes.eu->db.commit([&](store::transaction& tx) {
      return exchange::mark_processed(tx, taken->message_id, "erp", "key:2", nodes.time.now());
    }));
  CHECK(waiting(nodes.eu).empty());
  auto const found = nodes.eu->db.read([&](auto& now) { return exchange::find_in_box(now, taken->message_id, "erp"); });
  CHECK(found->processed_at == nodes.time.now());
  CHECK(nodes.eu.audit_is_whole());
}

TEST_CASE("parts go with the days of retention, but never before their message is processed") {
  two_back_ends nodes;
  auto const large = without_pattern(700'000);
  memory_source const pdf(large);
  auto message = order("1");
  message.parts = {{"a", "application/pdf", "", {}, &pdf}};
  auto const id = exchange::submit(nodes.fr->desk, message)->message_id;
  nodes.turn();
  auto const forget = [&](test_node& node) {
    nodes.time.advance(std::chrono::hours(24 * 30));
    return exchange::forget_bytes(node->db, nodes.time.now() - std::chrono::hours(24 * 7));
  };
  CHECK(forget(nodes.eu) == 0);
  auto const got = waiting(nodes.eu).at(0);
  CHECK(bytes_of(nodes.eu, got, 1) == large);
  REQUIRE(nodes.eu->db.commit(
      [&](store::transaction& tx) { return exchange::mark_processed(tx, id, "erp", "key:1", nodes.time.now()); }));
  CHECK(forget(nodes.eu) == 1);
  CHECK(bytes_of(nodes.eu, got, 1) == "exchange.part.gone");
  CHECK(nodes.eu.payload_files() == 0);
  CHECK(forget(nodes.fr) == 1);
  CHECK(nodes.fr.payload_files() == 0);
}

TEST_CASE("the same key and message give the same answer, another message under the key is refused") {
  two_back_ends nodes;
  memory_source const one("1"), two("2");
  auto message = order("key");
  message.parts = {{"a", "text/plain", "", {}, &one}};
  auto const first = exchange::submit(nodes.fr->desk, message).value();
  CHECK_FALSE(first.is_repeat);
  nodes.turn();
  nodes.fr.start();
  auto const again = exchange::submit(nodes.fr->desk, message).value();
  CHECK(again.is_repeat);
  CHECK(again.message_id == first.message_id);
  CHECK(again.conversation_id == first.conversation_id);

  auto other = message;
  SECTION("another payload") { other.parts[0].bytes = &two; }
  SECTION("another property") { other.properties = {{"n", "v", ""}}; }
  SECTION("another part property") { other.parts[0].properties = {{"n", "v", ""}}; }
  SECTION("another action") { other.action = "offer"; }
  SECTION("another conversation") { other.conversation_id = "c"; }
  SECTION("the payload twice") { other.parts.push_back(other.parts[0]); }
  CHECK(refused(nodes.fr, other) == "exchange.submission.reused");

  // Who changes its API key in between hands over the same message.
  auto with_new_key = message;
  with_new_key.caller = "key:2";
  CHECK(exchange::submit(nodes.fr->desk, with_new_key).value().message_id == first.message_id);
  CHECK(nodes.fr.ledger().size() == 1);
}

TEST_CASE("a back end hands over, finds and marks its own messages alone") {
  two_back_ends nodes;
  for (auto* node : {&nodes.fr, &nodes.eu}) {
    node->back_ends = {{"erp", {{"urn:nobody", {"order"}}}}, {"archive", {{"urn:nobody", {"letter"}}}}};
    node->start();
  }
  auto letter = order("same key");
  letter.action = "letter";
  CHECK(refused(nodes.fr, letter) == "exchange.submission.service");
  letter.back_end = "archive";
  auto const of_archive = exchange::submit(nodes.fr->desk, letter).value().message_id;
  auto const of_erp = exchange::submit(nodes.fr->desk, order("same key")).value().message_id;
  CHECK(of_archive != of_erp);
  nodes.turn();
  for (auto* node : {&nodes.fr, &nodes.eu}) {
    auto const is_there = [&](std::string const& id, char const* whose) {
      return (*node)->db.read([&](auto& now) { return exchange::find_in_box(now, id, whose).has_value(); });
    };
    CHECK(is_there(of_erp, "erp"));
    CHECK(is_there(of_archive, "archive"));
    CHECK_FALSE(is_there(of_erp, "archive"));
    CHECK_FALSE(is_there(of_archive, "erp"));
    CHECK_FALSE(is_there(of_erp, ""));
  }
  auto const marked = nodes.eu->db.commit([&](store::transaction& tx) {
    return exchange::mark_processed(tx, of_erp, "archive", "key:2", nodes.time.now());
  });
  REQUIRE_FALSE(marked);
  CHECK(marked.error().code == "exchange.message.unknown");
  CHECK(waiting(nodes.eu).size() == 2);
}

TEST_CASE("a partner that takes the id of another message hides neither it nor what was sent under that id") {
  manual_clock time{noon()};
  memory_wire wire;
  test_node eu("EU", std::vector<std::string>{"FR", "DK"}, wire, time);
  test_node fr("FR", "EU", wire, time), dk("DK", "EU", wire, time);
  for (auto* node : {&eu, &fr, &dk}) {
    node->back_ends = {{"erp", {{"urn:nobody", {}}}}};
    node->start();
  }
  auto const send = [&](test_node& from, std::string const& pmode) {
    auto message = order("1");
    message.pmode_id = pmode;
    message.message_id = "same@erp.example";
    REQUIRE(exchange::submit(from->desk, message));
    from->sender.run_once(time.now());
    time.advance(std::chrono::minutes{1});
  };
  auto const found = [&](way which) {
    auto const message =
        eu->db.read([&](auto& now) { return exchange::find_in_box(now, "same@erp.example", "erp", which); });
    return message ? message->header.from.id + " " + message->header.to.id : "";
  };
  auto const mark = [&] {
    CHECK(eu->db.commit([&](store::transaction& tx) {
      return exchange::mark_processed(tx, "same@erp.example", "erp", "key:1", time.now());
    }));
  };
  send(fr, "urn:nobody/EU");
  send(dk, "urn:nobody/EU");
  REQUIRE(waiting(eu).size() == 2);
  CHECK(found(way::in) == "FR EU");
  CHECK(found(way::either) == "FR EU");
  mark();
  CHECK(found(way::in) == "DK EU");
  mark();
  CHECK(waiting(eu).empty());
  send(eu, "urn:nobody/FR");
  CHECK(found(way::either) == "EU FR");
  CHECK(found(way::in) == "FR EU");
}

TEST_CASE("a message that a late receipt settled after its requeue keeps no parts, nor what was signed before") {
  two_back_ends nodes;
  auto const large = without_pattern(700'000);
  memory_source const pdf(large);
  auto message = order("1");
  message.parts = {{"a", "application/pdf", "", {}, &pdf}};
  nodes.wire.script = std::vector<mishap>(20, mishap::lose_answer);
  edelivery::http_answer late;
  auto const serve = nodes.wire.endpoints.at("https://EU.example/as4");
  nodes.wire.endpoints["https://EU.example/as4"] = [&](http_call_request const& request) {
    auto answer = serve(request);
    late = {answer.status, answer.header("Content-Type"), answer.body};
    return answer;
  };
  auto const id = exchange::submit(nodes.fr->desk, message)->message_id;
  nodes.turns_of_fr(10);
  REQUIRE(nodes.fr->db.commit([&](store::transaction& tx) { return nodes.fr->desk.requeue(tx, id); }));
  REQUIRE(nodes.fr->sender.take_signal(id, late, nodes.time.now()));
  REQUIRE(nodes.fr.ledger().at(0).status == "delivered");
  REQUIRE(nodes.fr.payload_files() == 2);
  auto const day = std::chrono::hours(24);
  CHECK(exchange::forget_bytes(nodes.fr->db, nodes.time.now() - day) == 0);
  nodes.time.advance(2 * day);
  CHECK(exchange::forget_bytes(nodes.fr->db, nodes.time.now() - day) == 1);
  CHECK(nodes.fr.payload_files() == 0);
  CHECK(exchange::forget_bytes(nodes.fr->db, nodes.time.now() - day) == 0);
}

TEST_CASE("what cannot be sent is refused before it is taken, with every finding") {
  two_back_ends nodes;
  memory_source const bytes("x");
  struct {
    std::string codes;
    std::function<void(exchange::submission&)> change;
  } const cases[] = {
      {"exchange.submission.pmode", [](auto& m) { m.pmode_id = "nothing"; }},
      {"exchange.submission.service", [](auto& m) { m.pmode_id = std::string(exchange::star_service) + "/EU"; }},
      {"exchange.submission.value", [](auto& m) { m.action = ""; }},
      {"exchange.submission.value", [](auto& m) { m.message_id = "no at sign"; }},
      {"exchange.submission.value", [](auto& m) { m.conversation_id = "a\x01"; }},
      {"exchange.submission.value", [](auto& m) { m.properties = {{"", "v", ""}}; }},
      {"exchange.submission.value", [&](auto& m) { m.parts = {{"a", "no type", "", {}, &bytes}}; }},
      {"exchange.submission.value", [&](auto& m) { m.parts.assign(29, {"", "text/plain", "", {}, &bytes}); }},
      {"exchange.submission.value",
       [&](auto& m) { m.parts = {{"a", "text/plain", "", {{"CompressionType", "application/gzip", ""}}, &bytes}}; }},
      {"exchange.submission.value", [&](auto& m) { m.parts = {{"a", "text/plain", "utf 8", {}, &bytes}}; }},
      // What else is wrong would tell of an agreement that is not this back end's.
      {"exchange.submission.service",
       [](auto& m) {
         m.pmode_id = std::string(exchange::star_service) + "/EU";
         m.message_id = "?";
       }},
  };
  for (auto const& [wanted, change] : cases) {
    auto message = order("key");
    change(message);
    INFO(message.pmode_id << " " << message.message_id);
    CHECK(refused(nodes.fr, message) == wanted);
  }
  CHECK(nodes.fr.ledger().empty());
  auto named = order("a");
  named.message_id = "mine@erp.example";
  CHECK(exchange::submit(nodes.fr->desk, named).value().message_id == "mine@erp.example");
  named.idempotency_key = "b";
  CHECK(refused(nodes.fr, named) == "exchange.message_id.taken");
}

TEST_CASE("a mistyped P-Mode is told the nearest that the back end may send under, and no other's") {
  two_back_ends nodes;
  auto const mend = [&](std::string pmode) {
    auto message = order("key");
    message.pmode_id = std::move(pmode);
    return exchange::submit(nodes.fr->desk, message).error().front().mend;
  };
  CHECK(mend("urn:nobdoy/EU") == "Did you mean urn:nobody/EU?");
  CHECK(mend("something else") == "Ask the operator for its id.");
  auto const of_the_node = std::string(exchange::star_service) + "/EU";
  CHECK(mend(of_the_node.substr(0, of_the_node.size() - 1)) == "Ask the operator for its id.");
}

TEST_CASE("a mistyped P-Mode is not told one under which only another back end sends") {
  memory_wire wire;
  manual_clock time{noon()};
  std::vector<edelivery::pmode> agreed;
  for (std::string const action : {"order", "keep", ""}) {
    agreed.push_back(pmode_between("FR", "EU", action.empty() ? "urn:letters" : "urn:nobody"));
    agreed.back().id = action.empty() ? "letters" : action + "s";
    if (!action.empty()) agreed.back().actions = {action};
  }
  test_node fr{"FR", "EU", wire, time, nullptr, agreed};
  fr.back_ends = {{"erp", {{"urn:nobody", {"order"}}}},
                  {"archive", {{"urn:nobody", {"keep"}}, {"urn:letters", {"letter"}}}}};
  fr.start();
  auto const mend = [&](std::string pmode, std::string back_end) {
    auto message = order("key");
    message.back_end = std::move(back_end);
    message.pmode_id = std::move(pmode);
    return exchange::submit(fr->desk, message).error().front().mend;
  };
  CHECK(mend("order", "erp") == "Did you mean orders?");
  CHECK(mend("keep", "erp") == "Ask the operator for its id.");
  CHECK(mend("letter", "erp") == "Ask the operator for its id.");
  CHECK(mend("keep", "archive") == "Did you mean keeps?");
  CHECK(mend("letter", "archive") == "Did you mean letters?");
  CHECK(mend("order", "archive") == "Ask the operator for its id.");
}

TEST_CASE("a value that the header cannot carry is refused at the member that it came from") {
  two_back_ends nodes;
  memory_source const bytes("x");
  using properties = std::vector<edelivery::message_property>;
  properties const twice{{"a", "x", ""}, {"a", "y", ""}};
  properties const longer{{"a", std::string(1025, 'x'), ""}};
  auto const place = [&](auto change) {
    auto message = order("key");
    change(message);
    auto const done = exchange::submit(nodes.fr->desk, message);
    return done ? "taken" : done.error().front().where;
  };
  for (auto const& wrong : {twice, longer}) {
    CHECK(place([&](auto& m) { m.properties = wrong; }) == "/properties");
    CHECK(place([&](auto& m) { m.parts = {{"a", "text/plain", "", wrong, &bytes}}; }) == "/parts");
  }
  CHECK(place([](auto& m) { m.conversation_id = "a\x01"; }) == "/conversation_id");
  CHECK(place([](auto& m) { m.ref_to_message_id = "a\nb"; }) == "/ref_to_message_id");
}

TEST_CASE("a message that a partner never acknowledges fails, and its back end is told") {
  two_back_ends nodes;
  auto const id = exchange::submit(nodes.fr->desk, order("1")).value().message_id;
  nodes.eu.stop();
  nodes.turns_of_fr(10);
  CHECK(events(nodes.fr) == std::vector<std::string>{"1 message.failed " + id});
  auto const found = nodes.fr->db.read([&](auto& now) { return exchange::find_in_box(now, id, "erp", way::out); });
  CHECK(found->entry.status == "failed");
  CHECK(found->entry.code == "EBMS:0301");
  CHECK_FALSE(nodes.fr->db.read([&](auto& now) { return exchange::find_in_box(now, id, "erp", way::in); }));
}

TEST_CASE("waiting messages come oldest first, after a number, of one back end") {
  two_back_ends nodes;
  nodes.eu.back_ends = {{"erp", {{"urn:nobody", {"order"}}}}, {"archive", {{"urn:nobody", {"letter"}}}}};
  nodes.eu.start();
  for (auto const* action : {"order", "letter", "order", "unclaimed"}) {
    auto message = order(random_uuid());
    message.action = action;
    REQUIRE(exchange::submit(nodes.fr->desk, message));
    nodes.turn();
  }
  auto const numbers = [&](exchange::box_filter filter) {
    std::vector<std::string> all;
    for (auto const& one : waiting(nodes.eu, filter)) all.push_back(one.entry.action);
    return all;
  };
  CHECK(numbers({}) == std::vector<std::string>{"order", "letter", "order"});
  CHECK(numbers({.back_end = "archive"}) == std::vector<std::string>{"letter"});
  CHECK(numbers({.after = waiting(nodes.eu)[0].entry.seq}) == std::vector<std::string>{"letter", "order"});
  CHECK(numbers({.count = 1}) == std::vector<std::string>{"order"});
  CHECK(numbers({.back_end = "nobody"}).empty());
  CHECK(numbers({.bytes = 1}) == std::vector<std::string>{"order"});
  CHECK(numbers({.bytes = 1'000'000}).size() == 3);
}

TEST_CASE(
    "whenever the sending node dies, what it acknowledged is sent once, and what it did not may be handed over again",
    "[crash]") {
  for (std::uint64_t operation = 1; operation < 60; ++operation) {
    fault_disk disk;
    two_back_ends nodes(&disk);
    auto const large = without_pattern(300'000);
    memory_source const bytes(large);
    auto message = order("1");
    message.parts = {{"a", "application/pdf", "", {}, &bytes}};
    disk.cut_power_at(operation);
    std::string acknowledged;
    if (auto const taken = exchange::submit(nodes.fr->desk, message)) acknowledged = taken->message_id;
    bool const died = disk.is_dark();
    nodes.fr.start();
    auto const again = exchange::submit(nodes.fr->desk, message).value();
    if (!acknowledged.empty()) CHECK(again.message_id == acknowledged);
    nodes.turns(3);
    REQUIRE(waiting(nodes.eu).size() == 1);
    CHECK(bytes_of(nodes.eu, waiting(nodes.eu)[0], 1) == large);
    CHECK(nodes.fr.payload_files() == 2);  // the part, and the message as signed
    if (!died) break;
  }
}
