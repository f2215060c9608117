// Our certificates and the partners', when each ends, and how the revocation lists stand: for operators and auditors.
#include "base/numbers.hpp"
#include "node/exchange/certificate_updates.hpp"
#include "node/identity/certificate_report.hpp"
#include "node/pages/moments.hpp"
#include "node/pages/room_pages.hpp"

namespace ehds::node::pages {
namespace {

using identity::certificate_line;
using identity::end_alarm;
using identity::list_report;
using identity::role;

std::string alarm_word(certificate_line const& line) {
  if (line.revoked) return "revoked";
  switch (line.alarm) {
    case end_alarm::none:
      return {};
    case end_alarm::soon:
      return "soon";
    case end_alarm::urgent:
      return "urgent";
    case end_alarm::ended:
      return "ended";
  }
  return {};
}

value line_view(visit const& who, certificate_line const& line) {
  auto const alarm = alarm_word(line);
  return value::object({{"party", line.party.empty() ? who.house.self.id : line.party},
                        {"use", who.texts().of_code("certificate_use", line.use)},
                        {"subject", line.subject},
                        {"key", line.key},
                        {"fingerprint", line.fingerprint},
                        {"begins", moment(line.begins)},
                        {"ends", moment(line.ends)},
                        {"marked", value(!alarm.empty())},
                        {"alarm", alarm.empty() ? "" : who.texts().of_code("certificate_alarm", alarm)},
                        {"in_use", value(line.in_use)},
                        {"finding", line.finding}});
}

value list_view(visit const& who, list_report const& list) {
  bool const current = list.is_current(who.house.wall->now());
  return value::object({{"place", list.place},
                        {"made", list.made ? moment(*list.made) : value("")},
                        {"until", list.until ? moment(*list.until) : value("")},
                        {"revoked", value(list.revoked)},
                        {"current", value(current)},
                        {"tried", list.tried_at ? moment(*list.tried_at) : value("")},
                        {"trouble", list.trouble}});
}

value update_view(visit const& who, exchange::update_entry const& one) {
  auto const& head = one.request.head;
  auto const maybe = [](std::optional<instant> const& at) { return at ? moment(*at) : value(""); };
  bool const open = one.row.status == "pending";
  bool const urgent = is_urgent(one, who.house.wall->now());
  return value::object({{"number", value(static_cast<std::size_t>(one.row.number))},
                        {"party", one.row.party_id},
                        {"status", who.texts().of_code("certificate_update_status", one.row.status)},
                        {"failed", value(one.delivery == "failed")},
                        {"at", moment(one.row.at)},
                        {"activate_by", maybe(head.activate_by)},
                        {"expire_by", maybe(head.expire_by)},
                        {"decided_by", one.row.decided_by},
                        {"reason", one.row.reason},
                        {"stated", one.request.reason},
                        {"urgent", urgent ? who.texts().of_code("certificate_update_urgent", one.row.status) : ""},
                        {"open", value(open)},
                        {"can_decide", value(open && who.may({role::operator_}))},
                        {"form_token", who.form_token()},
                        {"changes", value::list(one.request.updates, [](edelivery::certificate_update const& each) {
                           auto const& next = each.next();
                           return value::object({{"subject", next.subject()},
                                                 {"issuer", next.issuer()},
                                                 {"fingerprint", next.fingerprint()},
                                                 {"begins", moment(next.not_before())},
                                                 {"ends", moment(next.not_after())}});
                         })}});
}

// Neither word is the other's default: what was decided is told to the partner, and there is no way back.
http::response decide(visit& who, http::form const& form) {
  auto const number = parse_number<std::int64_t>(who.asked.parameter("number")).value_or(0);
  if (who.house.updates == nullptr) return who.refuse({"api.not_found", "This node exchanges no messages.", "", ""});
  auto const& by = who.who()->id;
  bool const accepts = form.fields.value("decision") == "accept";
  if (!accepts && form.fields.value("decision") != "reject")
    return who.refuse({"exchange.update.decision", who.say("certificate_update_no_decision"), {}, {}});
  auto const reason = std::string(form.fields.value("reason"));
  auto const done = accepts ? who.house.updates->accept(number, by) : who.house.updates->reject(number, by, reason);
  if (!done && done.error().code == "exchange.update.reason")
    return who.refuse({done.error().code, who.say("certificate_update_no_reason"), {}, {}});
  if (!done) return who.refuse(done.error());
  if (who.house.nudge) who.house.nudge();
  return who.go("/certificates");
}

http::response show(visit& who) {
  auto const report = who.house.certificates ? who.house.certificates() : identity::certificate_report{};
  auto const lines = [&](auto const& all) {
    return value::list(all, [&](auto const& each) { return line_view(who, each); });
  };
  auto const updates = who.house.updates ? who.house.updates->all() : std::vector<exchange::update_entry>{};
  auto const urgent = who.house.updates ? who.house.updates->waiting(who.house.wall->now()).urgent : 0;
  return who.page(
      "certificates", who.say("nav_certificates"),
      value::object({{"ours", lines(report.ours)},
                     {"partners", lines(report.partners)},
                     {"lists", value::list(report.lists, [&](auto const& each) { return list_view(who, each); })},
                     {"updates", value::list(updates, [&](auto const& each) { return update_view(who, each); })},
                     {"alarms", value(report.alarms())},
                     {"has_alarms", value(report.alarms() > 0)},
                     {"urgent_updates", value(urgent)},
                     {"has_urgent_updates", value(urgent > 0)},
                     {"revoked", value(report.revoked())},
                     {"has_revoked", value(report.revoked() > 0)}}));
}

}  // namespace

std::vector<http::route> certificate_pages(api::rooms& house) {
  return {page_for(house, "/certificates", {role::operator_, role::auditor}, show),
          form_for(house, "/certificates/updates/{number}", {role::operator_}, decide)};
}

}  // namespace ehds::node::pages
