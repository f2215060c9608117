// What canonical_text makes of a text, beside what libxml2 makes of it: the same, or nothing.
#include "edelivery/xml/canonical_text.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

#include "edelivery/xml/document.hpp"

using namespace ehds;
using namespace ehds::edelivery;

namespace {

std::vector<xml::bound_prefix> const bound{
    {"a", "http://a.example/ns"}, {"b", "urn:b:ns"}, {"c", "http://c.example/#"}};

std::optional<std::string> by_libxml2(std::string const& element) {
  std::string whole = "<a:around";
  for (auto const& [prefix, uri] : bound) whole.append(" xmlns:").append(prefix).append("=\"").append(uri).append("\"");
  auto const parsed = xml::document::parse(whole + ">" + element + "</a:around>");
  if (!parsed || parsed->root().children().size() != 1) return std::nullopt;
  auto const octets = xml::canonicalize(parsed->root().children().front());
  return octets ? std::optional(*octets) : std::nullopt;
}

struct wanted_form {
  char const* text;
  char const* canonical;  // nothing: left to the parser
};

// Texts that one step of a writer could bring forth, and those it must never believe.
std::string random_element(std::mt19937& dice, int depth) {
  auto const one_of = [&](std::vector<std::string> const& all) { return all[dice() % all.size()]; };
  static std::vector<std::string> const names{"a:x", "b:x", "a:y-1", "c:_z", "x", "d:x", "xml:x", "a:"};
  static std::vector<std::string> const attributes{"a:p=\"1\"",
                                                   "b:p=\"&lt;&quot;&#xA;\"",
                                                   "p=\"&gt;'&apos;\"",
                                                   "q=\"\"",
                                                   "xml:lang=\"en\"",
                                                   "xmlns:a=\"urn:other\"",
                                                   "xmlns:d=\"http://d.example\"",
                                                   "xmlns=\"urn:default:ns\"",
                                                   "xmlns:b=\"urn:b:ns\"",
                                                   "p='1'",
                                                   "xmlns:e=\"relative\"",
                                                   "xmlns:f=\"http://f:x/\"",
                                                   "a:p =\"1\"",
                                                   "p=\"\t\""};
  static std::vector<std::string> const texts{
      "word", "&amp;&lt;&gt;", "&quot;&#xD;\n", "  ",      "\xC3\xA9", "", "&#65;", "<!-- -->", "]]>",
      "\r",   "<![CDATA[x]]>", "\xFF",          "&eacute;"};
  auto const name = one_of(names);
  std::string text = "<" + name;
  // Rare things rarely, so that most texts are good.
  auto const often = [&](std::vector<std::string> const& all, std::size_t usual) {
    return all[dice() % 40 == 0 ? dice() % all.size() : dice() % usual];
  };
  for (auto count = dice() % 4; count > 0; --count) text += " " + often(attributes, 9);
  if (dice() % 5 == 0) return text + "/>";
  text += ">";
  for (auto count = dice() % 4; count > 0; --count) {
    text += depth > 0 && dice() % 2 == 0 ? random_element(dice, depth - 1) : often(texts, 6);
  }
  return text + "</" + (dice() % 200 == 0 ? one_of(names) : name) + ">";
}

}  // namespace

TEST_CASE("a text is brought into canonical form without being parsed") {
  static wanted_form const forms[] = {
      {"<a:x/>", R"(<a:x xmlns:a="http://a.example/ns"></a:x>)"},
      {"<a:x><a:y/></a:x>", R"(<a:x xmlns:a="http://a.example/ns"><a:y></a:y></a:x>)"},
      {R"(<a:x z="1" b:y="2" y="&gt;"/>)",
       R"(<a:x xmlns:a="http://a.example/ns" xmlns:b="urn:b:ns" y=">" z="1" b:y="2"></a:x>)"},
      {"<a:x>&quot;&gt;&#xD;&#xA;</a:x>", "<a:x xmlns:a=\"http://a.example/ns\">\"&gt;&#xD;\n</a:x>"},
      {R"(<x xmlns="urn:d:ns" xmlns:unused="urn:unused"><y/></x>)", R"(<x xmlns="urn:d:ns"><y></y></x>)"},
      {R"(<a:x><a:y xmlns:a="urn:new"/><a:z/></a:x>)",
       R"(<a:x xmlns:a="http://a.example/ns"><a:y xmlns:a="urn:new"></a:y><a:z></a:z></a:x>)"},
      {"<a:x xml:lang=\"en\"/>", R"(<a:x xmlns:a="http://a.example/ns" xml:lang="en"></a:x>)"},
  };
  for (auto const& [text, canonical] : forms) {
    INFO(text);
    auto const made = xml::canonical_text(text, bound);
    REQUIRE(made);
    CHECK(*made == canonical);
    CHECK(made == by_libxml2(text));
  }
}

TEST_CASE("what is more than plain text is left to the parser") {
  for (auto const* const text : {"",
                                 "x",
                                 "<a:x>",
                                 "<a:x></a:y>",
                                 "<a:x/><a:x/>",
                                 " <a:x/>",
                                 "<a:x/> ",
                                 "<d:x/>",
                                 "<x/>",
                                 "<a:x><!-- --></a:x>",
                                 "<a:x><![CDATA[y]]></a:x>",
                                 "<a:x><?y z?></a:x>",
                                 "<a:x>&#65;</a:x>",
                                 "<a:x>&other;</a:x>",
                                 "<a:x>]]></a:x>",
                                 "<a:x>\r</a:x>",
                                 "<a:x>\x01</a:x>",
                                 "<a:x>\xFF</a:x>",
                                 "<a:x>\xEF\xBF\xBF</a:x>",
                                 "<a:x p='1'/>",
                                 "<a:x p=\"1\" p=\"2\"/>",
                                 "<a:x a:p=\"1\" e:p=\"2\" xmlns:e=\"http://a.example/ns\"/>",
                                 "<a:x p=\"<\"/>",
                                 "<a:x p=\"\n\"/>",
                                 "<a:x xmlns:a=\"\"/>",
                                 "<x xmlns=\"\"/>",
                                 "<a:x xmlns:e=\"no/scheme\"/>",
                                 "<a:x xmlns:xml=\"http://www.w3.org/XML/1998/namespace\"/>",
                                 "<a:x xmlns:e=\"urn:1\" xmlns:e=\"urn:1\"/>",
                                 "<xml:x/>",
                                 "<a:x",
                                 "<a:x p",
                                 "<a:x p=\"",
                                 "<a:x p=\"1\"q=\"2\"/>",
                                 "<a:1/>",
                                 "<a:x ></a:x >"}) {
    INFO(text);
    CHECK_FALSE(xml::canonical_text(text, bound));
  }
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "<a:x>";
  CHECK_FALSE(xml::canonical_text(deep, bound));
  CHECK_FALSE(xml::canonical_text("<a:x>" + std::string(2'000'000, 'x') + "</a:x>", bound));
}

TEST_CASE("libxml2 agrees with every canonical form that is made from a text") {
  std::mt19937 dice(20260311);  // the same texts each time
  int made = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto const text = random_element(dice, 3);
    auto const ours = xml::canonical_text(text, bound);
    if (!ours) continue;
    ++made;
    auto const theirs = by_libxml2(text);
    if (ours != theirs) {
      INFO(text);
      CHECK(ours == theirs);
      break;
    }
  }
  CHECK(made > 2'000);
}

TEST_CASE("a part of a document has the same form whatever stands around it") {
  auto const whole = xml::document::parse(
      R"(<r xmlns="urn:r" xmlns:p="urn:p" xmlns:q="urn:q"><p:a q:z="1" y="2"><b/></p:a><!-- --><p:c>t</p:c> </r>)");
  REQUIRE(whole);
  auto const parts = whole->root().children();
  CHECK(xml::canonicalize(parts[0]).value() ==
        R"(<p:a xmlns:p="urn:p" xmlns:q="urn:q" y="2" q:z="1"><b xmlns="urn:r"></b></p:a>)");
  CHECK(xml::canonicalize(parts[1]).value() == R"(<p:c xmlns:p="urn:p">t</p:c>)");
  CHECK(xml::canonicalize(parts[1], {"#default", "q"}).value() ==
        R"(<p:c xmlns="urn:r" xmlns:p="urn:p" xmlns:q="urn:q">t</p:c>)");
}
