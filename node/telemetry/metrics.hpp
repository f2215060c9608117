#pragma once
// Counters, gauges and histograms in the Prometheus text format (version 0.0.4). Names carry the base unit (_seconds,
// _bytes) and counters end in _total. Label values come from small fixed sets (peer, route, code), never from input.
//
//   auto& sent = metrics.make_counter("ehds_as4_messages_total", "Messages by direction.", {{"direction", "out"}});
//   sent.add();
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ehds::node::telemetry {

using labels = std::vector<std::pair<std::string, std::string>>;

class counter {
 public:
  void add(std::uint64_t more = 1) { value_.fetch_add(more, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

class histogram {
 public:
  explicit histogram(std::vector<double> upper_bounds);
  void observe(double value);
  std::vector<double> const& bounds() const { return bounds_; }
  std::vector<std::uint64_t> counts() const;  // per bucket, the last one above all bounds
  double sum() const;

 private:
  std::vector<double> const bounds_;
  mutable std::mutex guard_;
  std::vector<std::uint64_t> counts_;
  double sum_ = 0;
};

// 1 ms to 10 s.
std::vector<double> usual_seconds();

// Owns the series. Making the same name with the same labels again gives the same series; the same name as another
// kind throws std::logic_error. References live as long as the registry.
class metrics_registry {
 public:
  counter& make_counter(std::string const& name, std::string const& help, labels of = {});
  gauge& make_gauge(std::string const& name, std::string const& help, labels of = {});
  // Asked when the metrics are read: for what somebody else already counts.
  void watch(std::string const& name, std::string const& help, std::function<double()> ask, labels of = {});
  histogram& make_histogram(std::string const& name, std::string const& help, labels of = {},
                            std::vector<double> upper_bounds = usual_seconds());

  std::string text() const;

 private:
  struct series;
  struct family;
  series& place(std::string const& name, std::string const& help, char const* kind, labels const& of);

  mutable std::mutex guard_;
  std::map<std::string, std::shared_ptr<family>> families_;
};

}  // namespace ehds::node::telemetry
