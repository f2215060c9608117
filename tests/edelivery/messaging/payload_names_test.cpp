// What the parts of a message are called: peers with payload profiles take no other names than those agreed.
#include <catch2/catch.hpp>

#include "base/clock.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/receiver/receiver.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

using names = std::vector<std::string>;

outgoing_message with(names const& given) {
  outgoing_message message{.action = "createDataset"};
  for (auto const& name : given) {
    outgoing_payload payload{"text/plain", "text"};
    payload.name = name;
    message.payloads.push_back(payload);
  }
  return message;
}

names names_in(user_message const& header) {
  names all;
  for (auto const& part : header.parts) all.push_back(part.content_id);
  return all;
}

// As the partner gets them, packed in memory.
names received(outgoing_message const& message, names const& agreed) {
  auto mode = fr().mode();
  mode.payload_names = agreed;
  auto const packed = pack(message, mode, fr().point, noon());
  if (!packed) FAIL(to_text(packed.error()));
  auto const wire = seal(*packed, mode, noon()).value();
  auto const us = eu();
  manual_clock const time{noon()};
  auto const seen = edelivery::receiver{us.book, us.point, time}.examine(wire.content_type, wire.body);
  if (seen.refused) FAIL(to_text(seen.refused->diagnosis));
  names all;
  for (auto const& part : seen.message->parts) all.push_back(part.content_id);
  return all;
}

// As another access point is told them, and as a stream has them.
names described(outgoing_message const& message, names const& agreed) {
  auto mode = fr().mode();
  mode.payload_names = agreed;
  return names_in(describe_message(message, mode, fr().point, noon()).value());
}

bool is_made_up(std::string const& name, int place) {
  return name.starts_with("part-" + std::to_string(place) + ".") && name.ends_with("@as4.fr.example");
}

}  // namespace

TEST_CASE("parts bear the names of the P-Mode, one after the other, and made-up ones after the last") {
  for (auto const& got : {received(with({"", "", ""}), {"message", "attachment"}),
                          described(with({"", "", ""}), {"message", "attachment"})}) {
    REQUIRE(got.size() == 3);
    CHECK(got[0] == "message");
    CHECK(got[1] == "attachment");
    CHECK(is_made_up(got[2], 3));
  }
  CHECK(received(with({""}), {"message", "attachment"}) == names{"message"});
}

TEST_CASE("what a back end names keeps its name on the way to the partner") {
  CHECK(received(with({"plan.pdf", "note"}), {}) == names{"plan.pdf", "note"});
  CHECK(received(with({"attachment", ""}), {"message", "attachment"})[0] == "attachment");
  CHECK(described(with({"plan.pdf", "note"}), {"message"}) == names{"plan.pdf", "note"});
}

TEST_CASE("a name that some peers cannot read, or that another part has, gives way") {
  auto const got = received(with({"a b", "x/y", "soap@root", "one", "one", std::string(201, 'x'), "\xC3\xA9"}), {});
  REQUIRE(got.size() == 7);
  for (int const place : {1, 2, 3, 5, 6, 7}) CHECK(is_made_up(got[static_cast<std::size_t>(place - 1)], place));
  CHECK(got[3] == "one");
  CHECK(received(with({"a b", "two"}), {"message"}) == names{"message", "two"});
  CHECK(is_made_up(received(with({"message", ""}), {"first", "message"})[1], 2));
}
