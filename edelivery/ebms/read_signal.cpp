// eb:SignalMessage: receipts with non-repudiation information, errors and pull requests.
#include <optional>
#include <utility>

#include "edelivery/ebms/identifiers.hpp"
#include "edelivery/ebms/read_parts.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery {

namespace {

problem invalid_receipt(std::string_view what, std::string detail) {
  return {"edelivery.receipt." + std::string{what}, std::move(detail), "SignalMessage/Receipt",
          "send a receipt with one copy of each signed reference (AS4 5.1.8)"};
}

result<signed_reference> read_acknowledged(xml::node part) {
  auto const children = part.children();
  if (!part.is(ns::ebbp, "MessagePartNRInformation") || children.size() != 1 ||
      !children.front().is(ns::ds, "Reference")) {
    return invalid_receipt("structure", "the receipt holds something other than copies of ds:Reference");
  }
  auto reference = read_reference(children.front(), false);
  if (!reference) return invalid_receipt("reference", "a reference in the receipt is not a readable ds:Reference");
  return reference;
}

// Exactly one. The schema lets elements of other namespaces stand beside it, and phase4 puts its version there.
result<xml::node> only_proof(xml::node element) {
  std::optional<xml::node> proof;
  for (auto const& child : element.children()) {
    bool const is_proof = child.is(ns::ebbp, "NonRepudiationInformation");
    if (is_proof && proof) return invalid_receipt("structure", "the receipt holds two lists of what it acknowledges");
    if (!is_proof && (child.namespace_uri() == ns::ebms || child.namespace_uri().empty()))
      return invalid_receipt("no_proof", "the receipt holds something that is no non-repudiation information");
    if (is_proof) proof = child;
  }
  if (!proof) return invalid_receipt("no_proof", "the receipt holds no non-repudiation information");
  return *proof;
}

result<std::vector<signed_reference>> read_references(xml::node element) {
  auto const proof = only_proof(element);
  if (!proof) return proof.error();
  std::vector<signed_reference> references;
  for (auto const& part : proof->children()) {
    auto reference = read_acknowledged(part);
    if (!reference) return std::move(reference).error();
    references.push_back(*std::move(reference));
  }
  if (references.empty()) return invalid_receipt("no_proof", "the receipt acknowledges nothing");
  return references;
}

std::string attribute_or_empty(xml::node element, std::string_view name) {
  return element.attribute(name).value_or(std::string{});
}

result<ebms_error> read_error(xml::node element, std::string const& path) {
  ebms_error error;
  error.code = attribute_or_empty(element, "errorCode");
  error.severity = attribute_or_empty(element, "severity");
  error.category = attribute_or_empty(element, "category");
  error.short_description = attribute_or_empty(element, "shortDescription");
  error.ref_to_message_in_error = attribute_or_empty(element, "refToMessageInError");
  if (error.code.empty()) return invalid_header("attribute", path, "an eb:Error has no errorCode");
  if (error.severity != "failure" && error.severity != "warning") {
    return invalid_header("attribute", path, "the severity of an eb:Error is neither failure nor warning");
  }
  element_sequence inside{element, path};
  if (auto const description = inside.next("Description")) error.description = description->text();
  if (auto const detail = inside.next("ErrorDetail")) error.detail = detail->text();
  auto const good = inside.end();
  if (!good) return good.error();
  return error;
}

result<std::vector<ebms_error>> read_errors(element_sequence& in) {
  constexpr std::size_t most = 64;
  std::vector<ebms_error> errors;
  while (auto const each = in.next("Error")) {
    auto error = read_error(*each, in.below("Error"));
    if (!error) return std::move(error).error();
    errors.push_back(*std::move(error));
    if (errors.size() > most) return invalid_header("value", in.path(), "there are more than 64 errors");
  }
  return errors;
}

result<signal_content> read_pull_request(xml::node element, element_sequence& signal, message_identity identity) {
  auto const path = signal.below("PullRequest");
  auto good = allow_attributes(element, {"mpc"}, path);
  if (good) good = element_sequence{element, path}.end();
  if (good) good = signal.end();
  if (!good) return std::move(good).error();
  auto mpc = element.attribute("mpc").value_or("");
  if (mpc.size() > longest_identifier)
    return invalid_header("attribute", path, "the mpc is longer than 255 characters");
  return signal_content{pull_request{identity.timestamp, std::move(identity.message_id), std::move(mpc)}};
}

}  // namespace

result<signal_content> read_signal(xml::node element) {
  element_sequence in{element, "SignalMessage"};
  message_identity identity;
  auto const info = read_message_info(in, identity);
  if (!info) return info.error();
  if (auto const asked = in.next("PullRequest")) return read_pull_request(*asked, in, std::move(identity));
  auto const acknowledged = in.next("Receipt");
  auto errors = read_errors(in);
  if (!errors) return std::move(errors).error();
  auto const end = in.end();
  if (!end) return end.error();
  if (!acknowledged && errors->empty()) {
    return invalid_header("missing", "SignalMessage", "the signal is neither a receipt nor an error");
  }
  if (!acknowledged) {
    return signal_content{error_signal{identity.timestamp, std::move(identity.message_id),
                                       std::move(identity.ref_to_message_id), *std::move(errors)}};
  }
  if (!errors->empty()) return invalid_receipt("with_error", "one signal is receipt and error at once");
  if (identity.ref_to_message_id.empty()) return invalid_receipt("no_reference", "the receipt has no RefToMessageId");
  auto references = read_references(*acknowledged);
  if (!references) return std::move(references).error();
  return signal_content{receipt{identity.timestamp, std::move(identity.message_id),
                                std::move(identity.ref_to_message_id), *std::move(references)}};
}

}  // namespace ehds::edelivery
