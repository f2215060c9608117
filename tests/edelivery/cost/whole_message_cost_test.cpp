// The same bounds for whole messages as they come over HTTP: user messages, signals and pull requests.
#include <catch2/catch.hpp>

#include "edelivery/cost/counted_memory.hpp"
#include "edelivery/cost/hostile_soap.hpp"
#include "edelivery/cost/processor_time.hpp"
#include "edelivery/message/open_pull.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/mime/multipart.hpp"
#include "edelivery/security/message.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

struct bounded {
  std::size_t message = 0;  // bytes
  std::size_t soap = 0;
};

// Gives the code of the refusal; "" when it was taken.
template <class Open>
std::string within_bounds(std::string const& name, bounded size, Open const& open) {
  double least = 1e9;
  std::size_t bytes = 0;
  std::string code;
  for (int run = 0; run < 3; ++run) {
    start_counting();
    auto const begin = processor_ms();
    {
      auto const got = open();
      code = got ? "" : got.error().diagnosis.code;
    }
    least = std::min(least, processor_ms() - begin);
    bytes = highest_since();
  }
  auto const most_ms = 5 + 100e-6 * static_cast<double>(size.message);
  auto const most_bytes = 1024 * 1024 + 4 * size.soap;
  INFO(name << ": " << size.message << " bytes, " << least << " ms of " << most_ms << ", " << bytes << " bytes of "
            << most_bytes << ", " << code);
  CHECK(least <= most_ms * slowness);
  CHECK(bytes <= most_bytes);
  return code;
}

std::string in_mime(std::string const& soap, std::string const& rest) {
  return "--b\r\nContent-Type: application/soap+xml\r\n\r\n" + soap + "\r\n" + rest + "--b--\r\n";
}

std::string part(std::string const& name, std::string const& content) {
  return "--b\r\nContent-ID: <" + name + ">\r\n\r\n" + content + "\r\n";
}

std::string const related = "multipart/related; boundary=b; type=\"application/soap+xml\"";

// Opened as the node does, from where it lies.
std::string opened_whole(std::string const& name, std::string const& type, std::string const& body, std::size_t soap) {
  static auto const us = tests::eu();
  return within_bounds(name, {body.size(), soap},
                       [&] { return open_message(type, memory_source(body), us.book, us.point, noon(), nullptr); });
}

// A message of FR's, as many parts as it may have.
wire_message of_many_parts() {
  outgoing_message message;
  message.action = "createDataset";
  for (int n = 0; n < 28; ++n)
    message.payloads.push_back({"text/plain", std::string(50'000, 'x'), "utf-8", {}, nullptr});
  auto mode = tests::fr().mode();
  mode.compress = false;
  return seal(pack(message, mode, tests::fr().point, noon()).value(), mode, noon()).value();
}

std::string soap_of(wire_message const& wire) {
  return std::string(lay_out_mime(wire.content_type, memory_source(wire.body))->root_bytes);
}

pmode pulled(partner const& who, direction way) {
  auto mode = who.mode();
  mode.binding = mep_binding::pull;
  mode.way = way;
  mode.mpc = "urn:mpc:fr";
  return mode;
}

}  // namespace

TEST_CASE("no whole message costs more than its size allows before its signature is judged") {
  count_libxml2();
  auto const wire = of_many_parts();
  auto const soap = soap_of(wire);
  CHECK(open_message(wire.content_type, wire.body, tests::eu().book, tests::eu().point, noon()));

  auto altered = wire.body;
  altered[altered.find("createDataset")] = 'C';
  CHECK(opened_whole("an action that is not agreed", wire.content_type, altered, soap.size()) ==
        "edelivery.pmode.none");
  altered = replaced(wire.body, "urn:example:agreement:1</eb:", "urn:example:agreement:1 </eb:");
  CHECK(opened_whole("28 parts, the header altered", wire.content_type, altered, soap.size()) ==
        "edelivery.authentication.digest");
  auto const value = cut_out(wire.body, "<ds:SignatureValue>", "</ds:SignatureValue>");
  altered = replaced(wire.body, value, replaced(value, value.substr(30, 4), "AAAA"));
  CHECK(opened_whole("28 parts, the signature altered", wire.content_type, altered, soap.size()) ==
        "edelivery.authentication.signature");
}

TEST_CASE("nor does what stands in MIME beside a SOAP part") {
  count_libxml2();
  auto const soap = soap_of(of_many_parts());
  auto const opened = [&](std::string const& name, std::string const& rest) {
    CHECK_FALSE(opened_whole(name, related, in_mime(soap, rest), soap.size()).empty());
  };
  for (std::size_t const n : {60U, 1000U, 10000U}) opened(std::to_string(n) + " parts", numbered(part("%@x", "x"), n));
  opened("false boundaries", part("a@x", repeated("\r\n--bx", 500'000)));
  opened("half boundaries", part("a@x", repeated("\r\n--", 1'000'000)));
  opened("line ends", part("a@x", repeated("\r\n", 2'000'000)));
  opened("one large part", part("a@x", std::string(16'000'000, 'x')));
  opened("blanks after a boundary", "--b" + std::string(2'000'000, ' ') + "\r\n");
  opened("long headers", "--b\r\nX: " + std::string(2'000'000, 'x') + "\r\n\r\n\r\n");
  opened("many headers", "--b\r\n" + repeated("X: y\r\n", 300'000) + "\r\n\r\n");
  opened("many folded lines", "--b\r\nX: y\r\n" + repeated(" z\r\n", 300'000) + "\r\n\r\n");
  opened("no end", part("a@x", std::string(16'000'000, '-')) + "--b\r\n");
}

TEST_CASE("nor does an expensive SOAP part inside MIME, or alone, whoever it is meant for") {
  count_libxml2();
  auto const mode = tests::fr().mode();
  pmode_book const hands_out{{pulled(tests::eu(), direction::send)}};
  std::string const bare = "application/soap+xml";
  for (auto const& each : hostile_soaps()) {
    bounded const size{each.text.size(), each.text.size()};
    opened_whole(each.name + " in MIME", related, in_mime(each.text, part("a@x", "x")), each.text.size());
    within_bounds(each.name + " as a signal", size, [&] { return open_signal(bare, each.text, mode, noon()); });
    within_bounds(each.name + " as a pull request", size,
                  [&] { return open_pull_request(bare, each.text, hands_out, noon()); });
  }
}

TEST_CASE("nor does a pull request whose signature does not fit") {
  count_libxml2();
  auto const wire = make_pull_request(pulled(tests::fr(), direction::receive), tests::fr().point, noon()).value();
  // A channel for each of many partners: the certificate decides, so none may cost a signature of its own.
  std::vector<pmode> modes;
  for (int n = 0; n < 40; ++n) {
    modes.push_back(pulled(tests::eu(), direction::send));
    modes.back().id += std::to_string(n);
  }
  pmode_book const book{modes};
  CHECK(open_pull_request(wire.content_type, wire.body, book, noon()));
  auto const altered = replaced(wire.body, "<eb:MessageId>", "<eb:MessageId>x");
  auto const code = within_bounds("a pull request, altered", {altered.size(), altered.size()},
                                  [&] { return open_pull_request(wire.content_type, altered, book, noon()); });
  CHECK(code.starts_with("edelivery.authentication."));
}

TEST_CASE("a message of ten thousand parts is refused within a megabyte") {
  std::string const body = in_mime("<soap/>", numbered(part("%@x", "x"), 10'000));
  auto const us = tests::eu();
  start_counting();
  auto const got = open_message(related, memory_source(body), us.book, us.point, noon(), nullptr);
  CHECK(highest_since() < 1024 * 1024);
  REQUIRE_FALSE(got);
  CHECK(got.error().diagnosis.code == "edelivery.mime.too_many_parts");

  // Under a P-Mode that lets so many come, they are held within ten.
  auto mode = us.mode();
  mode.limits.parts = 10'001;
  pmode_book const generous{{mode}};
  start_counting();
  auto const held = open_message(related, memory_source(body), generous, us.point, noon(), nullptr);
  CHECK(highest_since() < 10 * 1024 * 1024);
  REQUIRE_FALSE(held);
  CHECK_FALSE(held.error().diagnosis.code.starts_with("edelivery.mime."));
}
