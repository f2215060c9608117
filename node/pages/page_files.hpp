#pragma once
// Templates, styles and scripts, ready to use.
#include "node/http/router.hpp"
#include "node/pages/markup/page_template.hpp"

namespace ehds::node::pages {

template_set const& page_templates();
// "/static/style.css?v=<hash>": a new version is a new address.
std::string static_address(std::string_view name);
http::route static_files();

}  // namespace ehds::node::pages
