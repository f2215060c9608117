#include <chrono>
#include <set>

#include "edelivery/certificate_update/update_elements.hpp"

namespace ehds::edelivery {

namespace {

enum class kind { request, response, exception };

// Four digits of a year, whatever the zone.
constexpr instant earliest{};
constexpr instant latest = std::chrono::sys_days{std::chrono::year{9999} / 1 / 1};

result<instant> read_time(xml::node element) {
  auto const text = update_text(element);
  if (!text) return text.error();
  // A bare date is no xs:dateTime.
  if (text->find('T') != std::string::npos)
    for (auto const* const zone : {"", "Z"})
      if (auto const read = parse_rfc3339(*text + zone); read && *read >= earliest && *read < latest) return *read;
  return bad_update("time", "The time cannot be read.", element);
}

result<std::optional<instant>> read_maybe_time(update_children& inside, std::string_view name) {
  auto const found = inside.next(ns::agreement_update, name);
  if (!found) return std::optional<instant>{};
  auto const read = read_time(*found);
  if (!read) return read.error();
  return std::optional(*read);
}

result<agreement_name> read_agreement(update_children& inside, std::string_view name) {
  auto const found = inside.demand(ns::agreement_update, name);
  if (!found) return found.error();
  auto text = update_text(*found, longest_update_value, {"type"});
  if (!text) return std::move(text).error();
  return agreement_name{*std::move(text), found->attribute("type").value_or("")};
}

result<std::string> demanded_text(update_children& inside, std::string_view name) {
  auto const found = inside.demand(ns::agreement_update, name);
  return found ? update_text(*found) : result<std::string>(found.error());
}

result<void> read_times(update_children& inside, kind what, agreement_update_head& head) {
  if (what == kind::request) {
    auto const respond_by = read_maybe_time(inside, "RespondBy");
    if (!respond_by) return respond_by.error();
    head.respond_by = *respond_by;
  }
  auto const activate_by = read_maybe_time(inside, "ActivateBy");
  if (!activate_by) return activate_by.error();
  auto const expire_by = read_maybe_time(inside, "ExpireBy");
  if (!expire_by) return expire_by.error();
  head.activate_by = *activate_by;
  head.expire_by = *expire_by;
  return {};
}

// `reference`: where the id of the request goes in an answer.
result<agreement_update_head> read_head(update_children& inside, kind what, std::string& reference) {
  agreement_update_head head;
  auto id = demanded_text(inside, "ID");
  if (!id) return std::move(id).error();
  head.id = *std::move(id);
  if (what != kind::request) {
    auto answered = demanded_text(inside, "ReferenceID");
    if (!answered) return std::move(answered).error();
    reference = *std::move(answered);
  }
  auto const created = inside.demand(ns::agreement_update, "CreatedAt");
  if (!created) return created.error();
  auto const at = read_time(*created);
  if (!at) return at.error();
  head.created_at = *at;
  if (auto const read = read_times(inside, what, head); !read) return read.error();
  auto current = read_agreement(inside, "CurrentAgreementIdentifier");
  if (!current) return std::move(current).error();
  auto updated = read_agreement(inside, "UpdatedAgreementIdentifier");
  if (!updated) return std::move(updated).error();
  head.current = *std::move(current);
  head.updated = *std::move(updated);
  return head;
}

result<std::string> read_reason(update_children& inside, xml::node root) {
  std::string first;
  for (std::size_t n = 0; auto const each = inside.next(ns::agreement_update, "Reason"); ++n) {
    if (n == most_update_reasons) return bad_update("count", "It has too many reasons.", root);
    auto text = update_text(*each, longest_update_description);
    if (!text) return text;
    if (first.empty()) first = *std::move(text);
  }
  return first;
}

result<agreement_update_request> read_request(update_children& inside, xml::node root) {
  std::string none;
  auto head = read_head(inside, kind::request, none);
  if (!head) return std::move(head).error();
  auto reason = read_reason(inside, root);
  if (!reason) return std::move(reason).error();
  agreement_update_request request{*std::move(head), {}, *std::move(reason)};
  std::set<std::string> ids;
  while (auto const each = inside.next(ns::certificate_update, "CertificateUpdateRequest")) {
    if (request.updates.size() == most_updates) return bad_update("count", "It has too many updates.", root);
    auto read = read_certificate_update(*each);
    if (!read) return std::move(read).error();
    if (!ids.insert(read->id).second) return bad_update("value", "Two updates have the same id.", *each);
    request.updates.push_back(*std::move(read));
  }
  if (auto const over = inside.end(); !over) return over.error();
  if (request.updates.empty()) return bad_update("missing", "CertificateUpdateRequest is missing.", root);
  return request;
}

result<agreement_update_response> read_response(update_children& inside) {
  agreement_update_response response;
  auto head = read_head(inside, kind::response, response.reference_id);
  if (!head) return std::move(head).error();
  response.head = *std::move(head);
  if (auto const over = inside.end(); !over) return over.error();
  return response;
}

result<update_error> read_error(xml::node element) {
  auto inside =
      update_children::of(element, {"errorCode", "severity", "shortDescription", "refToUpdateInError", "category"});
  if (!inside) return inside.error();
  update_error error;
  error.code = element.attribute("errorCode").value_or("");
  error.severity = element.attribute("severity").value_or("");
  error.short_description = element.attribute("shortDescription").value_or("");
  error.update_id = element.attribute("refToUpdateInError").value_or("");
  if (error.code.empty()) return bad_update("attribute", "It needs an errorCode.", element);
  if (auto const described = inside->next(ns::agreement_update, "Description")) {
    auto text = update_text(*described, longest_update_description);
    if (!text) return std::move(text).error();
    error.description = *std::move(text);
  }
  if (auto const over = inside->end(); !over) return over.error();
  return error;
}

result<agreement_update_exception> read_exception(update_children& inside, xml::node root) {
  agreement_update_exception exception;
  auto head = read_head(inside, kind::exception, exception.reference_id);
  if (!head) return std::move(head).error();
  exception.head = *std::move(head);
  while (auto const each = inside.next(ns::agreement_update, "Error")) {
    if (exception.errors.size() == most_update_errors) return bad_update("count", "It has too many errors.", root);
    auto read = read_error(*each);
    if (!read) return std::move(read).error();
    exception.errors.push_back(*std::move(read));
  }
  if (auto const over = inside.end(); !over) return over.error();
  if (exception.errors.empty()) return bad_update("missing", "Error is missing.", root);
  return exception;
}

template <class Document>
result<agreement_update_document> one_of(result<Document> read) {
  if (!read) return std::move(read).error();
  return agreement_update_document{*std::move(read)};
}

}  // namespace

xml::limits agreement_update_limits() {
  xml::limits allowed;
  allowed.bytes = 256 * 1024;
  allowed.depth = 16;
  allowed.elements = 1'000;
  allowed.attributes = 1'000;
  allowed.namespaces = 128;
  return allowed;
}

result<agreement_update_document> read_agreement_update(std::string_view xml) {
  auto const document = xml::document::parse(xml, agreement_update_limits());
  if (!document) return document.error();
  auto const root = document->root();
  auto inside = update_children::of(root);
  if (!inside) return inside.error();
  if (root.is(ns::agreement_update, "AgreementUpdateRequest")) return one_of(read_request(*inside, root));
  if (root.is(ns::agreement_update, "AgreementUpdateResponse")) return one_of(read_response(*inside));
  if (root.is(ns::agreement_update, "AgreementUpdateException")) return one_of(read_exception(*inside, root));
  return bad_update("kind", "The document is no request, response or exception of an agreement update.", root);
}

}  // namespace ehds::edelivery
