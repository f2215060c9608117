// What was signed, to be copied into a receipt by one side and compared by the other.
#include "edelivery/security/secure_message.hpp"
#include "edelivery/security/security_header.hpp"
#include "edelivery/security/verify.hpp"

#include <fmt/format.h>

#include <map>

namespace ehds::edelivery {

namespace {

problem mismatch(char const* detail, signed_reference const& at) {
  return {"edelivery.receipt.mismatch", detail, at.uri.substr(0, 256), ""};
}

// Each ds:Reference in canonical form, as long as SignedInfo shows no namespace but its own and each Reference has the
// same prefix: then the one declaration is all that a Reference lacks to stand alone. In canonical text "<" is markup.
std::vector<std::string> cut_out(std::string_view signed_info) {
  std::vector<std::string> all;
  auto const start = signed_info.substr(0, signed_info.find('>'));
  auto const tag = start.substr(0, start.find(' '));
  constexpr std::string_view local = "SignedInfo";
  if (!tag.starts_with('<') || !tag.ends_with(local)) return all;
  auto const prefix = tag.substr(1, tag.size() - 1 - local.size());
  auto const declaration =
      fmt::format(R"( xmlns{}{}="{}")", prefix.empty() ? "" : ":", prefix.substr(0, prefix.find(':')), ns::ds);
  auto const declared = start.find("xmlns");
  if (!start.substr(tag.size()).starts_with(declaration) || start.find("xmlns", declared + 1) != start.npos) return all;
  auto const open = fmt::format("<{}Reference ", prefix);
  auto const close = fmt::format("</{}Reference>", prefix);
  for (auto at = signed_info.find(open); at != signed_info.npos; at = signed_info.find(open, at + 1)) {
    auto const end = signed_info.find(close, at);
    auto const inside = signed_info.substr(at + open.size(), end - at - open.size());
    if (end == signed_info.npos || inside.starts_with("xmlns") || inside.find(open) != inside.npos) return {};
    all.push_back(fmt::format("<{}Reference{} {}{}", prefix, declaration, inside, close));
  }
  return all;
}

}  // namespace

result<signed_reference> read_reference(xml::node reference, bool with_xml) {
  if (!reference.is(ns::ds, "Reference")) {
    return policy_problem("structure", "A ds:Reference was expected", reference);
  }
  auto const block = read_reference_block(reference);
  if (!block) return block.error();
  if (!with_xml) return signed_reference{block->uri, block->digest, {}};
  auto text = xml::canonicalize(reference);
  if (!text) return std::move(text).error();
  return signed_reference{block->uri, block->digest, *std::move(text)};
}

result<std::vector<signed_reference>> references_of(parsed_envelope const& envelope) {
  auto const header = read_security_header(envelope);
  if (!header) return header.error();
  auto const& signature = header->signature;
  auto const signed_info = xml::canonicalize(signature.signed_info, signature.prefixes, largest_signed_info);
  if (!signed_info) return signed_info.error();
  return references_of(signature, *signed_info);
}

result<std::vector<signed_reference>> references_of(signature_block const& signature, std::string_view signed_info) {
  auto cut = signature.prefixes.empty() ? cut_out(signed_info) : std::vector<std::string>{};
  std::vector<signed_reference> all;
  for (auto const& block : signature.references) {
    if (cut.size() == signature.references.size()) {
      all.push_back({block.uri, block.digest, std::move(cut[all.size()])});
      continue;
    }
    auto read = read_reference(block.element);
    if (!read) return std::move(read).error();
    all.push_back(*std::move(read));
  }
  return all;
}

result<void> check_acknowledged(std::vector<signed_reference> const& sent,
                                std::vector<signed_reference> const& acknowledged) {
  std::map<std::string_view, signed_reference const*> open;
  for (auto const& each : sent) open.emplace(each.uri, &each);
  for (auto const& each : acknowledged) {
    auto const found = open.find(each.uri);
    if (found == open.end())
      return mismatch("The receipt acknowledges what was not sent, or acknowledges it twice", each);
    if (found->second->digest != each.digest)
      return mismatch("The receipt acknowledges other content than was sent", each);
    open.erase(found);
  }
  if (!open.empty())
    return mismatch("The receipt does not acknowledge everything that was sent", *open.begin()->second);
  return {};
}

}  // namespace ehds::edelivery
