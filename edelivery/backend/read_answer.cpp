#include <algorithm>
#include <utility>

#include "edelivery/backend/answer_body.hpp"
#include "edelivery/ebms/identifiers.hpp"
#include "edelivery/mime/text.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery::backend {
namespace {

constexpr std::size_t longest_told = 500;  // of a sentence
constexpr std::size_t most_errors = 1'000;

// A list of ids may be long; none of the elements is large.
xml::limits answer_limits() {
  xml::limits most;
  most.relative = xml::relative_namespaces::accepted;  // "eu.domibus"
  most.bytes = 4 * 1024 * 1024;
  most.elements = 50'000;
  most.tree_growth = 6;
  return most;
}

std::string shortened(std::string text) {
  if (text.size() <= longest_told) return text;
  std::size_t end = longest_told;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // between two characters
  return text.substr(0, end);
}

std::string told(std::optional<xml::node> leaf) { return leaf ? shortened(std::string(trimmed(leaf->text()))) : ""; }

plugin_fault read_fault(xml::node fault) {
  plugin_fault read;
  if (auto const reason = fault.child(ns::soap, "Reason")) read.message = told(reason->child(ns::soap, "Text"));
  auto const detail = fault.child(ns::soap, "Detail");
  auto const inside = detail ? detail->first_child() : std::nullopt;
  if (!inside) return read;
  read.code = told(named_child(*inside, "code"));
  if (auto more = told(named_child(*inside, "message")); !more.empty()) read.message = std::move(more);
  return read;
}

result<std::string> read_id(xml::node leaf) {
  auto id = short_text(leaf, longest_identifier);
  if (id && !is_message_id(*id, message_id_form::as_received))
    return not_an_answer("what stands there is no message id", std::string(leaf.name()));
  return id;
}

// Partners chose the ids: one that cannot be costs its own message only, and not the list.
plugin_answer read_list(xml::node answer) {
  pending_answer read;
  for (auto const each : named_children(answer, "messageID")) {
    auto id = short_text(each, longest_identifier);
    if (id && !id->empty()) read.message_ids.push_back(*std::move(id));
  }
  return read;
}

result<plugin_answer> read_ids(xml::node answer) {
  auto const ids = named_children(answer, "messageID");
  if (ids.size() != 1) return not_an_answer("there is not just one message id", std::string(answer.name()));
  auto id = read_id(ids.front());
  if (!id) return std::move(id).error();
  if (answer.name() == "submitResponse") return plugin_answer{submitted_answer{*std::move(id)}};
  return plugin_answer{downloaded_answer{}};
}

result<plugin_answer> read_status(xml::node answer) {
  auto const word = short_text(answer, 100);
  if (!word) return word.error();
  auto const status = parse_message_status(*word);
  if (!status) return not_an_answer("the status is none of those that are known", "getStatusResponse");
  return plugin_answer{status_answer{*status}};
}

// EBMS_0301 is written EBMS:0301 here.
std::string plain_code(std::string code) {
  std::ranges::replace(code, '_', ':');
  return code;
}

result<plugin_answer> read_errors(xml::node answer) {
  errors_answer read;
  for (auto const each : named_children(answer, "item")) {
    if (read.errors.size() == most_errors) break;
    message_error error;
    error.code = plain_code(told(named_child(each, "domibusErrorCode")));
    error.detail = told(named_child(each, "errorDetail"));
    error.message_id = told(named_child(each, "messageInErrorId"));
    if (told(named_child(each, "mshRole")) == "RECEIVING") error.role = access_point_role::receiving;
    read.errors.push_back(std::move(error));
  }
  return plugin_answer{std::move(read)};
}

}  // namespace

problem not_an_answer(std::string detail, std::string where) {
  return {"edelivery.backend.answer", std::move(detail), std::move(where),
          "check that the address is that of the WS plug-in of a Domibus"};
}

std::optional<xml::node> named_child(xml::node parent, std::string_view name) {
  auto const plain = parent.child({}, name);
  return plain ? plain : parent.child(wsplugin_namespace, name);
}

std::vector<xml::node> named_children(xml::node parent, std::string_view name) {
  auto plain = parent.children({}, name);
  return plain.empty() ? parent.children(wsplugin_namespace, name) : plain;
}

result<std::string> short_text(xml::node leaf, std::size_t most) {
  auto text = std::string(trimmed(leaf.text()));
  if (leaf.children().empty() && text.size() <= most) return text;
  return not_an_answer("a value is too long, or no text", std::string(leaf.name()));
}

result<std::variant<plugin_fault, xml::node>> answer_in(xml::node envelope) {
  using found = std::variant<plugin_fault, xml::node>;
  if (!envelope.is(ns::soap, "Envelope")) return not_an_answer("this is no SOAP 1.2 envelope", "Envelope");
  auto const inside = only_in_body(envelope);
  if (!inside) return not_an_answer("the SOAP body holds not just one element", "Body");
  if (inside->is(ns::soap, "Fault")) return found{read_fault(*inside)};
  if (inside->namespace_uri() != wsplugin_namespace)
    return not_an_answer("the answer is not of http://eu.domibus.wsplugin/", "Body");
  return found{*inside};
}

result<plugin_answer> read_answer(std::string_view soap) {
  auto const whole = xml::document::parse(soap, answer_limits());
  if (!whole) return whole.error();
  auto answer = answer_in(whole->root());
  if (!answer) return std::move(answer).error();
  if (auto* const fault = std::get_if<plugin_fault>(&*answer)) return plugin_answer{std::move(*fault)};
  auto const element = std::get<xml::node>(*answer);
  auto const name = element.name();
  if (name == "getStatusResponse") return read_status(element);
  if (name == "getMessageErrorsResponse") return read_errors(element);
  if (name == "listPendingMessagesResponse") return read_list(element);
  if (name == "submitResponse" || name == "markMessageAsDownloadedResponse") return read_ids(element);
  return not_an_answer("the answer is to another question", std::string(name.substr(0, 100)));
}

}  // namespace ehds::edelivery::backend
