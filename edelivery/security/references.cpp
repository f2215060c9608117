// What was signed, to be copied into a receipt by one side and compared by the other.
#include "edelivery/security/secure_message.hpp"
#include "edelivery/security/security_header.hpp"

#include <map>

namespace ehds::edelivery {

namespace {

problem mismatch(char const* detail, signed_reference const& at) {
  return {"edelivery.receipt.mismatch", detail, at.uri.substr(0, 256), ""};
}

}  // namespace

result<signed_reference> read_reference(xml::node reference) {
  if (!reference.is(ns::ds, "Reference")) {
    return policy_problem("structure", "A ds:Reference was expected", reference);
  }
  auto const block = read_reference_block(reference);
  if (!block) return block.error();
  auto text = xml::canonicalize(reference);
  if (!text) return std::move(text).error();
  return signed_reference{block->uri, block->digest, *std::move(text)};
}

result<std::vector<signed_reference>> references_of(parsed_envelope const& envelope) {
  auto const header = read_security_header(envelope);
  if (!header) return header.error();
  std::vector<signed_reference> all;
  for (auto const& block : header->signature.references) {
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
