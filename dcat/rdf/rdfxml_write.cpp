#include <map>

#include "dcat/rdf/escape.hpp"
#include "dcat/rdf/vocabulary.hpp"
#include "dcat/rdf/write.hpp"
#include "dcat/rdf/write_plan.hpp"

namespace ehds::dcat {
namespace {

class rdfxml_writer {
 public:
  rdfxml_writer(graph const& g, prefixes const& known)
      : graph_(g), known_(known), plan_(g, write_plan::lists::as_nodes) {}

  result<std::string> write() {
    if (auto const fault = unwritable()) return *fault;
    spaces_.emplace(rdf::ns, "rdf");
    for (term_id const subject : plan_.subjects()) node(subject, 1);
    std::map<std::string, std::string> by_name;
    for (auto const& [space, name] : spaces_) by_name.emplace(name, space);
    std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF";
    for (auto const& [name, space] : by_name) head += "\n    xmlns:" + name + "=\"" + escape_xml(space) + "\"";
    return head + ">\n" + body_ + "</rdf:RDF>\n";
  }

 private:
  std::optional<problem> unwritable() const {
    for (triple const& t : graph_.triples()) {
      auto const& predicate = graph_[t.predicate].value;
      if (!split_at_name(predicate)) {
        return problem{"rdf.unwritable", "RDF/XML cannot name the property <" + predicate + ">.", predicate, {}};
      }
      if (!is_writable_in_xml(graph_[t.object].value) || !is_writable_in_xml(graph_[t.subject].value)) {
        return problem{"rdf.unwritable", "XML cannot hold a control character of a text.", predicate,
                       "Remove the control characters."};
      }
    }
    return std::nullopt;
  }

  std::string element_name(std::string_view iri) {
    auto const split = *split_at_name(iri);
    std::string const space(split.space);
    auto found = spaces_.find(space);
    if (found == spaces_.end()) found = spaces_.emplace(space, prefix_of(space)).first;
    return found->second + ":" + std::string(split.local);
  }

  std::string prefix_of(std::string_view space) {
    for (auto const& known : known_)
      if (known.iri == space) return known.name;
    return "ns" + std::to_string(++invented_);
  }

  // A node's own element: its first type that can be an XML name, else rdf:Description.
  std::optional<term_id> type_as_element(term_id id) const {
    for (triple const& t : graph_.about(id, rdf::type))
      if (graph_[t.object].is_iri() && split_at_name(graph_[t.object].value)) return t.object;
    return std::nullopt;
  }

  void node(term_id id, std::size_t depth) {
    auto const type = type_as_element(id);
    auto const element = type ? element_name(graph_[*type].value) : std::string("rdf:Description");
    std::string const indent(depth * 2, ' ');
    body_ += indent + "<" + element + subject_attribute(id);
    auto const opened = body_.size();
    body_ += ">\n";
    bool is_empty = true;
    for (triple const& t : plan_.statements(id)) {
      if (type && t.object == *type && graph_[t.predicate].value == rdf::type) continue;
      property(t, depth + 1);
      is_empty = false;
    }
    if (is_empty) {
      body_.resize(opened);
      body_ += "/>\n";
    } else {
      body_ += indent + "</" + element + ">\n";
    }
  }

  std::string subject_attribute(term_id id) const {
    if (graph_[id].is_iri()) return " rdf:about=\"" + escape_xml(graph_[id].value) + "\"";
    if (plan_.is_nested(id) || graph_.pointing_at(id).empty()) return {};
    return " rdf:nodeID=\"" + plan_.label(id) + "\"";
  }

  void property(triple const& t, std::size_t depth) {
    auto const name = element_name(graph_[t.predicate].value);
    std::string const indent(depth * 2, ' ');
    auto const& object = graph_[t.object];
    body_ += indent + "<" + name;
    if (object.is_literal()) {
      if (!object.language.empty()) body_ += " xml:lang=\"" + escape_xml(object.language) + "\"";
      if (!object.datatype.empty()) body_ += " rdf:datatype=\"" + escape_xml(object.datatype) + "\"";
      body_ += ">" + escape_xml(object.value) + "</" + name + ">\n";
    } else if (object.is_iri()) {
      body_ += " rdf:resource=\"" + escape_xml(object.value) + "\"/>\n";
    } else if (plan_.is_nested(t.object)) {
      body_ += ">\n";
      node(t.object, depth + 1);
      body_ += indent + "</" + name + ">\n";
    } else {
      body_ += " rdf:nodeID=\"" + plan_.label(t.object) + "\"/>\n";
    }
  }

  graph const& graph_;
  prefixes const& known_;
  write_plan plan_;
  std::string body_;
  std::map<std::string, std::string> spaces_;
  int invented_ = 0;
};

}  // namespace

result<std::string> write_rdfxml(graph const& g, prefixes const& known) { return rdfxml_writer(g, known).write(); }

}  // namespace ehds::dcat
