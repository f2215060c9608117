// Test messages to a partner, for operators: posted here, sent by the node like all others.
#include <nlohmann/json.hpp>

#include "node/api/answers.hpp"
#include "node/api/gate.hpp"
#include "node/api/surfaces.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/test_message.hpp"

namespace ehds::node::api {
namespace {

using identity::role;

http::response told(rooms& house, std::string_view message_id, int status) {
  auto const outcome = exchange::outcome_of_test(*house.messages, message_id, house.silence_of);
  return outcome ? http::json(exchange::to_json(*outcome), status) : refuse(outcome.error());
}

// {"pmode": "star-eu"}
http::response post(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::operator_});
  if (!who) return refuse(who.error());
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  if (auto const known = only_members(*body, {"pmode"}); !known) return refuse(known.error());
  if (text_in(*body, "pmode").empty())
    return refuse(problem{"api.json", "the P-Mode is not named", "/pmode", "write the id of one: {\"pmode\": \"..\"}"});
  std::string id;
  auto const done = house.db->commit([&](store::transaction& tx) -> result<void> {
    auto posted = exchange::post_test(tx, *house.messages, text_in(*body, "pmode"));
    if (!posted) return std::move(posted).error();
    id = *std::move(posted);
    audit::append(tx, house.wall->now(), {who->id, "message.test", id, "posted"});
    return {};
  });
  if (!done) return refuse(done.error());
  house.nudge();
  return told(house, id, 202);
}

http::response show_test_message(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::operator_, role::auditor}); !who) return refuse(who.error());
  return told(house, asked.parameter("message"), 200);
}

}  // namespace

std::vector<http::route> test_message_routes(rooms& house) {
  return {{"POST", "/api/test-messages", [&house](auto& asked) { return post(house, asked); }},
          {"GET", "/api/test-messages/{message}", [&house](auto& asked) { return show_test_message(house, asked); }}};
}

}  // namespace ehds::node::api
