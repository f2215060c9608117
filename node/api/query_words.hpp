#pragma once
// What stands after the '?' of an address, refused with its place where it cannot be what is asked for: a list that
// silently ignores a filter looks like an answer.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "node/http/request.hpp"

namespace ehds::node::api {

// From 0, which it also is when it is not there. Problem api.query.
result<std::int64_t> number_asked(http::request const& asked, std::string_view name);

// How many entries of a list: from 1; more than most are most. Problem api.query.
result<std::size_t> count_asked(http::request const& asked, std::size_t otherwise, std::size_t most);

// One of some words, nothing when it is not there. Problem api.query lists them.
result<std::optional<std::string>> word_asked(http::request const& asked, std::string_view name,
                                              std::span<std::string_view const> words);

// What is only compared with what is kept: any text, nothing when it is not there.
std::optional<std::string> text_asked(http::request const& asked, std::string_view name);

}  // namespace ehds::node::api
