#pragma once
// The syntaxes of RDF: names of files, media types of HTTP, and a guess from the first bytes.
#include <optional>
#include <string_view>

namespace ehds::dcat {

enum class syntax { turtle, ntriples, trig, rdfxml, jsonld };

std::string_view media_type(syntax s);                                    // without parameters
std::string_view file_suffix(syntax s);                                   // "ttl"
std::optional<syntax> syntax_of_media_type(std::string_view media_type);  // parameters are ignored
std::optional<syntax> syntax_of_file(std::string_view name);
syntax guess_syntax(std::string_view bytes);  // XML and JSON are told by their first character; the rest is Turtle

}  // namespace ehds::dcat
