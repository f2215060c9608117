#pragma once
// What an authority decided, as far as a query needs it: an approved data request (Art. 69) or a data permit
// (Art. 68). Written by the officer's desk, read by approval. Several versions exist over time; the latest binds.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace ehds::policies {

enum class legal_basis { request_approval, data_permit };
enum class permit_state { live, suspended, revoked, expired };

// One question of one dataset: what is approved is the hash.
struct approved_query {
  std::string dataset;
  std::string query_hash;  // "sha256:<hex>", see aggregate_query.hpp
  bool operator==(approved_query const&) const = default;
};

struct data_permit {
  std::string id;  // "FR-2026-0007"
  std::int64_t version = 1;
  std::string authority;  // country or body that decided
  legal_basis basis = legal_basis::request_approval;
  std::string application;  // business id of the application or request
  std::string protocol;     // as in the queries
  std::vector<approved_query> queries;
  date valid_from;  // both days included, UTC
  date valid_to;
  permit_state state = permit_state::live;
  std::vector<std::string> persons;  // who may ask: user ids, or "access_point:<id>" of a partner node
  date opt_out_snapshot;             // objections up to this day are left out (Art. 71(3))
  std::vector<std::string> obligations;
  std::string disclosure_policy;  // id in the country's pack
  bool operator==(data_permit const&) const = default;
};

std::string_view word_of(legal_basis basis);   // "request_approval", "data_permit"
std::string_view word_of(permit_state state);  // "live", ...

// Strict JSON: unknown members are refused. Members are named as above; dates are YYYY-MM-DD.
std::string to_json(data_permit const& permit);
result<data_permit> read_data_permit(std::string_view text);

}  // namespace ehds::policies
