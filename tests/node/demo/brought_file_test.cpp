#include "node/demo/brought_file.hpp"

#include <catch2/catch.hpp>

using namespace ehds::node::demo;

TEST_CASE("What a brought file is follows from its suffix, else from how it begins") {
  struct file {
    char const* name;
    char const* content;
    brought_kind kind;
  };
  static std::string const soap = R"(<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"/>)";
  auto const one = GENERATE_COPY(values<file>({{"a.ttl", "", brought_kind::record},
                                               {"A.TTL", "", brought_kind::record},
                                               {"a.rdf", "", brought_kind::record},
                                               {"a.nt", "", brought_kind::record},
                                               {"a.xml", "<rdf:RDF/>", brought_kind::record},
                                               {"a.xml", soap.c_str(), brought_kind::message},
                                               {"a.zip", "", brought_kind::application},
                                               {"a.as4", "", brought_kind::message},
                                               {"a.bin", "", brought_kind::message},
                                               {"a.eml", "", brought_kind::message},
                                               {"captured", "POST /as4 HTTP/1.1\r\n", brought_kind::message},
                                               {"captured.txt", "Content-Type: text/xml\n\n", brought_kind::message},
                                               {"captured.raw", "--edge\r\n", brought_kind::message},
                                               {"notes.md", "# what I think", brought_kind::unknown},
                                               {"data.csv", "a;b", brought_kind::unknown},
                                               {"empty", "", brought_kind::unknown}}));
  INFO(one.name);
  CHECK(kind_of(one.name, one.content) == one.kind);
}

TEST_CASE("Each record has its media type") {
  CHECK(record_type("a.ttl") == "text/turtle");
  CHECK(record_type("a.RDF") == "application/rdf+xml");
  CHECK(record_type("a.nt") == "application/n-triples");
  CHECK(record_type("a.md").empty());
}

TEST_CASE("A refusal in one line: its sentence, its place, and how many findings") {
  CHECK(in_one_line(R"({"code":"x","detail":"It is missing.","where":"/a","status":422,
        "problems":[{"detail":"It is missing.","where":"/a"},{"detail":"And this.","where":"/b"}]})") ==
        "It is missing. (at /a); 2 findings");
  CHECK(in_one_line(R"({"problems":[{"detail":"Only this."}]})") == "1 finding, the first: Only this.");
}

TEST_CASE("What was taken in one line") {
  CHECK(in_one_line(R"({"accepted":true})") == "accepted");
  CHECK(in_one_line(R"({"id":"FR-1","report":{"conforms":true,"findings":[{},{}]}})") == "FR-1; conforms, 2 remarks");
  CHECK(in_one_line("[]") == "[]");
}

TEST_CASE("A signal in one line: a receipt, or the error with its description, never the envelope") {
  CHECK(in_one_line("<e:Envelope><eb:Messaging><eb:Receipt/></eb:Messaging></e:Envelope>") == "a receipt");
  CHECK(in_one_line(R"(<e><wsse:Binary>MIIB</wsse:Binary><eb:Error category="c" errorCode="EBMS:0103" severity="failure"
 shortDescription="PolicyNoncompliance"><eb:ErrorDetail>Not signed</eb:ErrorDetail></eb:Error></e>)") ==
        "EBMS:0103 PolicyNoncompliance: Not signed");
  CHECK(in_one_line("<e><eb:Messaging/></e>") == "an envelope without receipt or error");
}

TEST_CASE("A long answer ends at a blank, and lines become one") {
  std::string text = "one\ntwo";
  for (int i = 0; i < 100; ++i) text += " word";
  auto const line = in_one_line(text);
  CHECK(line.starts_with("one two word"));
  CHECK(line.ends_with(" word …"));
  CHECK(line.size() < 210);
  CHECK(in_one_line("").empty());
}
