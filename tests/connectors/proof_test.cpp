// What a platform may answer to a hand-over, and what is made of it: proof, another try, or a person.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "connectors/platform/local_platform.hpp"

using namespace ehds;
using namespace ehds::connectors;

namespace {

hand_over proven_grant() {
  return {"ho-1", "key-1", hand_over_kind::grant, "FR-2026-0007", 1, "eyJ9.e30.c2ln", R"({"id":"FR-2026-0007"})"};
}

class one_answer final : public http_call {
 public:
  explicit one_answer(http_call_response answer) : answer_(std::move(answer)) {}
  result<http_call_response> call(http_call_request const&) override { return answer_; }

 private:
  http_call_response answer_;
};

std::string outcome_of(int status, std::string body = "", std::vector<http_header> headers = {}) {
  one_answer network{{status, std::move(headers), std::move(body)}};
  auto const outcome = http_platform{network, {"http://platform.test/handovers", {}}}.deliver(proven_grant());
  if (std::holds_alternative<receipt_proof>(outcome)) return "proof";
  if (auto const* const later = std::get_if<try_later>(&outcome)) {
    CHECK_FALSE(later->why.detail.empty());
    auto const pause = later->not_before ? " in " + std::to_string(later->not_before->count()) + " ms" : std::string{};
    return "later " + later->why.code + pause;
  }
  return "refused " + std::get<refused_for_good>(outcome).why.code;
}

struct answer_case {
  std::string rule, body, outcome;
};

}  // namespace

TEST_CASE("a receipt is proof when its id, its time and its digest are right, whatever else it says") {
  auto const digest = sha256_hex(hand_over_body(proven_grant()).value());
  auto upper = digest;
  for (char& c : upper)
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  auto const receipt = [](std::string const& id, std::string const& sha, std::string const& at) {
    return R"({"receipt_id":)" + id + R"(,"sha256":)" + sha + R"(,"received_at":)" + at + "}";
  };
  auto const quoted = [](std::string const& text) { return "\"" + text + "\""; };
  auto const time = quoted("2026-03-02T12:00:01.000Z");
  std::string const wrong = "later platform.proof";
  std::vector<answer_case> const table{
      {"the receipt as agreed", receipt("\"r\"", quoted(digest), time), "proof"},
      {"blanks around it", " \n" + receipt("\"r\"", quoted(digest), time) + "\n", "proof"},
      {"other members", R"({"more":[1,{}],)" + receipt("\"r\"", quoted(digest), time).substr(1), "proof"},
      {"a time with an offset", receipt("\"r\"", quoted(digest), quoted("2026-03-02T13:00:01+01:00")), "proof"},
      {"no body", "", wrong},
      {"no JSON", "thank you", wrong},
      {"a list", "[" + receipt("\"r\"", quoted(digest), time) + "]", wrong},
      {"a text", "\"ok\"", wrong},
      {"an empty object", "{}", wrong},
      {"text behind the object", receipt("\"r\"", quoted(digest), time) + "x", wrong},
      {"half of the object", receipt("\"r\"", quoted(digest), time).substr(0, 60), wrong},
      {"an empty id", receipt("\"\"", quoted(digest), time), wrong},
      {"an id that is a number", receipt("7", quoted(digest), time), wrong},
      {"an id that is null", receipt("null", quoted(digest), time), wrong},
      {"no digest", R"({"receipt_id":"r","received_at":)" + time + "}", wrong},
      {"an empty digest", receipt("\"r\"", "\"\"", time), wrong},
      {"a digest in capitals", receipt("\"r\"", quoted(upper), time), wrong},
      {"a digest with its method in front", receipt("\"r\"", quoted("sha256:" + digest), time), wrong},
      {"a digest that is cut", receipt("\"r\"", quoted(digest.substr(0, 63)), time), wrong},
      {"a digest with one more digit", receipt("\"r\"", quoted(digest + "0"), time), wrong},
      {"the digest of nothing", receipt("\"r\"", quoted(sha256_hex("")), time), wrong},
      {"the digest twice, once wrong",
       R"({"sha256":")" + sha256_hex("") + "\"," + receipt("\"r\"", quoted(digest), time).substr(1), wrong},
      {"no time", R"({"receipt_id":"r","sha256":)" + quoted(digest) + "}", wrong},
      {"a time that is a number", receipt("\"r\"", quoted(digest), "1772452801"), wrong},
      {"a day alone, which is its first moment", receipt("\"r\"", quoted(digest), quoted("2026-03-02")), "proof"},
      {"a day that does not exist", receipt("\"r\"", quoted(digest), quoted("2026-02-30T12:00:00Z")), wrong},
      {"bytes that are no UTF-8", receipt("\"\xff\"", quoted(digest), time), wrong},
      {"an answer that nests too deep", std::string(100, '[') + std::string(100, ']'), wrong},
  };
  for (auto const& row : table) {
    INFO(row.rule);
    CHECK(outcome_of(201, row.body) == row.outcome);
    CHECK(outcome_of(200, row.body) == row.outcome);
  }
}

TEST_CASE("every status means proof wanted, another try or a person") {
  for (int const status : {408, 425, 429, 500, 501, 502, 503, 504, 599}) {
    INFO(status);
    CHECK(outcome_of(status) == "later platform.status");
  }
  for (int const status : {100, 202, 204, 301, 302, 304, 307, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 451}) {
    INFO(status);
    CHECK(outcome_of(status) == "refused platform.status");
  }
}

TEST_CASE("a receipt under any other status is no proof") {
  auto const body = R"({"receipt_id":"r","sha256":")" + sha256_hex(hand_over_body(proven_grant()).value()) +
                    R"(","received_at":"2026-03-02T12:00:01Z"})";
  CHECK(outcome_of(202, body) == "refused platform.status");
  CHECK(outcome_of(409, body) == "refused platform.status");
  CHECK(outcome_of(500, body) == "later platform.status");
}

TEST_CASE("Retry-After is kept to a day and believed only as whole seconds") {
  std::vector<std::pair<std::string, std::string>> const table{
      {"0", " in 0 ms"},
      {"30", " in 30000 ms"},
      {"86400", " in 86400000 ms"},
      {"86401", " in 86400000 ms"},
      {"-1", ""},
      {"1.5", ""},
      {"soon", ""},
      {"", ""},
      {"99999999999999999999", ""},
      {"Wed, 21 Oct 2026 07:28:00 GMT", ""},
  };
  for (auto const& [header, pause] : table) {
    INFO(header);
    CHECK(outcome_of(503, "", {{"Retry-After", header}}) == "later platform.status" + pause);
  }
}
