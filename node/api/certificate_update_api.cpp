// Certificates that are rolled over by messages: what partners announced, and ours.
#include <nlohmann/json.hpp>
#include <set>

#include "base/numbers.hpp"
#include "edelivery/pmode/pmode_book.hpp"
#include "node/api/answers.hpp"
#include "node/api/gate.hpp"
#include "node/api/surfaces.hpp"
#include "node/exchange/certificate_updates.hpp"
#include "node/identity/joining.hpp"

namespace ehds::node::api {
namespace {

using identity::role;
using nlohmann::json;

constexpr std::chrono::days usual_lead{14};

json maybe(std::optional<instant> const& at) { return at ? json(to_rfc3339(*at)) : json(nullptr); }

json certificate_json(edelivery::certificate const& cert) {
  return {{"subject", cert.subject()},
          {"issuer", cert.issuer()},
          {"sha256", cert.fingerprint()},
          {"valid_from", to_rfc3339(cert.not_before())},
          {"valid_to", to_rfc3339(cert.not_after())}};
}

json update_json(exchange::update_entry const& one, instant now) {
  auto const& [row, request, delivery] = one;
  json changes = json::array();
  for (auto const& each : request.updates)
    changes.push_back({{"id", each.id}, {"next", certificate_json(each.next())}});
  return {{"number", row.number},
          {"direction", row.is_incoming ? "in" : "out"},
          {"partner", row.party_id},
          {"status", row.status},
          {"urgent", is_urgent(one, now)},
          {"at", to_rfc3339(row.at)},
          {"message_id", row.message_id},
          {"delivery", delivery.empty() ? json(nullptr) : json(delivery)},
          {"id", request.head.id},
          {"agreement", request.head.current.value},
          {"updated_agreement", request.head.updated.value},
          {"respond_by", maybe(request.head.respond_by)},
          {"activate_by", maybe(request.head.activate_by)},
          {"expire_by", maybe(request.head.expire_by)},
          {"announced_reason", request.reason},
          {"changes", changes},
          {"decided_at", maybe(row.decided_at)},
          {"decided_by", row.decided_by},
          {"code", row.code},
          {"reason", row.reason}};
}

http::response list_updates(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::operator_, role::auditor}); !who) return refuse(who.error());
  json all = json::array();
  for (auto const& each : house.updates->all()) all.push_back(update_json(each, house.wall->now()));
  return answer_json({{"certificate_updates", all}});
}

std::int64_t number_in(http::request const& asked) {
  return parse_number<std::int64_t>(asked.parameter("number")).value_or(0);
}

http::response after(rooms& house, result<void> const& done) {
  if (!done) return refuse(done.error());
  house.nudge();
  return http::no_content();
}

http::response accept(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::operator_});
  if (!who) return refuse(who.error());
  return after(house, house.updates->accept(number_in(asked), who->id));
}

// The partner reads it, and there is no way back.
result<std::string> reason_in(json const& body) {
  if (auto const known = only_members(body, {"reason"}); !known) return known.error();
  auto reason = text_in(body, "reason");
  if (reason.find_first_not_of(" \t\r\n") != std::string::npos) return reason;
  return problem{"api.json", "a rejection needs a reason, in words", "/reason",
                 "write {\"reason\": \"...\"}: the partner reads it"};
}

// {"reason": "..."}
http::response reject(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::operator_});
  if (!who) return refuse(who.error());
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  auto const reason = reason_in(*body);
  if (!reason) return refuse(reason.error());
  return after(house, house.updates->reject(number_in(asked), who->id, *reason));
}

// The partner that is named, or all with a P-Mode for it.
std::vector<std::string> partners_of(rooms const& house, std::string const& named) {
  if (!named.empty()) return {named};
  std::set<std::string> all;
  for (auto const& mode : house.messages->book().all())
    if (mode.service == edelivery::certificate_update_service && mode.way != edelivery::direction::receive)
      all.insert(mode.partner.id);
  return {all.begin(), all.end()};
}

result<std::optional<instant>> time_in(json const& body, std::string_view member) {
  auto const text = text_in(body, member);
  if (text.empty()) return std::optional<instant>{};
  auto const read = parse_rfc3339(text);
  if (!read) return problem{"api.json", "the time cannot be read", "/" + std::string(member), "write it as RFC 3339"};
  return std::optional(*read);
}

// Without times: in two weeks, or when the last of the certificates begins.
result<exchange::announcement> read_announcement(rooms const& house, json const& body) {
  if (auto const known = only_members(body, {"keys", "partner", "activate_by", "expire_by"}); !known)
    return known.error();
  if (auto const partner = body.find("partner"); partner != body.end() && !partner->is_string())
    return problem{"api.json", "the partner is no text", "/partner",
                   "write the id of a partner's access point, or leave it out for all"};
  auto const names = body.value("keys", json::array());
  bool const named = names.is_array() && !names.empty() && names.size() <= edelivery::most_updates &&
                     std::all_of(names.begin(), names.end(), [](auto const& one) { return one.is_string(); });
  if (!named)
    return problem{"api.json", "name the keys that are rolled over", "/keys", "such as [\"sign\", \"encrypt\"]"};
  auto const activate_by = time_in(body, "activate_by");
  if (!activate_by) return activate_by.error();
  auto const expire_by = time_in(body, "expire_by");
  if (!expire_by) return expire_by.error();
  exchange::announcement what;
  what.activate_by = house.wall->now() + usual_lead;
  for (auto const& name : names) {
    auto coming = identity::find_coming(house.keys, name.get<std::string>());
    if (!coming) return std::move(coming).error();
    what.activate_by = std::max(what.activate_by, coming->next.front().not_before());
    what.changes.push_back({coming->current, std::move(coming->next)});
  }
  what.activate_by = activate_by->value_or(what.activate_by);
  what.expire_by = *expire_by;
  return what;
}

problem nobody_to_tell() {
  return {"exchange.update.partners", "No P-Mode carries announcements to a partner: nobody was told.", "",
          "Add a P-Mode for the service " + std::string(edelivery::certificate_update_service) +
              " for each partner, both ways."};
}

// {"keys": ["sign"], "partner": "EU", "activate_by": "...", "expire_by": "..."}
http::response announce(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::operator_});
  if (!who) return refuse(who.error());
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  auto what = read_announcement(house, *body);
  if (!what) return refuse(what.error());
  auto const partners = partners_of(house, text_in(*body, "partner"));
  if (partners.empty()) return refuse(nobody_to_tell());
  json numbers = json::array();
  json failures = json::array();
  for (auto const& partner : partners) {
    what->party_id = partner;
    auto const done = house.updates->announce(*what, who->id);
    if (!done && !text_in(*body, "partner").empty()) return refuse(done.error());
    if (!done)
      failures.push_back({{"partner", partner},
                          {"code", done.error().code},
                          {"detail", done.error().detail},
                          {"where", done.error().where},
                          {"mend", done.error().mend}});
    if (done)
      for (auto const number : *done) numbers.push_back({{"partner", partner}, {"number", number}});
  }
  house.nudge();
  return answer_json({{"announced", numbers}, {"not_announced", failures}}, 202);
}

}  // namespace

std::vector<http::route> certificate_update_routes(rooms& house) {
  return {
      {"GET", "/api/certificate-updates", [&house](auto& asked) { return list_updates(house, asked); }},
      {"POST", "/api/certificate-updates", [&house](auto& asked) { return announce(house, asked); }},
      {"POST", "/api/certificate-updates/{number}/acceptance", [&house](auto& asked) { return accept(house, asked); }},
      {"POST", "/api/certificate-updates/{number}/rejection", [&house](auto& asked) { return reject(house, asked); }}};
}

}  // namespace ehds::node::api
