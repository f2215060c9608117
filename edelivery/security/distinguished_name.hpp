#pragma once
// Distinguished names as texts (RFC 4514), for the sources of this folder only.
#include <string>
#include <string_view>

struct X509_name_st;

namespace ehds::edelivery {

std::string name_text(X509_name_st const* name);

// Reads the text and compares as names: spelling of types, case, spacing and escapes do not matter.
bool same_name(std::string_view rfc4514, X509_name_st const* name);

// The caller frees it; nullptr when the text is no name.
X509_name_st* read_name(std::string_view rfc4514);

}  // namespace ehds::edelivery
