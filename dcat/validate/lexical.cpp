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

// "Z", "+02:00" or nothing.
bool is_zone(std::string_view text) {
  if (text.empty() || text == "Z") return true;
  return text.size() == 6 && (text[0] == '+' || text[0] == '-') && all_digits(text.substr(1, 2)) && text[3] == ':' &&
         all_digits(text.substr(4));
}

bool is_date(std::string_view text) {
  return text.size() >= 10 && parse_date(text.substr(0, 10)).has_value() && is_zone(text.substr(10));
}

bool is_time(std::string_view text) {
  bool const shaped = text.size() >= 8 && text[2] == ':' && text[5] == ':' && all_digits(text.substr(0, 2)) &&
                      all_digits(text.substr(3, 2)) && all_digits(text.substr(6, 2));
  if (!shaped || text.substr(0, 2) > "24" || text.substr(3, 2) > "59" || text.substr(6, 2) > "59") return false;
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

bool is_duration(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.size() < 3 || text.front() != 'P') return false;
  bool has_part = false;
  bool in_time = false;
  bool in_number = false;
  for (char const c : text.substr(1)) {
    if (is_digit(c) || c == '.') {
      in_number = true;
    } else if (c == 'T') {
      if (in_time || in_number) return false;
      in_time = true;
    } else {
      auto const allowed = in_time ? std::string_view("HMS") : std::string_view("YMD");
      if (!in_number || allowed.find(c) == allowed.npos) return false;
      in_number = false;
      has_part = true;
    }
  }
  return has_part && !in_number && text.back() != 'T';
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
