#include "node/http/media_type.hpp"

#include <algorithm>

#include "node/http/headers.hpp"

namespace ehds::node::http {

namespace {

// A token or a quoted string; what follows stays in `rest`. None when the quote is never closed.
std::optional<std::string> take_value(std::string_view& rest) {
  std::string value;
  if (!rest.starts_with('"')) {
    auto const end = std::min(rest.find(';'), rest.size());
    value = std::string{trimmed(rest.substr(0, end))};
    rest.remove_prefix(end);
    return value;
  }
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return value;
    }
    bool const escaped = rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\');
    if (escaped) ++i;
    value += rest[i];
  }
  return std::nullopt;
}

// A word (a language range, say) or two parted by a slash: RFC 9110 5.6.2 tokens.
bool is_essence(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  auto const in_token = [marks](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || marks.find(c) != std::string_view::npos;
  };
  auto const slash = text.find('/');
  auto const type = text.substr(0, slash);
  auto const subtype = slash == std::string_view::npos ? std::string_view{"*"} : text.substr(slash + 1);
  return !type.empty() && !subtype.empty() && std::ranges::all_of(type, in_token) &&
         std::ranges::all_of(subtype, in_token);
}

}  // namespace

std::optional<media_type> parse_media_type(std::string_view text) {
  media_type made;
  auto const end = std::min(text.find(';'), text.size());
  made.essence = lower(trimmed(text.substr(0, end)));
  if (!is_essence(made.essence)) return std::nullopt;
  auto rest = text.substr(end);
  while (true) {
    rest = trimmed(rest);
    if (rest.empty()) return made;
    if (!rest.starts_with(';')) return std::nullopt;
    rest = trimmed(rest.substr(1));
    if (rest.empty()) return made;
    auto const equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    auto const name = lower(trimmed(rest.substr(0, equals)));
    rest = trimmed(rest.substr(equals + 1));
    auto value = take_value(rest);
    if (name.empty() || !value || made.parameters.size() == 32) return std::nullopt;
    made.parameters.add(name, *std::move(value));
  }
}

}  // namespace ehds::node::http
