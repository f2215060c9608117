#pragma once
// The data zone: judges a pulled query again (clearance is minted here, where the data is), runs it, controls what the
// figures disclose, and keeps answer, budget, history and audit entry in one effect before anything leaves. The same
// job again gets the kept answer: it is never run or debited twice.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "connectors/data/engine/engine.hpp"
#include "node/federation/jobs.hpp"
#include "node/store/database.hpp"
#include "policies/disclosure/disclose.hpp"

namespace ehds::node::federation {

// The tables of the data zone: its history of releases never leaves it.
std::vector<store::migration> zone_migrations();

struct zone_dataset {
  std::string id;  // catalogue id
  std::unique_ptr<connectors::engine> engine;
  policies::disclosure_policy policy;
};

class zone_runner {
 public:
  using record_audit = std::function<void(store::transaction&, audited const&)>;
  // Believes what the authority signed, not what the edge says: the edge faces the internet.
  using open_permit = std::function<result<policies::data_permit>(std::string_view sealed)>;
  zone_runner(store::database& db, clock const& wall, std::vector<zone_dataset> datasets, open_permit unseal,
              record_audit record);

  // Blocks while the engine works. Safe to call from several threads.
  zone_answer run(pulled_job const& job);

 private:
  zone_answer compute(pulled_job const& job);
  zone_answer refuse(pulled_job const& job, problem const& why);
  zone_answer disclose_and_keep(pulled_job const& job, policies::cleared_query const& cleared,
                                policies::data_permit const& permit, policies::raw_table const& raw,
                                policies::disclosure_policy const& policy);
  struct past;
  past history_of(std::string_view dataset, std::string_view permit) const;

  store::database& db_;
  clock const& wall_;
  std::map<std::string, zone_dataset> datasets_;
  open_permit open_permit_;
  record_audit record_;
};

}  // namespace ehds::node::federation
