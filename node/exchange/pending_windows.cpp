#include "node/exchange/pending_windows.hpp"

#include <chrono>

namespace ehds::node::exchange {
namespace {

using edelivery::backend::received_window;

constexpr std::size_t most_questions = 100;
constexpr std::chrono::milliseconds shortest{1'000};
constexpr std::chrono::hours clocks_differ{24};
constexpr std::chrono::hours oldest{24 * 365 * 3};

// The last is the newest: an hour, then twice as long each time.
std::vector<received_window> windows_before(instant now) {
  std::vector<received_window> newest_first{{now - std::chrono::hours(1), now + clocks_differ}};
  for (std::chrono::hours age{1}; age < oldest; age *= 2) newest_first.push_back({now - 2 * age, now - age});
  return {newest_first.rbegin(), newest_first.rend()};
}

}  // namespace

message_ids ids_behind(ask_window const& ask, std::function<bool(std::string const&)> const& is_wanted,
                       std::size_t full, instant now) {
  auto open = windows_before(now);
  for (std::size_t asked = 0; asked < most_questions && !open.empty(); ++asked) {
    auto const window = open.back();
    open.pop_back();
    auto named = ask(window);
    if (!named) return {};
    auto const count = named->size();
    std::erase_if(*named, [&](auto const& id) { return !is_wanted(id); });
    if (!named->empty()) return *std::move(named);
    if (count < full || window.to - window.from < 2 * shortest) continue;
    auto const middle = window.from + (window.to - window.from) / 2;
    open.push_back({window.from, middle});
    open.push_back({middle, window.to});
  }
  return {};
}

}  // namespace ehds::node::exchange
