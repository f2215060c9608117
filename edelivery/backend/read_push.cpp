#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "edelivery/backend/carried_message.hpp"
#include "edelivery/backend/push.hpp"
#include "edelivery/ebms/identifiers.hpp"
#include "edelivery/mime/text.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery::backend {
namespace {

using pushed = std::variant<push_notice, retrieved_message>;

constexpr std::size_t most_ids = 1'000;

constexpr std::array<std::pair<std::string_view, push_kind>, 7> kinds{{{"receiveSuccess", push_kind::came},
                                                                       {"sendSuccess", push_kind::ended},
                                                                       {"sendFailure", push_kind::ended},
                                                                       {"messageStatusChange", push_kind::ended},
                                                                       {"receiveFailure", push_kind::other},
                                                                       {"delete", push_kind::other},
                                                                       {"deleteBatch", push_kind::other}}};

problem no_notice(char const* detail) {
  return {"edelivery.backend.operation", detail, "Envelope", "push the notices of BackendService to this address"};
}

result<std::vector<std::string>> ids_in(xml::node notice) {
  std::vector<std::string> ids;
  for (auto const* name : {"messageID", "messageIds"})
    for (auto const each : notice.children({}, name)) {
      auto id = std::string(trimmed(each.text()));
      if (ids.size() == most_ids || !is_message_id(id, message_id_form::as_received))
        return problem{"edelivery.backend.value", "there are more than 1000 message ids, or one is none", name, ""};
      ids.push_back(std::move(id));
    }
  return ids;
}

result<pushed> read_notice(xml::node notice) {
  auto const known = std::ranges::find(kinds, notice.name(), &decltype(kinds)::value_type::first);
  if (known == kinds.end()) return no_notice("the service does not have this operation");
  push_notice read{known->second, {}};
  // Partners chose the ids of what came, and a batch of deleted ones may be of any length: nobody looks at those.
  if (read.kind != push_kind::ended) return pushed{std::move(read)};
  auto ids = ids_in(notice);
  if (!ids) return std::move(ids).error();
  read.message_ids = *std::move(ids);
  return pushed{std::move(read)};
}

}  // namespace

result<pushed> read_push(byte_source const& soap) {
  auto const lifted = lift_base64(soap, most_text_around_payloads);
  if (!lifted) return lifted.error();
  auto const whole = xml::document::parse(lifted->text, limits_around_payloads());
  if (!whole) return whole.error();
  auto const root = whole->root();
  if (!root.is(ns::soap, "Envelope")) return no_notice("this is no SOAP 1.2 envelope");
  auto const inside = only_in_body(root);
  if (!inside || inside->namespace_uri() != push_namespace)
    return no_notice("the SOAP body holds not just one element of eu.domibus");
  if (inside->name() != "submitRequest") return read_notice(*inside);
  auto message = read_carried_message(root, *inside, *lifted);
  if (!message) return std::move(message).error();
  return pushed{*std::move(message)};
}

std::string write_push_taken() {
  return fmt::format(R"(<soap:Envelope xmlns:soap="{}"><soap:Body/></soap:Envelope>)", ns::soap);
}

std::string write_push_fault(std::string_view code, std::string_view message) {
  return fmt::format(
      R"(<soap:Envelope xmlns:soap="{0}"><soap:Body><soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code>)"
      R"(<soap:Reason><soap:Text xml:lang="en">{2}</soap:Text></soap:Reason><soap:Detail><d:BackendFaultDetail xmlns:d="{3}">)"
      "<code>{1}</code><message>{2}</message></d:BackendFaultDetail></soap:Detail></soap:Fault></soap:Body></"
      "soap:Envelope>",
      ns::soap, xml::escaped(code), xml::escaped(message), push_namespace);
}

}  // namespace ehds::edelivery::backend
