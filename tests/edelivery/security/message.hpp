#pragma once
// A message as these tests send and open it.
#include <string>
#include <vector>

#include "edelivery/keys.hpp"
#include "edelivery/security/secure_message.hpp"

namespace ehds::edelivery::tests {

inline std::string const header_text =
    "<eb:UserMessage><eb:MessageInfo><eb:MessageId>1@test</eb:MessageId>"
    "</eb:MessageInfo></eb:UserMessage>";

inline std::vector<payload_part> two_parts() {
  return {{"leading@test", "application/gzip", std::string("\x1f\x8b\x00\x01", 4)},
          {"annex@test", "application/gzip", std::string(100'000, 'x')}};
}

inline opening terms() {
  opening made{edelivery_1_15_rsa(), {}, {receiver()}, noon()};
  made.trust.pinned = {sender().cert};
  return made;
}

inline secured_message sent(security_profile const& profile = edelivery_1_15_rsa()) {
  return secure(header_text, two_parts(), profile, sender(), receiver().cert).value();
}

inline result<opened_message> opened(std::string const& soap, std::vector<payload_part> parts,
                                     opening const& how = terms()) {
  auto const envelope = parse_envelope(soap);
  if (!envelope) return envelope.error();
  return verify_and_decrypt(*envelope, std::move(parts), how);
}
inline result<opened_message> opened(secured_message const& message, opening const& how = terms()) {
  return opened(message.soap, message.parts, how);
}

// Empty when it opens.
inline std::string refusal(secured_message const& message, opening const& how = terms()) {
  auto const done = opened(message, how);
  return done ? "" : done.error().code;
}

// Replaces the first occurrence; a test whose pattern is not there would test nothing.
inline std::string replaced(std::string text, std::string_view what, std::string_view with) {
  auto const at = text.find(what);
  if (at == std::string::npos) throw std::runtime_error("not in the message: " + std::string(what));
  return text.replace(at, what.size(), with);
}

// The text from `from` up to and with the end of `to`.
inline std::string cut_out(std::string const& text, std::string_view from, std::string_view to) {
  auto const begin = text.find(from);
  auto const end = text.find(to, begin);
  if (begin == std::string::npos || end == std::string::npos) throw std::runtime_error("not in the message");
  return text.substr(begin, end + to.size() - begin);
}

}  // namespace ehds::edelivery::tests
