#include "node/api/query_words.hpp"

#include <algorithm>

#include "base/numbers.hpp"

namespace ehds::node::api {
namespace {

problem not_asked_so(std::string detail, std::string_view name, std::string mend) {
  return {"api.query", std::move(detail), "?" + std::string(name), std::move(mend)};
}

result<std::int64_t> number_from(http::request const& asked, std::string_view name, std::int64_t least,
                                 std::int64_t otherwise) {
  auto const text = asked.query_value(name);
  if (text.empty()) return otherwise;
  auto const number = parse_number<std::int64_t>(text);
  if (number && *number >= least) return *number;
  return not_asked_so("this is no whole number from " + std::to_string(least), name,
                      "write a number, or leave " + std::string(name) + " out");
}

}  // namespace

result<std::int64_t> number_asked(http::request const& asked, std::string_view name) {
  return number_from(asked, name, 0, 0);
}

result<std::size_t> count_asked(http::request const& asked, std::size_t otherwise, std::size_t most) {
  auto const count = number_from(asked, "count", 1, static_cast<std::int64_t>(otherwise));
  if (!count) return count.error();
  return std::min(static_cast<std::size_t>(*count), most);
}

result<std::optional<std::string>> word_asked(http::request const& asked, std::string_view name,
                                              std::span<std::string_view const> words) {
  auto word = text_asked(asked, name);
  if (!word || std::ranges::find(words, *word) != words.end()) return word;
  std::string all;
  for (auto const each : words) all += (all.empty() ? "" : ", ") + std::string(each);
  return not_asked_so("there is no such " + std::string(name), name, "use one of " + all + ", or leave it out");
}

std::optional<std::string> text_asked(http::request const& asked, std::string_view name) {
  auto const text = asked.query_value(name);
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

}  // namespace ehds::node::api
