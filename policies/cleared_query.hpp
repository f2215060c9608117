#pragma once
// A query that may run. Nothing but approval's judge() makes one, it cannot be copied or written down, and engines
// take nothing else: a query without clearance does not compile.
#include <expected>
#include <string>
#include <vector>

#include "policies/aggregate_query.hpp"
#include "policies/data_permit.hpp"

namespace ehds::policies {

class cleared_query;
struct query_caller;
struct refusal;
std::expected<cleared_query, refusal> judge(aggregate_query const& query, data_permit const& permit,
                                            query_caller const& caller, instant now);

// Made by judge() alone.
class judge_pass {
 private:
  judge_pass() {}
  friend std::expected<cleared_query, refusal> judge(aggregate_query const& query, data_permit const& permit,
                                                     query_caller const& caller, instant now);
};

class cleared_query {
 public:
  cleared_query(judge_pass const&, aggregate_query query, data_permit const& permit, instant cleared_at,
                std::vector<std::string> grounds);
  cleared_query(cleared_query&&) noexcept = default;
  cleared_query& operator=(cleared_query&&) noexcept = default;
  cleared_query(cleared_query const&) = delete;
  cleared_query& operator=(cleared_query const&) = delete;

  aggregate_query const& query() const { return query_; }  // in normal form
  std::string const& hash() const { return hash_; }
  std::string const& permit_id() const { return permit_id_; }
  std::int64_t permit_version() const { return permit_version_; }
  std::string const& authority() const { return authority_; }
  legal_basis basis() const { return basis_; }
  date opt_out_snapshot() const { return opt_out_snapshot_; }
  std::vector<std::string> const& obligations() const { return obligations_; }
  std::string const& disclosure_policy() const { return disclosure_policy_; }
  instant cleared_at() const { return cleared_at_; }
  instant expires() const { return expires_; }                          // first instant at which it is void
  std::vector<std::string> const& grounds() const { return grounds_; }  // why it may run, one sentence each

 private:
  aggregate_query query_;
  std::string hash_;
  std::string permit_id_;
  std::int64_t permit_version_ = 0;
  std::string authority_;
  legal_basis basis_{};
  date opt_out_snapshot_;
  std::vector<std::string> obligations_;
  std::string disclosure_policy_;
  instant cleared_at_;
  instant expires_;
  std::vector<std::string> grounds_;
};

}  // namespace ehds::policies
