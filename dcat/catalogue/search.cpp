#include "dcat/catalogue/search.hpp"

#include <algorithm>
#include <iterator>

#include "dcat/catalogue/search_pass.hpp"
#include "dcat/catalogue/segment.hpp"

namespace ehds::dcat {
namespace {

// A part is merged into the one before it when that one is less than this many times larger.
constexpr std::size_t growth = 4;

}  // namespace

search_answer search_snapshot::find(search_query const& query) const { return search_pass(*this, query).run(); }

std::optional<search_entry> search_snapshot::get(std::string_view key) const {
  for (part const& p : parts_)
    if (auto const row = p.rows->row_of(key); row && (*p.alive)[*row]) return p.rows->entries()[*row];
  return std::nullopt;
}

search_index::search_index() : now_(std::make_shared<search_snapshot const>()) {}

std::shared_ptr<search_snapshot const> search_index::snapshot() const {
  std::lock_guard const lock(swapping_);
  return now_;
}

void search_index::publish(search_snapshot next) {
  next.size_ = 0;
  for (auto const& part : next.parts_) next.size_ += part.alive_count;
  auto made = std::make_shared<search_snapshot const>(std::move(next));
  std::lock_guard const lock(swapping_);
  now_ = std::move(made);
}

// Rows of these keys are dead from the next snapshot on; the old one keeps them.
void search_index::bury(search_snapshot& in, std::span<search_entry const> keys) {
  for (auto& part : in.parts_) {
    std::shared_ptr<std::vector<bool>> changed;
    for (search_entry const& entry : keys) {
      auto const row = part.rows->row_of(entry.key);
      if (!row || !(changed ? *changed : *part.alive)[*row]) continue;
      if (!changed) changed = std::make_shared<std::vector<bool>>(*part.alive);
      (*changed)[*row] = false;
      --part.alive_count;
    }
    if (changed) part.alive = std::move(changed);
  }
  std::erase_if(in.parts_, [](auto const& part) { return part.alive_count == 0; });
}

void search_index::merge_small(search_snapshot& in) {
  auto const is_small = [&in] {
    auto const n = in.parts_.size();
    return n > 1 && in.parts_[n - 2].alive_count < growth * in.parts_[n - 1].alive_count;
  };
  std::vector<search_entry> entries;
  bool merged = false;
  // Rows of the last part go down until a part is large enough to stay.
  auto const take_last = [&] {
    auto const& part = in.parts_.back();
    for (std::uint32_t row = 0; row < part.rows->size(); ++row)
      if ((*part.alive)[row]) entries.push_back(part.rows->entries()[row]);
    in.parts_.pop_back();
  };
  while (is_small() || (merged && !in.parts_.empty() && in.parts_.back().alive_count < growth * entries.size())) {
    if (!merged) take_last();
    take_last();
    merged = true;
  }
  if (!merged) return;
  auto const count = entries.size();
  auto rows = std::make_shared<segment const>(std::move(entries));
  in.parts_.push_back({std::move(rows), std::make_shared<std::vector<bool> const>(count, true), count});
}

void search_index::put(std::vector<search_entry> entries) {
  // Of two entries with one key the later wins.
  std::unordered_map<std::string, std::size_t> last;
  for (std::size_t i = 0; i < entries.size(); ++i) last[entries[i].key] = i;
  std::vector<search_entry> kept;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (last[entries[i].key] == i) kept.push_back(std::move(entries[i]));
  if (kept.empty()) return;
  std::lock_guard const lock(writing_);
  auto next = *snapshot();
  bury(next, kept);
  auto const count = kept.size();
  auto rows = std::make_shared<segment const>(std::move(kept));
  next.parts_.push_back({std::move(rows), std::make_shared<std::vector<bool> const>(count, true), count});
  merge_small(next);
  publish(std::move(next));
}

void search_index::erase(std::string_view key) {
  std::lock_guard const lock(writing_);
  auto next = *snapshot();
  search_entry const gone{std::string(key), {}, nullptr, nullptr};
  bury(next, std::span(&gone, 1));
  publish(std::move(next));
}

}  // namespace ehds::dcat
