#pragma once
// What stands around every page: the way to the other pages that this person may see, languages, who is signed in.
#include "node/pages/markup/value.hpp"
#include "node/pages/visit.hpp"

namespace ehds::node::pages {

value layout_of(visit const& who, std::string const& title);
// The address of this very page with one query value changed; "" removes it.
std::string address_with(http::request const& asked, std::string_view name, std::string_view to);
// Earlier and later pages of a list: {"previous": address, "next": address, "first": "1", "last": "20", "total": ..}.
value paging_of(http::request const& asked, std::size_t offset, std::size_t limit, std::size_t total);

}  // namespace ehds::node::pages
