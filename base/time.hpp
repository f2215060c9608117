#pragma once
// Instants and calendar dates. All instants are UTC with millisecond precision; the text form is
// RFC 3339 with "Z". Users' clocks are never trusted for order.
#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds {

using instant = std::chrono::sys_time<std::chrono::milliseconds>;
using date = std::chrono::year_month_day;

std::string to_rfc3339(instant at);  // 2026-11-22T13:00:00.000Z
// Accepts offsets and any fraction; also a bare date (midnight). A leap second (23:59:60 of UTC) is where the next day
// starts.
result<instant> parse_rfc3339(std::string_view text);

std::string to_text(date day);  // 2026-11-22
result<date> parse_date(std::string_view text);

date date_of(instant at);  // the UTC calendar day
instant start_of(date day);
std::string to_http_date(instant at);  // Sun, 22 Nov 2026 13:00:00 GMT (RFC 9110 5.6.7)

}  // namespace ehds
