#include "policies/screening/field_types.hpp"

#include <algorithm>

#include "base/numbers.hpp"

namespace ehds::policies {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Plausible, not RFC 5322: one @, something before it, a dotted domain after it.
bool is_email(std::string_view text) {
  auto const at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos) return false;
  auto const domain = text.substr(at + 1);
  bool const odd = std::ranges::any_of(text, [](char c) { return is_blank(c) || c == ',' || c == ';' || c == '<'; });
  return !odd && domain.find('.') != std::string_view::npos && domain.front() != '.' && domain.back() != '.' &&
         domain.find("..") == std::string_view::npos;
}

bool is_phone(std::string_view text) {
  auto const digits = std::ranges::count_if(text, is_digit);
  bool const allowed = std::ranges::all_of(text, [](char c) {
    return is_digit(c) || is_blank(c) || c == '+' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')';
  });
  return allowed && digits >= 5 && digits <= 15;  // E.164 ends at 15
}

bool is_url(std::string_view text) {
  auto const scheme = text.starts_with("https://") ? 8U : text.starts_with("http://") ? 7U : 0U;
  if (scheme == 0 || std::ranges::any_of(text, is_blank)) return false;
  auto const host = text.substr(scheme, text.find_first_of("/?#", scheme) - scheme);
  return host.find('.') != std::string_view::npos && host.front() != '.' && host.back() != '.';
}

// Two letters of the country (EL for Greece), then 2 to 13 letters, digits.
bool is_vat_number(std::string_view text) {
  return text.size() >= 4 && text.size() <= 15 && is_upper(text[0]) && is_upper(text[1]) &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || is_upper(c) || c == '+' || c == '*'; }) &&
         std::ranges::any_of(text, is_digit);
}

std::optional<type_finding> unless(bool fits, char const* code, char const* what, char const* mend) {
  if (fits) return std::nullopt;
  return type_finding{code, std::string("The answer is not ") + what + ".", mend};
}

std::optional<type_finding> against_choices(std::string const& value, field_rule const& rule) {
  if (rule.choices.empty() || std::ranges::find(rule.choices, value) != rule.choices.end()) return std::nullopt;
  return type_finding{"unknown_choice", "The answer is none of the choices.", "Choose from the list."};
}

}  // namespace

bool is_iban(std::string_view text) {
  std::string compact;
  std::ranges::copy_if(text, std::back_inserter(compact), [](char c) { return c != ' '; });
  if (compact.size() < 15 || compact.size() > 34) return false;
  if (!is_upper(compact[0]) || !is_upper(compact[1]) || !is_digit(compact[2]) || !is_digit(compact[3])) return false;
  std::ranges::rotate(compact, compact.begin() + 4);
  unsigned remainder = 0;
  for (char const c : compact) {
    if (is_digit(c)) {
      remainder = (remainder * 10 + static_cast<unsigned>(c - '0')) % 97;
    } else if (is_upper(c)) {
      remainder = (remainder * 100 + static_cast<unsigned>(c - 'A') + 10) % 97;
    } else {
      return false;
    }
  }
  return remainder == 1;
}

std::optional<type_finding> against_type(std::string const& value, field_rule const& rule) {
  switch (rule.type) {
    case field_type::choice:
    case field_type::choices:
      return against_choices(value, rule);
    case field_type::tick:
      return unless(value == "true" || value == "false", "not_a_tick", "a tick", "Tick the box or leave it.");
    case field_type::number:
      return unless(parse_number<std::int64_t>(value).has_value(), "not_a_number", "a whole number",
                    "Write digits only.");
    case field_type::date:
      return unless(parse_date(value).has_value(), "not_a_date", "a date", "Write it as 2026-12-31.");
    case field_type::email:
      return unless(is_email(value), "not_an_email", "an e-mail address",
                    "Write one address such as name@example.org.");
    case field_type::phone:
      return unless(is_phone(value), "not_a_phone", "a telephone number", "Write it with its country code.");
    case field_type::url:
      return unless(is_url(value), "not_a_url", "a web address", "Write it with https:// in front.");
    case field_type::iban:
      return unless(is_iban(value), "not_an_iban", "an IBAN", "Check it against the bank's letter.");
    case field_type::vat_number:
      return unless(is_vat_number(value), "not_a_vat_number", "a VAT number",
                    "Write it with the country's two letters.");
    case field_type::text:
    case field_type::file:
    case field_type::people:
      break;
  }
  return std::nullopt;
}

}  // namespace ehds::policies
