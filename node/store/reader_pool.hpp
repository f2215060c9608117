#pragma once
// Connections for reading, opened when first needed and lent to one thread at a time. Internal to the store.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "node/store/connection.hpp"

namespace ehds::node::store {

class reader_pool {
 public:
  reader_pool(connection_options how, std::size_t limit) : how_(std::move(how)), limit_(limit) {
    free_.reserve(limit);  // so that giving back cannot fail
  }

  std::unique_ptr<connection> lend();  // blocks while all are out; begins a snapshot
  void take_back(std::unique_ptr<connection> lent);

 private:
  connection_options const how_;
  std::size_t const limit_;
  std::mutex guard_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<connection>> free_;
  std::size_t out_ = 0;
};

}  // namespace ehds::node::store
