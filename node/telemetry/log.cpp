#include "node/telemetry/log.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace ehds::node::telemetry {

std::string_view to_text(level of) {
  switch (of) {
    case level::debug:
      return "debug";
    case level::info:
      return "info";
    case level::warning:
      return "warning";
    case level::error:
      return "error";
  }
  return "error";
}

log::log(clock const& now, level least)
    : log(now, least, [](std::string_view line) { std::fwrite(line.data(), 1, line.size(), stderr); }) {}

log::log(clock const& now, level least, sink to) : clock_(now), least_(least), sink_(std::move(to)) {}

void log::write(level of, std::string_view event, std::initializer_list<field> fields) {
  if (!wants(of)) return;
  nlohmann::ordered_json line = {{"time", to_rfc3339(clock_.now())}, {"level", to_text(of)}, {"event", event}};
  for (auto const& one : fields)
    std::visit([&](auto const& value) { line[std::string(one.name())] = value; }, one.value());
  // Whatever bytes come in, the line stays one line of valid JSON.
  std::string const text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  std::scoped_lock const lock(one_at_a_time_);
  sink_(text);
}

void log::write(level of, std::string_view event, problem const& what) {
  write(of, event, {{"code", what.code}, {"detail", what.detail}, {"where", what.where}, {"mend", what.mend}});
}

}  // namespace ehds::node::telemetry
