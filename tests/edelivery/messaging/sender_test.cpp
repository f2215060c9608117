#include <catch2/catch.hpp>
#include <string>

#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/mime/write_multipart.hpp"
#include "edelivery/receiver/receiver.hpp"
#include "edelivery/sender/outbound.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;
using std::chrono::seconds;

namespace {

constexpr double middle = 0.5;  // no jitter

struct sending_scene {
  partner home = edelivery::tests::fr();
  partner peer = edelivery::tests::eu();
  manual_clock time{noon()};
  packed_message packed = pack(two_payloads(), home.mode(), home.point, noon()).value();
  outbound row = enqueue(packed.message_id, home.mode(), noon());

  void begin() { row = begin_attempt(row, home.mode(), time.now()); }
  void answer(http_answer const& got) { row = on_response(row, got, {packed}, home.mode(), time.now(), middle); }
  void silence() { row = on_no_answer(row, "connection refused", home.mode(), time.now(), middle); }

  http_answer receipt_from(access_point const& signer, packed_message const& about) const {
    receipt const signal{time.now(), "r@x", about.message_id, references_of(about).value()};
    return {200, "application/soap+xml", sign(write_receipt(signal), {}, home.mode().security, signer.signing)->soap};
  }
  http_answer good_receipt() const { return receipt_from(peer.point, packed); }
  http_answer error(std::string code, std::string severity, std::string about) const {
    error_signal const signal{
        time.now(), "e@x", std::move(about), {{std::move(code), std::move(severity), "", "Short", "", "why", ""}}};
    return {200, "application/soap+xml", sign(write_error(signal), {}, home.mode().security, peer.point.signing)->soap};
  }
  http_answer error(std::string code, std::string severity = "failure") const {
    return error(std::move(code), std::move(severity), packed.message_id);
  }
};

}  // namespace

TEST_CASE("a message is sent at once and delivered when a good receipt comes") {
  sending_scene s;
  CHECK(s.row.status == outbound_status::queued);
  CHECK(next_action(s.row, noon()).what == send_action::kind::send);

  s.begin();
  CHECK(s.row.status == outbound_status::in_flight);
  CHECK(next_action(s.row, noon()).what == send_action::kind::wait);
  auto const got = s.good_receipt();
  s.answer(got);

  CHECK(s.row.status == outbound_status::delivered);
  CHECK(s.row.attempts == 1);
  CHECK(s.row.receipt == got.body);
  CHECK(s.row.code.empty());
  CHECK(next_action(s.row, noon() + seconds{1'000'000}).what == send_action::kind::nothing);
}

TEST_CASE("delays double up to the longest, and are spread") {
  retry_policy const policy;

  CHECK(retry_delay(policy, 1, middle) == seconds{10});
  CHECK(retry_delay(policy, 2, middle) == seconds{20});
  CHECK(retry_delay(policy, 5, middle) == seconds{160});
  CHECK(retry_delay(policy, 100, middle) == seconds{3600});
  CHECK(retry_delay(policy, 1, 0.0) == seconds{8});
  CHECK(retry_delay(policy, 1, 0.999999) <= seconds{12});
}

TEST_CASE("a partner that is down for a week loses nothing") {
  sending_scene s;
  int sent = 0;
  auto const up = noon() + std::chrono::days{7};
  while (s.time.now() < up) {
    auto const action = next_action(s.row, s.time.now());
    REQUIRE(action.what != send_action::kind::nothing);
    if (action.what == send_action::kind::wait) {
      s.time.set(action.until);
      continue;
    }
    s.begin();
    ++sent;
    s.silence();
  }
  CHECK(sent < 200);

  s.begin();
  s.answer(s.good_receipt());

  CHECK(s.row.status == outbound_status::delivered);
}

TEST_CASE("after the last attempt the missing receipt is reported, and a late one still counts") {
  sending_scene s;
  auto modes = s.home.book.all();
  modes[0].retry.max_attempts = 3;
  s.home.book = pmode_book{modes};
  for (int i = 0; i < 3; ++i) {
    s.time.set(s.row.due);
    s.begin();
    s.silence();
  }
  CHECK(s.row.status == outbound_status::failed);
  CHECK(s.row.code == "EBMS:0301");
  CHECK_THAT(s.row.reason, Catch::Contains("3 attempts"));
  CHECK(next_action(s.row, s.time.now() + std::chrono::days{1}).what == send_action::kind::nothing);

  SECTION("a late receipt") {
    s.answer(s.good_receipt());
    CHECK(s.row.status == outbound_status::delivered);
    CHECK_THAT(s.row.reason, Catch::Contains("after giving up"));
  }
  SECTION("a late error changes nothing") {
    auto const before = s.row;
    s.answer(s.error("EBMS:0101"));
    CHECK(s.row == before);
    s.silence();
    CHECK(s.row == before);
  }
  SECTION("the operator tries again") {
    s.row = requeue(s.row, s.time.now());
    CHECK(next_action(s.row, s.time.now()).what == send_action::kind::send);
    s.begin();
    CHECK(s.row.attempts == 1);
    s.answer(s.good_receipt());
    CHECK(s.row.status == outbound_status::delivered);
    CHECK(requeue(s.row, s.time.now()) == s.row);
  }
}

TEST_CASE("a process that dies in the middle of an attempt sends again after the time-out") {
  sending_scene s;
  s.begin();

  CHECK(next_action(s.row, noon() + seconds{119}).what == send_action::kind::wait);
  CHECK(next_action(s.row, noon() + seconds{120}).what == send_action::kind::send);
}

TEST_CASE("what is no receipt is not taken for one") {
  sending_scene s;
  s.begin();
  auto const other = pack(two_payloads(), s.home.mode(), s.home.point, noon()).value();
  auto tampered = s.good_receipt();
  tampered.body.replace(tampered.body.find("r@x"), 3, "r@y");
  auto const good = s.good_receipt();

  auto const with_part = write_mime(good.body, {{"part@x", "text/plain", "more"}}).value();
  auto const wire = seal(s.packed, s.home.mode(), noon()).value();

  auto const code_after = [&](http_answer const& got) {
    auto const row = on_response(s.row, got, {s.packed}, s.home.mode(), noon(), middle);
    CHECK(row.status == outbound_status::waiting);
    CHECK(row.due > noon());
    CHECK(row.receipt.empty());
    CHECK_FALSE(row.reason.empty());
    return row.code;
  };
  CHECK(code_after({200, "", ""}) == "EBMS:0007");
  CHECK(code_after({204, "", ""}) == "EBMS:0007");
  CHECK(code_after({200, "text/html", "<html>proxy</html>"}) == "EBMS:0007");
  CHECK(code_after({502, "text/plain", "bad gateway"}) == "EBMS:0007");
  CHECK(code_after({200, "application/soap+xml", "<soap"}) == "EBMS:0009");
  CHECK(code_after({200, "application/soap+xml", good.body.substr(0, good.body.size() / 2)}) == "EBMS:0009");
  CHECK(code_after({200, with_part.content_type, with_part.body}) == "EBMS:0007");
  CHECK(code_after({200, wire.content_type, wire.body}) == "EBMS:0008");  // our own message back
  CHECK(code_after(tampered) == "EBMS:0101");
  CHECK(code_after(s.receipt_from(s.home.point, s.packed)) == "EBMS:0101");  // signed by ourselves
  CHECK(code_after(s.receipt_from(s.peer.point, other)) == "EBMS:0302");     // for another message
}

TEST_CASE("a receipt with other digests is not for this message") {
  sending_scene s;
  s.begin();
  auto twin = two_payloads();
  twin.message_id = s.packed.message_id;
  twin.payloads[1].bytes = "other bytes";
  auto const other = pack(twin, s.home.mode(), s.home.point, noon()).value();

  s.answer(s.receipt_from(s.peer.point, other));

  CHECK(s.row.status == outbound_status::waiting);
  CHECK(s.row.code == "EBMS:0302");
}

TEST_CASE("a receipt for what was signed before a requeue counts, one for anything else does not") {
  sending_scene s;
  auto before = two_payloads();
  before.message_id = s.packed.message_id;
  auto const earlier = pack(before, s.home.mode(), s.home.point, noon() - std::chrono::hours{30}).value();
  s.begin();
  auto const got = s.receipt_from(s.peer.point, earlier);

  CHECK(on_response(s.row, got, {s.packed}, s.home.mode(), noon(), middle).code == "EBMS:0302");
  auto const row = on_response(s.row, got, {s.packed, {references_of(earlier).value()}}, s.home.mode(), noon(), middle);
  CHECK(row.status == outbound_status::delivered);
  CHECK(row.receipt == got.body);
}

TEST_CASE("a lasting remote error given twice running ends the attempts, a passing one does not") {
  struct example {
    char const* code;
    char const* severity;
    outbound_status status;
  };
  for (auto const& each : {example{"EBMS:0101", "failure", outbound_status::failed},
                           example{"EBMS:0003", "failure", outbound_status::failed},
                           example{"EBMS:0004", "failure", outbound_status::failed},
                           example{"EBMS:7777", "failure", outbound_status::failed},
                           example{"EBMS:0202", "failure", outbound_status::waiting},
                           example{"EBMS:0005", "failure", outbound_status::waiting},
                           example{"EBMS:0101", "warning", outbound_status::waiting},
                           example{"EBMS:4001", "failure", outbound_status::failed}}) {
    sending_scene s;
    INFO(each.code);
    s.begin();
    s.answer(s.error(each.code, each.severity));
    CHECK(s.row.status == outbound_status::waiting);  // once may be damage on the way
    CHECK(s.row.code == each.code);
    s.begin();
    s.answer(s.error(each.code, each.severity));
    CHECK(s.row.status == each.status);
    CHECK(s.row.code == each.code);
    CHECK_THAT(s.row.reason, Catch::Contains("why"));
  }
}

TEST_CASE("lasting errors that differ, or that follow a requeue, do not add up") {
  sending_scene s;
  for (auto const* code : {"EBMS:0102", "EBMS:0007", "EBMS:0102"}) {
    s.begin();
    s.answer(s.error(code));
    CHECK(s.row.status == outbound_status::waiting);
  }
  s.begin();
  s.answer(s.error("EBMS:0102"));
  CHECK(s.row.status == outbound_status::failed);

  s.row = requeue(s.row, noon());
  s.begin();
  s.answer(s.error("EBMS:0102"));
  CHECK(s.row.status == outbound_status::waiting);
}

TEST_CASE("an error that is not signed by the partner, or is about another message, ends nothing") {
  sending_scene s;
  s.begin();
  auto forged = s.error("EBMS:0101");
  forged.body.replace(forged.body.find("why"), 3, "wha");

  SECTION("forged") {
    s.answer(forged);
    CHECK(s.row.status == outbound_status::waiting);
    CHECK_THAT(s.row.reason, Catch::Contains("unproven"));
  }
  SECTION("about another message") {
    s.answer(s.error("EBMS:0101", "failure", "other@x"));
    CHECK(s.row.status == outbound_status::waiting);
    CHECK(s.row.code == "EBMS:0302");
  }
}

TEST_CASE("a partner that answers duplicates with an error has the message, where the P-Mode says so") {
  sending_scene s;
  auto modes = s.home.book.all();
  modes[0].duplicate_error_acknowledges = true;
  s.home.book = pmode_book{modes};
  s.begin();

  s.answer(s.error("EBMS:4001"));

  CHECK(s.row.status == outbound_status::delivered);
  CHECK(s.row.code == "EBMS:4001");
}

namespace {

// A partner whose clock is off says EBMS:0003; one that has the message already says EBMS:0004.
struct scene_with_meanings : sending_scene {
  scene_with_meanings() {
    auto modes = home.book.all();
    modes[0].partner_errors = {{"EBMS:0003"}, {"EBMS:0004"}};
    modes[0].retry.max_attempts = 4;
    home.book = pmode_book{modes};
  }
};

}  // namespace

TEST_CASE("errors that mean \"later\" here are waited out until the attempts are used up") {
  scene_with_meanings s;
  for (int n = 0; n < 3; ++n) {
    s.begin();
    s.answer(s.error("EBMS:0003"));
    CHECK(s.row.status == outbound_status::waiting);
    CHECK(s.row.code == "EBMS:0003");
  }
  SECTION("it is taken at last") {
    s.begin();
    s.answer(s.good_receipt());
    CHECK(s.row.status == outbound_status::delivered);
    CHECK(s.row.code.empty());
  }
  SECTION("it never is") {
    s.begin();
    s.answer(s.error("EBMS:0003"));
    CHECK(s.row.status == outbound_status::failed);
    CHECK(s.row.code == "EBMS:0301");
  }
}

TEST_CASE("an error that means \"already received\" counts only after an attempt without an answer, and signed") {
  scene_with_meanings s;
  s.begin();
  SECTION("the first attempt was refused: the partner has nothing") {
    s.answer(s.error("EBMS:0004"));
    CHECK(s.row.status == outbound_status::waiting);
    s.begin();
    s.answer(s.error("EBMS:0004"));
    CHECK(s.row.status == outbound_status::failed);
  }
  SECTION("refused, then silence: it may have come") {
    s.answer(s.error("EBMS:0102"));
    s.begin();
    s.silence();
    s.begin();
    s.answer(s.error("EBMS:0004"));
    CHECK(s.row.status == outbound_status::delivered);
  }
  SECTION("silence, then the error") {
    s.silence();
    s.begin();
    s.answer(s.error("EBMS:0004"));
    CHECK(s.row.status == outbound_status::delivered);
    CHECK(s.row.code == "EBMS:0004");
    CHECK_THAT(s.row.reason, Catch::Contains("has it already"));
  }
  SECTION("the process died in the first attempt") {
    s.begin();
    s.answer(s.error("EBMS:0004"));
    CHECK(s.row.status == outbound_status::delivered);
  }
  SECTION("silence, then the error unsigned") {
    s.silence();
    s.begin();
    auto forged = s.error("EBMS:0004");
    forged.body.replace(forged.body.find("why"), 3, "wha");
    s.answer(forged);
    CHECK(s.row.status == outbound_status::waiting);
  }
  SECTION("silence, then the error about nothing or about another message") {
    s.silence();
    s.begin();
    s.answer(s.error("EBMS:0004", "failure", ""));
    CHECK(s.row.status == outbound_status::waiting);
    s.silence();
    s.begin();
    s.answer(s.error("EBMS:0004", "failure", "other@x"));
    CHECK(s.row.status == outbound_status::waiting);
  }
  SECTION("another error is what it is") {
    s.silence();
    s.begin();
    s.answer(s.error("EBMS:0103"));
    s.begin();
    s.answer(s.error("EBMS:0103"));
    CHECK(s.row.status == outbound_status::failed);
  }
}

TEST_CASE("every status has its own text") {
  for (auto const status : {outbound_status::queued, outbound_status::in_flight, outbound_status::waiting,
                            outbound_status::delivered, outbound_status::failed}) {
    CHECK(parse_outbound_status(to_text(status)) == status);
  }
  CHECK_FALSE(parse_outbound_status("lost"));
}

TEST_CASE("what cannot be packed is said before anything is signed") {
  auto const node = fr();
  auto const code_of = [&](outgoing_message const& message, pmode const& mode) {
    auto const packed = pack(message, mode, node.point, noon());
    return packed ? "packed" : packed.error().code;
  };
  auto const& mode = node.mode();
  auto listening = mode;
  listening.way = direction::receive;
  auto narrow = mode;
  narrow.limits.parts = 1;
  auto unknown = two_payloads();
  unknown.action = "decision";
  auto bad_type = two_payloads();
  bad_type.payloads[0].mime_type = "application/json; charset=utf-8";
  auto bad_id = two_payloads();
  bad_id.message_id = "no domain";

  CHECK(code_of(two_payloads(), mode) == "packed");
  CHECK(code_of(two_payloads(), listening) == "edelivery.pack.direction");
  CHECK(code_of(two_payloads(), narrow) == "edelivery.pack.payload");
  CHECK(code_of(unknown, mode) == "edelivery.pack.action");
  CHECK(code_of(bad_type, mode) == "edelivery.pack.payload");
  CHECK(code_of(bad_id, mode) == "edelivery.pack.value");

  auto bad_encoding = two_payloads();
  bad_encoding.payloads[0].character_set = "utf 8";
  CHECK(code_of(bad_encoding, mode) == "edelivery.pack.payload");
  // What a partner would refuse as given twice, or misread.
  auto twice = two_payloads();
  for (auto const* ours : {"MimeType", "CharacterSet", "CompressionType"}) {
    twice.payloads[0].properties = {{ours, "x", ""}};
    CHECK(code_of(twice, mode) == "edelivery.pack.payload");
  }
  twice.payloads[0].properties = {{"page", "1", ""}, {"page", "2", ""}};
  CHECK(code_of(twice, mode) == "edelivery.pack.value");
  twice.payloads[0].properties = {{"page", "1", ""}};
  CHECK(code_of(twice, mode) == "packed");
  for (int n = 0; n < 257; ++n) twice.properties.push_back({"p" + std::to_string(n), "v", ""});
  CHECK(code_of(twice, mode) == "edelivery.pack.value");
}

TEST_CASE("sealing needs whole bytes and a certificate") {
  sending_scene s;
  auto mode = s.home.mode();
  mode.partner_encryption.clear();
  auto damaged = s.packed;
  damaged.body.resize(damaged.body.size() / 2);

  CHECK(seal(s.packed, mode, noon()).error().code == "edelivery.encrypt.key");
  CHECK(seal(damaged, s.home.mode(), noon()).error().code == "edelivery.pack.stored");
  CHECK_FALSE(references_of(damaged));
}
