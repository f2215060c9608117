// The explanation of a message names the step that is wrong, shows what a reader compares, and hides what is nobody's
// business.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "edelivery/explain/explain_message.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/receiver/receiver.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;
using nlohmann::json;

namespace {

struct explained_scene : delivery {
  explanation told(explaining const& how = {}) const {
    return explain_message(wire.content_type, memory_source(wire.body), home.book, home.point, noon(), how);
  }
  // One byte of the ciphertext of the last part.
  void damage_part() { wire.body[wire.body.rfind("\r\n--") - 20] ^= 1; }
  void replace(std::string const& what, std::string const& by) {
    wire.body.replace(wire.body.find(what), what.size(), by);
  }
};

std::vector<std::string> wrong_steps(explanation const& told) {
  std::vector<std::string> wrong;
  for (auto const& each : told.steps())
    if (each.outcome == finding::wrong) wrong.push_back(each.step);
  return wrong;
}

explained_step const* find_step(explanation const& told, std::string_view name, std::string_view about = {}) {
  for (auto const& each : told.steps())
    if (each.step == name && each.about.find(about) != std::string::npos) return &each;
  return nullptr;
}

std::string fact_of(explained_step const& step, std::string_view name) {
  for (auto const& [known, value] : step.facts)
    if (known == name) return value;
  return {};
}

}  // namespace

TEST_CASE("of a good message every step is good, every digest is computed, and it is in the order of the flow") {
  explained_scene s;
  auto const told = s.told();
  INFO(to_text(told));
  CHECK(wrong_steps(told).empty());
  for (auto const& each : told.steps()) {
    if (each.step != "reference") continue;
    CHECK(each.outcome == finding::good);
    CHECK(fact_of(each, "digest given") == fact_of(each, "digest computed"));
    CHECK_FALSE(fact_of(each, "transform").empty());
  }
  std::vector<std::string> order;
  for (auto const& each : told.steps())
    if (order.empty() || order.back() != each.step) order.push_back(each.step);
  CHECK(order == std::vector<std::string>{"MIME body", "MIME part", "SOAP envelope", "ebMS header", "P-Mode",
                                          "limits of the P-Mode", "timestamp", "message properties", "eb:PayloadInfo",
                                          "signature method", "certificate of the signer", "signature value",
                                          "reference", "signed are", "encrypted key", "encrypted part", "payload"});
  auto const& signer = *find_step(told, "certificate of the signer");
  CHECK(fact_of(signer, "subject") == fr_keys().cert.subject());
  CHECK(fact_of(signer, "SHA-256") == fr_keys().cert.fingerprint());
  CHECK(fact_of(signer, "serial number") == fr_keys().cert.serial());
  CHECK(fact_of(signer, "valid to") == to_rfc3339(fr_keys().cert.not_after()));
  CHECK(fact_of(*find_step(told, "encrypted key"), "recipient").find("eu") != std::string::npos);
  CHECK(fact_of(*find_step(told, "payload"), "bytes unpacked") ==
        std::to_string(two_payloads().payloads[0].bytes.size()));
}

namespace {

struct explained_fault {
  char const* what;
  std::function<void(explained_scene&)> spoil;
  std::vector<std::string> wrong;
  char const* step;
  char const* says;
};

std::vector<explained_fault> const faults{
    {"no MIME", [](explained_scene& s) { s.wire.content_type = "text/plain"; }, {"MIME body"}, "MIME body", "soap"},
    {"cut",
     [](explained_scene& s) { s.wire.body.resize(s.wire.body.size() - 9); },
     {"MIME body"},
     "MIME body",
     "boundary"},
    {"no XML",
     [](explained_scene& s) { s.replace("<S12:Envelope", "<S12:Envel&pe"); },
     {"SOAP envelope"},
     "SOAP envelope",
     ""},
    {"a header that is none",
     [](explained_scene& s) {
       s.replace("eb:MessageInfo>", "eb:MessageInfx>"), s.replace("/eb:MessageInfo", "/eb:MessageInfx");
     },
     {"ebMS header"},
     "ebMS header",
     "MessageInfo"},
    {"another action",
     [](explained_scene& s) { s.replace("createDataset", "deleteDataset"); },
     {"P-Mode"},
     "P-Mode",
     "deleteDataset"},
    {"another sender", [](explained_scene& s) { s.replace(">FR<", ">XX<"); }, {"P-Mode"}, "P-Mode", "XX"},
    {"a header changed after signing",
     [](explained_scene& s) { s.replace(">holder<", ">Holder<"); },
     {"reference"},
     "reference",
     "changed after signing"},
    {"a signed digest changed",
     [](explained_scene& s) {
       auto const at = s.wire.body.find("DigestValue>") + 12;
       s.wire.body[at] = s.wire.body[at] == 'A' ? 'B' : 'A';
     },
     {"signature value", "reference"},
     "signature value",
     "ds:SignedInfo was changed"},
    {"another signature algorithm",
     [](explained_scene& s) { s.replace("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha512"); },
     {"signature method", "signature value"},
     "signature method",
     "rsa-sha256"},
    {"a part damaged",
     [](explained_scene& s) { s.damage_part(); },
     {"reference", "payload"},
     "payload",
     "cannot be decrypted"},
    {"another digest algorithm",
     [](explained_scene& s) { s.replace("xmlenc#sha256\"></ds:DigestMethod", "xmlenc#sha512\"></ds:DigestMethod"); },
     {"signature value", "reference"},
     "reference",
     "xmlenc#sha256"},
    {"a stranger's certificate expected",
     [](explained_scene& s) {
       auto modes = s.home.book.all();
       modes[0].trust.pinned = {eu_keys().cert};
       s.home.book = pmode_book{modes};
     },
     {"certificate of the signer"},
     "certificate of the signer",
     "trusted is"},
    {"for another recipient",
     [](explained_scene& s) { s.home.point.decryption = {fr_keys()}; },
     {"encrypted key"},
     "encrypted key",
     "names no certificate that is known here"},
    {"too many parts",
     [](explained_scene& s) {
       auto modes = s.home.book.all();
       modes[0].limits.parts = 1;
       s.home.book = pmode_book{modes};
     },
     {"limits of the P-Mode"},
     "limits of the P-Mode",
     "1"},
    {"a bomb",
     [](explained_scene& s) {
       auto modes = s.home.book.all();
       modes[0].limits.unpacked.bytes = 4;
       s.home.book = pmode_book{modes};
     },
     {"payload", "payload"},
     "payload",
     "4"},
};

}  // namespace

TEST_CASE("each fault is wrong in its own step") {
  for (auto const& one : faults) {
    CAPTURE(one.what);
    explained_scene s;
    one.spoil(s);
    auto const told = s.told();
    INFO(to_text(told));
    auto const wrong = wrong_steps(told);
    for (auto const& each : one.wrong) CHECK(std::ranges::find(wrong, each) != wrong.end());
    auto const* step = find_step(told, one.step);
    REQUIRE(step != nullptr);
    explanation alone;
    for (auto const& each : told.steps())
      if (each.step == one.step) alone.add(each.step) = each;
    CHECK(to_text(alone).find(one.says) != std::string::npos);
  }
}

TEST_CASE("parts of a message that is not proven are opened only for whoever asks for that") {
  explained_scene s;
  s.replace(">holder<", ">Holder<");
  auto const careful = s.told();
  CHECK(find_step(careful, "payload")->outcome == finding::not_looked_at);
  CHECK(fact_of(*find_step(careful, "payload"), "why") == "the message is not proven");
  CHECK(find_step(careful, "reference", "cid:")->outcome == finding::not_looked_at);
  auto const all = s.told({.opens_unproven = true});
  CHECK(find_step(all, "payload")->outcome == finding::good);
  CHECK(find_step(all, "reference", "cid:")->outcome == finding::good);

  explained_scene whole;
  auto const small = whole.told({.most_payload_bytes = 10});
  CHECK(find_step(small, "payload")->outcome == finding::not_looked_at);
}

TEST_CASE("an explanation holds no payload, no value of a property and no key, and stays within its bounds") {
  explained_scene s;
  auto const told = s.told({.opens_unproven = true});
  auto const text = to_text(told) + to_json(told);
  CHECK(text.find("holder") == std::string::npos);
  CHECK(text.find("platform") == std::string::npos);
  CHECK(text.find("operation") == std::string::npos);
  CHECK(text.find("PRIVATE") == std::string::npos);

  explanation long_one;
  for (int n = 0; n < 1000; ++n) long_one.add("step", std::string(5000, 'x')).fact("name", std::string(5000, '\n'));
  conclude(long_one, "EBMS:0004", problem{"a.b", "why", "where", "mend"});
  CHECK(long_one.steps().size() == explanation::most_steps + 1);
  CHECK(long_one.left_out() == 1000 - explanation::most_steps);
  CHECK(to_json(long_one).size() < 160 * 1024);
  CHECK(to_text(long_one).find("verdict: WRONG") != std::string::npos);
  CHECK(to_text(long_one).find("further steps are left out") != std::string::npos);
  auto const read = json::parse(to_json(long_one));
  CHECK(read.at("steps").back().at("outcome") == "wrong");
  CHECK(read.at("left_out") == 840);

  // The header of a stranger may list a thousand parts.
  explained_step crowded;
  for (int n = 0; n < 1000; ++n) crowded.fact("PartInfo", "cid:" + std::to_string(n));
  CHECK(crowded.facts.size() == explained_step::most_facts + 1);
  CHECK(crowded.facts.back().second == "are left out");
  CHECK(fact_of(crowded.failed({"a.b", "why", "", ""}), "problem") == "a.b");
}

TEST_CASE(
    "of elements that nobody signs, and of one that is named twice, no digest is computed: anybody may send them") {
  explained_scene s;
  auto const signature = s.wire.body.find("SIG-");
  auto const name = s.wire.body.substr(signature, s.wire.body.find('"', signature) - signature);
  auto const at = s.wire.body.find("<ds:Reference URI=\"#");
  auto const again = s.wire.body.substr(at, s.wire.body.find("</ds:Reference>", at) + 15 - at);
  auto const id = again.find('#') + 1;
  auto named = again;
  named.replace(id, named.find('"', id) - id, name);
  s.wire.body.insert(at + again.size(), again + named);
  auto const told = s.told();
  INFO(to_text(told));
  std::vector<std::string> why;
  for (auto const& each : told.steps()) {
    if (each.step != "reference" || !each.about.starts_with('#')) continue;
    CHECK(fact_of(each, "digest computed").empty() == !fact_of(each, "why").empty());
    why.push_back(fact_of(each, "why"));
  }
  CHECK(why == std::vector<std::string>{"", "it is referred to twice", "it is no element that is to be signed", ""});
}

TEST_CASE("signals are explained under the P-Mode named, and otherwise said to be not looked at") {
  explained_scene s;
  manual_clock const time{noon()};
  edelivery::receiver const machine{s.home.book, s.home.point, time};
  auto const receipt = machine.conclude(machine.examine(s.wire.content_type, s.wire.body), {});
  auto const told_of = [&](pmode const* mode) {
    return explain_message(receipt.content_type, memory_source(receipt.body), s.sender.book, s.sender.point, noon(),
                           {.signal_mode = mode});
  };
  auto const under = told_of(&s.sender.mode());
  INFO(to_text(under));
  CHECK(wrong_steps(under).empty());
  CHECK(fact_of(*find_step(under, "ebMS header"), "signal") == "receipt");
  CHECK(find_step(under, "certificate of the signer")->outcome == finding::good);
  CHECK(find_step(told_of(nullptr), "P-Mode")->outcome == finding::not_looked_at);

  auto const error =
      machine.refuse({.code = "EBMS:0202", .diagnosis = {}, .message_id = "x@y", .pmode_id = {}, .claimed = {}});
  auto const said =
      explain_message(error.content_type, memory_source(error.body), s.sender.book, s.sender.point, noon(), {});
  CHECK(fact_of(*find_step(said, "ebMS header"), "error").starts_with("EBMS:0202"));
}

TEST_CASE("whatever is cut or changed, an explanation comes back") {
  explained_scene s;
  auto const whole = s.wire.body;
  for (std::size_t n = 0; n < whole.size(); n += 97) {
    s.wire.body = whole.substr(0, n);
    CHECK_FALSE(s.told().steps().empty());
    s.wire.body = whole;
    s.wire.body[n] = static_cast<char>(s.wire.body[n] ^ 4);
    CHECK_FALSE(s.told().steps().empty());
  }
}
