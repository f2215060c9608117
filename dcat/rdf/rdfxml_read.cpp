#include "dcat/rdf/rdfxml_read.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/bytes.hpp"
#include "dcat/rdf/iri.hpp"
#include "dcat/rdf/vocabulary.hpp"
#include "dcat/rdf/xml_tree.hpp"

namespace ehds::dcat {
namespace {

// xml:base and xml:lang, inherited by every element.
struct scope {
  std::string base;
  std::string language;
};

// The attributes of one element, sorted into what RDF/XML makes of them.
struct rdf_attributes {
  std::optional<std::string> id, about, node_id, resource, datatype, parse_type;
  std::vector<std::pair<std::string, std::string>> properties;
};

// Names of the RDF namespace that are neither a class nor a property (RDF 1.1 XML Syntax 6.2.1, 6.2.3).
bool is_syntax_word(std::string_view iri) {
  constexpr std::string_view words[] = {"RDF",    "ID",       "about", "parseType", "resource",
                                        "nodeID", "datatype", "bagID", "aboutEach", "aboutEachPrefix"};
  if (!iri.starts_with(rdf::ns)) return false;
  return std::find(std::begin(words), std::end(words), iri.substr(rdf::ns.size())) != std::end(words);
}

class rdfxml_reader {
 public:
  explicit rdfxml_reader(reading const& how) : how_(how) {}
  result<graph> read(xmlNode const* root);

 private:
  bool refuse(xmlNode const* at, std::string code, std::string detail, std::string mend = {});
  bool add(xmlNode const* at, term const& s, std::string_view p, term const& o);
  bool inner_scope(xmlNode const* element, scope const& outer, scope& out);
  bool attributes_of(xmlNode const* element, rdf_attributes& out);
  bool sort_rdf_attribute(xmlNode const* element, std::string_view local, std::string value, rdf_attributes& out);
  bool resolved(xmlNode const* at, std::string_view reference, scope const& in, std::string& out);
  bool named(xmlNode const* at, std::string const& id, scope const& in, std::string& out);
  bool blank_label(xmlNode const* at, std::string const& id, term& out);
  term fresh_blank() { return blank("x" + std::to_string(++blanks_)); }

  bool node_element(xmlNode const* element, scope const& outer, term& subject);
  bool subject_of(xmlNode const* element, rdf_attributes const& attributes, scope const& in, term& out);
  bool property_attributes(xmlNode const* at, term const& subject, rdf_attributes const& attributes, scope const& in);
  bool property_elements(xmlNode const* parent, term const& subject, scope const& in);
  bool property_element(xmlNode const* element, term const& subject, scope const& outer, std::size_t& li);
  bool object_of(xmlNode const* element, rdf_attributes const& attributes, scope const& in, term& object);
  bool parsed_object(xmlNode const* element, std::string const& parse_type, scope const& in, term& object);
  bool empty_object(xmlNode const* element, rdf_attributes const& attributes, scope const& in, term& object);
  bool collection(xmlNode const* element, scope const& in, term& head);
  bool reify(xmlNode const* at, std::string const& id, scope const& in, term const& s, std::string_view p,
             term const& o);

  reading const& how_;
  graph_builder builder_;
  std::set<std::string> ids_;
  std::size_t blanks_ = 0;
  std::optional<problem> problem_;
};

bool rdfxml_reader::refuse(xmlNode const* at, std::string code, std::string detail, std::string mend) {
  if (!problem_) problem_ = problem{std::move(code), std::move(detail), xml::line_of(at), std::move(mend)};
  return false;
}

bool rdfxml_reader::add(xmlNode const* at, term const& s, std::string_view p, term const& o) {
  if (builder_.size() >= how_.max_triples) {
    return refuse(at, "rdf.too_large", "There are more than " + std::to_string(how_.max_triples) + " triples.");
  }
  builder_.add(s, p, o);
  return true;
}

bool rdfxml_reader::inner_scope(xmlNode const* element, scope const& outer, scope& out) {
  out = outer;
  for (auto const* a = element->properties; a != nullptr; a = a->next) {
    if (a->ns == nullptr || xml::text(a->ns->href) != xml::text(XML_XML_NAMESPACE)) continue;
    auto value = xml::attribute_value(a);
    if (xml::text(a->name) == "lang") out.language = std::move(value);
    if (xml::text(a->name) == "base") {
      if (!resolved(element, value, outer, out.base)) return false;
      out.base.resize(std::min(out.base.find('#'), out.base.size()));
    }
  }
  return true;
}

bool rdfxml_reader::sort_rdf_attribute(xmlNode const* element, std::string_view local, std::string value,
                                       rdf_attributes& out) {
  if (local == "ID") {
    out.id = std::move(value);
  } else if (local == "about") {
    out.about = std::move(value);
  } else if (local == "nodeID") {
    out.node_id = std::move(value);
  } else if (local == "resource") {
    out.resource = std::move(value);
  } else if (local == "datatype") {
    out.datatype = std::move(value);
  } else if (local == "parseType") {
    out.parse_type = std::move(value);
  } else if (local == "li" || local == "RDF" || local == "Description" || local == "bagID" ||
             local.starts_with("aboutEach")) {
    return refuse(element, "rdf.syntax", "rdf:" + std::string(local) + " is not allowed as an attribute.");
  } else {
    out.properties.emplace_back(std::string(rdf::ns) + std::string(local), std::move(value));
  }
  return true;
}

bool rdfxml_reader::attributes_of(xmlNode const* element, rdf_attributes& out) {
  for (auto const* a = element->properties; a != nullptr; a = a->next) {
    auto const space = a->ns == nullptr ? std::string_view{} : xml::text(a->ns->href);
    auto const local = xml::text(a->name);
    if (space == xml::text(XML_XML_NAMESPACE)) continue;
    if (space.empty()) {
      return refuse(element, "rdf.syntax", "The attribute " + std::string(local) + " has no namespace.",
                    "Write rdf:" + std::string(local) + " or give it a prefix.");
    }
    auto value = xml::attribute_value(a);
    if (space == rdf::ns) {
      if (!sort_rdf_attribute(element, local, std::move(value), out)) return false;
    } else {
      out.properties.emplace_back(std::string(space) + std::string(local), std::move(value));
    }
  }
  return true;
}

bool rdfxml_reader::resolved(xmlNode const* at, std::string_view reference, scope const& in, std::string& out) {
  if (!has_scheme(reference) && in.base.empty()) {
    return refuse(at, "rdf.relative_iri", "\"" + std::string(reference) + "\" is a relative IRI and there is no base.",
                  "Write the whole IRI, or declare xml:base.");
  }
  out = resolve_iri(reference, in.base);
  return true;
}

bool rdfxml_reader::named(xmlNode const* at, std::string const& id, scope const& in, std::string& out) {
  if (xmlValidateNCName(reinterpret_cast<xmlChar const*>(id.c_str()), 0) != 0)
    return refuse(at, "rdf.syntax", "rdf:ID is not an XML name.");
  if (!resolved(at, "#" + id, in, out)) return false;
  if (!ids_.insert(out).second) return refuse(at, "rdf.syntax", "The rdf:ID \"" + id + "\" is used twice.");
  return true;
}

bool rdfxml_reader::blank_label(xmlNode const* at, std::string const& id, term& out) {
  if (xmlValidateNCName(reinterpret_cast<xmlChar const*>(id.c_str()), 0) != 0)
    return refuse(at, "rdf.syntax", "rdf:nodeID is not an XML name.");
  out = blank("n" + id);  // apart from those we invent
  return true;
}

bool rdfxml_reader::subject_of(xmlNode const* element, rdf_attributes const& a, scope const& in, term& out) {
  int const ways = (a.id ? 1 : 0) + (a.about ? 1 : 0) + (a.node_id ? 1 : 0);
  if (ways > 1) return refuse(element, "rdf.syntax", "Only one of rdf:ID, rdf:about and rdf:nodeID may name a node.");
  if (a.resource || a.datatype || a.parse_type)
    return refuse(element, "rdf.syntax", "rdf:resource, rdf:datatype and rdf:parseType do not belong on a node.");
  if (a.node_id) return blank_label(element, *a.node_id, out);
  out.kind = term_kind::iri;
  if (a.about) return resolved(element, *a.about, in, out.value);
  if (a.id) return named(element, *a.id, in, out.value);
  out = fresh_blank();
  return true;
}

bool rdfxml_reader::property_attributes(xmlNode const* at, term const& subject, rdf_attributes const& attributes,
                                        scope const& in) {
  for (auto const& [property, value] : attributes.properties) {
    if (property == rdf::type) {
      std::string type;
      if (!resolved(at, value, in, type) || !add(at, subject, rdf::type, iri(type))) return false;
    } else if (!add(at, subject, property, literal(value, in.language))) {
      return false;
    }
  }
  return true;
}

bool rdfxml_reader::node_element(xmlNode const* element, scope const& outer, term& subject) {
  scope in;
  rdf_attributes attributes;
  if (!inner_scope(element, outer, in) || !attributes_of(element, attributes)) return false;
  if (!subject_of(element, attributes, in, subject)) return false;
  auto const type = xml::name_iri(element->ns, element->name);
  if (element->ns == nullptr) {
    return refuse(element, "rdf.syntax", "The element " + std::string(xml::text(element->name)) + " has no namespace.");
  }
  if (is_syntax_word(type) || type == std::string(rdf::ns) + "li")
    return refuse(element, "rdf.syntax", "rdf:" + std::string(xml::text(element->name)) + " cannot be a node.");
  if (type != std::string(rdf::ns) + "Description" && !add(element, subject, rdf::type, iri(type))) return false;
  if (xml::has_text_besides_blanks(element)) {
    return refuse(element, "rdf.syntax", "There is text where only properties may stand.",
                  "Put the text inside a property element.");
  }
  return property_attributes(element, subject, attributes, in) && property_elements(element, subject, in);
}

bool rdfxml_reader::property_elements(xmlNode const* parent, term const& subject, scope const& in) {
  std::size_t li = 1;
  for (auto const* child = xml::first_element(parent); child != nullptr; child = xml::next_element(child))
    if (!property_element(child, subject, in, li)) return false;
  return true;
}

bool rdfxml_reader::property_element(xmlNode const* element, term const& subject, scope const& outer, std::size_t& li) {
  scope in;
  rdf_attributes attributes;
  if (!inner_scope(element, outer, in) || !attributes_of(element, attributes)) return false;
  if (element->ns == nullptr) {
    return refuse(element, "rdf.syntax", "The element " + std::string(xml::text(element->name)) + " has no namespace.");
  }
  auto property = xml::name_iri(element->ns, element->name);
  if (property == std::string(rdf::ns) + "li") property = std::string(rdf::ns) + "_" + std::to_string(li++);
  if (is_syntax_word(property) || property == std::string(rdf::ns) + "Description") {
    return refuse(element, "rdf.syntax", "rdf:" + std::string(xml::text(element->name)) + " cannot be a property.");
  }
  if (attributes.about) return refuse(element, "rdf.syntax", "rdf:about does not belong on a property.");
  term object;
  if (!object_of(element, attributes, in, object) || !add(element, subject, property, object)) return false;
  return !attributes.id || reify(element, *attributes.id, in, subject, property, object);
}

bool rdfxml_reader::object_of(xmlNode const* element, rdf_attributes const& a, scope const& in, term& object) {
  if (a.parse_type) {
    if (a.resource || a.node_id || a.datatype || !a.properties.empty())
      return refuse(element, "rdf.syntax", "rdf:parseType stands alone.");
    return parsed_object(element, *a.parse_type, in, object);
  }
  if (a.datatype && (a.resource || a.node_id || !a.properties.empty()))
    return refuse(element, "rdf.syntax", "A property with rdf:datatype holds text and nothing else.");
  auto const* const child = xml::first_element(element);
  if (a.resource || a.node_id || !a.properties.empty()) {
    if (child != nullptr || xml::has_text_besides_blanks(element))
      return refuse(element, "rdf.syntax", "A property with rdf:resource, rdf:nodeID or properties must be empty.");
    return empty_object(element, a, in, object);
  }
  if (child != nullptr) {
    if (xml::next_element(child) != nullptr)
      return refuse(element, "rdf.syntax", "A property holds two nodes.", "Repeat the property for each node.");
    if (xml::has_text_besides_blanks(element) || a.datatype)
      return refuse(element, "rdf.syntax", "A property holds either text or a node, not both.");
    return node_element(child, in, object);
  }
  auto const data = xml::character_data(element);
  if (!a.datatype) return object = literal(data, in.language), true;
  std::string datatype;
  if (!resolved(element, *a.datatype, in, datatype)) return false;
  object = typed_literal(data, datatype);
  return true;
}

bool rdfxml_reader::empty_object(xmlNode const* element, rdf_attributes const& a, scope const& in, term& object) {
  if (a.resource && a.node_id)
    return refuse(element, "rdf.syntax", "Only one of rdf:resource and rdf:nodeID may stand.");
  object.kind = term_kind::iri;
  if (a.resource) {
    if (!resolved(element, *a.resource, in, object.value)) return false;
  } else if (a.node_id) {
    if (!blank_label(element, *a.node_id, object)) return false;
  } else {
    object = fresh_blank();
  }
  return property_attributes(element, object, a, in);
}

bool rdfxml_reader::parsed_object(xmlNode const* element, std::string const& parse_type, scope const& in,
                                  term& object) {
  if (parse_type == "Resource") {
    if (xml::has_text_besides_blanks(element))
      return refuse(element, "rdf.syntax", "There is text where only properties may stand.");
    object = fresh_blank();
    return property_elements(element, object, in);
  }
  if (parse_type == "Collection") return collection(element, in, object);
  // Any other value means Literal (RDF 1.1 XML Syntax 7.2.20).
  object = typed_literal(xml::inner_xml(const_cast<xmlNode*>(element)), rdf::xml_literal);
  return true;
}

bool rdfxml_reader::collection(xmlNode const* element, scope const& in, term& head) {
  if (xml::has_text_besides_blanks(element))
    return refuse(element, "rdf.syntax", "There is text where only nodes may stand.");
  head = iri(rdf::nil);
  term last;
  for (auto const* child = xml::first_element(element); child != nullptr; child = xml::next_element(child)) {
    auto const cell = fresh_blank();
    term item;
    if (!node_element(child, in, item) || !add(child, cell, rdf::first, item)) return false;
    if (head.is_iri()) {
      head = cell;
    } else if (!add(child, last, rdf::rest, cell)) {
      return false;
    }
    last = cell;
  }
  return head.is_iri() || add(element, last, rdf::rest, iri(rdf::nil));
}

bool rdfxml_reader::reify(xmlNode const* at, std::string const& id, scope const& in, term const& s, std::string_view p,
                          term const& o) {
  term statement;
  if (!named(at, id, in, statement.value)) return false;
  std::string const space(rdf::ns);
  return add(at, statement, rdf::type, iri(space + "Statement")) && add(at, statement, space + "subject", s) &&
         add(at, statement, space + "predicate", iri(p)) && add(at, statement, space + "object", o);
}

result<graph> rdfxml_reader::read(xmlNode const* root) {
  scope const outer{how_.base_iri, {}};
  scope in;
  bool good = inner_scope(root, outer, in);
  term node;
  if (good && xml::name_iri(root->ns, root->name) == std::string(rdf::ns) + "RDF") {
    if (xml::has_text_besides_blanks(root)) good = refuse(root, "rdf.syntax", "There is text outside of any node.");
    for (auto const* child = xml::first_element(root); good && child != nullptr; child = xml::next_element(child))
      good = node_element(child, in, node);
  } else if (good) {
    good = node_element(root, outer, node);
  }
  if (!good) return *std::move(problem_);
  return std::move(builder_).build();
}

}  // namespace

result<graph> read_rdfxml(std::string_view bytes, reading const& how) {
  auto const document = xml::parse(bytes, how.max_depth);
  if (!document) return document.error();
  auto const* const root = xmlDocGetRootElement(document->get());
  if (root == nullptr) return problem{"rdf.syntax", "The XML has no root element.", {}, {}};
  return rdfxml_reader(how).read(root);
}

}  // namespace ehds::dcat
