#include <catch2/catch.hpp>

#include "../packs.hpp"
#include "dcat/rdf/canonical.hpp"
#include "dcat/rdf/read.hpp"
#include "dcat/rdf/write.hpp"
#include "shared_samples.hpp"

using namespace ehds;
using namespace ehds::dcat;
using dcat::tests::turtle;

namespace {

std::string document(std::string const& content, std::string const& attributes = "") {
  return "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:e=\"http://e/\" " + attributes +
         ">" + content + "</rdf:RDF>";
}

struct xml_case {
  std::string content;
  std::string same_turtle;
};

struct bad_xml {
  std::string text;
  std::string code;
};

std::string const rdf_head = "@prefix e: <http://e/> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . ";

}  // namespace

TEST_CASE("RDF/XML becomes the same graph as its Turtle") {
  auto const good = GENERATE(values<xml_case>({
      {"", ""},
      {"<rdf:Description rdf:about=\"http://e/s\"><e:p>x</e:p></rdf:Description>", "e:s e:p 'x' ."},
      {"<e:C rdf:about=\"http://e/s\"/>", "e:s a e:C ."},
      {"<e:C rdf:about=\"http://e/s\" e:p=\"x\" rdf:type=\"http://e/D\"/>", "e:s a e:C , e:D ; e:p 'x' ."},
      {"<rdf:Description rdf:about=\"http://e/s\" xml:lang=\"FR\"><e:p>x</e:p><e:p "
       "xml:lang=\"\">y</e:p></rdf:Description>",
       "e:s e:p 'x'@fr , 'y' ."},
      {"<rdf:Description rdf:about=\"http://e/s\"><e:p rdf:resource=\"http://e/o\"/></rdf:Description>",
       "e:s e:p e:o ."},
      {"<rdf:Description rdf:about=\"http://e/s\"><e:p "
       "rdf:datatype=\"http://www.w3.org/2001/XMLSchema#integer\">1</e:p>"
       "</rdf:Description>",
       "e:s e:p 1 ."},
      {"<rdf:Description rdf:about=\"http://e/s\"><e:p><e:C e:q=\"x\"/></e:p></rdf:Description>",
       "e:s e:p [ a e:C ; e:q 'x' ] ."},
      {"<rdf:Description rdf:about=\"http://e/s\"><e:p rdf:nodeID=\"a\"/></rdf:Description>"
       "<rdf:Description rdf:nodeID=\"a\"><e:q>x</e:q></rdf:Description>",
       "e:s e:p _:a . _:a e:q 'x' ."},
      {"<rdf:Description rdf:about=\"http://e/s\"><e:p rdf:parseType=\"Resource\"><e:q>x</e:q></e:p></rdf:Description>",
       "e:s e:p [ e:q 'x' ] ."},
      {"<rdf:Description rdf:about=\"http://e/s\"><e:p rdf:parseType=\"Collection\"><e:C rdf:about=\"http://e/1\"/>"
       "<rdf:Description rdf:about=\"http://e/2\"/></e:p></rdf:Description>",
       "e:s e:p ( e:1 e:2 ) . e:1 a e:C ."},
      {"<rdf:Description rdf:about=\"http://e/s\"><e:p rdf:parseType=\"Collection\"/></rdf:Description>",
       "e:s e:p () ."},
      {"<rdf:Description rdf:about=\"http://e/s\"><e:p rdf:parseType=\"Literal\">a<e:b/>&lt;</e:p></rdf:Description>",
       "e:s e:p 'a<e:b xmlns:e=\"http://e/\"></e:b>&lt;'^^rdf:XMLLiteral ."},
      {"<rdf:Seq rdf:about=\"http://e/s\"><rdf:li>a</rdf:li><rdf:li>b</rdf:li></rdf:Seq>",
       "e:s a rdf:Seq ; rdf:_1 'a' ; rdf:_2 'b' ."},
      {"<rdf:Description rdf:about=\"http://e/s\"><e:p e:q=\"x\"/></rdf:Description>", "e:s e:p [ e:q 'x' ] ."},
      {"<rdf:Description rdf:about=\"http://e/s\"><e:p/></rdf:Description>", "e:s e:p '' ."},
      {"<rdf:Description xml:base=\"http://e/dir/file\" rdf:about=\"s\"><e:p rdf:resource=\"#f\"/></rdf:Description>",
       "<http://e/dir/s> e:p <http://e/dir/file#f> ."},
      {"<rdf:Description xml:base=\"http://e/b\" rdf:ID=\"s\"><e:p>x</e:p></rdf:Description>",
       "<http://e/b#s> e:p 'x' ."},
      {"<rdf:Description xml:base=\"http://e/b\" rdf:about=\"http://e/s\"><e:p rdf:ID=\"r\">x</e:p></rdf:Description>",
       "e:s e:p 'x' . <http://e/b#r> a rdf:Statement ; rdf:subject e:s ; rdf:predicate e:p ; rdf:object 'x' ."},
      {"<rdf:Description rdf:about=\"http://e/s\"><e:p><![CDATA[<&]]>&amp;</e:p></rdf:Description>", "e:s e:p '<&&' ."},
      {"<!-- c --><rdf:Description rdf:about=\"http://e/s\"><!-- c --><e:p>a<!-- c -->b</e:p></rdf:Description>",
       "e:s e:p 'ab' ."},
  }));
  INFO(good.content);
  auto const read = read_rdf("<?xml version=\"1.0\"?>\n" + document(good.content), syntax::rdfxml);
  if (!read) FAIL(to_text(read.error()));
  CHECK(canonical_ntriples(*read) == canonical_ntriples(turtle(rdf_head + good.same_turtle)));
}

TEST_CASE("A single node may stand for the whole document") {
  auto const read = read_rdf(
      "<e:C xmlns:e=\"http://e/\" xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
      "rdf:about=\"http://e/s\"/>",
      syntax::rdfxml);
  REQUIRE(read);
  CHECK(canonical_hash(*read) == canonical_hash(turtle(rdf_head + "e:s a e:C .")));
}

TEST_CASE("Bad or hostile RDF/XML is refused") {
  std::string deep;
  for (int i = 0; i < 120; ++i) deep += "<rdf:Description><e:p>";
  for (int i = 0; i < 120; ++i) deep += "</e:p></rdf:Description>";
  std::string const s = "<rdf:Description rdf:about=\"http://e/s\">";
  std::string const end = "</rdf:Description>";
  auto const bad = GENERATE_COPY(values<bad_xml>({
      {"", "rdf.syntax"},
      {"not xml", "rdf.syntax"},
      {document("<e:C>"), "rdf.syntax"},
      {document(s + "<e:p>x"), "rdf.syntax"},
      {"<!DOCTYPE rdf:RDF [<!ENTITY x \"y\">]>" + document(""), "rdf.doctype"},
      {"<?xml version=\"1.0\"?> <!-- c --> <!DOCTYPE rdf:RDF SYSTEM \"http://e/x.dtd\">" + document(""), "rdf.doctype"},
      {document(s + "<e:p>&undefined;</e:p>" + end), "rdf.syntax"},
      {document(deep), "rdf.too_deep"},
      {document("text"), "rdf.syntax"},
      {document(s + "text" + end), "rdf.syntax"},
      {document("<rdf:Description rdf:about=\"s\"/>"), "rdf.relative_iri"},
      {document("<rdf:Description about=\"http://e/s\"/>"), "rdf.syntax"},
      {document("<C/>"), "rdf.syntax"},
      {document(s + "<p/>" + end), "rdf.syntax"},
      {document("<rdf:li/>"), "rdf.syntax"},
      {document("<rdf:Description rdf:about=\"http://e/s\" rdf:nodeID=\"a\"/>"), "rdf.syntax"},
      {document("<rdf:Description rdf:resource=\"http://e/s\"/>"), "rdf.syntax"},
      {document("<rdf:Description rdf:about=\"http://e/s\" rdf:li=\"x\"/>"), "rdf.syntax"},
      {document("<rdf:Description rdf:aboutEach=\"http://e/s\"/>"), "rdf.syntax"},
      {document("<rdf:Description rdf:nodeID=\"1a\"/>"), "rdf.syntax"},
      {document("<rdf:Description rdf:ID=\"a b\"/>", "xml:base=\"http://e/\""), "rdf.syntax"},
      {document("<rdf:Description rdf:ID=\"a\"/><rdf:Description rdf:ID=\"a\"/>", "xml:base=\"http://e/\""),
       "rdf.syntax"},
      {document(s + "<rdf:Description/>" + end), "rdf.syntax"},
      {document(s + "<e:p rdf:about=\"http://e/o\"/>" + end), "rdf.syntax"},
      {document(s + "<e:p><e:C/><e:D/></e:p>" + end), "rdf.syntax"},
      {document(s + "<e:p>x<e:C/></e:p>" + end), "rdf.syntax"},
      {document(s + "<e:p rdf:resource=\"http://e/o\">x</e:p>" + end), "rdf.syntax"},
      {document(s + "<e:p rdf:resource=\"http://e/o\" rdf:nodeID=\"a\"/>" + end), "rdf.syntax"},
      {document(s + "<e:p rdf:parseType=\"Resource\" rdf:resource=\"http://e/o\"/>" + end), "rdf.syntax"},
      {document(s + "<e:p rdf:parseType=\"Resource\">x</e:p>" + end), "rdf.syntax"},
      {document(s + "<e:p rdf:datatype=\"relative\">x</e:p>" + end), "rdf.relative_iri"},
  }));
  INFO(bad.text);
  auto const read = read_rdf(bad.text, syntax::rdfxml);
  REQUIRE_FALSE(read);
  INFO(to_text(read.error()));
  CHECK(read.error().code == bad.code);
}

TEST_CASE("Entities that grow are not expanded") {
  std::string bomb = "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\">";
  for (char c = 'b'; c < 'k'; ++c) {
    bomb += std::string("<!ENTITY ") + c + " \"";
    for (int i = 0; i < 10; ++i) bomb += std::string("&") + static_cast<char>(c - 1) + ";";
    bomb += "\">";
  }
  CHECK(read_rdf(bomb + "]><r>&j;</r>", syntax::rdfxml).error().code == "rdf.doctype");
}

TEST_CASE("The number of triples is limited") {
  auto const text = document("<rdf:Description rdf:about=\"http://e/s\"><e:p>1</e:p><e:p>2</e:p></rdf:Description>");
  CHECK(read_rdf(text, syntax::rdfxml, {"", 10'000, 1, 10}).error().code == "rdf.too_large");
  CHECK(read_rdf(text, syntax::rdfxml, {"", 10'000, 2, 10}));
}

TEST_CASE("Real RDF/XML of other catalogues is read", "[samples]") {
  auto const folder = ehds::tests::shared_sample("healthdcat-ap/examples/ckanext-dcat");
  if (!folder) return;
  for (auto const* name : {"catalog.rdf", "catalog_datasets_list.rdf", "dataset_gov_de.rdf"}) {
    INFO(name);
    reading how;
    how.base_iri = "https://example.org/";
    auto const read = read_rdf(dcat::tests::file_text((*folder / name).string()), syntax::rdfxml, how);
    if (!read) FAIL(to_text(read.error()));
    CHECK(read->size() > 20);
    auto const again = read_rdf(write_rdfxml(*read).value(), syntax::rdfxml);
    REQUIRE(again);
    CHECK(canonical_hash(*again) == canonical_hash(*read));
  }
}
