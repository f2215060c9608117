#pragma once
// An agreement update as tests need it: the sender's next certificate, made once, and the document about it.
#include <string>
#include <string_view>

#include "edelivery/certificate_update/agreement_update.hpp"
#include "edelivery/keys.hpp"

namespace ehds::edelivery::tests {

inline instant at(std::string const& text) { return parse_rfc3339(text).value(); }

// Begins two weeks from noon(), with the same name and from the same authority.
inline credentials const& next_sender() {
  static credentials const made = issued("sender", certificate_use::signing, &authority(), at("2026-12-06T00:00:00Z"));
  return made;
}

inline agreement_update_request announced(certificate const& current, std::vector<certificate> next) {
  return {{"81ff47c6",
           at("2026-11-22T12:00:00Z"),
           at("2026-11-29T12:00:00Z"),
           at("2026-12-07T00:00:00Z"),
           at("2026-12-21T00:00:00Z"),
           {"urn:example:agreement:1"},
           {"urn:example:agreement:2"}},
          {{"u1", sha256_digest_of(current), std::move(next)}}};
}
inline agreement_update_request announced() { return announced(sender().cert, {next_sender().cert}); }

// Every place of `what`; a test that changes nothing tests nothing.
inline std::string changed(std::string text, std::string_view what, std::string_view with) {
  auto at = text.find(what);
  if (at == std::string::npos) throw std::runtime_error("not there: " + std::string(what));
  for (; at != std::string::npos; at = text.find(what, at + with.size())) text.replace(at, what.size(), with);
  return text;
}

inline std::string code_of(std::string const& xml) {
  auto const read = read_agreement_update(xml);
  return read ? "" : read.error().code;
}

}  // namespace ehds::edelivery::tests
