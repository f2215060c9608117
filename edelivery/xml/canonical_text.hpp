#pragma once
// The canonical form of XML that we write ourselves, made from its text in one pass instead of by parsing it.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ehds::edelivery::xml {

// A prefix and its namespace, bound by an element around the text.
using bound_prefix = std::pair<std::string_view, std::string_view>;

// Exclusive XML Canonicalization 1.0 of one element, given as text, exactly as canonicalize() makes it. Nothing when
// the text holds more than plain elements, attributes and character data (comments, CDATA, other references than the
// five and those of tab and line ends, names beyond ASCII, `xmlns=""`), is not well-formed, or is large: then parse it.
std::optional<std::string> canonical_text(std::string_view element, std::vector<bound_prefix> const& bound);

}  // namespace ehds::edelivery::xml
