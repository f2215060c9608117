#include "node/pages/catalogue/basket.hpp"

#include <algorithm>

#include "node/http/fields.hpp"

namespace ehds::node::pages {
namespace {

constexpr std::string_view basket_cookie = "ehds_basket";
constexpr std::size_t cookie_bytes = 3500;
constexpr int three_days = 3 * 24 * 3600;

}  // namespace

std::vector<std::string> basket_of(http::request const& asked) {
  std::vector<std::string> datasets;
  auto rest = asked.cookie(basket_cookie);
  while (!rest.empty() && datasets.size() < most_in_basket) {
    auto const end = std::min(rest.find('|'), rest.size());
    if (auto one = http::percent_decode(rest.substr(0, end)); one && !one->empty()) datasets.push_back(std::move(*one));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return datasets;
}

bool keep_basket(http::response& answer, std::vector<std::string> const& datasets) {
  std::string text;
  for (auto const& one : datasets) text += (text.empty() ? "" : "|") + http::percent_encode(one);
  if (text.size() > cookie_bytes || datasets.size() > most_in_basket) return false;
  http::set_cookie(answer, {.name = std::string(basket_cookie),
                            .value = text,
                            .path = "/",
                            .max_age_seconds = text.empty() ? 0 : three_days});
  return true;
}

}  // namespace ehds::node::pages
