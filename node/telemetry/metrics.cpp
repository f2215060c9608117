#include "node/telemetry/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace ehds::node::telemetry {

struct metrics_registry::series {
  std::string label_text;  // peer="FR",code="200"
  std::unique_ptr<counter> count;
  std::unique_ptr<gauge> level;
  std::unique_ptr<histogram> spread;
  std::function<double()> ask;
};

struct metrics_registry::family {
  std::string help;
  std::string kind;
  std::vector<std::unique_ptr<series>> members;
};

namespace {

std::string escaped(std::string const& text, bool quotes) {
  std::string out;
  for (char const c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && quotes)
      out += "\\\"";
    else
      out += c;
  }
  return out;
}

std::string text_of(labels const& of) {
  std::string text;
  for (auto const& [name, value] : of)
    text += fmt::format("{}{}=\"{}\"", text.empty() ? "" : ",", name, escaped(value, true));
  return text;
}

std::string braced(std::string const& label_text) { return label_text.empty() ? "" : '{' + label_text + '}'; }

void write_histogram(std::string& out, std::string const& name, std::string const& label_text, histogram const& of) {
  std::string const before = label_text.empty() ? "" : label_text + ',';
  auto const counts = of.counts();
  std::uint64_t so_far = 0;
  for (std::size_t at = 0; at < counts.size(); ++at) {
    so_far += counts[at];
    std::string const bound = at < of.bounds().size() ? fmt::format("{}", of.bounds()[at]) : "+Inf";
    out += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name, before, bound, so_far);
  }
  out +=
      fmt::format("{}_sum{} {}\n{}_count{} {}\n", name, braced(label_text), of.sum(), name, braced(label_text), so_far);
}

}  // namespace

histogram::histogram(std::vector<double> upper_bounds)
    : bounds_(std::move(upper_bounds)), counts_(bounds_.size() + 1) {}

void histogram::observe(double value) {
  auto const bucket = static_cast<std::size_t>(std::ranges::lower_bound(bounds_, value) - bounds_.begin());
  std::scoped_lock const lock(guard_);
  ++counts_[bucket];
  sum_ += value;
}

std::vector<std::uint64_t> histogram::counts() const {
  std::scoped_lock const lock(guard_);
  return counts_;
}

double histogram::sum() const {
  std::scoped_lock const lock(guard_);
  return sum_;
}

std::vector<double> usual_seconds() { return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}; }

metrics_registry::series& metrics_registry::place(std::string const& name, std::string const& help, char const* kind,
                                                  labels const& of) {
  auto& held = families_[name];
  if (held == nullptr) held = std::make_shared<family>(family{help, kind, {}});
  if (held->kind != kind) throw std::logic_error("the metric " + name + " is a " + held->kind);
  auto const text = text_of(of);
  for (auto const& one : held->members)
    if (one->label_text == text) return *one;
  held->members.push_back(std::make_unique<series>());
  held->members.back()->label_text = text;
  return *held->members.back();
}

counter& metrics_registry::make_counter(std::string const& name, std::string const& help, labels of) {
  std::scoped_lock const lock(guard_);
  auto& held = place(name, help, "counter", of).count;
  if (held == nullptr) held = std::make_unique<counter>();
  return *held;
}

gauge& metrics_registry::make_gauge(std::string const& name, std::string const& help, labels of) {
  std::scoped_lock const lock(guard_);
  auto& held = place(name, help, "gauge", of).level;
  if (held == nullptr) held = std::make_unique<gauge>();
  return *held;
}

void metrics_registry::watch(std::string const& name, std::string const& help, std::function<double()> ask, labels of) {
  std::scoped_lock const lock(guard_);
  place(name, help, name.ends_with("_total") ? "counter" : "gauge", of).ask = std::move(ask);
}

histogram& metrics_registry::make_histogram(std::string const& name, std::string const& help, labels of,
                                            std::vector<double> upper_bounds) {
  std::scoped_lock const lock(guard_);
  auto& held = place(name, help, "histogram", of).spread;
  if (held == nullptr) held = std::make_unique<histogram>(std::move(upper_bounds));
  return *held;
}

std::string metrics_registry::text() const {
  std::scoped_lock const lock(guard_);
  std::string out;
  for (auto const& [name, held] : families_) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(held->help, false), name, held->kind);
    for (auto const& one : held->members) {
      if (one->spread != nullptr) write_histogram(out, name, one->label_text, *one->spread);
      if (one->count != nullptr) out += fmt::format("{}{} {}\n", name, braced(one->label_text), one->count->value());
      if (one->level != nullptr) out += fmt::format("{}{} {}\n", name, braced(one->label_text), one->level->value());
      if (one->ask) out += fmt::format("{}{} {}\n", name, braced(one->label_text), one->ask());
    }
  }
  return out;
}

}  // namespace ehds::node::telemetry
