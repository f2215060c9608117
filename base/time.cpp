#include "base/time.hpp"

#include <array>
#include <chrono>
#include <cstdio>

#include "base/numbers.hpp"

namespace ehds {
namespace {

namespace chrono = std::chrono;

problem bad_time(std::string_view text) {
  return {"time.syntax",
          "\"" + std::string(text.substr(0, 40)) + "\" is not an RFC 3339 time",
          {},
          "write it like 2026-11-22T13:00:00.000Z"};
}

bool digits(std::string_view text, std::size_t at, std::size_t count, int& out) {
  if (at + count > text.size()) return false;
  auto const number = parse_number<unsigned>(text.substr(at, count));
  if (!number) return false;
  out = static_cast<int>(*number);
  return true;
}

// Reads ".123456" into milliseconds; returns the index after it.
bool read_fraction(std::string_view text, std::size_t& at, int& ms) {
  ms = 0;
  if (at >= text.size() || text[at] != '.') return true;
  int scale = 100;
  std::size_t const first = ++at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    ms += (text[at] - '0') * scale;
    scale /= 10;
  }
  return at > first;
}

// Reads "Z" or "+hh:mm" at the end of the text, as minutes east of UTC.
bool read_offset(std::string_view text, std::size_t at, int& minutes_east) {
  minutes_east = 0;
  if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z')) return true;
  int hours_part = 0;
  int minutes_part = 0;
  if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':') return false;
  if (!digits(text, at + 1, 2, hours_part) || !digits(text, at + 4, 2, minutes_part)) return false;
  if (hours_part > 23 || minutes_part > 59) return false;
  minutes_east = (hours_part * 60 + minutes_part) * (text[at] == '-' ? -1 : 1);
  return true;
}

}  // namespace

std::string to_text(date day) {
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return buffer.data();
}

std::string to_rfc3339(instant at) {
  auto const day = chrono::floor<chrono::days>(at);
  chrono::hh_mm_ss<chrono::milliseconds> const clock{at - day};
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "T%02d:%02d:%02d.%03dZ", static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return to_text(date{day}) + buffer.data();
}

result<date> parse_date(std::string_view text) {
  int y = 0;
  int m = 0;
  int d = 0;
  bool const shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' && digits(text, 0, 4, y) &&
                      digits(text, 5, 2, m) && digits(text, 8, 2, d);
  date const day{chrono::year{y}, chrono::month{static_cast<unsigned>(m)}, chrono::day{static_cast<unsigned>(d)}};
  if (shaped && day.ok()) return day;
  return problem{"time.date",
                 "\"" + std::string(text.substr(0, 40)) + "\" is not a calendar date",
                 {},
                 "write it like 2026-11-22"};
}

result<instant> parse_rfc3339(std::string_view text) {
  auto const day = parse_date(text.substr(0, 10));
  if (!day) return bad_time(text);
  if (text.size() == 10) return start_of(*day);
  int h = 0;
  int m = 0;
  int s = 0;
  int ms = 0;
  int east = 0;
  std::size_t at = 19;
  bool const shaped = text.size() >= 20 && (text[10] == 'T' || text[10] == 't' || text[10] == ' ') && text[13] == ':' &&
                      text[16] == ':' && digits(text, 11, 2, h) && digits(text, 14, 2, m) && digits(text, 17, 2, s) &&
                      read_fraction(text, at, ms) && read_offset(text, at, east);
  if (!shaped || h > 23 || m > 59 || s > 60) return bad_time(text);
  auto const minute = start_of(*day) + chrono::hours{h} + chrono::minutes{m - east};
  if (s < 60) return minute + chrono::seconds{s} + chrono::milliseconds{ms};
  // A leap second ends a day of UTC. Our time has none: the whole of it is where the next day starts.
  if (date_of(minute) == date_of(minute + chrono::minutes{1})) return bad_time(text);
  return minute + chrono::minutes{1};
}

date date_of(instant at) { return date{chrono::floor<chrono::days>(at)}; }

instant start_of(date day) { return instant{chrono::sys_days{day}.time_since_epoch()}; }

std::string to_http_date(instant at) {
  static constexpr std::array<char const*, 7> week{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<char const*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto const day_start = chrono::floor<chrono::days>(at);
  date const day{day_start};
  chrono::hh_mm_ss<chrono::milliseconds> const clock{at - day_start};
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                week[chrono::weekday{day_start}.c_encoding()], static_cast<unsigned>(day.day()),
                months[static_cast<unsigned>(day.month()) - 1], static_cast<int>(day.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return buffer.data();
}

}  // namespace ehds
