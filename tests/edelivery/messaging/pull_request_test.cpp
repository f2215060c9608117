// Pull requests as XML, and which signals may come in a request.
#include <catch2/catch.hpp>

#include "edelivery/ebms/read_messaging.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/message/open_pull.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/xml/soap.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

result<messaging_content> read_signal_of(std::string const& inside) {
  auto const document =
      xml::document::parse("<eb:Messaging xmlns:eb=\"" + std::string{ns::ebms} + "\">" + inside + "</eb:Messaging>");
  REQUIRE(document);
  return read_messaging(document->root());
}

std::string code(std::string const& inside) {
  auto const got = read_signal_of(inside);
  return got ? "accepted" : got.error().code;
}

std::string pull_signal(std::string const& rest) {
  return "<eb:SignalMessage><eb:MessageInfo><eb:Timestamp>2026-11-22T12:00:00Z</eb:Timestamp>"
         "<eb:MessageId>1@x</eb:MessageId></eb:MessageInfo>" +
         rest + "</eb:SignalMessage>";
}

pmode pulled() {
  auto mode = fr().mode();
  mode.binding = mep_binding::pull;
  mode.way = direction::receive;
  mode.mpc = "urn:mpc:fr";
  return mode;
}

}  // namespace

TEST_CASE("a pull request is written and read back") {
  auto const got = read_signal_of(write_pull_request({noon(), "1@x", "urn:mpc:<a&b>"}));
  REQUIRE(got);
  auto const& asked = std::get<pull_request>(*got);
  CHECK(asked.timestamp == noon());
  CHECK(asked.message_id == "1@x");
  CHECK(asked.mpc == "urn:mpc:<a&b>");
  CHECK(std::get<pull_request>(*read_signal_of(pull_signal("<eb:PullRequest/>"))).mpc.empty());
}

TEST_CASE("a pull request with anything more, or too much, is refused") {
  CHECK(code(pull_signal("<eb:PullRequest mpc=\"m\" colour=\"red\"/>")).starts_with("edelivery.header."));
  CHECK(code(pull_signal("<eb:PullRequest><eb:x/></eb:PullRequest>")).starts_with("edelivery.header."));
  CHECK(code(pull_signal("<eb:PullRequest/><eb:PullRequest/>")).starts_with("edelivery.header."));
  CHECK(code(pull_signal("<eb:PullRequest/><eb:Receipt/>")).starts_with("edelivery.header."));
  CHECK(code(pull_signal("<eb:PullRequest mpc=\"" + std::string(256, 'm') + "\"/>")).starts_with("edelivery.header."));
}

TEST_CASE("we pull only under a P-Mode that says so") {
  auto const us = fr();
  CHECK(make_pull_request(pulled(), us.point, noon()));
  CHECK(make_pull_request(us.mode(), us.point, noon()).error().code == "edelivery.pack.direction");
  auto other = pulled();
  other.way = direction::send;
  CHECK_FALSE(make_pull_request(other, us.point, noon()));
}

TEST_CASE("a channel is judged by the P-Mode that hands it out, and by the partner's certificate alone") {
  auto const us = fr();
  auto const them = eu();
  auto hands_out = them.mode();
  hands_out.binding = mep_binding::pull;
  hands_out.way = direction::send;
  hands_out.mpc = "urn:mpc:fr";
  auto const wire = make_pull_request(pulled(), us.point, noon()).value();
  auto const opened = open_pull_request(wire.content_type, wire.body, pmode_book{{hands_out}}, noon());
  REQUIRE(opened);
  CHECK(opened->pmode_id == hands_out.id);
  CHECK(opened->asked.mpc == "urn:mpc:fr");

  auto const code_under = [&](pmode const& mode) {
    return open_pull_request(wire.content_type, wire.body, pmode_book{{mode}}, noon()).error().code;
  };
  auto pushed = hands_out;
  pushed.binding = mep_binding::push;
  CHECK(code_under(pushed) == "EBMS:0001");
  auto elsewhere = hands_out;
  elsewhere.mpc = "urn:mpc:dk";
  CHECK(code_under(elsewhere) == "EBMS:0001");
  auto others = hands_out;
  others.trust.pinned = {stranger().cert};
  CHECK(code_under(others) == "EBMS:0101");
  // Two partners with one channel: the certificate tells them apart.
  CHECK(open_pull_request(wire.content_type, wire.body, pmode_book{{others, hands_out}}, noon()));
}

TEST_CASE("an unsigned or bundled pull request is refused") {
  auto const bare = "<S:Envelope xmlns:S=\"" + std::string{ns::soap} + "\" xmlns:eb=\"" + std::string{ns::ebms} +
                    "\"><S:Header><eb:Messaging S:mustUnderstand=\"true\">" +
                    pull_signal("<eb:PullRequest mpc=\"urn:mpc:fr\"/>") +
                    "</eb:Messaging></S:Header><S:Body/></S:Envelope>";
  auto hands_out = eu().mode();
  hands_out.binding = mep_binding::pull;
  hands_out.way = direction::send;
  hands_out.mpc = "urn:mpc:fr";
  auto const opened = open_pull_request("application/soap+xml", bare, pmode_book{{hands_out}}, noon());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == "EBMS:0103");
}

TEST_CASE("what a signal in a request speaks of is read before it is believed") {
  auto const us = fr();
  auto const packed = pack(two_payloads(), us.mode(), us.point, noon()).value();
  auto const wire = seal(packed, us.mode(), noon()).value();
  CHECK(read_claimed_signal(wire.content_type, wire.body).error().code == "EBMS:0008");
  CHECK_FALSE(read_claimed_signal("text/plain", "x"));
  auto const asked = make_pull_request(pulled(), us.point, noon()).value();
  auto const claimed = read_claimed_signal(asked.content_type, asked.body);
  REQUIRE(claimed);
  CHECK(std::holds_alternative<pull_request>(claimed->content));
  CHECK(claimed->refers_to.empty());
  CHECK_FALSE(claimed->message_id.empty());
  // A pull request is no answer to anything.
  CHECK(open_signal(asked.content_type, asked.body, eu().mode(), noon()).error().code == "EBMS:0008");
}
