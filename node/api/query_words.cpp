#include "node/api/query_words.hpp"

#include <algorithm>

#include "base/numbers.hpp"

namespace ehds::node::api {

std::optional<std::int64_t> number_asked(http::request const& asked, std::string_view name) {
  auto const number = parse_number<std::int64_t>(asked.query_value(name));
  return number && *number >= 0 ? number : std::nullopt;
}

std::size_t count_asked(http::request const& asked, std::string_view name, std::size_t otherwise, std::size_t most) {
  auto const count = number_asked(asked, name).value_or(0);
  return count == 0 ? otherwise : std::min(static_cast<std::size_t>(count), most);
}

std::optional<std::string> text_asked(http::request const& asked, std::string_view name) {
  auto const text = asked.query_value(name);
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

}  // namespace ehds::node::api
