#pragma once
// Lexical forms of the XML Schema datatypes that catalogue records use.
#include <string_view>

namespace ehds::dcat {

// False when the text is no value of the datatype; unknown datatypes accept everything.
bool is_lexical_form(std::string_view text, std::string_view datatype_iri);

}  // namespace ehds::dcat
