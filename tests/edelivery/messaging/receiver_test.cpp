#include "edelivery/receiver/receiver.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "base/bytes.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/mime/write_multipart.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

struct scene : delivery {
  manual_clock time{noon()};
  edelivery::receiver machine{home.book, home.point, time};

  incoming_signal answered(reply const& answer) const {
    CHECK(answer.status == 200);
    return open_signal(answer.content_type, answer.body, sender.mode(), time.now()).value();
  }
  ebms_error error_in(reply const& answer) const {
    auto const signal = answered(answer);
    REQUIRE(std::holds_alternative<error_signal>(signal.content));
    return std::get<error_signal>(signal.content).errors.front();
  }
};

// A message of the partner whose content is not what its own tools would write.
wire_message forged(scene const& s, std::string const& messaging, std::vector<payload_part> parts) {
  auto const is_signed = secure(messaging, std::move(parts), s.sender.mode().security, s.sender.point.signing,
                                s.sender.mode().partner_encryption.front())
                             .value();
  std::vector<outgoing_part> framed;
  for (auto const& part : is_signed.parts) framed.push_back({part.content_id, part.mime_type, part.body});
  auto text = write_mime(is_signed.soap, framed).value();
  return {std::move(text.content_type), std::move(text.body)};
}

user_message honest_header(scene const& s) {
  auto const opened = open_message(s.wire.content_type, s.wire.body, s.home.book, s.home.point, noon());
  auto header = opened->header;
  header.message_id = "forged@as4.fr.example";
  header.parts.clear();
  return header;
}

std::string refusal_of(scene const& s, user_message const& header, std::vector<payload_part> parts) {
  auto const wire = forged(s, write_user_message(header).value(), std::move(parts));
  auto const seen = s.machine.examine(wire.content_type, wire.body);
  if (!seen.refused) return "accepted";
  CHECK_FALSE(seen.message);
  CHECK(s.error_in(seen.answer).code == seen.refused->code);
  CHECK(s.error_in(seen.answer).ref_to_message_in_error == header.message_id);
  return seen.refused->code + " " + seen.refused->diagnosis.code;
}

}  // namespace

TEST_CASE("a new message is handed over to be stored, with its receipt ready") {
  scene s;

  auto const seen = s.machine.examine(s.wire.content_type, s.wire.body);

  REQUIRE(seen.message);
  CHECK(seen.message->header.action == "createDataset");
  CHECK(seen.message->header.message_id == s.packed.message_id);
  CHECK(seen.message->header.conversation_id == s.packed.conversation_id);
  CHECK(seen.message->header.properties == two_payloads().properties);
  REQUIRE(seen.message->parts.size() == 2);
  CHECK(seen.message->parts[0].bytes == two_payloads().payloads[0].bytes);
  CHECK(seen.message->parts[0].mime_type == "application/json");
  CHECK(seen.message->parts[0].character_set == "utf-8");
  CHECK(seen.message->parts[1].bytes == two_payloads().payloads[1].bytes);
  CHECK(seen.message->signer == s.sender.point.signing.cert);

  auto const signal = s.answered(s.machine.conclude(seen, {}));
  auto const& got = std::get<receipt>(signal.content);
  CHECK(check_receipt(got, s.packed.message_id, references_of(s.packed).value()));
  CHECK(signal.signer == s.home.point.signing.cert);
}

TEST_CASE("payload bytes do not travel in the clear") {
  scene s;

  CHECK(s.wire.body.find("createDataset\"}") == std::string::npos);
  CHECK(s.wire.body.find("application/octet-stream") != std::string::npos);
}

TEST_CASE("a repetition gets the stored receipt again, byte for byte") {
  scene s;
  auto const first = s.machine.examine(s.wire.content_type, s.wire.body);
  auto const stored = s.machine.conclude(first, {}).body;

  auto const again = seal(s.packed, s.sender.mode(), noon()).value();  // another key, the same signature
  CHECK(again.body != s.wire.body);
  auto const second = s.machine.examine(again.content_type, again.body);

  CHECK(second.duplicate_key == first.duplicate_key);
  CHECK(second.fingerprint == first.fingerprint);
  CHECK(s.machine.conclude(second, {remembered::verdict::same, stored}).body == stored);
}

TEST_CASE("another message under a used id is refused and the first is untouched") {
  scene s;
  auto const first = s.machine.examine(s.wire.content_type, s.wire.body);
  auto other = two_payloads();
  other.message_id = s.packed.message_id;
  other.payloads[0].bytes = R"({"operation":"deleteDataset"})";
  auto const packed = pack(other, s.sender.mode(), s.sender.point, noon()).value();
  auto const wire = seal(packed, s.sender.mode(), noon()).value();

  auto const second = s.machine.examine(wire.content_type, wire.body);

  CHECK(second.duplicate_key == first.duplicate_key);
  CHECK(second.fingerprint != first.fingerprint);
  auto const error = s.error_in(s.machine.conclude(second, {remembered::verdict::different, {}}));
  CHECK(error.code == "EBMS:0003");
  CHECK(error.ref_to_message_in_error == s.packed.message_id);
}

TEST_CASE("the same message signed anew at another time is a repetition, not another message") {
  scene s;
  auto const first = s.machine.examine(s.wire.content_type, s.wire.body);
  auto anew = two_payloads();
  anew.message_id = s.packed.message_id;
  anew.conversation_id = s.packed.conversation_id;
  auto const packed = pack(anew, s.sender.mode(), s.sender.point, noon() + std::chrono::hours{1}).value();
  auto const wire = seal(packed, s.sender.mode(), noon()).value();

  auto const second = s.machine.examine(wire.content_type, wire.body);

  CHECK(second.duplicate_key == first.duplicate_key);
  CHECK(second.fingerprint == first.fingerprint);
  CHECK(packed.body != s.packed.body);
}

TEST_CASE("a message that says something else in its header is another one") {
  scene s;
  auto const first = s.machine.examine(s.wire.content_type, s.wire.body);
  auto anew = two_payloads();
  anew.message_id = s.packed.message_id;
  anew.conversation_id = s.packed.conversation_id;
  SECTION("another conversation") { anew.conversation_id = "other"; }
  SECTION("another message answered") { anew.ref_to_message_id = "other@x"; }
  SECTION("another action") { anew.action = "validationResult"; }
  SECTION("another property") { anew.properties[1].value = "other"; }
  SECTION("another property of a part") { anew.payloads[0].properties.push_back({"note", "other", ""}); }
  auto const packed = pack(anew, s.sender.mode(), s.sender.point, noon()).value();
  auto const wire = seal(packed, s.sender.mode(), noon()).value();

  auto const second = s.machine.examine(wire.content_type, wire.body);

  REQUIRE(second.message);
  CHECK(second.duplicate_key == first.duplicate_key);
  CHECK(second.fingerprint != first.fingerprint);
}

TEST_CASE("a message that could not be stored gets no receipt") {
  scene s;

  auto const error = s.error_in(s.machine.not_stored(s.machine.examine(s.wire.content_type, s.wire.body)));

  CHECK(error.code == "EBMS:0202");
  CHECK(error.ref_to_message_in_error == s.packed.message_id);
}

TEST_CASE("a test message gets a receipt and is delivered to nobody") {
  scene s;
  auto const ping = pack_test(s.sender.mode(), s.sender.point, noon()).value();
  auto const wire = seal(ping, s.sender.mode(), noon()).value();

  auto const seen = s.machine.examine(wire.content_type, wire.body);

  CHECK(seen.is_test);
  CHECK_FALSE(seen.message);
  auto const signal = s.answered(seen.answer);
  CHECK(check_receipt(std::get<receipt>(signal.content), ping.message_id, references_of(ping).value()));
}

TEST_CASE("what is not AS4 is told so in HTTP") {
  scene s;

  for (auto const& type : {"", "text/html", "application/json"}) {
    auto const seen = s.machine.examine(type, "hello");
    CHECK(seen.answer.status == 400);
    CHECK(seen.refused->code == "EBMS:0007");
  }
}

TEST_CASE("a message nobody agreed on is refused with a signed error") {
  scene s;
  auto header = honest_header(s);
  header.service = "urn:another";

  CHECK(refusal_of(s, header, {}) == "EBMS:0010 edelivery.pmode.none");
}

TEST_CASE("parts and their list must agree") {
  scene s;
  payload_part const part{"one@x", "application/gzip", gzip("1")};
  std::vector<message_property> const good{{"MimeType", "text/plain", ""}, {"CompressionType", "application/gzip", ""}};
  auto header = honest_header(s);

  CHECK(refusal_of(s, header, {part}) == "EBMS:0011 edelivery.payload.unlisted");
  header.parts = {{"one@x", good}, {"two@x", good}};
  CHECK(refusal_of(s, header, {part}) == "EBMS:0011 edelivery.payload.missing");
  header.parts = {{"two@x", good}, {"one@x", good}};
  CHECK(refusal_of(s, header, {part, {"two@x", "application/gzip", gzip("2")}}) == "accepted");
}

TEST_CASE("packing that is not as agreed is refused") {
  scene s;
  auto header = honest_header(s);
  auto const refusal_with = [&](std::vector<message_property> properties, std::string bytes) {
    header.parts = {{"one@x", std::move(properties)}};
    return refusal_of(s, header, {{"one@x", "application/gzip", std::move(bytes)}});
  };
  message_property const mime{"MimeType", "text/plain", ""};
  message_property const gz{"CompressionType", "application/gzip", ""};

  CHECK(refusal_with({mime, gz}, gzip("1")) == "accepted");
  CHECK(refusal_with({mime}, "1") == "accepted");
  CHECK(refusal_with({mime, gz}, "not gzip") == "EBMS:0303 edelivery.compression.damaged");
  CHECK(refusal_with({mime, gz}, gzip("1").substr(0, 15)) == "EBMS:0303 edelivery.compression.truncated");
  CHECK(refusal_with({mime, gz}, gzip(std::string(80'000'000, '\0'))) == "EBMS:0303 edelivery.compression.ratio");
  CHECK(refusal_with({gz}, gzip("1")) == "EBMS:0303 edelivery.compression.mime_type");
  CHECK(refusal_with({mime, {"CompressionType", "application/zip", ""}}, "PK") ==
        "EBMS:0303 edelivery.compression.type");
  CHECK(refusal_with({mime, {"CharacterSet", "!utf*", ""}}, "1") == "EBMS:0001 edelivery.value.unknown_character_set");
}

TEST_CASE("messages from another time are refused for now: a clock may be wrong") {
  scene s;
  auto header = honest_header(s);

  header.timestamp = noon() - std::chrono::days{366};
  CHECK(refusal_of(s, header, {}) == "EBMS:0202 edelivery.value.too_old");
  header.timestamp = noon() - std::chrono::days{8};
  CHECK(refusal_of(s, header, {}) == "accepted");
  header.timestamp = noon() + std::chrono::hours{25};
  CHECK(refusal_of(s, header, {}) == "EBMS:0202 edelivery.value.in_future");
}

TEST_CASE("more parts than the P-Mode allows are refused before they are opened") {
  scene s;
  auto modes = s.home.book.all();
  modes[0].limits.parts = 1;
  s.home.book = pmode_book{modes};

  auto const seen = s.machine.examine(s.wire.content_type, s.wire.body);

  CHECK(seen.refused->code == "EBMS:0007");
}

TEST_CASE("a message larger than its P-Mode allows is refused, even where another P-Mode allows it") {
  scene s;
  auto modes = s.home.book.all();
  modes[0].limits.message_bytes = s.wire.body.size() - 1;
  modes.push_back(make_pmode("EU", "DK", fr_keys()));
  s.home.book = pmode_book{modes};

  auto const seen = s.machine.examine(s.wire.content_type, s.wire.body);

  REQUIRE(seen.refused);
  CHECK(seen.refused->diagnosis.code == "edelivery.mime.too_large");
  CHECK(seen.refused->message_id == s.packed.message_id);
}

TEST_CASE("a payload in the SOAP body is refused") {
  scene s;
  auto const ping = pack_test(s.sender.mode(), s.sender.point, noon()).value();
  auto soap = ping.body;
  soap.insert(soap.find("</S12:Body>"), "<payload/>");

  auto const seen = s.machine.examine(ping.content_type, soap);

  REQUIRE(seen.refused);
  CHECK(seen.refused->diagnosis.code == "edelivery.value.body_payload");
}

TEST_CASE("a signal is not taken for a user message") {
  scene s;
  auto const receipt_bytes = s.machine.conclude(s.machine.examine(s.wire.content_type, s.wire.body), {});

  auto const seen = s.machine.examine(receipt_bytes.content_type, receipt_bytes.body);

  CHECK(seen.refused->code == "EBMS:0008");
}

TEST_CASE("every cut and every changed byte of a message is refused, and the peer learns only a code") {
  scene s;
  auto const step = s.wire.body.size() / 97 + 1;
  for (std::size_t at = 0; at < s.wire.body.size(); at += step) {
    INFO(at);
    auto const cut = s.machine.examine(s.wire.content_type, s.wire.body.substr(0, at));
    CHECK_FALSE(cut.message);
    CHECK(cut.refused);
  }
  // From the SOAP body's end on lie the encrypted parts: every byte of them counts.
  auto const parts = s.wire.body.find("application/octet-stream");
  auto const first_byte = s.wire.body.find("\r\n\r\n", parts) + 4;
  for (std::size_t at = first_byte; at < first_byte + 40; at += 3) {
    auto changed = s.wire.body;
    changed[at] = static_cast<char>(changed[at] ^ 0x40);
    auto const seen = s.machine.examine(s.wire.content_type, changed);
    REQUIRE(seen.refused);
    CHECK(seen.refused->code == "EBMS:0102");
    CHECK(s.error_in(seen.answer).detail == "The message could not be decrypted");
  }
}
