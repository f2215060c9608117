#pragma once
// A message of the ledger as the values of the pages "ledger" and "ledger_message".
#include "node/exchange/ledger.hpp"
#include "node/pages/markup/value.hpp"
#include "node/pages/visit.hpp"

namespace ehds::node::pages {

value entry_view(visit const& who, exchange::ledger_entry const& e);

}  // namespace ehds::node::pages
