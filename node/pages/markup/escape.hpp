#pragma once
// How a text is written where it stands: between tags, in an attribute, as an address or as a part of one.
#include <string>
#include <string_view>

namespace ehds::node::pages {

// Where in the page a value stands; the template parser finds out, nobody chooses.
enum class position {
  text,          // between tags
  attribute,     // in a quoted attribute
  address,       // at the beginning of href, src or action
  address_part,  // further on in one
};

// address: only http, https, mailto and local addresses stay; anything else (javascript:, data:) becomes "#".
// address_part: percent-encoded, so that it cannot end the path segment or the query value it stands in.
std::string escaped(std::string_view text, position where);

}  // namespace ehds::node::pages
