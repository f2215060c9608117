#pragma once
// What stands after the '?' of an address, read. That it can be is judged before (`query_rules.hpp`); pages, which
// people write by hand, are not that strict, and read what cannot be read as not there.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "node/http/request.hpp"

namespace ehds::node::api {

// A whole number from 0.
std::optional<std::int64_t> number_asked(http::request const& asked, std::string_view name);

// How many entries of a list ("count", "limit"): from 1; more than most are most.
std::size_t count_asked(http::request const& asked, std::string_view name, std::size_t otherwise, std::size_t most);

// Any text; nothing when it is empty or not there.
std::optional<std::string> text_asked(http::request const& asked, std::string_view name);

}  // namespace ehds::node::api
