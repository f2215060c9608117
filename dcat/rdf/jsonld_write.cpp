#include <set>

#include <nlohmann/json.hpp>

#include "dcat/rdf/vocabulary.hpp"
#include "dcat/rdf/write.hpp"
#include "dcat/rdf/write_plan.hpp"

namespace ehds::dcat {
namespace {

using json = nlohmann::ordered_json;

class jsonld_writer {
 public:
  jsonld_writer(graph const& g, prefixes const& known)
      : graph_(g), known_(known), plan_(g, write_plan::lists::inline_form) {}

  std::string write() {
    json nodes = json::array();
    for (term_id const subject : plan_.subjects()) nodes.push_back(node(subject));
    json context = json::object();
    for (auto const& [name, space] : known_)
      if (used_.contains(name)) context[name] = space;
    json document{{"@context", std::move(context)}, {"@graph", std::move(nodes)}};
    return document.dump(2) + "\n";
  }

 private:
  std::string named(std::string_view iri) {
    auto name = short_name(iri, known_);
    if (name.front() == '<') return std::string(iri);
    used_.insert(name.substr(0, name.find(':')));
    return name;
  }

  json node(term_id id) {
    json out = json::object();
    if (graph_[id].is_iri()) {
      out["@id"] = graph_[id].value;
    } else if (!plan_.is_nested(id)) {
      out["@id"] = "_:" + plan_.label(id);
    }
    for (triple const& t : plan_.statements(id)) {
      bool const is_type = graph_[t.predicate].value == rdf::type && graph_[t.object].is_iri();
      append(out[is_type ? std::string("@type") : named(graph_[t.predicate].value)],
             is_type ? json(named(graph_[t.object].value)) : object(t.object));
    }
    return out;
  }

  // One value stands alone, several in an array.
  static void append(json& place, json value) {
    if (place.is_null()) {
      place = std::move(value);
    } else if (place.is_array()) {
      place.push_back(std::move(value));
    } else {
      place = json::array({std::move(place), std::move(value)});
    }
  }

  json object(term_id id) {
    auto const& t = graph_[id];
    if (t.is_literal()) return literal_value(t);
    if (auto const* const members = plan_.list_of(id)) {
      json list = json::array();
      for (term_id const member : *members) list.push_back(object(member));
      return json{{"@list", std::move(list)}};
    }
    if (plan_.is_nested(id)) return node(id);
    return json{{"@id", t.is_iri() ? t.value : "_:" + plan_.label(id)}};
  }

  json literal_value(term const& t) {
    if (!t.language.empty()) return json{{"@value", t.value}, {"@language", t.language}};
    if (t.datatype == xsd::boolean && (t.value == "true" || t.value == "false")) return json(t.value == "true");
    if (!t.datatype.empty()) return json{{"@value", t.value}, {"@type", named(t.datatype)}};
    return json(t.value);
  }

  graph const& graph_;
  prefixes const& known_;
  write_plan plan_;
  std::set<std::string> used_;
};

}  // namespace

std::string write_jsonld(graph const& g, prefixes const& known) { return jsonld_writer(g, known).write(); }

}  // namespace ehds::dcat
