// expect: no matching function for call to 'to_json'
#include "policies/disclosure/desk_view.hpp"

std::string leak(ehds::policies::desk_view const& view) { return ehds::policies::to_json(view); }
