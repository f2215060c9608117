#include "edelivery/xml/document.hpp"

#include "edelivery/run_program.hpp"
#include "skipping.hpp"

#include <catch2/catch.hpp>

#include <ctime>

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

std::string canonical(std::string_view text, std::vector<std::string> const& prefixes = {}) {
  auto const parsed = xml::document::parse(text);
  REQUIRE(parsed);
  return xml::canonicalize(parsed->root(), prefixes).value();
}

xml::node first(xml::document const& document, std::string_view local) {
  auto at = document.root();
  while (at.name() != local) at = at.children().at(0);
  return at;
}

}  // namespace

TEST_CASE("an element gives its name, attributes, children and text") {
  auto const parsed = xml::document::parse(
      "<p:a xmlns:p='u:p' x='1' p:x='2'>one<!-- cut here? -->two<![CDATA[<3>]]><p:b/><c xmlns='u:c'/><p:b "
      "y='&#13;&lt;'/></p:a>");
  REQUIRE(parsed);
  auto const root = parsed->root();

  CHECK(root.is("u:p", "a"));
  CHECK(root.text() == "onetwo<3>");
  CHECK(root.has_text());
  CHECK(root.attribute("x") == "1");
  CHECK(root.attribute("x", "u:p") == "2");
  CHECK(root.attribute("y") == std::nullopt);
  CHECK(root.attributes().size() == 2);
  CHECK(root.children().size() == 3);
  CHECK(root.children("u:p", "b").size() == 2);
  CHECK(root.children("u:p", "b")[1].attribute("y") == "\r<");
  CHECK(root.child("u:c", "c")->namespace_uri() == "u:c");
  CHECK(root.child("u:p", "c") == std::nullopt);
  CHECK(root.children()[0].parent() == root);
  CHECK(root.parent() == std::nullopt);
  CHECK_FALSE(root.children()[0] == root.children()[2]);
}

TEST_CASE("what is not well-formed is refused, undeclared prefixes too") {
  for (auto const* text : {"", "<a><b></a></b>", "<p:a/>", "<a p:b='c'/>", "<a b='1' b='2'/>", "<a/><b/>", "text",
                           "<a xmlns:p='u:' xmlns:q='u:' p:b='1' q:b='2'/>", "<a>\x01</a>"}) {
    INFO(text);
    auto const parsed = xml::document::parse(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == "edelivery.header.xml");
  }
}

TEST_CASE("a byte order mark is accepted and is no part of the canonical form") {
  CHECK(canonical("\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-8'?><a/>") == "<a></a>");
}

TEST_CASE("the canonical form sorts, expands and drops as the recommendation says") {
  CHECK(canonical("<a  z='1'   b=\"2\" ><!-- gone --><c/>&#13;<![CDATA[<&]]></a>") ==
        "<a b=\"2\" z=\"1\"><c></c>&#xD;&lt;&amp;</a>");
}

TEST_CASE("exclusive canonicalisation renders the namespaces that a subtree uses, and those of the prefix list") {
  std::string const text = "<o:outer xmlns:o='u:o' xmlns:p='u:p' xmlns='u:d'><p:in q='x'><p:deep/></p:in></o:outer>";
  auto const parsed = xml::document::parse(text);
  REQUIRE(parsed);
  auto const in = first(*parsed, "in");

  CHECK(xml::canonicalize(in).value() == R"(<p:in xmlns:p="u:p" q="x"><p:deep></p:deep></p:in>)");
  CHECK(xml::canonicalize(in, {"o"}).value() == R"(<p:in xmlns:o="u:o" xmlns:p="u:p" q="x"><p:deep></p:deep></p:in>)");
  CHECK(xml::canonicalize(in, {"#default", "unknown"}).value() ==
        R"(<p:in xmlns="u:d" xmlns:p="u:p" q="x"><p:deep></p:deep></p:in>)");
}

TEST_CASE("no canonical form means a problem, never empty octets") {
  auto const relative =
      xml::document::parse("<a xmlns='not/absolute'><b/></a>", {.relative = xml::relative_namespaces::accepted});
  REQUIRE(relative);
  CHECK_FALSE(xml::canonicalize(relative->root()));
  auto const fine = xml::document::parse("<a/>");
  CHECK_FALSE(xml::canonicalize(fine->root(), std::vector<std::string>(33, "p")));
}

TEST_CASE("our canonical form is that of xmllint") {
  if (!installed("xmllint")) return ehds::tests::skip("xmllint is not installed");
  scratch_folder const folder;
  for (auto const* text :
       {"<a/>",
        "<?xml version='1.0'?>\n<a  b='&#9;&#10;x'>\n t &gt; &#13;<b xmlns='u:b' xmlns:c='u:c' c:d='\"'/>\n</a>\n",
        "<x:a xmlns:x='u:1' xmlns:y='u:2'><y:b xmlns:x='u:3'><x:c y:z='1' a='&lt;'/></y:b><!-- c --></x:a>",
        "<a xmlns='u:a'><b xmlns=''><c xmlns='u:a'/></b>\xC3\xA9\xF0\x9F\x8C\x8D</a>"}) {
    INFO(text);
    auto const in = folder.write("in.xml", text);
    auto const out = folder / "out.xml";
    REQUIRE(std::system(("xmllint --exc-c14n " + in.string() + " > " + out.string() + " 2>/dev/null").c_str()) == 0);
    auto const ours = xml::canonicalize(*xml::document::parse(text)).value();
    auto theirs = file_content(out);
    // xmllint keeps comments; none of ours do.
    if (auto const at = theirs.find("<!-- c -->"); at != std::string::npos) theirs.erase(at, 10);
    CHECK(ours == theirs);
  }
}

TEST_CASE("canonicalising the largest document that passes the scan stays quick") {
  std::string text = "<a xmlns:z='u:z'>";
  for (int i = 0; i < 200; ++i) {
    auto const n = std::to_string(i);
    text += "<b xmlns:n" + n + "='u:" + n + "' n" + n + ":a='" + n + "'>";
    text += "<c p='1' q='2' r='3'/><c/><c/><c/><c/><c/><c/></b>";
  }
  text += "</a>";
  auto const begin = std::clock();  // of the processor
  auto const parsed = xml::document::parse(text);
  REQUIRE(parsed);
  CHECK(xml::canonicalize(parsed->root(), std::vector<std::string>(32, "z")));
  CHECK(std::clock() - begin < 2 * CLOCKS_PER_SEC);
}

TEST_CASE("no arrangement of namespaces within the limits makes reading slow") {
  // Every declaration in scope of every element, and elements that look for what is not there.
  std::string text;
  std::string end;
  for (int i = 0; i < 3; ++i) {
    text += "<a";
    for (int j = 0; j < 31; ++j) text += " xmlns:n" + std::to_string(i * 31 + j) + "='u:" + std::to_string(j) + "'";
    text += ">";
    end += "</a>";
  }
  for (int i = 0; i < 1'000; ++i) text += "<n0:b n1:c='1'/>";
  text += end;
  auto const begin = std::clock();  // of the processor
  auto const parsed = xml::document::parse(text);
  REQUIRE(parsed);
  CHECK(xml::canonicalize(parsed->root().children().at(0)));
  CHECK(std::clock() - begin < 3 * CLOCKS_PER_SEC);
}

TEST_CASE("escaped text survives a round trip as content and as attribute value") {
  std::string const nasty = "a<b>&\"'\r\n\t]]> \xC3\xA9";
  auto const parsed = xml::document::parse("<a b=\"" + xml::escaped(nasty) + "\">" + xml::escaped(nasty) + "</a>");
  REQUIRE(parsed);
  CHECK(parsed->root().text() == nasty);
  CHECK(parsed->root().attribute("b") == nasty);
}
