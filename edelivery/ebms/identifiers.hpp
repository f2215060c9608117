#pragma once
// What an identifier in a header may look like.
#include <cstddef>
#include <string_view>

namespace ehds::edelivery {

inline constexpr std::size_t longest_identifier = 255;

// An RFC 2822 msg-id without brackets as peers accept it: printable ASCII, no blanks, at most 255 characters.
// As we send it: also exactly one "@" with something on both sides.
enum class message_id_form { as_received, as_sent };
bool is_message_id(std::string_view id, message_id_form form);

// Characters XML 1.0 can carry in content (section 2.2), and UTF-8.
bool is_xml_text(std::string_view text);

}  // namespace ehds::edelivery
