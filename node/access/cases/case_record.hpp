#pragma once
// Writes one event with everything that follows from it: tables, permit, hand-over, register, messages, audit.
#include "node/access/access_ports.hpp"
#include "node/access/cases/case_desk.hpp"
#include "node/access/cases/case_state.hpp"

namespace ehds::node::access {

class case_record {
 public:
  case_record(store::transaction& tx, desk_settings const& settings, access_ports const& ports, instant now);

  // Checks nothing: who calls has done so. The state becomes the one after the event.
  result<void> add(case_state& state, case_event event);
  holiday_rules const& holidays() const { return holidays_; }
  instant now() const { return now_; }
  store::transaction& tx() { return tx_; }

 private:
  result<void> permit_consequences(case_state const& state, case_event const& event);
  void register_consequences(case_state const& state, case_event const& event);

  store::transaction& tx_;
  desk_settings const& settings_;
  access_ports const& ports_;
  holiday_rules holidays_;
  instant now_;
};

}  // namespace ehds::node::access
