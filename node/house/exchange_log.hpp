#pragma once
// What the log says of messages that do not get through: `as4.not_sent`, `as4.dead_letter`, `as4.delivered` of those to
// partners; `webhook.refused`, `webhook.set_aside`, `webhook.left_untold`, `webhook.taken` of those to back ends.
#include <string_view>

#include "node/exchange/notice_news.hpp"
#include "node/exchange/sending_news.hpp"
#include "node/telemetry/log.hpp"

namespace ehds::node::house {

void log_sending(telemetry::log& log, exchange::sending_news const& news);
void log_notice(telemetry::log& log, std::string_view back_end, exchange::notice_news const& news);

}  // namespace ehds::node::house
