#include "node/telemetry/log.hpp"

#include <unistd.h>

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

log::log(clock const& now, level least) : log(now, least, STDERR_FILENO) {}

log::log(clock const& now, level least, int descriptor, queue_room room)
    : clock_(now),
      least_(least),
      queue_(std::make_unique<log_sink>(
          descriptor,
          [this](std::uint64_t lost) {
            return line_of(level::warning, "log.lines_dropped", {{"lines", lost}, {"detail", "Nobody read the log."}});
          },
          room)) {}

log::log(clock const& now, level least, sink to) : clock_(now), least_(least), sink_(std::move(to)) {}

std::string log::line_of(level of, std::string_view event, std::initializer_list<field> fields) const {
  nlohmann::ordered_json line = {{"time", to_rfc3339(clock_.now())}, {"level", to_text(of)}, {"event", event}};
  for (auto const& one : fields)
    std::visit([&](auto const& value) { line[std::string(one.name())] = value; }, one.value());
  // Whatever bytes come in, the line stays one line of valid JSON.
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

void log::write(level of, std::string_view event, std::initializer_list<field> fields) {
  if (!wants(of)) return;
  auto text = line_of(of, event, fields);
  if (queue_) return queue_->add(std::move(text));
  std::scoped_lock const lock(one_at_a_time_);
  sink_(text);
}

bool log::flush(std::chrono::milliseconds at_most) { return !queue_ || queue_->flush(at_most); }

std::uint64_t log::dropped() const { return queue_ ? queue_->dropped() : 0; }

void log::write(level of, std::string_view event, problem const& what) {
  write(of, event, {{"code", what.code}, {"detail", what.detail}, {"where", what.where}, {"mend", what.mend}});
}

}  // namespace ehds::node::telemetry
