// Messages that the country's own Domibus pushes whole: durable before they are acknowledged, taken once however often
// and by whichever way they come.
#include <catch2/catch.hpp>

#include "edelivery/backend/push.hpp"
#include "node/exchange/back_end_box.hpp"
#include "node/exchange/behind_domibus.hpp"
#include "node/exchange/vouched_intake.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

using names = std::vector<std::string>;

// The header as the Domibus's Java writes it: an element of eu.domibus, nothing inside of any namespace.
std::string pushed_text(edelivery::user_message const& header, std::vector<std::string> const& payloads) {
  auto message = edelivery::write_user_message(header).value();
  for (auto at = message.find("eb:"); at != std::string::npos; at = message.find("eb:", at)) message.erase(at, 3);
  std::string values;
  for (std::size_t n = 0; n < payloads.size(); ++n)
    values += edelivery::tests::retrieved_value("cid:" + header.parts.at(n).content_id, to_base64(payloads[n]));
  return edelivery::tests::pushed("submitRequest", values,
                                  R"(<ns2:Messaging xmlns:ns2="eu.domibus">)" + message + "</ns2:Messaging>");
}

struct pushing_domibus : behind_domibus {
  result<void> push(edelivery::user_message const& header, std::vector<std::string> const& payloads) {
    std::unique_ptr<byte_source const> body = std::make_unique<held_source>(pushed_text(header, payloads));
    auto layout = exchange::lay_out_plugin("application/soap+xml; charset=utf-8", *body);
    REQUIRE(layout);
    auto envelope = edelivery::content_of(*body, layout->root);
    REQUIRE(envelope);
    auto said = plugin::read_push(**envelope);
    INFO((said ? std::string("read") : to_text(said.error())));
    REQUIRE(said);
    return exchange::take_pushed(
        fr->desk,
        {std::move(body), *std::move(layout), *std::move(envelope), std::get<plugin::retrieved_message>(*said)},
        time.now());
  }
  result<void> push(std::string const& id) {
    auto const header = from_eu(id);
    return push(header, {json_of(header)});
  }
  std::string code_of_push(edelivery::user_message const& header) {
    auto const taken = push(header, {json_of(header)});
    return taken ? "taken" : taken.error().code;
  }
  using behind_domibus::behind_domibus;
};

}  // namespace

TEST_CASE("a message that is pushed is delivered to its consumer before it is acknowledged, and its answer goes out") {
  pushing_domibus node;
  REQUIRE(node.push("m1@eu"));
  CHECK(node.fr.got() == names{"createDataset"});
  CHECK(node.fr.last.nation_id == "EU");
  CHECK(node.fr.last.content == R"({"identifier":"d1"})");
  CHECK(node.fr.ledger({.direction = "in"}).at(0).status == "valid");
  CHECK(node.domibus.operations.empty());  // nothing was asked for, nor marked
  node.send();
  REQUIRE(node.domibus.sent.size() == 1);
  CHECK(node.domibus.sent.begin()->second.header.ref_to_message_id == "m1@eu");
  CHECK(node.fr.refusals.empty());
  CHECK(node.fr.audit_is_whole());
}

TEST_CASE("however often it comes, pushed or retrieved, it is delivered once") {
  bool const is_pushed_first = GENERATE(true, false);
  pushing_domibus node;
  node.bring("m1@eu");  // and not marked by what is pushed, as a Domibus may be set
  if (is_pushed_first) REQUIRE(node.push("m1@eu"));
  CHECK(node.fetch() == (is_pushed_first ? 0 : 1));
  CHECK(node.domibus.marked == names{"m1@eu"});
  REQUIRE(node.push("m1@eu"));
  node.restart();
  REQUIRE(node.push("m1@eu"));
  CHECK(node.fr.got() == names{"createDataset"});
  CHECK(node.fr.ledger({.direction = "in"}).size() == 1);
  CHECK(node.fr.refusals.empty());
}

TEST_CASE("payloads of a pushed message are kept as they are, large ones in files") {
  pushing_domibus node;
  node.fr.back_ends = {{"erp", {{"urn:nobody", {}}}}};
  node.restart();
  auto header = behind_domibus::from_eu("m1@eu", "order");
  header.service = "urn:nobody";
  header.parts = {{"plan", {{"MimeType", "application/pdf", ""}}}, {"note", {{"MimeType", "text/plain", ""}}}};
  std::string const large = std::string(3'000'000, 'x') + "end";
  REQUIRE(node.push(header, {large, "note"}));
  REQUIRE(node.push(header, {large, "note"}));
  CHECK(node.fr.payload_files() == 1);
  node.fr->db.read([&](store::reading& now) {
    auto const message = exchange::find_in_box(now, "m1@eu", "erp", exchange::way::in);
    REQUIRE(message);
    REQUIRE(message->parts.size() == 2);
    CHECK(message->parts[0].sha256_hex == sha256_hex(large));
    CHECK(message->parts[1].sha256_hex == sha256_hex("note"));
    CHECK(message->parts[1].mime_type == "text/plain");
  });
}

TEST_CASE("what cannot be taken is refused, told to the operator, and leaves nothing behind") {
  pushing_domibus node;
  REQUIRE(node.push("m1@eu"));
  struct {
    std::function<void(edelivery::user_message&)> change;
    std::string code, told;
  } const cases[] = {
      {[](auto& header) { header.service = "urn:for another"; }, "edelivery.pmode.none", "EBMS:0010"},
      {[](auto& header) { header.from.id = "DK"; }, "edelivery.pmode.none", "EBMS:0010"},
      {[](auto& header) { header.message_id = "m1@eu"; }, "edelivery.duplicate.different", "EBMS:0003"},
  };
  for (auto const& one : cases) {
    auto header = behind_domibus::from_eu("m2@eu", "deleteDataset");
    one.change(header);
    CHECK(node.code_of_push(header) == one.code);
    CHECK(node.fr.refusals.back().code == one.told);
    CHECK(node.fr.refusals.back().message_id == header.message_id);
  }
  CHECK(node.fr.got() == names{"createDataset"});
  CHECK(node.fr.ledger({.direction = "in"}).size() == 1);
  auto test = behind_domibus::from_eu("t@eu", std::string(edelivery::test_action));
  test.service = edelivery::test_service;
  CHECK(node.code_of_push(test) == "taken");  // and not kept
  CHECK(node.fr.ledger({.direction = "in"}).size() == 1);
}

TEST_CASE("a node that dies before or after it stored a pushed message has it once when it comes again") {
  std::string const place = GENERATE("exchange.examined", "exchange.stored");
  pushing_domibus node;
  store::arm_fail_point(place);
  CHECK_THROWS_AS(node.push("m1@eu"), store::simulated_crash);
  store::disarm_fail_points();
  node.restart();
  REQUIRE(node.push("m1@eu"));
  CHECK(node.fr.got() == names{"createDataset"});
  CHECK(node.fr.ledger({.direction = "in"}).size() == 1);
}

TEST_CASE("a full disk refuses what is pushed for now, and it is taken when there is room") {
  fault_disk disk;
  pushing_domibus node(&disk);
  disk.set_full(true);
  auto const refused = node.push("m1@eu");
  REQUIRE_FALSE(refused);
  CHECK(exchange::is_of_disk(refused.error()));
  CHECK(node.fr.refusals.back().code == "EBMS:0202");
  disk.set_full(false);
  REQUIRE(node.push("m1@eu"));
  CHECK(node.fr.got() == names{"createDataset"});
}
