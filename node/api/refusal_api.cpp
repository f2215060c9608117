// Messages that were refused at the door, with what was found when they were looked at: for operators and auditors.
#include <nlohmann/json.hpp>

#include "base/numbers.hpp"
#include "node/api/answers.hpp"
#include "node/api/gate.hpp"
#include "node/api/query_words.hpp"
#include "node/api/surfaces.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/refusals.hpp"

namespace ehds::node::api {
namespace {

using identity::role;
using nlohmann::json;

json refusal_json(exchange::kept_refusal const& one) {
  return {{"number", one.number},      {"at", to_rfc3339(one.at)},
          {"code", one.code},          {"message_id", one.message_id},
          {"pmode", one.pmode_id},     {"problem", one.problem},
          {"detail", one.detail},      {"bytes", one.bytes},
          {"party", one.origin.party}, {"is_proven", one.origin.is_proven}};
}

json not_kept_json(rooms const& house) {
  json all = json::array();
  if (house.messages == nullptr) return all;
  for (auto const& [origin, count] : house.messages->refusals().not_kept())
    all.push_back({{"party", origin.party}, {"is_proven", origin.is_proven}, {"count", count}});
  return all;
}

// ?before=NUMBER&count=50&of=parties
http::response list_refusals(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::operator_, role::auditor}); !who) return refuse(who.error());
  auto const before = number_asked(asked, "before").value_or(0);
  auto const count = count_asked(asked, "count", 50, 500);
  auto const whom =
      asked.query_value("of") == "parties" ? exchange::refusals_of::parties : exchange::refusals_of::anybody;
  json all = json::array();
  for (auto const& one :
       house.db->read([&](store::reading& now) { return exchange::list_refusals(now, before, count, whom); }))
    all.push_back(refusal_json(one));
  return answer_json({{"refusals", all}, {"not_kept", not_kept_json(house)}});
}

http::response show_refusal(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::operator_, role::auditor}); !who) return refuse(who.error());
  auto const number = parse_number<std::int64_t>(asked.parameter("number")).value_or(0);
  auto const found = house.db->read([&](store::reading& now) { return exchange::find_refusal(now, number); });
  if (!found)
    return refuse(problem{"exchange.refusal.unknown", "no refusal has this number, or it is no longer kept", "/number",
                          "GET /api/refusals lists those that are kept"});
  auto told = refusal_json(*found);
  told["explanation"] = json::parse(found->explanation, nullptr, false);
  return answer_json(told);
}

}  // namespace

std::vector<http::route> refusal_routes(rooms& house) {
  return {{"GET", "/api/refusals", [&house](auto& asked) { return list_refusals(house, asked); }},
          {"GET", "/api/refusals/{number}", [&house](auto& asked) { return show_refusal(house, asked); }}};
}

}  // namespace ehds::node::api
