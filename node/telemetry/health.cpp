#include "node/telemetry/health.hpp"

#include <nlohmann/json.hpp>

namespace ehds::node::telemetry {

std::string health_report::json() const {
  nlohmann::ordered_json checks = nlohmann::ordered_json::array();
  for (auto const& one : findings) {
    nlohmann::ordered_json reason;
    if (!one.reason.empty()) reason = one.reason;
    checks.push_back({{"check", one.check}, {"reason", reason}});
  }
  return nlohmann::ordered_json{{"status", is_well ? "ready" : "not_ready"}, {"checks", checks}}.dump();
}

void health_registry::add(health_kind kind, std::string name, check ask) {
  std::scoped_lock const lock(guard_);
  checks_.push_back({kind, std::move(name), std::move(ask)});
}

void health_registry::set_draining(bool draining) {
  std::scoped_lock const lock(guard_);
  draining_ = draining;
}

health_report health_registry::ask(health_kind kind) const {
  std::scoped_lock const lock(guard_);
  health_report report;
  if (kind == health_kind::ready && draining_) {
    report.is_well = false;
    report.findings.push_back({"serving", "The node is starting or stopping."});
  }
  for (auto const& one : checks_) {
    if (one.kind != kind) continue;
    auto const reason = one.ask();
    if (reason) report.is_well = false;
    report.findings.push_back({one.name, reason.value_or("")});
  }
  return report;
}

}  // namespace ehds::node::telemetry
