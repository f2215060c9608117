#pragma once
// A running node: every room built from one configuration, wired, started and stopped in order. Nothing else owns
// rooms.
#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "base/result.hpp"
#include "node/config/configuration.hpp"

namespace ehds::node::telemetry {
class log;
}

namespace ehds::node::house {

class house {
 public:
  // All findings that keep the node from starting, each one sentence that names file and mend.
  static std::expected<std::unique_ptr<house>, problems> build(config::configuration settings);
  ~house();

  // Listens and starts the background work.
  std::expected<void, problems> start();
  // Finishes running requests, stops the work, closes the store.
  void stop();
  std::vector<std::string> addresses() const;  // "public https://127.0.0.2:8443"
  telemetry::log& log();

  // Of a node that was built and not started: sends one test message under that P-Mode and tells, as JSON
  // (exchange/test_message.hpp), what became of it when it is settled or patience is over. It stays in the outbox until
  // then. Problems: house.no_access_point, those of exchange::post_test and of the store.
  result<std::string> ping(std::string_view pmode_id, std::chrono::milliseconds patience);

  struct parts;
  parts& inside() { return *parts_; }  // what it holds (parts.hpp), for tests

 private:
  explicit house(std::unique_ptr<parts> held);
  std::unique_ptr<parts> parts_;
};

}  // namespace ehds::node::house
