#include "node/access/cases/status.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ehds::node::access {
namespace {

constexpr std::array<std::pair<case_status, std::string_view>, 13> case_codes{
    {{case_status::submitted, "SUBMITTED"},
     {case_status::pre_screening, "PRE_SCREENING"},
     {case_status::processing, "PROCESSING"},
     {case_status::awaiting_additional_information, "AWAITING_ADDITIONAL_INFORMATION"},
     {case_status::withdrawn, "WITHDRAWN"},
     {case_status::positive_decision_issued, "POSITIVE_DECISION_ISSUED"},
     {case_status::negative_decision_issued, "NEGATIVE_DECISION_ISSUED"},
     {case_status::positive_decision_accepted, "POSITIVE_DECISION_ACCEPTED"},
     {case_status::positive_decision_rejected, "POSITIVE_DECISION_REJECTED"},
     {case_status::negative_decision_accepted, "NEGATIVE_DECISION_ACCEPTED"},
     {case_status::negative_decision_appealed, "NEGATIVE_DECISION_APPEALED"},
     {case_status::appeal_approved, "APPEAL_APPROVED"},
     {case_status::appeal_rejected, "APPEAL_REJECTED"}}};

constexpr std::array<std::pair<permit_status, std::string_view>, 12> permit_codes{
    {{permit_status::granted, "GRANTED"},
     {permit_status::renewal_requested, "RENEWAL_REQUESTED"},
     {permit_status::renewed, "RENEWED"},
     {permit_status::renewal_rejected, "RENEWAL_REJECTED"},
     {permit_status::expired, "EXPIRED"},
     {permit_status::amendment_requested, "AMENDMENT_REQUESTED"},
     {permit_status::amended, "AMENDED"},
     {permit_status::amendment_rejected, "AMENDMENT_REJECTED"},
     {permit_status::revoked, "REVOKED"},
     {permit_status::revoke_appealed, "REVOKE_APPEALED"},
     {permit_status::appeal_approved, "APPEAL_APPROVED"},
     {permit_status::appeal_rejected, "APPEAL_REJECTED"}}};

template <class Table, class Status>
std::string_view code_in(Table const& table, Status status) {
  return std::ranges::find(table, status, [](auto const& pair) { return pair.first; })->second;
}

template <class Status, class Table>
std::optional<Status> status_in(Table const& table, std::string_view code) {
  auto const found = std::ranges::find(table, code, [](auto const& pair) { return pair.second; });
  if (found == table.end()) return std::nullopt;
  return found->first;
}

}  // namespace

std::string_view to_code(case_status status) { return code_in(case_codes, status); }
std::string_view to_code(permit_status status) { return code_in(permit_codes, status); }
std::optional<case_status> case_status_of(std::string_view code) { return status_in<case_status>(case_codes, code); }
std::optional<permit_status> permit_status_of(std::string_view code) {
  return status_in<permit_status>(permit_codes, code);
}

bool is_final(case_status status) {
  switch (status) {
    case case_status::withdrawn:
    case case_status::positive_decision_accepted:
    case case_status::positive_decision_rejected:
    case case_status::negative_decision_accepted:
    case case_status::appeal_rejected:
      return true;
    case case_status::submitted:
    case case_status::pre_screening:
    case case_status::processing:
    case case_status::awaiting_additional_information:
    case case_status::positive_decision_issued:
    case case_status::negative_decision_issued:
    case case_status::negative_decision_appealed:
    case case_status::appeal_approved:
      return false;
  }
  return false;
}

bool is_decided(case_status status) {
  switch (status) {
    case case_status::positive_decision_issued:
    case case_status::negative_decision_issued:
    case case_status::positive_decision_accepted:
    case case_status::positive_decision_rejected:
    case case_status::negative_decision_accepted:
    case case_status::negative_decision_appealed:
    case case_status::appeal_rejected:
      return true;
    case case_status::submitted:
    case case_status::pre_screening:
    case case_status::processing:
    case case_status::awaiting_additional_information:
    case case_status::withdrawn:
    case case_status::appeal_approved:
      return false;
  }
  return false;
}

bool is_in_force(permit_status status) {
  switch (status) {
    case permit_status::granted:
    case permit_status::renewal_requested:
    case permit_status::renewed:
    case permit_status::renewal_rejected:
    case permit_status::amendment_requested:
    case permit_status::amended:
    case permit_status::amendment_rejected:
    case permit_status::appeal_approved:
      return true;
    case permit_status::expired:
    case permit_status::revoked:
    case permit_status::revoke_appealed:
    case permit_status::appeal_rejected:
      return false;
  }
  return false;
}

}  // namespace ehds::node::access
