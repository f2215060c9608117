// The lawful way compiles: this proves that the other files of this folder fail for their own reason.
#include "policies/approval/judge.hpp"
#include "policies/disclosure/disclose.hpp"
#include "policies/raw_table.hpp"
#include "policies/released_table.hpp"

namespace ehds::connectors {
class query_run {
 public:
  static policies::raw_table run(policies::cleared_query const& cleared, policies::table_layout layout) {
    policies::raw_table_builder builder(policies::raw_table_pass{}, cleared, std::move(layout));
    return std::move(builder).finish();
  }
};
}  // namespace ehds::connectors

std::string lawful(ehds::policies::aggregate_query const& query, ehds::policies::data_permit const& permit,
                   ehds::policies::table_layout const& layout, ehds::policies::disclosure_policy const& policy,
                   ehds::instant now) {
  auto cleared = ehds::policies::judge(query, permit, {"researcher"}, now);
  if (!cleared) return cleared.error().to_asker.detail;
  auto const table = ehds::connectors::query_run::run(*cleared, layout);
  auto const moved = std::move(*cleared);
  auto const proposal = ehds::policies::disclose(table, moved, policy, {}, 0);
  return proposal ? ehds::policies::to_json(proposal->table) : std::string{};
}
