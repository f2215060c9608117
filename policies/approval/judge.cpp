#include "policies/approval/judge.hpp"

#include <algorithm>
#include <optional>

namespace ehds::policies {
namespace {

refusal refused(std::string code, std::string detail, std::string mend) {
  return {{"query.not_approved", "This query is not approved.", "", "Ask the authority that decides on the data."},
          {"approval." + std::move(code), std::move(detail), "", std::move(mend)}};
}

instant end_of(data_permit const& permit) { return start_of(permit.valid_to) + std::chrono::days{1}; }

// What can change between judging and release.
std::optional<refusal> still_in_force(data_permit const& permit, instant now) {
  if (permit.state != permit_state::live)
    return refused("not_live", "Permit " + permit.id + " is " + std::string(word_of(permit.state)) + ".",
                   "Only a live permit lets queries run.");
  if (now < start_of(permit.valid_from))
    return refused("not_yet", "Permit " + permit.id + " begins on " + to_text(permit.valid_from) + ".",
                   "Wait for that day.");
  if (now >= end_of(permit))
    return refused("expired", "Permit " + permit.id + " ended on " + to_text(permit.valid_to) + ".",
                   "An extension or a new permit is needed.");
  return std::nullopt;
}

std::optional<refusal> covers(data_permit const& permit, std::string const& dataset, std::string const& hash) {
  auto const of_dataset = [&](approved_query const& q) { return q.dataset == dataset; };
  if (std::ranges::none_of(permit.queries, of_dataset))
    return refused("other_dataset", "Permit " + permit.id + " approves no query of dataset " + dataset + ".",
                   "Check the dataset of the query.");
  if (std::ranges::find(permit.queries, approved_query{dataset, hash}) == permit.queries.end())
    return refused("other_hash", "Permit " + permit.id + " does not approve " + hash + ".",
                   "The query differs from what was approved; compare both texts.");
  return std::nullopt;
}

std::vector<std::string> grounds_for(data_permit const& permit, query_caller const& caller, std::string const& hash) {
  return {"Permit " + permit.id + " version " + std::to_string(permit.version) + " of " + permit.authority +
              " is live until " + to_text(permit.valid_to) + ".",
          "It approves " + hash + " under protocol " + permit.protocol + ".",
          "It names " + caller.id + " among those who may ask.",
          "Objections up to " + to_text(permit.opt_out_snapshot) + " are left out."};
}

}  // namespace

cleared_query::cleared_query(judge_pass const&, aggregate_query query, data_permit const& permit, instant cleared_at,
                             std::vector<std::string> grounds)
    : query_(normal_form(std::move(query))),
      hash_(query_hash(query_)),
      permit_id_(permit.id),
      permit_version_(permit.version),
      authority_(permit.authority),
      basis_(permit.basis),
      opt_out_snapshot_(permit.opt_out_snapshot),
      obligations_(permit.obligations),
      disclosure_policy_(permit.disclosure_policy),
      cleared_at_(cleared_at),
      expires_(end_of(permit)),
      grounds_(std::move(grounds)) {}

std::expected<cleared_query, refusal> judge(aggregate_query const& query, data_permit const& permit,
                                            query_caller const& caller, instant now) {
  if (auto no = still_in_force(permit, now)) return std::unexpected(std::move(*no));
  if (std::ranges::find(permit.persons, caller.id) == permit.persons.end())
    return std::unexpected(refused("other_person", "The caller is not among the persons of permit " + permit.id + ".",
                                   "Add the person to the permit if that is meant."));
  if (query.protocol != permit.protocol)
    return std::unexpected(refused("other_protocol",
                                   "Permit " + permit.id + " is for protocol " + permit.protocol + ".",
                                   "Check the protocol of the query."));
  auto const hash = query_hash(query);
  if (auto no = covers(permit, query.dataset, hash)) return std::unexpected(std::move(*no));
  return cleared_query(judge_pass{}, query, permit, now, grounds_for(permit, caller, hash));
}

std::expected<void, refusal> judge_release(cleared_query const& cleared, data_permit const& current, instant now) {
  if (current.id != cleared.permit_id())
    return std::unexpected(refused("other_permit", "The query was cleared under another permit.",
                                   "Give permit " + cleared.permit_id() + "."));
  if (auto no = still_in_force(current, now)) return std::unexpected(std::move(*no));
  if (auto no = covers(current, cleared.query().dataset, cleared.hash())) return std::unexpected(std::move(*no));
  if (current.opt_out_snapshot != cleared.opt_out_snapshot())
    return std::unexpected(refused("other_snapshot", "The objections that bind permit " + current.id + " have changed.",
                                   "Run the query again under the present version."));
  return {};
}

}  // namespace ehds::policies
