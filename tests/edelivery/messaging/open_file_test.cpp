#include "edelivery/message/open_file.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "base/bytes.hpp"
#include "edelivery/explain/explain_message.hpp"
#include "edelivery/message/saved_message.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/receiver/receiver.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;
using nlohmann::json;

namespace {

struct file_scene : delivery {
  manual_clock time{noon()};
  edelivery::receiver machine{home.book, home.point, time};
  opened_file open(std::string const& file) const { return open_file(file, {}, home.book, home.point, noon()); }
  // At the sender, as the answer to its message.
  opened_file open_answer(std::string const& file, std::string_view sent) const {
    return open_file(file, sent, sender.book, sender.point, noon());
  }
  std::string saved_request() const { return "Content-Type: " + wire.content_type + "\r\n\r\n" + wire.body; }
  std::string receipt_bytes() const { return machine.conclude(machine.examine(wire.content_type, wire.body), {}).body; }
};

}  // namespace

TEST_CASE("a saved message is opened, in every form it may be saved in") {
  file_scene s;
  for (auto const& file :
       {s.saved_request(),
        "POST /as4 HTTP/1.1\r\nHost: eu\r\nContent-type: " + s.wire.content_type + "\r\nX: y\r\n\r\n" + s.wire.body,
        "content-type: multipart/related;\n\t" + s.wire.content_type.substr(19) + "\n\n" + s.wire.body, s.wire.body}) {
    auto const opened = s.open(file);
    INFO((opened.diagnosis ? to_text(*opened.diagnosis) : ""));
    CHECK(opened.accepted);
    CHECK(opened.kind == "userMessage");
    CHECK(opened.message_id == s.packed.message_id);
  }
}

TEST_CASE("the JSON names outcome, id and parts") {
  file_scene s;

  auto const got = json::parse(to_json(s.open(s.saved_request())));

  CHECK(got["outcome"] == "accepted");
  CHECK(got["code"].is_null());
  CHECK(got["messageId"] == s.packed.message_id);
  REQUIRE(got["parts"].size() == 2);
  CHECK(got["parts"][0]["bytes"] == two_payloads().payloads[0].bytes.size());
  CHECK(got["parts"][0]["sha256"] == sha256_hex(two_payloads().payloads[0].bytes));
  CHECK(got["parts"][0]["contentId"].get<std::string>().ends_with("@as4.fr.example"));
}

TEST_CASE("a refused message says why") {
  file_scene s;
  auto file = s.saved_request();
  file.replace(file.find("createDataset"), 13, "deleteDataset");

  auto const got = json::parse(to_json(s.open(file)));

  CHECK(got["outcome"] == "refused");
  CHECK(got["code"] == "EBMS:0010");
  CHECK(got["messageId"] == s.packed.message_id);
  CHECK_FALSE(got["diagnosis"]["detail"].get<std::string>().empty());
  CHECK(got["parts"].empty());
}

TEST_CASE("a message of ours, as it is kept before encryption, is told from a wrong partner's") {
  file_scene s;
  auto const kept = "Content-Type: " + s.packed.content_type + "\r\n\r\n" + s.packed.body;
  auto const at_sender = [&](std::string const& file) {
    return open_file(file, {}, s.sender.book, s.sender.point, noon());
  };
  auto const ours = at_sender(kept);
  CHECK_FALSE(ours.accepted);
  CHECK(ours.diagnosis.value().code == "edelivery.feature.ours");
  CHECK(ours.diagnosis->detail == "this is a message of ours, as it is kept before encryption");
  CHECK(ours.pmode_id == s.sender.mode().id);
  CHECK(ours.signer == fr_keys().cert.subject());
  CHECK(ours.message_id == s.packed.message_id);

  // Signed by another key, or changed since: not ours, whatever its header says.
  auto const stranger = open_file(kept, {}, s.sender.book, s.home.point, noon());
  CHECK(stranger.diagnosis.value().code != "edelivery.feature.ours");
  // Unless it is the one that ours replaced.
  auto rolled = s.home.point;
  rolled.signed_before = {fr_keys().cert};
  auto const old = open_file(kept, {}, s.sender.book, rolled, noon());
  CHECK(old.diagnosis.value().code == "edelivery.feature.ours");
  CHECK(old.signer == fr_keys().cert.subject());
  // Its time is over: it was not when the message was signed.
  auto const later = open_file(kept, {}, s.sender.book, rolled, noon() + std::chrono::years(30));
  CHECK(later.diagnosis.value().code == "edelivery.feature.ours");
  auto changed = kept;
  changed.replace(changed.find("holder"), 6, "heater");
  CHECK(at_sender(changed).diagnosis.value().code != "edelivery.feature.ours");
}

TEST_CASE("a file without a message, and a part that cannot be decrypted, say where to look") {
  file_scene s;
  auto const empty = s.open("");
  CHECK(empty.code == "EBMS:0007");
  CHECK(empty.diagnosis->detail == "the file is empty");
  for (std::string const none : {"", "{}", "Server: x\r\n\r\nno message"}) {
    INFO(none);
    CHECK(s.open(none).diagnosis->where == "byte 0 of the file");
    CHECK(s.open(none).diagnosis->mend.find("HTTP headers") != std::string::npos);
  }
  auto file = s.saved_request();
  auto const end = file.rfind("\r\n--");
  file[end - 1] = static_cast<char>(file[end - 1] ^ 1);  // the last byte of the last part's tag
  auto const broken = s.open(file);
  CHECK(broken.code == "EBMS:0102");
  CHECK(broken.diagnosis->mend.find("--explain") != std::string::npos);
  auto const saved = split_saved(file);
  auto const told = to_text(explain_message(saved.content_type, memory_source(saved.body), s.home.book, s.home.point,
                                            noon(), {.opens_unproven = true}));
  INFO(told);
  CHECK(told.find("cannot be decrypted") != std::string::npos);
}

TEST_CASE("a receipt is compared with what was sent") {
  file_scene s;
  auto const bytes = s.receipt_bytes();
  auto const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml;charset=UTF-8\r\n\r\n" + bytes;

  auto const good = s.open_answer(answer, s.saved_request());
  CHECK(good.accepted);
  CHECK(good.kind == "receipt");
  CHECK(good.compared_with_sent);

  auto const other = pack(two_payloads(), s.sender.mode(), s.sender.point, noon()).value();
  auto const bad = s.open_answer(answer, other.body);
  CHECK_FALSE(bad.accepted);
  CHECK(bad.code == "EBMS:0302");

  auto const alone = open_file(bytes, {}, s.sender.book, s.sender.point, noon());
  CHECK(alone.accepted);
  CHECK_FALSE(alone.compared_with_sent);
  CHECK_FALSE(open_file(bytes, {}, s.home.book, s.home.point, noon()).accepted);  // not signed by the partner
  CHECK_FALSE(open_file(bytes, bytes, s.sender.book, s.sender.point, noon()).accepted);
  CHECK_FALSE(open_file(bytes, "nonsense", s.sender.book, s.sender.point, noon()).accepted);
}

TEST_CASE("an error signal is shown with its code") {
  file_scene s;
  auto const seen = s.machine.examine(s.wire.content_type, s.wire.body);

  auto const opened = s.open_answer(s.machine.not_stored(seen).body, s.saved_request());

  CHECK(opened.accepted);
  CHECK(opened.kind == "error");
  CHECK(json::parse(to_json(opened))["errors"][0]["code"] == "EBMS:0202");
}

TEST_CASE("what is no message is refused, never a crash") {
  file_scene s;
  for (std::string const file : {"", "\r\n\r\n", "--", "--b", "<", "<a/>", "Content-Type:", "POST / HTTP/1.1", "{}"}) {
    INFO(file);
    auto const opened = s.open(file);
    CHECK_FALSE(opened.accepted);
    CHECK_FALSE(opened.code.empty());
  }
}

TEST_CASE("headers in front are parted from the body") {
  auto const saved = split_saved("HTTP/1.1 200 OK\nServer: x\nContent-Type: a/b;\n c=d\n\nbody\n\nmore");
  CHECK(saved.content_type == "a/b; c=d");
  CHECK(saved.body == "body\n\nmore");
  CHECK(split_saved("\xEF\xBB\xBF<a/>").content_type == "application/soap+xml");
  CHECK(split_saved("\r\n--b\r\n").content_type == "multipart/related; boundary=\"b\"");
  CHECK(split_saved("X-Other: 1\n\n<a/>").content_type == "application/soap+xml");
}
