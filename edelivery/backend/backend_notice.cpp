#include "edelivery/backend/backend_notice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "edelivery/backend/push.hpp"
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
    if (body && body->child(version, "Fault"))
      return problem{"edelivery.backend.fault", "The back end answered with a SOAP fault.", "Body/Fault",
                     "Look into its log."};
    if (body && version == ns::soap) return {};
  }
  return problem{"edelivery.backend.answer", "What came back is no SOAP 1.2 envelope.", "Envelope", ""};
}

}  // namespace ehds::edelivery::backend
