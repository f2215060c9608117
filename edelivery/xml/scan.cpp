#include "edelivery/xml/scan.hpp"

#include "base/bytes.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace ehds::edelivery::xml {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// What libxml2 2.9 allocates on 64 bits for one of each, its share of the index of names and of our index of Ids added.
constexpr std::size_t element_cost = 208;
constexpr std::size_t attribute_cost = 360;
constexpr std::size_t namespace_cost = 160;
constexpr std::size_t text_cost = 144;

// Namespace declarations are counted on each element that is open, down to this depth (no limit lies beyond it).
constexpr std::size_t deepest_counted = 256;

constexpr std::string_view xinclude = "http://www.w3.org/2001/XInclude";

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool same_ignoring_case(std::string_view a, std::string_view upper) {
  if (a.size() != upper.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    char const c = a[i] >= 'a' && a[i] <= 'z' ? static_cast<char>(a[i] - 'a' + 'A') : a[i];
    if (c != upper[i]) return false;
  }
  return true;
}

// Walks over the bytes once. Refuses by returning a problem, which is the only thing that allocates.
class scanner {
 public:
  scanner(std::string_view bytes, limits const& allowed) : bytes_(bytes), allowed_(allowed) {}

  result<void> run() {
    if (bytes_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    if (auto declared = declaration(); !declared) return declared;
    while (at_ < bytes_.size()) {
      auto step = bytes_[at_] == '<' ? markup() : text();
      if (!step) return step;
      if (auto const most = allowed_.tree_base + allowed_.tree_growth * bytes_.size(); tree_ > most) {
        return refuse("tree", "The document would take more than the " + std::to_string(most) +
                                  " bytes of memory that one of its size may");
      }
    }
    if (depth_ != 0) return refuse("xml", "The document ends inside an element");
    return {};
  }

 private:
  problem refuse(char const* what, std::string detail) const {
    return {std::string("edelivery.header.") + what, std::move(detail), "byte " + std::to_string(at_), ""};
  }
  problem refuse_limit(char const* what, std::string const& counted, std::size_t limit) const {
    return refuse(what, "More than " + std::to_string(limit) + " " + counted);
  }

  bool ahead(std::string_view expected) const { return bytes_.substr(at_).starts_with(expected); }

  result<void> skip_past(std::string_view end) {
    auto const found = bytes_.find(end, at_);
    if (found == std::string_view::npos) return refuse("xml", "Markup without its end");
    at_ = found + end.size();
    return {};
  }

  // The XML declaration, where it is allowed: at the very start.
  result<void> declaration() {
    if (!ahead("<?xml") || at_ + 5 >= bytes_.size() || !is_blank(bytes_[at_ + 5])) return {};
    auto const begin = at_;
    if (auto skipped = skip_past("?>"); !skipped) return skipped;
    auto const text = bytes_.substr(begin, at_ - begin);
    auto const word = text.find("encoding");
    if (word == std::string_view::npos) return {};
    auto const open = text.find_first_of("'\"", word);
    auto const close = open == std::string_view::npos ? open : text.find(text[open], open + 1);
    if (close == std::string_view::npos) return refuse("xml", "The XML declaration is damaged");
    auto const named = text.substr(open + 1, close - open - 1);
    if (!same_ignoring_case(named, "UTF-8") && !same_ignoring_case(named, "UTF8")) {
      return refuse("encoding", "The document declares an encoding other than UTF-8");
    }
    return {};
  }

  result<void> text() {
    tree_ += text_cost;
    auto const end = std::min(bytes_.find('<', at_), bytes_.size());
    return walk_to(end);
  }

  // Over characters that hold no markup but references.
  result<void> walk_to(std::size_t end) {
    auto const before = bytes_.substr(0, end);
    for (at_ = before.find('&', at_); at_ != std::string_view::npos; at_ = before.find('&', at_ + 1)) {
      if (auto read = reference(); !read) return read;
    }
    at_ = end;
    return {};
  }

  // At an ampersand: a character reference or one of the five entities every parser has.
  result<void> reference() const {
    static constexpr std::array<std::string_view, 6> known = {"&#", "&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (auto const each : known) {
      if (ahead(each)) return {};
    }
    return refuse("entity", "The document refers to an entity of its own");
  }

  result<void> markup() {
    if (ahead("<!") || ahead("<?")) tree_ += text_cost;
    if (ahead("<!--")) {
      at_ += 4;
      return skip_past("-->");
    }
    if (ahead("<![CDATA[")) return skip_past("]]>");
    if (ahead("<!")) return refuse("doctype", "The document holds a document type declaration");
    if (ahead("<?") && allowed_.instructions == processing_instructions::accepted) return skip_past("?>");
    if (ahead("<?")) return refuse("processing_instruction", "The document holds a processing instruction");
    if (ahead("</")) {
      if (depth_ == 0) return refuse("xml", "An end tag without its start tag");
      close();
      return skip_past(">");
    }
    return start_tag();
  }

  void close() {
    if (depth_ <= deepest_counted) open_namespaces_ -= std::exchange(declared_[depth_ - 1], 0);
    --depth_;
  }

  // The name may have blanks behind it; "xmlnsx" is an attribute like others.
  static bool is_declaration(std::string_view name) {
    return name.starts_with("xmlns") && (name.size() == 5 || name[5] == ':' || is_blank(name[5]));
  }

  result<void> start_tag() {
    tree_ += element_cost;
    if (++elements_ > allowed_.elements) return refuse_limit("elements", "elements", allowed_.elements);
    if (++depth_ > allowed_.depth) return refuse_limit("depth", "levels of elements", allowed_.depth);
    std::size_t own_attributes = 0;
    std::size_t own_namespaces = 0;
    std::size_t word = ++at_;  // where the latest name began
    bool declares = false;     // a namespace
    for (; at_ < bytes_.size(); ++at_) {
      char const c = bytes_[at_];
      if (c == '>') {
        if (bytes_[at_ - 1] == '/') close();
        ++at_;
        return {};
      }
      if (c == '<') break;
      if (is_blank(c)) {
        if (at_ + 1 < bytes_.size() && !is_blank(bytes_[at_ + 1]) && bytes_[at_ + 1] != '=') word = at_ + 1;
      } else if (c == '=') {
        declares = is_declaration(bytes_.substr(word, at_ - word));
        if (auto counted = count(declares, own_attributes, own_namespaces); !counted) return counted;
      } else if (c == '"' || c == '\'') {
        auto const begin = at_ + 1;
        if (auto skipped = quoted(c); !skipped) return skipped;
        if (auto named = declares ? check_namespace(bytes_.substr(begin, at_ - begin)) : result<void>{}; !named)
          return named;
        declares = false;
        word = at_ + 1;
      }
    }
    return refuse("xml", "A start tag without its end");
  }

  result<void> count(bool declares, std::size_t& own_attributes, std::size_t& own_namespaces) {
    if (++own_attributes > allowed_.element_attributes) {
      return refuse_limit("attributes", "attributes on one element", allowed_.element_attributes);
    }
    if (++attributes_ > allowed_.attributes) return refuse_limit("attributes", "attributes", allowed_.attributes);
    tree_ += declares ? namespace_cost : attribute_cost;
    if (!declares) return {};
    if (depth_ <= deepest_counted) ++declared_[depth_ - 1];
    if (depth_ <= deepest_counted && ++open_namespaces_ > allowed_.open_namespaces) {
      return refuse_limit("namespaces", "namespace declarations in force at one place", allowed_.open_namespaces);
    }
    if (++own_namespaces > allowed_.element_namespaces) {
      return refuse_limit("namespaces", "namespace declarations on one element", allowed_.element_namespaces);
    }
    if (++namespaces_ > allowed_.namespaces) {
      return refuse_limit("namespaces", "namespace declarations", allowed_.namespaces);
    }
    return {};
  }

  // An empty name takes the namespace away.
  result<void> check_namespace(std::string_view name) const {
    if (name == xinclude) return refuse("include", "The document would include another one (XInclude)");
    if (name.empty() || name.contains(':') || allowed_.relative == relative_namespaces::accepted) return {};
    return refuse("relative_namespace", "The name of a namespace has no scheme, so that it has no canonical form");
  }

  // From an opening quote to its closing one.
  result<void> quoted(char quote) {
    auto const end = bytes_.find(quote, ++at_);
    if (end != std::string_view::npos) return walk_to(end);
    at_ = bytes_.size();
    return refuse("xml", "An attribute value without its end");
  }

  std::string_view bytes_;
  limits const& allowed_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t elements_ = 0;
  std::size_t attributes_ = 0;
  std::size_t namespaces_ = 0;
  std::size_t tree_ = 0;
  std::size_t open_namespaces_ = 0;
  std::array<std::size_t, deepest_counted> declared_{};
};

}  // namespace

result<void> scan(std::string_view bytes, limits const& allowed) {
  if (bytes.size() > allowed.bytes) {
    return problem{"edelivery.header.size", "The XML is larger than " + std::to_string(allowed.bytes) + " bytes",
                   "byte " + std::to_string(allowed.bytes), ""};
  }
  if (!is_utf8(bytes) || bytes.find('\0') != std::string_view::npos) {
    return problem{"edelivery.header.encoding", "The XML is not UTF-8", "", "Send the SOAP part as UTF-8."};
  }
  return scanner(bytes, allowed).run();
}

}  // namespace ehds::edelivery::xml
