#include "policies/screening/field_types.hpp"

#include <algorithm>
#include <cmath>

#include "base/numbers.hpp"

namespace ehds::policies {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
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

bool is_number(std::string_view text) {
  auto const number = parse_number<double>(text);
  return number && std::isfinite(*number);
}

bool fits(field_rule const& rule, std::string const& text) {
  switch (rule.type) {
    case field_type::choice:
    case field_type::multi:
      return std::ranges::find(rule.choices, text) != rule.choices.end();
    case field_type::number:
      return is_number(text);
    case field_type::date:
      return parse_date(text).has_value();
    case field_type::email:
      return is_email(text);
    case field_type::phone:
      return is_phone(text);
    case field_type::text:
    case field_type::file:
    case field_type::list:
    case field_type::tick:
      break;
  }
  return true;
}

struct wording {
  char const* what;
  char const* mend;
};

wording words_of(field_type type) {
  switch (type) {
    case field_type::text:
      return {"text", "Answer with text."};
    case field_type::choice:
    case field_type::multi:
      return {"one of the choices", "Choose one of the keys."};
    case field_type::number:
      return {"a number", "Write digits only."};
    case field_type::date:
      return {"a date", "Write it as 2026-12-31."};
    case field_type::file:
      return {"a file", "Attach the file; name it by its id and name."};
    case field_type::list:
      return {"a list of rows", "Answer with rows of the named columns."};
    case field_type::email:
      return {"an e-mail address", "Write one address such as name@example.org."};
    case field_type::phone:
      return {"a telephone number", "Write it in digits, with its country code."};
    case field_type::tick:
      break;
  }
  return {"a tick", "Tick the box or leave it."};
}

}  // namespace

bool is_filled(field_rule const& rule, entry const& value) {
  return value.odd || rule.type == field_type::list ||
         std::ranges::any_of(value.text, [](char c) { return !is_blank(c); });
}

std::size_t words_in(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (auto const c : text) {
    if (!is_blank(c) && !inside) ++words;
    inside = !is_blank(c);
  }
  return words;
}

bool is_country_code(std::string_view text) {
  auto const is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return text.size() == 2 && std::ranges::all_of(text, is_capital);
}

std::optional<problem> against_type(field_rule const& rule, entry const& value) {
  if (!value.odd && fits(rule, value.text)) return std::nullopt;
  bool const chooses = rule.type == field_type::choice || rule.type == field_type::multi;
  auto const [what, mend] = words_of(rule.type);
  return problem{chooses ? "screening.form.choice" : "screening.form.type",
                 std::string{"The answer is not "} + what + ".", value.where, mend};
}

}  // namespace ehds::policies
