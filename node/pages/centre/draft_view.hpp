#pragma once
// A draft as the values of the page "draft": its sections, one of them open, and what stands in the way of submission.
#include "base/problem.hpp"
#include "node/access/central/centre_views.hpp"
#include "node/pages/centre/form_view.hpp"
#include "node/pages/visit.hpp"

namespace ehds::node::pages {

form_words words_for(visit const& who);
// The title of an application of that type, "Data access application".
std::string type_in_words(visit const& who, std::string_view code);
std::vector<std::string> countries_of(access::draft_page const& draft);

// What was typed and could not be kept, shown again with the reason.
struct unsaved_answers {
  std::string country;
  std::string answers_json;
  problem why;
};

value draft_view(visit const& who, access::draft_page const& draft, access::form_definition const& form,
                 std::string const& section, problems const& findings, unsaved_answers const* unsaved);

}  // namespace ehds::node::pages
