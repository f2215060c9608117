#pragma once
// A media type with its parameters (RFC 2045 5.1): "multipart/related; boundary=x; start=\"<root>\"".
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::edelivery {

struct content_type {
  std::string media_type;                         // lower case: "multipart/related"
  std::map<std::string, std::string> parameters;  // names in lower case, values as written, unquoted

  // Empty when absent.
  std::string_view parameter(std::string_view name) const;
};

// Accepts quoted and bare values, blanks and folds around ";" and "=", and a trailing ";".
// Problems: edelivery.mime.content_type (unreadable, too long, or a parameter given twice).
result<content_type> parse_content_type(std::string_view text);

}  // namespace ehds::edelivery
