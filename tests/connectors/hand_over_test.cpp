// A permit is with the local platform when there is proof of it. No sockets, the clock by hand.
#include "connectors/platform/hand_over.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <fstream>

#include "base/bytes.hpp"
#include "cleared.hpp"
#include "connectors/platform/local_platform.hpp"
#include "faulty_writes.hpp"
#include "synthetic_world.hpp"

using namespace ehds;
using namespace ehds::tests;
using namespace ehds::connectors;
using namespace std::chrono_literals;

namespace {

hand_over grant(std::string const& id = "ho-1", std::int64_t version = 1) {
  return {id,
          "key-" + id,
          hand_over_kind::grant,
          "FR-2026-0007",
          version,
          "eyJhbGciOiJFZERTQSJ9.e30.c2ln",
          R"({"id":"FR-2026-0007","version":1})"};
}

// Plays answers from a script and keeps what was asked.
class scripted_network final : public http_call {
 public:
  std::deque<result<http_call_response>> answers;
  std::vector<http_call_request> asked;

  result<http_call_response> call(http_call_request const& request) override {
    asked.push_back(request);
    auto answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }
};

http_call_response status(int code, std::string body = "", std::vector<http_header> headers = {}) {
  return {code, std::move(headers), std::move(body)};
}
std::string receipt_for(std::string const& body) {
  return R"({"receipt_id":"r-1","sha256":")" + sha256_hex(body) + R"(","received_at":"2026-03-02T12:00:01.000Z"})";
}

attempt_outcome deliver(result<http_call_response> answer) {
  scripted_network network;
  network.answers.push_back(std::move(answer));
  return http_platform{network, {"http://platform.test/handovers", {}}}.deliver(grant());
}

problem const down{"http_call.unreachable", "Nobody answers.", "", ""};

}  // namespace

TEST_CASE("a hand-over is sent with its key, and the platform's receipt is the proof") {
  scripted_network network;
  auto const body = hand_over_body(grant()).value();
  network.answers.emplace_back(status(201, receipt_for(body)));
  http_platform platform{network, {"http://platform.test/handovers", {{"X-API-Key", "k"}}}};

  auto const outcome = platform.deliver(grant());

  auto const* const proof = std::get_if<receipt_proof>(&outcome);
  REQUIRE(proof != nullptr);
  CHECK(proof->receipt_id == "r-1");
  CHECK(proof->received_at == noon() + 1s);
  REQUIRE(network.asked.size() == 1);
  CHECK(network.asked[0].method == "POST");
  CHECK(network.asked[0].body == body);
  auto const& headers = network.asked[0].headers;
  CHECK(
      std::ranges::any_of(headers, [](auto const& h) { return h.name == "Idempotency-Key" && h.value == "key-ho-1"; }));
  CHECK(std::ranges::any_of(headers, [](auto const& h) { return h.name == "X-API-Key"; }));
}

TEST_CASE("the body is the same bytes on every attempt and holds both forms of the permit") {
  CHECK(hand_over_body(grant()).value() == hand_over_body(grant()).value());
  CHECK(hand_over_body(grant()).value() ==
        R"({"id":"ho-1","kind":"grant","permit":{"id":"FR-2026-0007","version":1},"permit_id":"FR-2026-0007",)"
        R"("permit_jws":"eyJhbGciOiJFZERTQSJ9.e30.c2ln","permit_version":1})");
  auto broken = grant();
  broken.permit_json = "{";
  CHECK(hand_over_body(broken).error().code == "platform.permit");
}

TEST_CASE("an answer without true proof is no delivery") {
  CHECK(std::holds_alternative<try_later>(deliver(status(200, receipt_for("other bytes")))));
  CHECK(std::holds_alternative<try_later>(deliver(status(201, "thank you"))));
  CHECK(std::holds_alternative<try_later>(deliver(status(201, R"({"receipt_id":"r"})"))));
  CHECK(std::holds_alternative<try_later>(deliver(status(201, ""))));
}

TEST_CASE("what may change is tried again, what will not change is shown to a person") {
  CHECK(std::holds_alternative<try_later>(deliver(down)));
  for (int const code : {408, 425, 429, 500, 502, 503}) CHECK(std::holds_alternative<try_later>(deliver(status(code))));
  for (int const code : {202, 301, 400, 401, 403, 404, 409, 422})
    CHECK(std::holds_alternative<refused_for_good>(deliver(status(code))));
}

TEST_CASE("the platform may ask for more patience, in seconds and up to a day") {
  auto const asked = [](char const* text) {
    return std::get<try_later>(deliver(status(503, "", {{"Retry-After", text}}))).not_before;
  };
  CHECK(asked("30") == 30s);
  CHECK(asked("9999999") == 24h);
  CHECK_FALSE(asked("-1"));
  CHECK_FALSE(asked("Wed, 21 Oct 2026 07:28:00 GMT"));
}

TEST_CASE("a folder takes the file whole, once for a key, and refuses another content under it") {
  temporary_folder const folder;
  manual_clock const now{noon()};
  folder_platform platform{folder.path(), now};
  auto const body = hand_over_body(grant()).value();

  auto const first = platform.deliver(grant());
  auto const again = platform.deliver(grant());
  auto changed = grant();
  changed.permit_version = 2;
  auto const other = platform.deliver(changed);

  REQUIRE(std::holds_alternative<receipt_proof>(first));
  CHECK(std::get<receipt_proof>(first).sha256 == sha256_hex(body));
  CHECK(std::holds_alternative<receipt_proof>(again));
  CHECK(std::holds_alternative<refused_for_good>(other));
  CHECK(text_of_file(folder.path() / "key-ho-1.json") == body);
  CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("a folder takes the file whole although its writes are short, and is tried again when it has no room") {
  temporary_folder const folder;
  manual_clock const now{noon()};
  folder_platform platform{folder.path(), now};
  auto const deliver_with = [&](std::optional<std::size_t> room) {
    faulty_writes const faults(room);
    return platform.deliver(grant());
  };
  CHECK(std::holds_alternative<try_later>(deliver_with(20)));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "key-ho-1.json"));
  REQUIRE(std::holds_alternative<receipt_proof>(deliver_with(std::nullopt)));
  CHECK(text_of_file(folder.path() / "key-ho-1.json") == hand_over_body(grant()).value());
}

TEST_CASE("a folder that is not there is tried again, a key that is a path is refused") {
  temporary_folder const folder;
  manual_clock const now{noon()};
  folder_platform missing{folder.path() / "none", now};
  folder_platform platform{folder.path(), now};
  auto sly = grant();
  sly.idempotency_key = "../../etc/cron.d/x";

  CHECK(std::holds_alternative<try_later>(missing.deliver(grant())));
  CHECK(std::holds_alternative<refused_for_good>(platform.deliver(sly)));
}
