#include <set>

#include "dcat/rdf/escape.hpp"
#include "dcat/rdf/vocabulary.hpp"
#include "dcat/rdf/write.hpp"
#include "dcat/rdf/write_plan.hpp"

namespace ehds::dcat {
namespace {

class turtle_writer {
 public:
  turtle_writer(graph const& g, prefixes const& known)
      : graph_(g), known_(known), plan_(g, write_plan::lists::inline_form) {}

  std::string write() {
    for (term_id const subject : plan_.subjects()) {
      auto const name = graph_[subject].is_blank() && graph_.pointing_at(subject).empty() ? "[]" : node(subject);
      body_ += "\n" + name;
      properties(subject, 1);
      body_ += " .\n";
    }
    std::string head;
    for (auto const& [name, space] : known_)
      if (used_.contains(name)) head += "@prefix " + name + ": <" + escape_iri(space) + "> .\n";
    return head.empty() && !body_.empty() ? body_.substr(1) : head + body_;
  }

 private:
  std::string named(std::string_view iri) {
    auto name = short_name(iri, known_);
    if (name.front() != '<') used_.insert(name.substr(0, name.find(':')));
    return name;
  }

  std::string node(term_id id) { return graph_[id].is_blank() ? "_:" + plan_.label(id) : named(graph_[id].value); }

  std::string literal_text(term const& t) {
    if (t.datatype == xsd::boolean && (t.value == "true" || t.value == "false")) return t.value;
    auto text = "\"" + escape_literal(t.value) + "\"";
    if (!t.language.empty()) return text + "@" + t.language;
    return t.datatype.empty() ? text : text + "^^" + named(t.datatype);
  }

  void properties(term_id subject, std::size_t depth) {
    std::string const indent(depth * 2, ' ');
    term_id last = 0;
    bool first = true;
    for (triple const& t : plan_.statements(subject)) {
      if (!first && t.predicate == last) {
        body_ += ", ";
      } else {
        auto const verb = graph_[t.predicate].value == rdf::type ? "a" : named(graph_[t.predicate].value);
        body_ += (first ? "\n" : " ;\n") + indent + verb + " ";
      }
      object(t.object, depth);
      last = t.predicate;
      first = false;
    }
  }

  void object(term_id id, std::size_t depth) {
    if (graph_[id].is_literal()) {
      body_ += literal_text(graph_[id]);
    } else if (auto const* const members = plan_.list_of(id)) {
      body_ += "(";
      for (term_id const member : *members) {
        body_ += " ";
        object(member, depth);
      }
      body_ += " )";
    } else if (plan_.is_nested(id)) {
      bool const is_empty = graph_.about(id).empty();
      body_ += "[";
      if (!is_empty) {
        properties(id, depth + 1);
        body_ += "\n" + std::string(depth * 2, ' ');
      }
      body_ += "]";
    } else {
      body_ += node(id);
    }
  }

  graph const& graph_;
  prefixes const& known_;
  write_plan plan_;
  std::string body_;
  std::set<std::string> used_;
};

}  // namespace

std::string write_turtle(graph const& g, prefixes const& known) { return turtle_writer(g, known).write(); }

}  // namespace ehds::dcat
