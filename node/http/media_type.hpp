#pragma once
// "text/html; charset=utf-8" and its kin: a word and parameters (RFC 9110 5.6.6, 8.3.1).
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/http/fields.hpp"

namespace ehds::node::http {

struct media_type {
  std::string essence;  // lower case: text/html
  fields parameters;    // names in lower case
  std::optional<std::string> parameter(std::string_view name) const {
    if (!parameters.has(name)) return std::nullopt;
    return std::string{parameters.value(name)};
  }
};

// None when the text is malformed.
std::optional<media_type> parse_media_type(std::string_view text);

}  // namespace ehds::node::http
