#pragma once
// The files of this room that are part of the program: "templates/home.html", "texts/en.json", "static/style.css".
#include <optional>
#include <string_view>
#include <vector>

namespace ehds::node::pages {

std::optional<std::string_view> shipped_page_file(std::string_view path);
std::vector<std::string_view> shipped_page_file_names();

}  // namespace ehds::node::pages
