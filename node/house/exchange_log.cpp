#include "node/house/exchange_log.hpp"

#include "node/exchange/set_aside.hpp"

namespace ehds::node::house {

using telemetry::level;

namespace {

std::string of_most(std::int64_t refusals) {
  if (refusals == 0) return "none";  // of a message whole: a notice may be told for ever
  return std::to_string(refusals) + " of " + std::to_string(exchange::most_refusals);
}

}  // namespace

void log_sending(telemetry::log& log, exchange::sending_news const& news) {
  switch (news.status) {
    case edelivery::outbound_status::delivered:
      return log.write(level::info, "as4.delivered",
                       {{"message_id", news.message_id}, {"partner", news.party_id}, {"attempts", news.attempts}});
    case edelivery::outbound_status::failed:
      return log.write(level::error, "as4.dead_letter",
                       {{"message_id", news.message_id},
                        {"partner", news.party_id},
                        {"code", news.code},
                        {"why", news.says},
                        {"http_status", news.http_status},
                        {"attempts", news.attempts}});
    default:
      return log.write(level::warning, "as4.not_sent",
                       {{"message_id", news.message_id},
                        {"partner", news.party_id},
                        {"code", news.code},
                        {"why", news.says},
                        {"http_status", news.http_status},
                        {"attempts", news.attempts},
                        {"next_try", to_rfc3339(news.next_try)}});
  }
}

void log_notice(telemetry::log& log, std::string_view back_end, exchange::notice_news const& news) {
  using enum exchange::notice_news::kind;
  switch (news.what) {
    case taken_after_all:
      return log.write(level::info, "webhook.taken",
                       {{"back_end", back_end}, {"message_id", news.message_id}, {"attempts", news.attempts}});
    case set_aside:
    case left_untold:
      return log.write(
          level::warning, news.what == set_aside ? "webhook.set_aside" : "webhook.left_untold",
          {{"back_end", back_end}, {"message_id", news.message_id}, {"why", news.why}, {"attempts", news.attempts}});
    case refused:
      return log.write(level::warning, "webhook.refused",
                       {{"back_end", back_end},
                        {"message_id", news.message_id},
                        {"why", news.why},
                        {"attempts", news.attempts},
                        {"refusals", of_most(news.refusals)},
                        {"next_try", to_rfc3339(news.next_try)}});
  }
}

}  // namespace ehds::node::house
