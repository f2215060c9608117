// Messages read where they lie: whatever the windows are, the same message comes out and the same refusals; parts are
// taken apart in bounded memory, and nothing that is not proven counts.
#include <chrono>
#include <cstdint>
#include <ctime>
#include <map>
#include <memory>

#include <catch2/catch.hpp>

#include "base/ids.hpp"
#include "edelivery/message/open.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/mime/multipart.hpp"
#include "edelivery/receiver/receiver.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

// Gives at most `most` bytes at once from a place of its own, and counts how much it was asked to hold.
class narrow_source final : public byte_source {
 public:
  narrow_source(std::string_view bytes, std::size_t fails_after = std::string::npos)
      : bytes_(bytes), fails_after_(fails_after) {}
  std::uint64_t size() const override { return bytes_.size(); }
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const override {
    if (at + most > fails_after_) return problem{"edelivery.storage.unreadable", "The disk is broken.", "", ""};
    space = std::string{bytes_.substr(at, most)};
    widest = std::max(widest, space.size());
    return std::string_view{space};
  }
  mutable std::size_t widest = 0;

 private:
  std::string_view bytes_;
  std::size_t fails_after_;
};

// Of this process: a busy machine must not fail a test.
std::chrono::milliseconds cpu_now() {
  return std::chrono::milliseconds{static_cast<std::int64_t>(std::clock()) * 1000 / CLOCKS_PER_SEC};
}

// A shelf that remembers, and can be full.
class test_shelf final : public part_shelf {
 public:
  struct place_of : byte_sink {
    result<void> add(std::string_view bytes) override {
      if (text.size() + bytes.size() > room) return problem{"store.disk_full", "The disk is full.", "", ""};
      text += bytes;
      return {};
    }
    std::string text;
    std::size_t room = std::string::npos;
  };
  result<byte_sink*> place(std::string_view content_id) override {
    auto& made = places[std::string{content_id}];
    made = std::make_unique<place_of>();
    made->room = room;
    return made.get();
  }
  std::map<std::string, std::unique_ptr<place_of>> places;
  std::size_t room = std::string::npos;
};

std::string large_text() {
  std::string text;
  while (text.size() < 700'000) text += "a line that repeats, " + std::to_string(text.size()) + "\n";
  return text;
}

outgoing_message large_message(std::string annex) {
  auto message = two_payloads();
  message.payloads.push_back({"application/octet-stream", std::move(annex), "", {}});
  return message;
}

wire_message sent(outgoing_message const& message, pmode mode = fr().mode()) {
  return seal(pack(message, mode, fr().point, noon()).value(), mode, noon()).value();
}

std::expected<incoming_message, refusal> opened(wire_message const& wire, byte_source const& body, part_shelf* shelf,
                                                pmode_book const& book = eu().book) {
  return open_message(wire.content_type, body, book, eu().point, noon(), shelf);
}

std::string refusal_of_stream(wire_message const& wire) {
  test_shelf shelf;
  auto const got = opened(wire, narrow_source(wire.body), &shelf);
  return got ? "" : got.error().diagnosis.code;
}

}  // namespace

TEST_CASE("a message opens the same from memory and from where it lies") {
  auto const annex = large_text();
  auto const wire = sent(large_message(annex));
  auto const held = opened(wire, memory_source(wire.body), nullptr);
  REQUIRE(held);
  CHECK(held->parts.at(2).bytes == annex);
  CHECK_FALSE(held->parts.at(2).is_shelved);
  narrow_source const lying(wire.body);
  test_shelf shelf;
  auto const streamed = opened(wire, lying, &shelf);
  REQUIRE(streamed);
  CHECK(streamed->parts.at(0).bytes == held->parts.at(0).bytes);
  CHECK(streamed->parts.at(1).bytes == held->parts.at(1).bytes);
  auto const& large = streamed->parts.at(2);
  CHECK(large.is_shelved);
  CHECK(large.bytes.empty());
  CHECK(large.size == annex.size());
  REQUIRE(shelf.places.size() == 1);
  CHECK(shelf.places.at(large.content_id)->text == annex);
  CHECK(check_acknowledged(held->references, streamed->references));
  CHECK(lying.widest <= 256 * 1024);
}

TEST_CASE("a part stays in memory up to its limit and not a byte longer") {
  for (std::size_t const size : {held_part_limit - 1, held_part_limit, held_part_limit + 1}) {
    auto const bytes = random_bytes(size);
    auto const wire = sent(large_message(bytes));
    test_shelf shelf;
    auto const got = opened(wire, memory_source(wire.body), &shelf);
    REQUIRE(got);
    CHECK(got->parts.at(2).is_shelved == (size > held_part_limit));
    CHECK((got->parts.at(2).is_shelved ? shelf.places.begin()->second->text : got->parts.at(2).bytes) == bytes);
  }
}

TEST_CASE("an uncompressed or unencrypted large part takes the same way") {
  auto const annex = random_bytes(600'000);
  auto mode = fr().mode();
  mode.compress = false;
  auto const wire = sent(large_message(annex), mode);
  test_shelf shelf;
  REQUIRE(opened(wire, narrow_source(wire.body), &shelf));
  CHECK(shelf.places.begin()->second->text == annex);
  mode.security.encryption = payload_encryption::none;
  auto there = eu().mode();
  there.security.encryption = payload_encryption::none;
  auto const plain = sent(large_message(annex), mode);
  test_shelf other;
  REQUIRE(opened(plain, narrow_source(plain.body), &other, pmode_book{{there}}));
  CHECK(other.places.begin()->second->text == annex);
}

TEST_CASE("nothing is put on the shelf before the signature over the SOAP part is good") {
  auto wire = sent(large_message(random_bytes(600'000)));
  wire.body.replace(wire.body.find("holder"), 6, "thief!");
  test_shelf shelf;
  auto const got = opened(wire, narrow_source(wire.body), &shelf);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == "EBMS:0101");
  CHECK(shelf.places.empty());
}

TEST_CASE("damage in the last byte of a large part refuses the whole message, as damage anywhere does") {
  auto const whole = sent(large_message(random_bytes(600'000)));
  auto const end = whole.body.rfind("\r\n--part_");
  for (std::size_t const back : {1u, 17u, 300'000u}) {
    auto wire = whole;
    wire.body[end - back] = static_cast<char>(wire.body[end - back] ^ 1);
    CHECK(refusal_of_stream(wire) == "edelivery.decryption.failed");
  }
}

TEST_CASE("what cannot be stored or read now is no fault of the sender") {
  auto const wire = sent(large_message(random_bytes(900'000)));
  for (std::size_t const room : {0u, 100u, 300'000u}) {
    test_shelf full;
    full.room = room;
    auto const got = opened(wire, memory_source(wire.body), &full);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == "EBMS:0202");
    CHECK(got.error().diagnosis.code == "edelivery.storage.part");
  }
  test_shelf shelf;
  auto const got = opened(wire, narrow_source(wire.body, 700'000), &shelf);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == "EBMS:0202");
}

TEST_CASE("what would pack like a bomb is sent so that the partner takes it") {
  std::string const zeros(40'000'000, '\0');
  auto const wire = sent(large_message(zeros));
  CHECK(wire.body.size() < 400'000);
  test_shelf shelf;
  REQUIRE(opened(wire, memory_source(wire.body), &shelf));
  CHECK(shelf.places.begin()->second->text == zeros);
}

TEST_CASE("a gzip bomb costs its packed size and no more, whatever it would become") {
  auto mode = fr().mode();
  mode.limits.unpacked.free_bytes = 100'000'000;  // its sender packs it as small as it can be
  auto const wire = sent(large_message(std::string(63'000'000, '\0')), mode);
  CHECK(wire.body.size() < 100'000);
  test_shelf shelf;
  auto const begin = cpu_now();
  auto const got = opened(wire, memory_source(wire.body), &shelf);
  auto const took = cpu_now() - begin;
  REQUIRE_FALSE(got);
  CHECK(got.error().code == "EBMS:0303");
  CHECK(got.error().diagnosis.code == "edelivery.compression.ratio");
  CHECK(shelf.places.begin()->second->text.size() < 13'000'000);
  CHECK(took < std::chrono::seconds(1));
}

// What it takes of memory is measured in ../cost/whole_message_cost_test.cpp, which counts every allocation.
TEST_CASE("a message of ten thousand parts is refused at the first part too many") {
  std::string body = "--b\r\nContent-Type: application/soap+xml\r\n\r\n<soap/>\r\n";
  for (int n = 0; n < 10'000; ++n) {
    body += "--b\r\nContent-ID: <" + std::to_string(n) + "@x>\r\n\r\nx\r\n";
  }
  body += "--b--\r\n";
  narrow_source const lying(body);
  auto const got = open_message("multipart/related; boundary=b", lying, eu().book, eu().point, noon(), nullptr);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == "EBMS:0007");
  CHECK(got.error().diagnosis.code == "edelivery.mime.too_many_parts");
  CHECK(lying.widest <= 256 * 1024);
}

TEST_CASE("deep XML is refused by the first look at it") {
  std::string deep;
  for (int n = 0; n < 1'000'000; ++n) deep += "<a>";
  auto const begin = cpu_now();
  auto const got = open_message("application/soap+xml", deep, eu().book, eu().point, noon());
  auto const took = cpu_now() - begin;
  REQUIRE_FALSE(got);
  CHECK(got.error().diagnosis.code == "edelivery.header.depth");
  CHECK(took < std::chrono::milliseconds(100));
}

TEST_CASE("a SOAP part larger than its limit is not read into memory") {
  std::string const body = "--b\r\n\r\n" + std::string(7 * 1024 * 1024, ' ') + "\r\n--b--\r\n";
  narrow_source const lying(body);
  auto const got = lay_out_mime("multipart/related; boundary=b", lying);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == "edelivery.mime.too_large");
  CHECK(lying.widest <= 256 * 1024);
}

TEST_CASE("a large part in base64 is refused before it is decoded") {
  mime_limits const limits{.encoded_bytes = 100};
  auto const body = [](std::size_t size) {
    return "--b\r\n\r\n<soap/>\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + std::string(size, 'A') +
           "\r\n--b--\r\n";
  };
  auto const fits = body(100);
  auto const layout = lay_out_mime("multipart/related; boundary=b", narrow_source(fits), limits).value();
  CHECK(content_of(memory_source(fits), layout.parts[0]).value()->size() == 75);
  auto const larger = body(101);
  CHECK(lay_out_mime("multipart/related; boundary=b", narrow_source(larger), limits).error().code ==
        "edelivery.mime.transfer_encoding");
}

TEST_CASE("boundaries are found wherever they lie between two windows") {
  for (std::size_t shift = 0; shift < 40; ++shift) {
    std::string const before(256 * 1024 - 60 + shift, 'x');
    auto const body = "--b\r\n\r\n<soap/>\r\n--b\r\nContent-ID: <a@x>\r\n\r\n" + before +
                      "\r\n--b\r\nContent-ID: <b@x>\r\n\r\nsecond\r\n--b--\r\n";
    narrow_source const lying(body);
    auto const layout = lay_out_mime("multipart/related; boundary=b", lying);
    INFO(shift);
    REQUIRE(layout);
    REQUIRE(layout->parts.size() == 2);
    CHECK(layout->parts[0].size == before.size());
    CHECK(body.substr(layout->parts[1].at, layout->parts[1].size) == "second");
  }
}

TEST_CASE("many false boundaries cost one look each, not one window each") {
  std::string body = "--b\r\n\r\n<soap/>\r\n--b\r\n\r\n";
  for (int n = 0; n < 100'000; ++n) body += "\r\n--bx";
  body += "\r\n--b--";
  narrow_source const lying(body);
  auto const begin = cpu_now();
  auto const layout = lay_out_mime("multipart/related; boundary=b", lying);
  CHECK(cpu_now() - begin < std::chrono::seconds(1));
  REQUIRE(layout);
  CHECK(layout->parts.size() == 1);
}

TEST_CASE("a receiver acknowledges a large message and keeps its parts on the shelf") {
  auto const wire = sent(large_message(random_bytes(400'000)));
  auto const there = eu();
  manual_clock time{noon()};
  edelivery::receiver const desk(there.book, there.point, time);
  test_shelf shelf;
  auto const arrival = desk.examine(wire.content_type, narrow_source(wire.body), &shelf);
  REQUIRE(arrival.message);
  CHECK(arrival.answer.status == 200);
  CHECK(shelf.places.size() == 1);
  test_shelf full;
  full.room = 10;
  auto const refused = desk.examine(wire.content_type, narrow_source(wire.body), &full);
  CHECK_FALSE(refused.message);
  REQUIRE(refused.refused);
  CHECK(refused.refused->code == "EBMS:0202");
  CHECK(refused.answer.body.find("EBMS:0202") != std::string::npos);
}
