// expect: call to deleted constructor of 'ehds::policies::desk_view'
#include "policies/disclosure/desk_view.hpp"

ehds::policies::desk_view keep(ehds::policies::desk_view const& view) { return view; }
