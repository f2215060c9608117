#include "edelivery/discovery/record_elements.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "edelivery/mime/text.hpp"

namespace ehds::edelivery {

problem bad_record(std::string detail, xml::node at) {
  return {"edelivery.discovery.record", std::move(detail),
          std::string(at.name().substr(0, 64)) + " in line " + std::to_string(at.line()),
          "Ask the operator of the publisher to mend the record."};
}

std::string trimmed_text(std::string_view text) { return std::string(trimmed(text)); }

result<scheme_identifier> identifier_in(xml::node parent, std::string_view ns, std::string_view name,
                                        std::string_view scheme_attribute) {
  auto const all = parent.children(ns, name);
  if (all.size() != 1) return bad_record("It needs one " + std::string(name) + ".", parent);
  scheme_identifier one{trimmed_text(all.front().attribute(scheme_attribute).value_or("")),
                        trimmed_text(all.front().text())};
  if (!one.value.empty()) return one;
  return bad_record("The identifier is empty.", all.front());
}

result<certificate> certificate_in(xml::node element) {
  auto const text = element.text();
  if (text.find("-----BEGIN CERTIFICATE-----") != std::string::npos) {
    if (auto read = certificate::from_pem(text)) return read;
  } else if (auto const der = from_base64(text)) {
    if (auto read = certificate::from_der(*der)) return read;
  }
  return bad_record("The certificate cannot be read.", element);
}

result<std::optional<instant>> time_in(xml::node parent, std::string_view ns, std::string_view name) {
  auto const found = parent.child(ns, name);
  if (!found) return std::optional<instant>{};
  auto const text = trimmed_text(found->text());
  for (auto const* const zone : {"", "Z"})
    if (auto const read = parse_rfc3339(text + zone)) return std::optional(*read);
  return bad_record("The time cannot be read.", *found);
}

result<std::optional<instant>> day_in(xml::node parent, std::string_view ns, std::string_view name, bool ends) {
  auto const found = parent.child(ns, name);
  if (!found) return std::optional<instant>{};
  auto const text = trimmed_text(found->text());
  auto const day = parse_date(text.substr(0, 10));
  auto const zone = text.size() > 10 ? text.substr(10) : std::string("Z");
  auto const start = day ? parse_rfc3339(text.substr(0, 10) + "T00:00:00" + zone) : result<instant>(day.error());
  if (!start) return bad_record("The date cannot be read.", *found);
  return std::optional(*start + std::chrono::days{ends ? 1 : 0});
}

bool published_process::is_about(scheme_identifier const& wanted) const {
  return ids.empty() || std::ranges::any_of(ids, [&](scheme_identifier const& id) {
           return id.value == wanted.value && (wanted.scheme.empty() || id.scheme == wanted.scheme);
         });
}

result<service_metadata> read_service_metadata(signed_record const& record) {
  auto const root = record.document().root();
  if (root.is(ns::smp1, "SignedServiceMetadata")) return read_smp1(root);
  if (root.is(ns::smp2_metadata, "ServiceMetadata")) return read_smp2(root);
  return problem{"edelivery.discovery.version", "The record is of no version of SMP known here.",
                 std::string(root.namespace_uri().substr(0, 200)),
                 "OASIS SMP 1.0 (2016/05) and 2.0 are read; give the address of such a publisher."};
}

}  // namespace ehds::edelivery
