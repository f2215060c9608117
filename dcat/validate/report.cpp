#include "dcat/validate/report.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace ehds::dcat {
namespace {

std::string counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

}  // namespace

std::size_t validation_report::count(severity level) const {
  auto const n =
      std::count_if(findings.begin(), findings.end(), [level](finding const& f) { return f.level == level; });
  return static_cast<std::size_t>(n);
}

std::string_view name_of(severity level) {
  switch (level) {
    case severity::violation:
      return "violation";
    case severity::warning:
      return "warning";
    case severity::note:
      break;
  }
  return "note";
}

std::string to_text(validation_report const& report) {
  std::string out;
  for (finding const& f : report.findings) {
    out += std::string(name_of(f.level)) + ": " + f.path + "\n  " + f.detail + "\n";
    if (!f.mend.empty()) out += "  Mend: " + f.mend + "\n";
  }
  out += report.conforms ? "Conforms" : "Does not conform";
  out += " to HealthDCAT-AP " + report.release;
  if (!report.access_level.empty()) out += " (" + report.access_level + ")";
  out += ": " + counted(report.count(severity::violation), "violation") + ", " +
         counted(report.count(severity::warning), "warning") + ".\n";
  return out;
}

std::string to_json(validation_report const& report) {
  using json = nlohmann::ordered_json;
  json findings = json::array();
  for (finding const& f : report.findings) {
    findings.push_back({{"severity", name_of(f.level)},
                        {"path", f.path},
                        {"focus", f.focus},
                        {"code", f.code},
                        {"detail", f.detail},
                        {"mend", f.mend}});
  }
  json const out{{"conforms", report.conforms},
                 {"release", report.release},
                 {"access_level", report.access_level},
                 {"violations", report.count(severity::violation)},
                 {"warnings", report.count(severity::warning)},
                 {"findings", std::move(findings)}};
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

problems violations_of(validation_report const& report) {
  problems out;
  for (finding const& f : report.findings)
    if (f.level == severity::violation) out.push_back({f.code, f.detail, f.path, f.mend});
  return out;
}

}  // namespace ehds::dcat
