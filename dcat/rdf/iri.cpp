#include "dcat/rdf/iri.hpp"

namespace ehds::dcat {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct iri_parts {
  std::string_view scheme, authority, path, query, fragment;
  bool has_authority = false, has_query = false, has_fragment = false;
};

iri_parts split(std::string_view iri) {
  iri_parts parts;
  if (auto const hash = iri.find('#'); hash != std::string_view::npos) {
    parts.has_fragment = true;
    parts.fragment = iri.substr(hash + 1);
    iri = iri.substr(0, hash);
  }
  if (auto const mark = iri.find('?'); mark != std::string_view::npos) {
    parts.has_query = true;
    parts.query = iri.substr(mark + 1);
    iri = iri.substr(0, mark);
  }
  if (has_scheme(iri)) {
    auto const colon = iri.find(':');
    parts.scheme = iri.substr(0, colon);
    iri = iri.substr(colon + 1);
  }
  if (iri.starts_with("//")) {
    auto const end = iri.find('/', 2);
    parts.has_authority = true;
    parts.authority = iri.substr(2, end == std::string_view::npos ? end : end - 2);
    iri = end == std::string_view::npos ? std::string_view{} : iri.substr(end);
  }
  parts.path = iri;
  return parts;
}

// RFC 3986 5.2.4
std::string without_dots(std::string_view path) {
  std::string out;
  std::size_t at = 0;
  bool const rooted = path.starts_with('/');
  while (at < path.size()) {
    auto const start = path[at] == '/' ? at + 1 : at;
    auto const slash = path.find('/', start);
    bool const last = slash == std::string_view::npos;
    auto const segment = path.substr(start, last ? slash : slash - start);
    if (segment == "..") {
      auto const cut = out.rfind('/');
      out.resize(cut == std::string::npos ? 0 : cut);
      if (last) out += '/';
    } else if (segment == ".") {
      if (last) out += '/';
    } else {
      if (!out.empty() || rooted) out += '/';
      out += segment;
    }
    at = last ? path.size() : slash;
  }
  return out;
}

std::string merged_path(iri_parts const& base, std::string_view relative) {
  if (base.has_authority && base.path.empty()) return "/" + std::string(relative);
  auto const slash = base.path.rfind('/');
  auto const folder = slash == std::string_view::npos ? std::string_view{} : base.path.substr(0, slash + 1);
  return std::string(folder) + std::string(relative);
}

std::string joined(iri_parts const& from, std::string_view path, bool has_query, std::string_view query,
                   iri_parts const& reference) {
  std::string out(from.scheme);
  out += ':';
  if (from.has_authority) (out += "//") += from.authority;
  out += path;
  if (has_query) (out += '?') += query;
  if (reference.has_fragment) (out += '#') += reference.fragment;
  return out;
}

}  // namespace

bool has_scheme(std::string_view iri) {
  if (iri.empty() || !is_letter(iri.front())) return false;
  for (char const c : iri) {
    if (c == ':') return true;
    bool const fits = is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    if (!fits) return false;
  }
  return false;
}

std::string resolve_iri(std::string_view reference, std::string_view base) {
  if (has_scheme(reference)) return std::string(reference);
  auto const b = split(base);
  auto r = split(reference);
  if (r.has_authority) {
    auto from = r;
    from.scheme = b.scheme;
    return joined(from, without_dots(r.path), r.has_query, r.query, r);
  }
  if (r.path.empty()) return joined(b, b.path, r.has_query || b.has_query, r.has_query ? r.query : b.query, r);
  if (r.path.starts_with('/')) return joined(b, without_dots(r.path), r.has_query, r.query, r);
  return joined(b, without_dots(merged_path(b, r.path)), r.has_query, r.query, r);
}

}  // namespace ehds::dcat
