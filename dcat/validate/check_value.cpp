#include <algorithm>
#include <map>

#include "dcat/rdf/vocabulary.hpp"
#include "dcat/validate/check_record.hpp"
#include "dcat/validate/lexical.hpp"

namespace ehds::dcat {
namespace {

std::string shown(term const& t, release_pack const& pack) {
  constexpr std::size_t longest = 120;
  if (t.is_blank()) return "a blank node";
  if (t.is_iri()) return pack.short_name(t.value);
  auto text = to_ntriples({t.kind, t.value, t.language, {}});
  if (!t.datatype.empty()) text += "^^" + pack.short_name(t.datatype);
  if (text.size() <= longest) return text;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

// A good value of the first datatype that the rule allows, when the pack gives none of its own.
std::string example_of_type(property_rule const& rule) {
  static std::map<std::string, std::string, std::less<>> const values{
      {"boolean", "true"},
      {"integer", "1"},
      {"nonNegativeInteger", "\"1\"^^xsd:nonNegativeInteger"},
      {"decimal", "1.5"},
      {"date", "\"2024-01-31\"^^xsd:date"},
      {"duration", "\"P1M\"^^xsd:duration"}};
  for (std::string const& type : rule.datatypes)
    if (type.starts_with(xsd::ns))
      if (auto const found = values.find(std::string_view(type).substr(xsd::ns.size())); found != values.end())
        return found->second;
  return {};
}

std::string as_example(property_rule const& rule, std::string const& property, std::string_view verb) {
  std::string mend;
  auto const& example = rule.example.empty() ? example_of_type(rule) : rule.example;
  if (!example.empty()) mend = std::string(verb) + ": " + property + " " + example + " .";
  if (mend.empty() && rule.hint.empty()) mend = "Correct or add " + property + ".";
  if (!rule.hint.empty()) mend += (mend.empty() ? "" : " ") + rule.hint;
  return mend;
}

bool fits(node_kind kind, term const& value) {
  switch (kind) {
    case node_kind::literal:
      return value.is_literal();
    case node_kind::iri:
      return value.is_iri();
    case node_kind::node:
      return !value.is_literal();
    case node_kind::any:
      break;
  }
  return true;
}

std::string_view kind_in_words(node_kind kind) {
  switch (kind) {
    case node_kind::literal:
      return "a text or number";
    case node_kind::iri:
      return "an IRI";
    case node_kind::node:
      return "an IRI or a blank node";
    case node_kind::any:
      break;
  }
  return "any value";
}

}  // namespace

void record_check::check_count(term_id node, compiled_property const& p, std::size_t found, std::string const& path) {
  auto const property = name(p.rule->path);
  auto const how = wanted(p.rule->needs);
  if (found == 0 && how != need::optional) {
    bool const must = how == need::mandatory;
    auto const label = p.rule->label.empty() ? std::string() : " (" + p.rule->label + ")";
    report(must ? severity::violation : severity::warning, node, path + "/" + property, "dcat.missing",
           property + label + (must ? " is mandatory and missing." : " is recommended and missing."),
           as_example(*p.rule, property, "Add for example"));
  }
  if (p.rule->max && found > *p.rule->max) {
    report(severity::violation, node, path + "/" + property, "dcat.too_many",
           property + " has " + std::to_string(found) + " values; at most " + std::to_string(*p.rule->max) +
               " is allowed.",
           "Keep the right one and remove the others.");
  }
}

void record_check::check_value(term_id node, term_id value, compiled_property const& p, std::string const& path) {
  auto const& t = record_[value];
  if (!check_kind(node, t, p, path)) return;
  if (t.is_literal()) {
    check_datatype(node, t, p, path);
    return;
  }
  check_class(node, value, p, path);
  check_code(node, t, p, path);
  check_start(node, t, p, path);
  if (p.shape != no_shape) check_node(value, p.shape, path);
}

bool record_check::check_kind(term_id node, term const& value, compiled_property const& p, std::string const& path) {
  if (fits(p.rule->kind, value)) return true;
  report(severity::violation, node, path, "dcat.kind",
         name(p.rule->path) + " must be " + std::string(kind_in_words(p.rule->kind)) + ", not " +
             shown(value, book_.pack()) + ".",
         as_example(*p.rule, name(p.rule->path), "Write for example"));
  return false;
}

void record_check::check_datatype(term_id node, term const& value, compiled_property const& p,
                                  std::string const& path) {
  auto const& wanted_types = p.rule->datatypes;
  std::string const own = value.datatype.empty() ? std::string(xsd::string) : value.datatype;
  bool const listed =
      wanted_types.empty() || std::find(wanted_types.begin(), wanted_types.end(), own) != wanted_types.end();
  std::string names;
  for (auto const& type : wanted_types) names += (names.empty() ? "" : " or ") + name(type);
  if (!listed) {
    report(severity::violation, node, path, "dcat.datatype",
           shown(value, book_.pack()) + " must have the datatype " + names + ".",
           as_example(*p.rule, name(p.rule->path), "Write for example"));
  } else if (!is_lexical_form(value.value, own)) {
    report(severity::violation, node, path, "dcat.datatype",
           shown(value, book_.pack()) + " is not a value of " + name(own) + ".",
           as_example(*p.rule, name(p.rule->path), "Write for example"));
  }
}

void record_check::check_class(term_id node, term_id value, compiled_property const& p, std::string const& path) {
  if (p.of_class == no_iri || has_class(value, p.of_class)) return;
  auto const& t = record_[value];
  // Codes of a known list have their classes without saying so.
  for (code_list const* list : p.lists) {
    bool const typed = std::find(list->types.begin(), list->types.end(), p.rule->of_class) != list->types.end();
    if (typed && list->holds(t.value)) return;
  }
  auto const wanted_class = name(p.rule->of_class);
  report(severity::violation, node, path, "dcat.class",
         name(p.rule->path) + ": " + shown(t, book_.pack()) + " must be a " + wanted_class + ".",
         t.is_iri() ? "Add: " + shown(t, book_.pack()) + " a " + wanted_class + " ."
                    : "Add \"a " + wanted_class + "\" to the blank node.");
}

void record_check::check_code(term_id node, term const& value, compiled_property const& p, std::string const& path) {
  if (p.lists.empty()) return;
  for (code_list const* list : p.lists)
    if (list->holds(value.value)) return;
  auto const& list = *p.lists.front();
  auto const* const near = value.is_iri() && searches_left_ > 0 ? list.nearest(value.value) : nullptr;
  searches_left_ -= near != nullptr ? 1 : 0;
  std::string mend = "Use a code of <" + list.scheme + ">";
  if (near != nullptr) mend += ", for example <" + near->iri + "> (" + std::string(label_of(*near, "en")) + ")";
  report(p.rule->code_list_severity, node, path, "dcat.code_list",
         shown(value, book_.pack()) + " is not in the code list " + list.name + ".", mend + ".");
}

void record_check::check_start(term_id node, term const& value, compiled_property const& p, std::string const& path) {
  auto const& starts = p.rule->starts_with;
  bool const good = starts.empty() || std::any_of(starts.begin(), starts.end(), [&value](std::string const& start) {
                      return value.is_iri() && value.value.size() > start.size() && value.value.starts_with(start);
                    });
  if (good) return;
  report(p.rule->starts_with_severity, node, path, "dcat.starts_with",
         shown(value, book_.pack()) + " must start with " + starts.front() + ".",
         as_example(*p.rule, name(p.rule->path), "Write for example"));
}

}  // namespace ehds::dcat
