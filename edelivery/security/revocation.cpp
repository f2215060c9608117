#include "edelivery/security/revocation.hpp"

namespace ehds::edelivery {

namespace {

// Why no list answers for this certificate; empty when one does, and then `found` is it.
std::string look_up(certificate const& cert, certificate const& issuer, revocation_terms const& terms, instant now,
                    std::optional<revocation_list>& found) {
  std::string why = "no list at hand is from its issuer, " + issuer.subject();
  for (auto const& place : terms.lists) {
    auto list = terms.shelf ? terms.shelf->at(place) : std::nullopt;
    if (!list || !list->covers(cert) || !terms.shelf->is_from(place, issuer)) continue;
    if (!list->is_current(now)) {
      why = "the list of " + place + " was current from " + to_rfc3339(list->this_update()) + " to " +
            to_rfc3339(list->next_update());
      continue;
    }
    found = std::move(list);
    return {};
  }
  return why;
}

// A revocation counts even when the list that names it is not current any more: nobody comes back from one.
bool is_named_by_any(certificate const& cert, certificate const& issuer, revocation_terms const& terms) {
  for (auto const& place : terms.lists) {
    auto const list = terms.shelf ? terms.shelf->at(place) : std::nullopt;
    if (list && list->covers(cert) && list->names(cert) && terms.shelf->is_from(place, issuer)) return true;
  }
  return false;
}

}  // namespace

void revocation_shelf::put(std::string const& place, revocation_list list) {
  std::scoped_lock const lock(guard_);
  lists_.insert_or_assign(place, kept{std::move(list)});
}

std::optional<revocation_list> revocation_shelf::at(std::string const& place) const {
  std::scoped_lock const lock(guard_);
  auto const found = lists_.find(place);
  return found == lists_.end() ? std::nullopt : std::optional(found->second.list);
}

bool revocation_shelf::is_from(std::string const& place, certificate const& issuer) const {
  std::scoped_lock const lock(guard_);
  auto const found = lists_.find(place);
  if (found == lists_.end()) return false;
  auto& known = found->second.signed_by;
  // Issuers are certificates that the operator named, or those between; a flood of others does not stay.
  constexpr std::size_t most_issuers = 64;
  if (known.size() >= most_issuers) known.clear();
  auto const [place_of_answer, is_new] = known.try_emplace(issuer.fingerprint(), false);
  if (is_new) place_of_answer->second = found->second.list.is_from(issuer);
  return place_of_answer->second;
}

revocation_finding judge_revocation(std::vector<certificate> const& path, revocation_terms const& terms, instant now) {
  if (terms.lists.empty()) return {};
  if (path.size() < 2)
    return {standing::unknown, "it is itself named as an authority, so that no list can speak of it"};
  revocation_finding first_unknown;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    if (is_named_by_any(path[i], path[i + 1], terms))
      return {standing::revoked, path[i].described() + " was revoked by " + path[i + 1].subject()};
    std::optional<revocation_list> list;
    auto const why = look_up(path[i], path[i + 1], terms, now, list);
    if (!why.empty() && first_unknown.what == standing::good)
      first_unknown = {standing::unknown, "whether " + path[i].described() + " was revoked is not known: " + why};
  }
  return first_unknown;
}

}  // namespace ehds::edelivery
