#include "edelivery/ebms/identifiers.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace ehds::edelivery {

bool is_message_id(std::string_view id, message_id_form form) {
  auto const plain = [](char c) { return c > ' ' && c < '\x7f' && c != '<' && c != '>'; };
  if (id.empty() || id.size() > longest_identifier || !std::ranges::all_of(id, plain)) return false;
  if (form == message_id_form::as_received) return true;
  auto const at = id.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < id.size() && id.find('@', at + 1) == std::string_view::npos;
}

bool is_xml_text(std::string_view text) {
  auto const allowed = [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r';
  };
  if (!std::ranges::all_of(text, allowed) || !is_utf8(text)) return false;
  return text.find("\xEF\xBF\xBE") == std::string_view::npos && text.find("\xEF\xBF\xBF") == std::string_view::npos;
}

}  // namespace ehds::edelivery
