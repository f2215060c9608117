#pragma once
// What federation needs from the rooms beside it, handed in by the main program: the outbox of messages, the audit log
// and the permits. All are called inside an effect of the store, so that they happen together with it or not at all.
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "node/store/transaction.hpp"
#include "policies/data_permit.hpp"

namespace ehds::node::federation {

// One message under the partners' own agreement; never sent to the centre (the official list has no query).
struct partner_message {
  std::string partner;      // node id
  std::string action;       // submitQuery, queryStatus, releasedTable, queryRefused
  std::string business_id;  // the part of the question it is about: ledger and timeline key
  std::string content;      // JSON object
};

struct audited {
  std::string actor;    // user id, "access_point:<id>", "node", a data zone, or "standing rule"
  std::string action;   // "query.accepted", "table.released"
  std::string object;   // job or part of a question; for query.given_back how many
  std::string outcome;  // "done" or a problem code
  std::string detail;   // query hash; never figures
};

// This node's part of a question it asks itself.
struct own_query {
  std::string part;
  std::string title;
  std::string application;
  std::string query;
  std::string asked_by;
};

struct permit_wanted {
  std::string dataset;
  std::string hash;
  std::string protocol;
  std::string caller;       // user id, or "access_point:<id>"
  std::string application;  // business id of the data request
};

struct links {
  std::function<result<void>(store::transaction&, partner_message const&)> post;
  std::function<void(store::transaction&, audited const&)> record;
  // The latest version of the permit that names this dataset and query hash, of several the one that fits caller and
  // application; without a hash match, the permit of that protocol and dataset, so that the officer can be told what
  // differs.
  std::function<std::optional<policies::data_permit>(store::reading&, permit_wanted const&)> find_permit;
  // The permit as the data zone is given it: the authority's signed text, with its present state beside it.
  std::function<std::string(store::reading&, policies::data_permit const&)> seal_permit;
};

}  // namespace ehds::node::federation
