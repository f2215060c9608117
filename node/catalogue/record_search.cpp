#include "node/catalogue/record_search.hpp"

#include <set>

namespace ehds::node::catalogue {
namespace {

constexpr std::size_t changes_a_step = 1000;

std::optional<dcat::search_entry> entry_of(record_book const& book, std::string const& id) {
  auto kept = book.find(id);
  if (!kept || kept->deleted) return std::nullopt;
  auto variables = book.variables(id);
  std::shared_ptr<dcat::variable_set const> held;
  if (variables) held = std::make_shared<dcat::variable_set const>(std::move(*variables));
  return dcat::search_entry{id, kept->nation, std::make_shared<dcat::dataset_record const>(std::move(kept->record)),
                            std::move(held)};
}

}  // namespace

void record_search::follow() {
  if (book_.last_change() == seen_) return;
  std::scoped_lock const lock(following_);
  for (;;) {
    auto const log = book_.changes(seen_, changes_a_step);
    if (log.empty()) return;
    std::set<std::string> touched;
    for (auto const& one : log) touched.insert(one.id);
    std::vector<dcat::search_entry> fresh;
    for (auto const& id : touched) {
      if (auto entry = entry_of(book_, id)) {
        fresh.push_back(std::move(*entry));
      } else {
        index_.erase(id);
      }
    }
    index_.put(std::move(fresh));
    seen_ = log.back().seq;
  }
}

dcat::search_answer record_search::find(dcat::search_query const& query) { return snapshot()->find(query); }

std::shared_ptr<dcat::search_snapshot const> record_search::snapshot() {
  follow();
  return index_.snapshot();
}

}  // namespace ehds::node::catalogue
