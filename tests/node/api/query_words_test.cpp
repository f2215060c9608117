// What stands after the '?' is what is asked for, or is refused with its place; it is never quietly something else.
#include "node/api/query_words.hpp"

#include <catch2/catch.hpp>

#include "node/exchange/ledger.hpp"
#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::node::api;
using namespace ehds::tests;
using node::identity::role;

namespace {

node::http::request with(std::string const& query) { return request_of("GET", "/x?" + query); }

std::string refused(one_house& house, std::string const& path, role who) {
  auto const answer = house.as({who}, "GET", path);
  INFO(path << " " << answer.body);
  CHECK(answer.status == 400);
  CHECK(is_problem(answer));
  CHECK(json_of(answer).at("code") == "api.query");
  CHECK_FALSE(json_of(answer).at("mend").get<std::string>().empty());
  return json_of(answer).at("where").get<std::string>();
}

}  // namespace

TEST_CASE("a number is a whole one from nothing on, and left out it is nothing") {
  CHECK(number_asked(with("after=12"), "after").value() == 12);
  CHECK(number_asked(with("after=0"), "after").value() == 0);
  CHECK(number_asked(with("after="), "after").value() == 0);
  CHECK(number_asked(with(""), "after").value() == 0);
  for (auto const* text : {"-1", "x", "1x", "%2B1", "1.5", "99999999999999999999", "%00"}) {
    INFO(text);
    auto const read = number_asked(with(std::string("after=") + text), "after");
    REQUIRE_FALSE(read);
    CHECK(read.error().where == "?after");
    CHECK(read.error().mend == "write a number, or leave after out");
  }
}

TEST_CASE("a count is at least one, and what is more than most is most") {
  CHECK(count_asked(with(""), 50, 500).value() == 50);
  CHECK(count_asked(with("count=7"), 50, 500).value() == 7);
  CHECK(count_asked(with("count=501"), 50, 500).value() == 500);
  for (auto const* text : {"0", "-1", "abc"}) {
    INFO(text);
    CHECK_FALSE(count_asked(with(std::string("count=") + text), 50, 500));
  }
}

TEST_CASE("a word is one of its kind, and the refusal lists them") {
  auto const read = [](std::string const& query) {
    return word_asked(with(query), "direction", node::exchange::ledger_directions);
  };
  CHECK(read("direction=in").value() == "in");
  CHECK_FALSE(read("").value().has_value());
  REQUIRE_FALSE(read("direction=up"));
  CHECK(read("direction=up").error() ==
        problem{"api.query", "there is no such direction", "?direction", "use one of in, out, or leave it out"});
}

TEST_CASE("lists of messages, of the ledger, the audit log and refusals refuse what they cannot follow") {
  one_house fr("FR", [](auto& settings) { settings.back_ends = {{"erp", {{"urn:orders", {}}}, "", ""}}; });
  CHECK(refused(fr, "/api/messages?count=abc&after=-1", role::back_end) == "?after");
  CHECK(refused(fr, "/api/messages?count=abc", role::back_end) == "?count");
  CHECK(refused(fr, "/api/messages/events?last_event_id=x", role::back_end) == "?last_event_id");
  CHECK(refused(fr, "/api/ledger?count=x", role::operator_) == "?count");
  CHECK(refused(fr, "/api/ledger?before=-1", role::operator_) == "?before");
  CHECK(refused(fr, "/api/ledger?direction=up", role::operator_) == "?direction");
  CHECK(refused(fr, "/api/ledger?status=zzz", role::operator_) == "?status");
  CHECK(refused(fr, "/api/audit?count=0", role::auditor) == "?count");
  CHECK(refused(fr, "/api/audit?before=x", role::auditor) == "?before");
  CHECK(refused(fr, "/api/refusals?count=x", role::operator_) == "?count");
  for (auto const status : node::exchange::ledger_statuses)
    CHECK(fr.as({role::operator_}, "GET", "/api/ledger?status=" + std::string(status)).status == 200);
}
