// Messages that are packed into a file and sealed on their way out: the partner opens them as any other.
#include "edelivery/message/sealed_stream.hpp"

#include <catch2/catch.hpp>

#include "base/ids.hpp"
#include "edelivery/message/open.hpp"
#include "edelivery/message/sealed_source.hpp"
#include "edelivery/messaging/two_nodes.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

struct kept {
  std::string body;
  packed_outline outline;
};

kept packed_into(pmode const& mode, std::string const& large) {
  memory_source const source(large);
  auto message = two_payloads();
  message.payloads.push_back({"application/octet-stream", {}, "", {}, &source});
  string_sink out;
  auto outline = pack_into(out, message, mode, fr().point, noon()).value();
  return {std::move(out.text), std::move(outline)};
}

wire_message drained(sealed_stream& stream) {
  wire_message wire{stream.content_type(), {}};
  for (auto piece = stream.next().value(); !piece.empty(); piece = stream.next().value()) {
    CHECK(piece.size() <= 2 * source_piece);
    wire.body += piece;
  }
  return wire;
}

class broken_source final : public byte_source {
 public:
  broken_source(std::string_view bytes, std::uint64_t good) : bytes_(bytes), good_(good) {}
  std::uint64_t size() const override { return bytes_.size(); }
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const override {
    if (is_broken && at >= good_) return problem{"store.payload", "The disk is broken.", "", ""};
    return memory_source(bytes_).look(at, most, space);
  }
  bool is_broken = false;

 private:
  std::string_view bytes_;
  std::uint64_t good_;
};

}  // namespace

TEST_CASE("what is packed into a file and sealed on the way out is what the partner opens") {
  for (bool const compress : {true, false}) {
    for (auto const encryption : {payload_encryption::required, payload_encryption::none}) {
      auto mode = fr().mode();
      mode.compress = compress;
      mode.security.encryption = encryption;
      auto there = eu().mode();
      there.security.encryption = encryption;
      auto const large = random_bytes(500'000);
      auto const message = packed_into(mode, large);
      memory_source const stored(message.body);
      auto const stream = sealed_stream::open(message.outline.content_type, stored, mode, noon()).value();
      auto const size = stream->size();
      auto const wire = drained(*stream);
      CHECK(wire.body.size() == size);
      auto const got = open_message(wire.content_type, wire.body, pmode_book{{there}}, eu().point, noon());
      REQUIRE(got);
      REQUIRE(got->parts.size() == 3);
      CHECK(got->parts[0].bytes == two_payloads().payloads[0].bytes);
      CHECK(got->parts[2].bytes == large);
      CHECK(check_acknowledged(references_of(message.outline.soap).value(), got->references));
    }
  }
}

TEST_CASE("as the source of an answer a sealed message is read once, from its beginning to its end, in any steps") {
  auto const large = random_bytes(500'000);
  auto const message = packed_into(fr().mode(), large);
  for (std::size_t const step : {std::size_t{1'000}, source_piece, std::size_t{300'000}, std::size_t{2'000'000}}) {
    auto const stored = std::make_shared<memory_source const>(message.body);
    auto sealed = sealed_stream::open(message.outline.content_type, *stored, fr().mode(), noon()).value();
    auto const type = sealed->content_type();
    sealed_source const source(stored, std::move(sealed));
    wire_message wire{type, {}};
    std::string space;
    while (wire.body.size() < source.size()) {
      auto const piece = source.look(wire.body.size(), step, space).value();
      REQUIRE(piece.size() == std::min<std::uint64_t>(step, source.size() - wire.body.size()));
      wire.body += piece;
    }
    CHECK(source.look(source.size(), step, space).value().empty());
    CHECK(source.look(0, step, space).error().code == "edelivery.pack.read_again");
    auto const got = open_message(wire.content_type, wire.body, eu().book, eu().point, noon());
    REQUIRE(got);
    CHECK(got->parts.at(2).bytes == large);
  }
  broken_source stored(message.body, 200'000);
  auto sealed = sealed_stream::open(message.outline.content_type, stored, fr().mode(), noon()).value();
  sealed_source const source(nullptr, std::move(sealed));
  stored.is_broken = true;
  std::string space;
  CHECK(source.look(0, 400'000, space).error().code == "store.payload");
}

TEST_CASE("on the wire the SOAP part comes first, wherever it is kept") {
  auto const message = packed_into(fr().mode(), "x");
  memory_source const stored(message.body);
  auto const stream = sealed_stream::open(message.outline.content_type, stored, fr().mode(), noon()).value();
  auto const wire = drained(*stream);
  CHECK(wire.body.find("<S12:Envelope") < wire.body.find("application/octet-stream"));
  CHECK(message.body.find("<S12:Envelope") > message.body.find("Content-ID: <part-3."));
}

TEST_CASE("every attempt has the same references and another key") {
  auto const message = packed_into(fr().mode(), random_bytes(100'000));
  memory_source const stored(message.body);
  auto const one = drained(*sealed_stream::open(message.outline.content_type, stored, fr().mode(), noon()).value());
  auto const two = drained(*sealed_stream::open(message.outline.content_type, stored, fr().mode(), noon()).value());
  CHECK(one.body != two.body);
  auto const first = open_message(one.content_type, one.body, eu().book, eu().point, noon());
  auto const second = open_message(two.content_type, two.body, eu().book, eu().point, noon());
  REQUIRE((first && second));
  CHECK(check_acknowledged(first->references, second->references));
}

TEST_CASE("a kept message says again what a receipt has to acknowledge") {
  auto const message = packed_into(fr().mode(), "x");
  auto const again = outline_of("id@x", message.outline.content_type, memory_source(message.body)).value();
  CHECK(again.soap.body == message.outline.soap.body);
  CHECK(again.soap.message_id == "id@x");
  CHECK(references_of(again.soap).value().size() == 5);
  CHECK(outline_of("id@x", message.outline.content_type, memory_source("rubbish")).error().code ==
        "edelivery.pack.stored");
}

TEST_CASE("what breaks while packing or sealing is said, not sent as if it were whole") {
  auto const large = random_bytes(500'000);
  broken_source source(large, 200'000);
  source.is_broken = true;
  auto message = two_payloads();
  message.payloads.push_back({"application/octet-stream", {}, "", {}, &source});
  string_sink out;
  CHECK(pack_into(out, message, fr().mode(), fr().point, noon()).error().code == "store.payload");
  auto const kept = packed_into(fr().mode(), large);
  broken_source stored(kept.body, 200'000);
  auto const stream = sealed_stream::open(kept.outline.content_type, stored, fr().mode(), noon()).value();
  stored.is_broken = true;
  std::string code;
  for (auto piece = stream->next();; piece = stream->next()) {
    if (!piece) code = piece.error().code;
    if (!piece || piece->empty()) break;
  }
  CHECK(code == "store.payload");
  memory_source const rubbish("rubbish");
  CHECK(sealed_stream::open("text/plain", rubbish, fr().mode(), noon()).error().code == "edelivery.pack.stored");
  auto mode = fr().mode();
  mode.partner_encryption.clear();
  memory_source const whole(kept.body);
  CHECK(sealed_stream::open(kept.outline.content_type, whole, mode, noon()).error().code == "edelivery.encrypt.key");
}

TEST_CASE("a message without parts goes out as it is kept") {
  auto const ping = pack_test(fr().mode(), fr().point, noon()).value();
  memory_source const stored(ping.body);
  auto const stream = sealed_stream::open(ping.content_type, stored, fr().mode(), noon()).value();
  CHECK(drained(*stream).body == ping.body);
}
