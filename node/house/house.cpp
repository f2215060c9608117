#include "node/house/house.hpp"

#include "node/api/surfaces.hpp"
#include "node/house/parts.hpp"
#include "node/house/surroundings.hpp"
#include "node/house/wires.hpp"

namespace ehds::node::house {
namespace {

findings make_wire(house::parts& p) {
  auto made = http::client::make(p.io, {.tls = tls_to_partners(p.settings)});
  if (!made) return {made.error()};
  p.wire = std::move(*made);
  return {};
}

}  // namespace

house::house(std::unique_ptr<parts> held) : parts_(std::move(held)) {}

house::~house() { stop(); }

std::expected<std::unique_ptr<house>, problems> house::build(config::configuration settings) {
  if (auto found = check_surroundings(settings); !found.empty()) return std::unexpected(std::move(found));
  auto p = std::make_unique<parts>();
  p->settings = std::move(settings);
  p->work = std::make_unique<background>([log = &p->log](std::string const& job, std::string const& what) {
    log->write(telemetry::level::error, "background.failed", {{"job", job}, {"what", what}});
  });
  std::vector<findings (*)(parts&)> steps{make_wire, open_store, build_audit};
  if (p->serves_edge())
    steps.insert(steps.end(), {build_exchange, build_identity, build_catalogue, build_access, build_federation});
  steps.insert(steps.end(), {build_zone, build_platform});
  for (auto const step : steps)
    if (auto found = step(*p); !found.empty()) return std::unexpected(std::move(found));
  if (p->serves_edge()) {
    wire_messages(*p);
    open_doors(*p);
  }
  add_background_work(*p);
  return std::unique_ptr<house>(new house(std::move(p)));
}

std::expected<void, problems> house::start() {
  if (!parts_->settings.listen.empty()) {
    auto options = server_options_of(parts_->settings);
    options.on_failure = [log = &parts_->log](std::string const& what) {
      log->write(telemetry::level::error, "http.handler_threw", {{"what", what}});
    };
    auto bound = http::server::bind(parts_->io, std::move(options), parts_->wall);
    if (!bound) return std::unexpected(problems{bound.error()});
    parts_->server = std::move(*bound);
    parts_->server->start(
        {{"public", parts_->public_side.as_application()}, {"internal", parts_->internal_side.as_application()}});
  }
  parts_->work->start();
  parts_->health.set_draining(false);
  return {};
}

void house::stop() {
  if (!parts_) return;
  parts_->health.set_draining(true);
  if (parts_->server) parts_->server->stop(parts_->settings.limits.stop);
  parts_->work->stop();
}

telemetry::log& house::log() { return parts_->log; }

std::vector<std::string> house::addresses() const {
  std::vector<std::string> lines;
  if (!parts_->server) return lines;
  for (auto const& door : parts_->server->listeners()) lines.push_back(door.serves + " " + door.url());
  return lines;
}

}  // namespace ehds::node::house
