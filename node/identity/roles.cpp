#include "node/identity/roles.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ehds::node::identity {

namespace {

constexpr std::array role_words{
    std::pair{role::applicant, std::string_view{"applicant"}},
    std::pair{role::screener, std::string_view{"screener"}},
    std::pair{role::assessor, std::string_view{"assessor"}},
    std::pair{role::decider, std::string_view{"decider"}},
    std::pair{role::catalogue_editor, std::string_view{"catalogue_editor"}},
    std::pair{role::auditor, std::string_view{"auditor"}},
    std::pair{role::operator_, std::string_view{"operator"}},
    std::pair{role::data_preparer, std::string_view{"data_preparer"}},
    std::pair{role::back_end, std::string_view{"back_end"}},
};

struct conflict {
  role one;
  role other;
  std::string_view why;
};
// Roles as data: what one account must not hold together.
constexpr std::array conflicts{
    conflict{role::applicant, role::screener, "nobody screens applications while applying"},
    conflict{role::applicant, role::assessor, "nobody assesses applications while applying"},
    conflict{role::applicant, role::decider, "nobody decides applications while applying"},
    conflict{role::applicant, role::data_preparer, "nobody prepares data for applications while applying"},
    conflict{role::auditor, role::decider, "who decides does not audit decisions"},
    conflict{role::auditor, role::operator_, "who runs the node does not audit it"},
    conflict{role::operator_, role::decider, "who holds the keys of the node does not decide"},
};

struct separation {
  duty earlier;
  duty next;
  std::string_view why;
};
// What the same person must not do after what, on one case.
constexpr std::array separations{
    separation{duty::applied, duty::screened, "applied on this case and may not screen it"},
    separation{duty::applied, duty::assessed, "applied on this case and may not assess it"},
    separation{duty::applied, duty::decided, "applied on this case and may not decide it"},
    separation{duty::applied, duty::prepared, "applied on this case and may not prepare its data"},
    separation{duty::applied, duty::released, "applied on this case and may not release its results"},
    separation{duty::assessed, duty::decided, "assessed this case and may not decide it too"},
    separation{duty::decided, duty::released, "decided this case and may not release its results too"},
    separation{duty::prepared, duty::released, "prepared the data of this case and may not release its results too"},
};

}  // namespace

std::string_view to_text(role r) {
  auto const found = std::ranges::find(role_words, r, [](auto const& w) { return w.first; });
  return found->second;
}

std::optional<role> role_of(std::string_view text) {
  auto const found = std::ranges::find(role_words, text, [](auto const& w) { return w.second; });
  if (found == role_words.end()) return std::nullopt;
  return found->first;
}

std::vector<role> all_roles() {
  std::vector<role> all;
  for (auto const& w : role_words) all.push_back(w.first);
  return all;
}

problems conflicting_duties(roles const& held) {
  problems found;
  for (auto const& c : conflicts) {
    if (!held.contains(c.one) || !held.contains(c.other)) continue;
    found.push_back({"identity.duties",
                     "The roles " + std::string{to_text(c.one)} + " and " + std::string{to_text(c.other)} +
                         " do not go together: " + std::string{c.why} + ".",
                     "roles", "Give them to two accounts."});
  }
  return found;
}

result<void> separate_duties(std::string_view actor_id, duty next, std::vector<done_duty> const& history) {
  for (auto const& s : separations) {
    if (s.next != next) continue;
    auto const did = [&](done_duty const& d) { return d.actor_id == actor_id && d.what == s.earlier; };
    if (!std::ranges::any_of(history, did)) continue;
    return problem{"identity.duties", "This account " + std::string{s.why} + ".", "", "Let a colleague do it."};
  }
  return {};
}

}  // namespace ehds::node::identity
