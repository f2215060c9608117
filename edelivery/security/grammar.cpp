#include "edelivery/security/grammar.hpp"

#include "base/bytes.hpp"
#include "edelivery/security/security_header.hpp"

namespace ehds::edelivery {

problem unforeseen(xml::node at, std::string_view expected) {
  return policy_problem("structure",
                        "In wsse:Security, " + std::string(at.name().substr(0, 64)) + " must hold " +
                            std::string(expected) + " and nothing else",
                        at);
}

std::string algorithm_of(xml::node element) { return element.attribute("Algorithm").value_or(""); }

result<std::string> text_in(xml::node element) {
  if (element.is_uninterrupted() && !element.first_child()) return element.text();
  return unforeseen(element, "text");
}

result<std::string> possibly_no_bytes_in(xml::node element) {
  return text_in(element).and_then([&](std::string const& text) {
    auto decoded = from_base64(text);
    return decoded ? decoded : unforeseen(element, "base64 text");
  });
}

result<std::string> bytes_in(xml::node element) {
  auto decoded = possibly_no_bytes_in(element);
  if (!decoded || !decoded->empty()) return decoded;
  return unforeseen(element, "base64 text");
}

result<xml::node> token_reference_in(xml::node key_info) {
  grammar inside(key_info);
  auto const reference = inside.take(ns::wsse, "SecurityTokenReference");
  if (!reference || !inside.at_end()) return inside.unexpected("one wsse:SecurityTokenReference");
  return *reference;
}

}  // namespace ehds::edelivery
