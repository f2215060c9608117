#pragma once
// The line from the data zone to its edge. The zone always calls: it opens no port. In one process the line is two
// function calls; between two machines it is HTTPS with the zone's certificate (mutual TLS).
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/http_call.hpp"
#include "node/federation/jobs.hpp"
#include "node/federation/zone_runner.hpp"

namespace ehds::node::federation {

struct zone_line {
  std::function<result<void>()> start;  // once, before the first pull: this zone holds nothing
  std::function<result<std::optional<pulled_job>>()> pull;
  std::function<result<void>(zone_answer const&)> hand_back;
};

// In a rehearsal the edge says with each answer how far its clock was moved, in milliseconds.
inline constexpr std::string_view clock_shift_header = "EHDS-Clock-Shift";
using clock_follower = std::function<void(std::chrono::milliseconds shift)>;

zone_line line_in_process(jobs& edge, std::string const& zone);
// Problems: federation.edge (unreachable or an unexpected answer). `follow` is told before a job is given out.
zone_line line_over_http(http_call& wire, std::string const& edge_url, clock_follower follow = {});

// One pull, one run, one answer. False when there was nothing to do. An answer that the edge did not take is lost
// without harm: the lease runs out, the job comes again, and the kept answer with it.
result<bool> serve_once(zone_line const& line, zone_runner& runner);

}  // namespace ehds::node::federation
