#include "edelivery/backend/backend_notice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "edelivery/backend/answer_body.hpp"
#include "edelivery/backend/push.hpp"
#include "edelivery/mime/text.hpp"
#include "edelivery/xml/document.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery::backend {
namespace {

// That of SOAP 1.1: many stacks say in it that they do not know SOAP 1.2.
constexpr std::string_view older_soap = "http://schemas.xmlsoap.org/soap/envelope/";

std::string_view element_of(notice_word word) {
  switch (word) {
    case notice_word::receive_success:
      return "receiveSuccess";
    case notice_word::receive_failure:
      return "receiveFailure";
    case notice_word::send_success:
      return "sendSuccess";
    case notice_word::send_failure:
      break;
  }
  return "sendFailure";
}

std::string about_message(std::string_view element, std::string_view message_id, std::string_view more = {}) {
  return fmt::format(
      R"(<soap:Envelope xmlns:soap="{0}"><soap:Body><d:{1} xmlns:d="{2}"><messageID>{3}</messageID>{4}</d:{1}></soap:Body></soap:Envelope>)",
      ns::soap, element, push_namespace, xml::escaped(message_id), more);
}

xml::limits notice_answer_limits() {
  xml::limits most;
  most.relative = xml::relative_namespaces::accepted;  // "eu.domibus"
  most.bytes = 1024 * 1024;                            // faults may carry a trace of the program
  most.tree_growth = 8;
  return most;
}

std::string in_brackets(std::string const& codes) { return codes.empty() ? "" : " (" + codes + ")"; }

// A name may stand in a log; what somebody wrote where a name belongs may not.
std::string name_in(std::optional<xml::node> const& where) {
  constexpr std::size_t longest = 64;
  auto const text = where ? where->text() : std::string();
  auto const local = std::string(trimmed(text)).substr(trimmed(text).find(':') + 1);
  bool const is_name = local.size() <= longest && std::ranges::all_of(local, [](unsigned char c) {
                         return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
                       });
  return is_name ? local : std::string();
}

// SOAP 1.2: Code/Value, Code/Subcode/Value, and of Domibus Detail/*/code; SOAP 1.1: faultcode. What it says in words
// stays where it was said.
std::string codes_of(xml::node fault) {
  if (auto const older = fault.child("", "faultcode")) return name_in(older);
  auto const code = fault.child(ns::soap, "Code");
  if (!code) return {};
  auto const inner = code->child(ns::soap, "Subcode");
  auto const detail = fault.child(ns::soap, "Detail");
  auto const of_domibus = detail ? detail->first_child() : std::nullopt;
  std::string all;
  for (auto const& name :
       {name_in(code->child(ns::soap, "Value")), inner ? name_in(inner->child(ns::soap, "Value")) : std::string(),
        of_domibus ? name_in(named_child(*of_domibus, "code")) : std::string()})
    if (!name.empty()) all += (all.empty() ? "" : ", ") + name;
  return all;
}

}  // namespace

std::string write_notice(notice_word word, std::string_view message_id) {
  return about_message(element_of(word), message_id);
}

std::string write_status_change(std::string_view message_id, message_status status) {
  return about_message("messageStatusChange", message_id,
                       fmt::format("<messageStatus>{}</messageStatus>", to_text(status)));
}

result<void> read_notice_answer(std::string_view soap) {
  if (std::ranges::all_of(soap, [](char c) { return c == ' ' || c == '\r' || c == '\n' || c == '\t'; })) return {};
  auto const whole = xml::document::parse(soap, notice_answer_limits());
  if (!whole) return whole.error();
  for (std::string_view const version : {ns::soap, older_soap}) {
    auto const body =
        whole->root().is(version, "Envelope") ? whole->root().child(version, "Body") : std::optional<xml::node>();
    if (auto const fault = body ? body->child(version, "Fault") : std::nullopt)
      return problem{"edelivery.backend.fault",
                     "The back end answered with a SOAP fault" + in_brackets(codes_of(*fault)) + ".", "Body/Fault",
                     "Look into its log."};
    if (body && version == ns::soap) return {};
  }
  return problem{"edelivery.backend.answer", "What came back is no SOAP 1.2 envelope.", "Envelope", ""};
}

}  // namespace ehds::edelivery::backend
