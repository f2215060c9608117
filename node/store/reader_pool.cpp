#include "node/store/reader_pool.hpp"

namespace ehds::node::store {

std::unique_ptr<connection> reader_pool::lend() {
  std::unique_ptr<connection> chosen;
  {
    std::unique_lock lock(guard_);
    returned_.wait(lock, [&] { return out_ < limit_; });
    ++out_;
    if (!free_.empty()) {
      chosen = std::move(free_.back());
      free_.pop_back();
    }
  }
  try {
    if (chosen == nullptr) {
      chosen = std::make_unique<connection>(how_);
      chosen->script("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY");
    }
    chosen->script("BEGIN");
  } catch (...) {
    take_back(nullptr);
    throw;
  }
  return chosen;
}

void reader_pool::take_back(std::unique_ptr<connection> lent) {
  try {
    if (lent != nullptr) lent->script("ROLLBACK");
  } catch (std::exception const&) {
    lent = nullptr;  // the next borrower gets a new one
  }
  std::scoped_lock const lock(guard_);
  --out_;
  if (lent != nullptr) free_.push_back(std::move(lent));
  returned_.notify_one();
}

}  // namespace ehds::node::store
