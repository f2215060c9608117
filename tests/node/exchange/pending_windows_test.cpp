// How later messages are found behind those that fill a Domibus's list.
#include "node/exchange/pending_windows.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <utility>

using namespace ehds;
using namespace ehds::node::exchange;

namespace {

instant midday() { return parse_rfc3339("2026-11-22T12:00:00Z").value(); }

// Ids with the time at which each came, oldest first.
struct waiting_list {
  std::vector<std::pair<instant, std::string>> all;
  std::size_t most = 500;
  std::size_t asked = 0;
  std::size_t longest_silence = 1000;  // answers so many questions

  void add(std::string const& name, std::size_t count, instant from, std::chrono::milliseconds apart) {
    for (std::size_t n = 0; n < count; ++n)
      all.emplace_back(from + static_cast<int>(n) * apart, name + std::to_string(n));
    std::ranges::sort(all);
  }
  message_ids find() {
    auto const ask = [&](auto const& window) -> std::optional<message_ids> {
      if (++asked > longest_silence) return std::nullopt;
      message_ids named;
      for (auto const& [at, id] : all)
        if (window.from <= at && at <= window.to && named.size() < most) named.push_back(id);
      return named;
    };
    return ids_behind(ask, [](auto const& id) { return id.starts_with("good"); }, std::min(most, all.size()), midday());
  }
};

}  // namespace

TEST_CASE("a message behind a crowd is found wherever the crowd stands") {
  using namespace std::chrono_literals;
  struct {
    char const* what;
    instant crowd_from;
    std::chrono::milliseconds apart;
    std::size_t count;
    instant good;
  } const cases[] = {
      {"long ago, and the good one now", midday() - 240h, 1s, 600, midday()},
      {"a moment ago", midday() - 1min, 1ms, 600, midday()},
      {"over days", midday() - 200h, 10min, 1'200, midday() - 10min},
      {"in one second, the good one a minute later", midday() - 5h, 0ms, 2'000, midday() - 5h + 1min},
      {"now, the good one behind five hundred and before others", midday() - 20min, 1s, 1'100, midday() - 20min + 800s},
      {"by a clock that is ahead", midday() + 1h, 1s, 600, midday() + 2h},
      {"two years ago", midday() - 24h * 700, 1s, 600, midday() - 24h * 700 + 3h},
  };
  for (auto const& one : cases) {
    INFO(one.what);
    waiting_list list;
    list.add("bad", one.count, one.crowd_from, one.apart);
    list.add("good", 1, one.good, 0ms);
    CHECK(list.find() == message_ids{"good0"});
    CHECK(list.asked <= 60);
  }
}

TEST_CASE("where nothing is behind, the questions end") {
  using namespace std::chrono_literals;
  for (auto const apart : {0ms, 1ms, 1000ms, 600'000ms}) {
    waiting_list list;
    list.add("bad", 5'000, midday() - 10h, apart);
    CHECK(list.find().empty());
    CHECK(list.asked <= 100);
  }
  waiting_list few;
  few.add("bad", 20, midday() - 10h, 1min);
  CHECK(few.find().empty());
  CHECK(few.asked <= 30);
}

TEST_CASE("no answer ends the search at once") {
  waiting_list list;
  list.add("bad", 600, midday(), std::chrono::milliseconds(1));
  list.longest_silence = 3;
  CHECK(list.find().empty());
  CHECK(list.asked == 4);
}
