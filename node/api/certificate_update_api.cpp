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

// {"reason": "..."}
http::response reject(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::operator_});
  if (!who) return refuse(who.error());
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  if (auto const known = only_members(*body, {"reason"}); !known) return refuse(known.error());
  return after(house, house.updates->reject(number_in(asked), who->id, text_in(*body, "reason")));
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
  auto const found = body.find(member);
  if (found == body.end() || *found == "") return std::optional<instant>{};
  auto const read = found->is_string() ? parse_rfc3339(found->get<std::string>()) : problem{};
  if (read) return std::optional(*read);
  return problem{"api.json", "the time cannot be read", "/" + std::string(member),
                 "write it as RFC 3339, such as \"2027-01-31T00:00:00Z\", or leave it out"};
}

// By default not announced: partners take a certificate for ours by its subject. Not for all: a P-Mode may name the
// next subject already, and who found us by SMP looks at the common name; so there is a word to insist with.
result<void> check_subject(rooms const& house, std::string const& name, edelivery::certificate const& next,
                           std::string const& place) {
  auto const other = identity::find_other_subject(house.keys, name, next.subject());
  if (!other) return {};
  return problem{
      "exchange.update.subject", other->detail, place,
      "Ask the authority for the subject in use (keys request); or, where the P-Modes of the partners name the "
      "next one (certificates.subject), say \"another_subject\": true (keys announce --another-subject), and best one "
      "partner at a time."};
}

result<std::vector<std::string>> names_in(json const& body) {
  auto const names = body.value("keys", json::array());
  bool const named = names.is_array() && !names.empty() && names.size() <= edelivery::most_updates &&
                     std::all_of(names.begin(), names.end(), [](auto const& one) { return one.is_string(); });
  if (named) return names.get<std::vector<std::string>>();
  return problem{"api.json", "name the keys that are rolled over", "/keys", "such as [\"sign\", \"encrypt\"]"};
}

// Each of the keys with its next certificate. Without times: in two weeks, or when the last of them begins.
result<exchange::announcement> changes_in(rooms const& house, json const& body) {
  auto const names = names_in(body);
  if (!names) return names.error();
  exchange::announcement what;
  what.activate_by = house.wall->now() + usual_lead;
  for (auto const& name : *names) {
    if (auto const use = identity::use_of(name); use && *use == edelivery::certificate_use::tls_node)
      return problem{"exchange.update.tls", "Partners are not told of a certificate for TLS: no agreement names it.",
                     "/keys/" + std::to_string(what.changes.size()),
                     "Name keys that sign or encrypt; this one is changed over with keys roll alone."};
    auto coming = identity::find_coming(house.keys, name);
    if (!coming) return std::move(coming).error();
    auto const& next = coming->next.front();
    auto const place = "/keys/" + std::to_string(what.changes.size());
    if (auto const good = check_subject(house, name, next, place); !good && !body.value("another_subject", false))
      return good.error();
    what.activate_by = std::max(what.activate_by, next.not_before());
    what.changes.push_back({coming->current, std::move(coming->next)});
  }
  return what;
}

result<exchange::announcement> read_announcement(rooms const& house, json const& body) {
  if (auto const known = only_members(body, {"keys", "partner", "activate_by", "expire_by", "another_subject"}); !known)
    return known.error();
  if (auto const partner = body.find("partner"); partner != body.end() && !partner->is_string())
    return problem{"api.json", "the partner is no text", "/partner",
                   "write the id of a partner's access point, or leave it out for all"};
  if (!body.value("another_subject", json(false)).is_boolean())
    return problem{"api.json", "this is neither true nor false", "/another_subject", "write true, or leave it out"};
  auto const activate_by = time_in(body, "activate_by");
  if (!activate_by) return activate_by.error();
  auto const expire_by = time_in(body, "expire_by");
  if (!expire_by) return expire_by.error();
  auto what = changes_in(house, body);
  if (!what) return what;
  what->activate_by = activate_by->value_or(what->activate_by);
  what->expire_by = *expire_by;
  return what;
}

problem nobody_to_tell() {
  return {"exchange.update.partners", "No P-Mode carries announcements to a partner: nobody was told.", "",
          "Add a P-Mode for the service " + std::string(edelivery::certificate_update_service) +
              " for each partner, both ways."};
}

// {"keys": ["sign"], "partner": "EU", "activate_by": "...", "expire_by": "...", "another_subject": true}
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
