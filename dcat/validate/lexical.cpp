#include "dcat/validate/lexical.hpp"

#include <array>
#include <utility>

#include "base/time.hpp"
#include "dcat/rdf/vocabulary.hpp"

namespace ehds::dcat {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) {
  for (char const c : text)
    if (!is_digit(c)) return false;
  return !text.empty();
}

std::string_view unsigned_part(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return text;
}

bool is_boolean(std::string_view text) { return text == "true" || text == "false" || text == "1" || text == "0"; }

bool is_integer(std::string_view text) { return all_digits(unsigned_part(text)); }

bool is_non_negative(std::string_view text) {
  return is_integer(text) && (!text.starts_with('-') || unsigned_part(text).find_first_not_of('0') == text.npos);
}

bool is_decimal(std::string_view text) {
  text = unsigned_part(text);
  auto const point = text.find('.');
  if (point == text.npos) return all_digits(text);
  auto const whole = text.substr(0, point);
  auto const part = text.substr(point + 1);
  return (whole.empty() || all_digits(whole)) && (part.empty() || all_digits(part)) && text.size() > 1;
}

// "Z", "+02:00" up to "+14:00", or nothing.
bool is_zone(std::string_view text) {
  if (text.empty() || text == "Z") return true;
  bool const shaped = text.size() == 6 && (text[0] == '+' || text[0] == '-') && all_digits(text.substr(1, 2)) &&
                      text[3] == ':' && all_digits(text.substr(4));
  return shaped && text.substr(4) <= "59" && text.substr(1) <= "14:00";
}

bool is_date(std::string_view text) {
  return text.size() >= 10 && parse_date(text.substr(0, 10)).has_value() && is_zone(text.substr(10));
}

bool is_time(std::string_view text) {
  bool const shaped = text.size() >= 8 && text[2] == ':' && text[5] == ':' && all_digits(text.substr(0, 2)) &&
                      all_digits(text.substr(3, 2)) && all_digits(text.substr(6, 2));
  if (!shaped || text.substr(0, 2) > "24" || text.substr(3, 2) > "59" || text.substr(6, 2) > "59") return false;
  if (text.starts_with("24") && text.substr(2, 6) != ":00:00") return false;  // the end of the day, no later
  text.remove_prefix(8);
  if (text.starts_with('.')) {
    auto const end = text.find_first_not_of("0123456789", 1);
    if (end == 1 || text.size() == 1) return false;
    text = end == text.npos ? std::string_view{} : text.substr(end);
  }
  return is_zone(text);
}

bool is_date_time(std::string_view text) {
  return text.size() > 11 && text[10] == 'T' && is_date(text.substr(0, 10)) && is_time(text.substr(11));
}

bool is_year(std::string_view text) {
  return text.size() >= 4 && all_digits(text.substr(0, 4)) && is_zone(text.substr(4));
}

bool is_year_month(std::string_view text) {
  return text.size() >= 7 && is_date(std::string(text.substr(0, 7)) + "-01") && is_zone(text.substr(7));
}

// The number and the letter of one part of a duration taken off the front; 0 when there is none.
char take_part(std::string_view& text) {
  auto const end = text.find_first_not_of("0123456789.");
  if (end == text.npos || end == 0) return 0;
  auto const number = text.substr(0, end);
  char const letter = text[end];
  auto const point = number.find('.');
  bool const fraction = point != number.npos;
  if (fraction && (letter != 'S' || !all_digits(number.substr(0, point)) || !all_digits(number.substr(point + 1))))
    return 0;
  text.remove_prefix(end + 1);
  return letter;
}

// P, years, months, days, T, hours, minutes, seconds: in this order, at least one, and one behind a T.
bool is_duration(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (!text.starts_with('P')) return false;
  text.remove_prefix(1);
  bool in_time = false;
  bool complete = false;
  auto left = std::string_view("YMD");
  while (!text.empty()) {
    if (text.front() == 'T') {
      if (in_time) return false;
      in_time = true;
      complete = false;
      left = "HMS";
      text.remove_prefix(1);
      continue;
    }
    auto const place = left.find(take_part(text));
    if (place == left.npos) return false;
    left.remove_prefix(place + 1);
    complete = true;
  }
  return complete;
}

bool is_hex(std::string_view text) {
  return text.size() % 2 == 0 && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

constexpr std::array<std::pair<std::string_view, bool (*)(std::string_view)>, 12> forms{{
    {"boolean", is_boolean},
    {"integer", is_integer},
    {"nonNegativeInteger", is_non_negative},
    {"decimal", is_decimal},
    {"date", is_date},
    {"dateTime", is_date_time},
    {"gYear", is_year},
    {"gYearMonth", is_year_month},
    {"duration", is_duration},
    {"hexBinary", is_hex},
    {"long", is_integer},
    {"int", is_integer},
}};

}  // namespace

bool is_lexical_form(std::string_view text, std::string_view datatype_iri) {
  if (!datatype_iri.starts_with(xsd::ns)) return true;
  auto const name = datatype_iri.substr(xsd::ns.size());
  for (auto const& [known, fits] : forms)
    if (known == name) return fits(text);
  return true;
}

}  // namespace ehds::dcat
