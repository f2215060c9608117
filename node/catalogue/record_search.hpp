#pragma once
// The search over the book's records: rebuilt at start from stored rows (no RDF is read), then kept in step by
// following the change log. Every search looks first whether the log has grown; what was committed is found.
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "dcat/catalogue/search.hpp"
#include "node/catalogue/record_book.hpp"

namespace ehds::node::catalogue {

class record_search {
 public:
  explicit record_search(record_book const& book) : book_(book) {}

  dcat::search_answer find(dcat::search_query const& query);
  std::shared_ptr<dcat::search_snapshot const> snapshot();

 private:
  void follow();

  record_book const& book_;
  dcat::search_index index_;
  std::mutex following_;
  std::atomic<std::int64_t> seen_{0};
};

}  // namespace ehds::node::catalogue
