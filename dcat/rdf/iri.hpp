#pragma once
// Resolution of IRI references (RFC 3986 5.2, applied to IRIs as RFC 3987 6.5 says).
#include <string>
#include <string_view>

namespace ehds::dcat {

bool has_scheme(std::string_view iri);
// The reference against the base; an absolute reference is returned as it is written.
std::string resolve_iri(std::string_view reference, std::string_view base);

}  // namespace ehds::dcat
