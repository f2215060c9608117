#pragma once
// How the elements of a publisher's record are read, in both versions. For the sources of this folder only.
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/discovery/service_metadata.hpp"

namespace ehds::edelivery {

namespace ns {
inline constexpr std::string_view smp1 = "http://docs.oasis-open.org/bdxr/ns/SMP/2016/05";
inline constexpr std::string_view smp2_metadata = "http://docs.oasis-open.org/bdxr/ns/SMP/2/ServiceMetadata";
inline constexpr std::string_view smp2_group = "http://docs.oasis-open.org/bdxr/ns/SMP/2/ServiceGroup";
inline constexpr std::string_view smb = "http://docs.oasis-open.org/bdxr/ns/SMP/2/BasicComponents";
inline constexpr std::string_view sma = "http://docs.oasis-open.org/bdxr/ns/SMP/2/AggregateComponents";
}  // namespace ns

problem bad_record(std::string detail, xml::node at);

// Without the blanks around it.
std::string trimmed_text(std::string_view text);

// The identifier in the one child of that name: its text and the scheme in an attribute.
result<scheme_identifier> identifier_in(xml::node parent, std::string_view ns, std::string_view name,
                                        std::string_view scheme_attribute);
// DER in base64, or a PEM text of one.
result<certificate> certificate_in(xml::node element);
// xs:dateTime, UTC where it names no zone. Nothing when the child is missing.
result<std::optional<instant>> time_in(xml::node parent, std::string_view ns, std::string_view name);
// xs:date; with `ends` the first instant after that day.
result<std::optional<instant>> day_in(xml::node parent, std::string_view ns, std::string_view name, bool ends);

result<service_metadata> read_smp1(xml::node root);
result<service_metadata> read_smp2(xml::node root);

inline constexpr std::size_t most_processes = 64;
inline constexpr std::size_t most_endpoints = 256;
inline constexpr std::size_t most_documents = 256;
inline constexpr std::size_t most_certificates_of_endpoint = 16;

}  // namespace ehds::edelivery
