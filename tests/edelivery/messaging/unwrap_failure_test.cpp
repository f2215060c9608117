// A content key that cannot be unwrapped and a tag that does not fit look the same from outside: the same bytes are
// read, decrypted and put away, and the same answer leaves. The operator alone is told which it was.
#include <catch2/catch.hpp>
#include <regex>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "edelivery/explain/explain_message.hpp"
#include "edelivery/message/pack.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/profile_keys.hpp"
#include "edelivery/receiver/receiver.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

class counted_source final : public byte_source {
 public:
  explicit counted_source(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string&) const override {
    auto const seen = bytes_.substr(at, most);
    read += seen.size();
    return seen;
  }
  mutable std::size_t read = 0;

 private:
  std::string_view bytes_;
};

struct counted_shelf final : part_shelf, byte_sink {
  result<byte_sink*> place(std::string_view) override { return this; }
  result<void> add(std::string_view bytes) override {
    written += bytes.size();
    return {};
  }
  std::size_t written = 0;
};

// FR writes to EU under one profile.
struct unwrap_scene {
  explicit unwrap_scene(security_profile const& profile)
      : sending(make_pmode("FR", "EU", party_of(profile, "EU").signing)),
        eu{party_of(profile, "EU").signing, {party_of(profile, "EU").decryption}, "eu.example"},
        fr{party_of(profile, "FR").signing, {party_of(profile, "FR").decryption}, "fr.example"} {
    sending.security = profile;
    sending.partner_encryption = {party_of(profile, "EU").decryption.cert};
    auto receiving = make_pmode("EU", "FR", party_of(profile, "FR").signing);
    receiving.security = profile;
    book = pmode_book{{receiving}};
  }

  wire_message sent(std::string const& annex) const {
    auto message = two_payloads();
    message.payloads.insert(message.payloads.begin(), {"application/octet-stream", annex, "", {}});
    return seal(pack(message, sending, fr, noon()).value(), sending, noon()).value();
  }

  pmode sending;
  pmode_book book;
  access_point eu;
  access_point fr;
};

// The wrapped key stands in no signed element.
wire_message with_other_key(wire_message wire) {
  std::string_view constexpr from = "<xenc:CipherValue>";
  auto const at = wire.body.find(from) + from.size();
  auto const size = wire.body.find('<', at) - at;
  auto wrapped = from_base64(wire.body.substr(at, size)).value();
  wrapped[wrapped.size() / 2] = static_cast<char>(wrapped[wrapped.size() / 2] ^ 1);
  wire.body.replace(at, size, to_base64(wrapped));
  return wire;
}

// The last byte of the first part, which is the annex.
wire_message with_other_tag(wire_message wire) {
  auto const of_part = wire.body.find("\r\n--", wire.body.find("</S12:Envelope>") + 100);
  wire.body[of_part - 1] = static_cast<char>(wire.body[of_part - 1] ^ 1);
  return wire;
}

struct seen_work {
  std::size_t read = 0;
  std::size_t written = 0;
  std::string code;
  std::string detail;
  std::string answer;
};

seen_work work_of(unwrap_scene const& scene, wire_message const& wire) {
  manual_clock const time{noon()};
  edelivery::receiver const machine{scene.book, scene.eu, time};
  counted_source const body(wire.body);
  counted_shelf shelf;
  auto const seen = machine.examine(wire.content_type, body, &shelf);
  REQUIRE(seen.refused);
  // Ids and what depends on them are of each answer alone.
  static std::regex const own(R"((<eb:MessageId>|<ds:DigestValue>|<ds:SignatureValue>|(?:wsu:)?Id="|URI="#)[^<"]*)");
  return {body.read, shelf.written, seen.refused->diagnosis.code, seen.refused->diagnosis.detail,
          std::regex_replace(seen.answer.body, own, "$1")};
}

}  // namespace

TEST_CASE("a content key that cannot be unwrapped costs the work of a wrong tag, and gets its answer") {
  for (auto const& profile : every_profile()) {
    for (bool const compresses : {true, false}) {
      INFO(profile.id << (compresses ? ", compressed" : ""));
      unwrap_scene scene(profile);
      scene.sending.compress = compresses;
      // Compressed it is small and would unpack to more than memory holds; as it is, it goes to the shelf.
      auto const wire = scene.sent(std::string(2 * held_part_limit, 'a'));
      auto const key = work_of(scene, with_other_key(wire));
      auto const tag = work_of(scene, with_other_tag(wire));
      CHECK(key.code == "edelivery.decryption.failed");
      CHECK(key.code == tag.code);
      CHECK(key.read == tag.read);
      CHECK(key.written == tag.written);
      CHECK((compresses ? key.written == 0 : key.written == 2 * held_part_limit));
      CHECK(key.answer == tag.answer);
      CHECK(key.answer.find("EBMS:0102") != std::string::npos);
      CHECK(key.detail == "The payload cannot be decrypted: its content key cannot be unwrapped");
      CHECK(tag.detail == "The payload cannot be decrypted: its tag does not fit");
    }
  }
}

TEST_CASE("the explanation of a message names the key that cannot be unwrapped, and reads nothing of what comes out") {
  unwrap_scene const scene(edelivery_1_15_rsa());
  auto const wire = scene.sent(std::string(1000, 'a'));
  auto const told = [&](wire_message const& one) {
    return to_text(
        explain_message(one.content_type, memory_source(one.body), scene.book, scene.eu, noon(), explaining{}));
  };
  auto const key = told(with_other_key(wire));
  auto const tag = told(with_other_tag(wire));
  CHECK(key.find("its content key cannot be unwrapped") != std::string::npos);
  CHECK(tag.find("its tag does not fit") != std::string::npos);
  auto const count = [](std::string const& text, std::string_view word) {
    std::size_t found = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
    return found;
  };
  CHECK(count(key, "bytes decrypted") == 3);
  CHECK(count(key, "bytes unpacked") == 0);
  CHECK(count(tag, "bytes decrypted") == 3);
  CHECK(count(tag, "bytes unpacked") == 2);  // of the two parts that are good
}
