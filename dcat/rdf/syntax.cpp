#include "dcat/rdf/syntax.hpp"

#include <array>
#include <string>

namespace ehds::dcat {
namespace {

struct name_of_syntax {
  syntax is;
  std::string_view media_type;
  std::string_view suffix;
};

constexpr std::array names{
    name_of_syntax{syntax::turtle, "text/turtle", "ttl"},
    name_of_syntax{syntax::ntriples, "application/n-triples", "nt"},
    name_of_syntax{syntax::trig, "application/trig", "trig"},
    name_of_syntax{syntax::rdfxml, "application/rdf+xml", "rdf"},
    name_of_syntax{syntax::jsonld, "application/ld+json", "jsonld"},
    // also known as
    name_of_syntax{syntax::rdfxml, "application/xml", "xml"},
    name_of_syntax{syntax::rdfxml, "text/xml", "owl"},
    name_of_syntax{syntax::turtle, "application/x-turtle", "turtle"},
    name_of_syntax{syntax::jsonld, "application/json", "json"},
};

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace

std::string_view media_type(syntax s) {
  for (auto const& name : names)
    if (name.is == s) return name.media_type;
  return {};
}

std::string_view file_suffix(syntax s) {
  for (auto const& name : names)
    if (name.is == s) return name.suffix;
  return {};
}

std::optional<syntax> syntax_of_media_type(std::string_view media_type) {
  auto bare = lowered(media_type.substr(0, media_type.find(';')));
  while (!bare.empty() && bare.back() == ' ') bare.pop_back();
  for (auto const& name : names)
    if (name.media_type == bare) return name.is;
  return std::nullopt;
}

std::optional<syntax> syntax_of_file(std::string_view file) {
  auto const dot = file.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  auto const suffix = lowered(file.substr(dot + 1));
  for (auto const& name : names)
    if (name.suffix == suffix) return name.is;
  return std::nullopt;
}

syntax guess_syntax(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  auto const start = bytes.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return syntax::turtle;
  auto const text = bytes.substr(start);
  if (text.starts_with("<?xml") || text.starts_with("<!--") || text.starts_with("<!DOCTYPE")) return syntax::rdfxml;
  if (text.starts_with("{")) return syntax::jsonld;
  // "<rdf:RDF" is an element; "<http://...>" is an IRI.
  if (text.starts_with("<")) {
    auto const end = text.find_first_of(" \t\r\n>");
    auto const inside = text.substr(1, end == std::string_view::npos ? end : end - 1);
    bool const element = inside == "RDF" || inside.ends_with(":RDF");
    if (element) return syntax::rdfxml;
  }
  return syntax::turtle;
}

}  // namespace ehds::dcat
