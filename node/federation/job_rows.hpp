#pragma once
// Reading a job from its row: one place knows the order of the columns.
#include <optional>
#include <string_view>

#include "node/federation/jobs.hpp"

namespace ehds::node::federation {

std::optional<job_view> find_job(store::reading& at, std::string_view id);
std::vector<job_view> all_jobs(store::reading& at);
// What find_permit is asked for it.
permit_wanted permit_wanted_by(job_view const& job);
// The oldest job that waits for the data zone, or whose lease ended before now.
std::optional<job_view> next_for_zone(store::reading& at, instant now);

}  // namespace ehds::node::federation
