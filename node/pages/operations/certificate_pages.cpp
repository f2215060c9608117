// Our certificates and the partners', when each ends, and how the revocation lists stand: for operators and auditors.
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

http::response show(visit& who) {
  auto const report = who.house.certificates ? who.house.certificates() : identity::certificate_report{};
  auto const lines = [&](auto const& all) {
    return value::list(all, [&](auto const& each) { return line_view(who, each); });
  };
  return who.page(
      "certificates", who.say("nav_certificates"),
      value::object({{"ours", lines(report.ours)},
                     {"partners", lines(report.partners)},
                     {"lists", value::list(report.lists, [&](auto const& each) { return list_view(who, each); })},
                     {"alarms", value(report.alarms())},
                     {"has_alarms", value(report.alarms() > 0)},
                     {"revoked", value(report.revoked())},
                     {"has_revoked", value(report.revoked() > 0)}}));
}

}  // namespace

std::vector<http::route> certificate_pages(api::rooms& house) {
  return {page_for(house, "/certificates", {role::operator_, role::auditor}, show)};
}

}  // namespace ehds::node::pages
