#include "edelivery/xml/canonical_text.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"

namespace ehds::edelivery::xml {

namespace {

constexpr std::size_t largest = 1024 * 1024;
constexpr std::size_t deepest = 32;
constexpr std::size_t most_attributes = 16;
constexpr std::size_t most_elements = 1000;
constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_character(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

struct qualified_name {
  std::string_view prefix;
  std::string_view local;
  std::string_view written;
};

struct plain_attribute {
  qualified_name name;
  std::string_view namespace_uri;
  std::string_view value;  // as written
};

// Absolute, and of a form that no parser doubts.
bool is_plain_uri(std::string_view uri) {
  bool const web = uri.starts_with("http://");
  if (!web && !uri.starts_with("urn:")) return false;
  auto const rest = uri.substr(web ? 7 : 4);
  return !rest.empty() && is_letter(rest.front()) && std::ranges::count(rest, '#') <= 1 &&
         std::ranges::all_of(rest, [&](char c) {
           return is_name_character(c) || c == '/' || c == '~' || c == '#' || (c == ':' && !web);
         });
}

// Reads and writes at once. A step that meets something else than plain text gives false, and all is given up.
class rewriting {
 public:
  rewriting(std::string_view text, std::vector<bound_prefix> const& bound) : text_(text), declared_(bound) {
    out_.reserve(text.size() + text.size() / 4);
  }

  bool run() {
    if (!ahead("<")) return false;
    do {
      bool const good = ahead("</") ? end_tag() : ahead("<") ? start_tag() : character_data();
      if (!good) return false;
    } while (!open_.empty());
    return at_ == text_.size();
  }
  std::string take() { return std::move(out_); }

 private:
  struct open_element {
    std::string_view name;
    std::size_t declared;  // how many declarations were in force, and rendered, before it
    std::size_t rendered;
  };

  bool ahead(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  bool skip(std::string_view what) {
    bool const there = ahead(what);
    if (there) at_ += what.size();
    return there;
  }

  std::string_view plain_word() {
    auto const begin = at_;
    if (at_ < text_.size() && is_letter(text_[at_])) {
      while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  std::optional<qualified_name> name() {
    auto const begin = at_;
    auto first = plain_word();
    if (first.empty()) return std::nullopt;
    if (!skip(":")) return qualified_name{"", first, first};
    auto const local = plain_word();
    if (local.empty()) return std::nullopt;
    return qualified_name{first, local, text_.substr(begin, at_ - begin)};
  }

  // Nothing when the prefix is not bound; the default namespace is bound or there is none.
  std::optional<std::string_view> meaning(std::string_view prefix) const {
    if (prefix == "xml") return xml_namespace;
    for (auto each = declared_.rbegin(); each != declared_.rend(); ++each) {
      if (each->first == prefix) return each->second;
    }
    return std::nullopt;
  }

  bool start_tag() {
    ++at_;
    auto const element = name();
    if (!element || open_.size() == deepest || ++elements_ > most_elements) return false;
    open_.push_back({element->written, declared_.size(), rendered_.size()});
    attributes_.clear();
    while (skip(" ")) {
      if (!attribute()) return false;
    }
    bool const is_empty = skip("/>");
    if ((!is_empty && !skip(">")) || !give_namespaces(*element)) return false;
    if (!is_empty) return true;
    return close();
  }

  bool attribute() {
    auto const named = name();
    if (!named || !skip("=\"")) return false;
    auto const end = text_.find('"', at_);
    if (end == std::string_view::npos) return false;
    auto const value = text_.substr(at_, end - at_);
    at_ = end + 1;
    bool const declares = named->written == "xmlns" || named->prefix == "xmlns";
    if (!declares) {
      attributes_.push_back({*named, "", value});
      return attributes_.size() <= most_attributes;
    }
    auto const prefix = named->prefix.empty() ? std::string_view() : named->local;
    bool const reserved = prefix == "xml" || prefix == "xmlns" || value == xml_namespace;
    for (std::size_t i = open_.back().declared; i < declared_.size(); ++i) {
      if (declared_[i].first == prefix) return false;
    }
    declared_.emplace_back(prefix, value);
    return !reserved && is_plain_uri(value) && declared_.size() - open_.back().declared <= most_attributes;
  }

  // What the element and its attributes use and no element around them shows already.
  bool give_namespaces(qualified_name const& element) {
    std::vector<std::string_view> used{element.prefix};
    for (auto& each : attributes_) {
      if (each.name.prefix.empty()) continue;
      auto const uri = meaning(each.name.prefix);
      if (!uri) return false;
      each.namespace_uri = *uri;
      if (each.name.prefix != "xml") used.push_back(each.name.prefix);
    }
    std::ranges::sort(used);
    used.erase(std::unique(used.begin(), used.end()), used.end());
    out_.append("<").append(element.written);
    for (auto const prefix : used) {
      auto const uri = meaning(prefix);
      if (!uri || prefix == "xml") return false;
      if (is_shown(prefix, *uri)) continue;
      rendered_.emplace_back(prefix, *uri);
      out_.append(prefix.empty() ? " xmlns" : " xmlns:").append(prefix).append("=\"").append(*uri).append("\"");
    }
    return give_attributes();
  }

  bool is_shown(std::string_view prefix, std::string_view uri) const {
    for (auto each = rendered_.rbegin(); each != rendered_.rend(); ++each) {
      if (each->first == prefix) return each->second == uri;
    }
    return false;
  }

  bool give_attributes() {
    auto const key = [](plain_attribute const& each) { return std::pair(each.namespace_uri, each.name.local); };
    std::ranges::sort(attributes_, {}, key);
    for (std::size_t i = 0; i < attributes_.size(); ++i) {
      if (i > 0 && key(attributes_[i - 1]) == key(attributes_[i])) return false;
      out_.append(" ").append(attributes_[i].name.written).append("=\"");
      if (!give_text(attributes_[i].value, true)) return false;
      out_ += '"';
    }
    out_ += '>';
    return true;
  }

  bool end_tag() {
    at_ += 2;
    return !open_.empty() && skip(open_.back().name) && skip(">") && close();
  }

  bool close() {
    auto const closed = open_.back();
    open_.pop_back();
    out_.append("</").append(closed.name).append(">");
    declared_.resize(closed.declared);
    rendered_.resize(closed.rendered);
    return true;
  }

  bool character_data() {
    auto const end = std::min(text_.find('<', at_), text_.size());
    auto const data = text_.substr(at_, end - at_);
    at_ = end;
    return !data.empty() && give_text(data, false);  // nothing left, and an element still open
  }

  // A line end or tab in an attribute would be read as a blank; a carriage return would be read as a line end.
  bool give_text(std::string_view data, bool in_attribute) {
    for (std::size_t i = 0; i < data.size(); ++i) {
      char const c = data[i];
      bool const blank = c == '\n' || c == '\t';
      if (c == '&') {
        auto const taken = give_reference(data.substr(i), in_attribute);
        if (taken == 0) return false;
        i += taken - 1;
      } else if (c == '<' || c == '>' || (static_cast<unsigned char>(c) < ' ' && (in_attribute || !blank))) {
        return false;
      } else {
        out_ += c;
      }
    }
    return true;
  }

  // How long the reference is; 0 when it is none of those known.
  std::size_t give_reference(std::string_view data, bool in_attribute) {
    struct known_reference {
      std::string_view written;
      std::string_view in_text;
      std::string_view in_attribute;
    };
    static constexpr std::array<known_reference, 8> known{{{"&amp;", "&amp;", "&amp;"},
                                                           {"&lt;", "&lt;", "&lt;"},
                                                           {"&gt;", "&gt;", ">"},
                                                           {"&quot;", "\"", "&quot;"},
                                                           {"&apos;", "'", "'"},
                                                           {"&#xD;", "&#xD;", "&#xD;"},
                                                           {"&#xA;", "\n", "&#xA;"},
                                                           {"&#x9;", "\t", "&#x9;"}}};
    for (auto const& each : known) {
      if (!data.starts_with(each.written)) continue;
      out_.append(in_attribute ? each.in_attribute : each.in_text);
      return each.written.size();
    }
    return 0;
  }

  std::string_view text_;
  std::vector<bound_prefix> declared_;
  std::vector<bound_prefix> rendered_;
  std::vector<open_element> open_;
  std::vector<plain_attribute> attributes_;  // of the start tag being read
  std::size_t elements_ = 0;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::optional<std::string> canonical_text(std::string_view element, std::vector<bound_prefix> const& bound) {
  // U+FFFE and U+FFFF are no characters of XML.
  bool const plain = element.size() <= largest && is_utf8(element) && element.find("\xEF\xBF\xBE") == element.npos &&
                     element.find("\xEF\xBF\xBF") == element.npos;
  if (!plain) return std::nullopt;
  rewriting pass(element, bound);
  if (!pass.run()) return std::nullopt;
  return pass.take();
}

}  // namespace ehds::edelivery::xml
