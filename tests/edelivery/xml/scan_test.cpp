#include "edelivery/xml/scan.hpp"

#include <catch2/catch.hpp>

#include <ctime>
#include <string>

using namespace ehds;
using namespace ehds::edelivery;

namespace {

std::string code_of_scan(std::string_view text, xml::limits const& allowed = {}) {
  auto const scanned = xml::scan(text, allowed);
  return scanned ? "" : scanned.error().code;
}

std::string repeated(std::string_view what, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += what;
  return all;
}

}  // namespace

TEST_CASE("the scan passes what a SOAP message is made of") {
  CHECK(code_of_scan("<a/>").empty());
  CHECK(code_of_scan("\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8' standalone=\"no\"?>\n<a x=\"1\"><b y='>'/>t</a>")
            .empty());
  CHECK(code_of_scan("<a><!-- <!DOCTYPE --> &amp;&lt;&gt;&quot;&apos;&#13;&#x0D; <![CDATA[<!DOCTYPE &x; <?p?>]]></a>")
            .empty());
  CHECK(code_of_scan("<a xmlns = 'u:a' xmlns:b\n=\n'u:b' b:c='&amp;'></a>").empty());
  CHECK(code_of_scan("<a xmlns='u:a' b='relative'><c xmlns='' d='http://www.w3.org/2001/XInclude'/></a>").empty());
  CHECK(code_of_scan("<a xmlnsb='relative' xmlns-c='relative' b:xmlns='relative'/>").empty());
  CHECK(code_of_scan("<a xmlns='eu.domibus'/>", {.relative = xml::relative_namespaces::accepted}).empty());
}

TEST_CASE("the scan refuses what a SOAP message may not hold, naming it") {
  struct refused {
    char const* text;
    char const* code;
  };
  static constexpr refused cases[] = {
      {"<!DOCTYPE a><a/>", "edelivery.header.doctype"},
      {"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "edelivery.header.doctype"},
      {"<a><!ELEMENT b></a>", "edelivery.header.doctype"},
      {"<a>&b;</a>", "edelivery.header.entity"},
      {"<a b='&c;'/>", "edelivery.header.entity"},
      {"<a><?xml-stylesheet href='x'?></a>", "edelivery.header.processing_instruction"},
      {"<a xmlns='relative/name'/>", "edelivery.header.relative_namespace"},
      {"<a xmlns\t='relative/name'/>", "edelivery.header.relative_namespace"},
      {"<a><b xmlns:c = \n \"relative\" d='e'/></a>", "edelivery.header.relative_namespace"},
      {"<a xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='b'/></a>", "edelivery.header.include"},
      {" <?xml version='1.0'?><a/>", "edelivery.header.processing_instruction"},
      {"<?xml version='1.0' encoding='UTF-16'?><a/>", "edelivery.header.encoding"},
      {"<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "edelivery.header.encoding"},
      {"<a>\xFF</a>", "edelivery.header.encoding"},
      {"\xFF\xFE<\0a\0/\0>\0", "edelivery.header.encoding"},
      {"<a>", "edelivery.header.xml"},
      {"<a></a></a>", "edelivery.header.xml"},
      {"<a b='c", "edelivery.header.xml"},
      {"<a <b/>", "edelivery.header.xml"},
      {"<a><!-- </a>", "edelivery.header.xml"},
      {"<a><![CDATA[ </a>", "edelivery.header.xml"},
  };
  for (auto const& each : cases) {
    INFO(each.text);
    CHECK(code_of_scan(each.text) == each.code);
  }
}

TEST_CASE("each limit of the scan is counted exactly") {
  xml::limits few;
  few.bytes = 200;
  few.depth = 3;
  few.elements = 5;
  few.attributes = 6;
  few.element_attributes = 4;
  few.namespaces = 3;
  few.element_namespaces = 2;

  CHECK(code_of_scan(std::string(200, ' '), few).empty());
  CHECK(code_of_scan(std::string(201, ' '), few) == "edelivery.header.size");
  CHECK(code_of_scan("<a><b><c/></b></a>", few).empty());
  CHECK(code_of_scan("<a><b><c><d/></c></b></a>", few) == "edelivery.header.depth");
  CHECK(code_of_scan("<a><b/><b/><b/><b/></a>", few).empty());
  CHECK(code_of_scan("<a><b/><b/><b/><b/><b/></a>", few) == "edelivery.header.elements");
  CHECK(code_of_scan("<a b='' c='' d='' e=''/>", few).empty());
  CHECK(code_of_scan("<a b='' c='' d='' e='' f=''/>", few) == "edelivery.header.attributes");
  CHECK(code_of_scan("<a b='' c='' d='' e=''><b b='' c='' d=''/></a>", few) == "edelivery.header.attributes");
  CHECK(code_of_scan("<a xmlns='u:' xmlns:b='u:'/>", few).empty());
  CHECK(code_of_scan("<a xmlns='u:' xmlns:b='u:' xmlns:c='u:'/>", few) == "edelivery.header.namespaces");
  CHECK(code_of_scan("<a xmlns='u:' xmlns:b='u:'><b xmlns='u:' xmlns:c='u:'/></a>", few) ==
        "edelivery.header.namespaces");
}

TEST_CASE("declarations in force at one place and the size of the tree to come are bounded") {
  xml::limits few;
  few.open_namespaces = 2;
  CHECK(code_of_scan("<a xmlns='u:'><b xmlns='v:'/><c xmlns='v:'></c><d xmlns='v:'/></a>", few).empty());
  CHECK(code_of_scan("<a xmlns='u:'><b xmlns='v:'><c xmlns='w:'/></b></a>", few) == "edelivery.header.namespaces");
  CHECK(code_of_scan("<a xmlns='u:'><b xmlns='v:'></b><b xmlns='v:'><c/></b></a>", few).empty());

  xml::limits small;
  small.tree_base = 2'000;
  small.tree_growth = 0;
  CHECK(code_of_scan("<a>" + repeated("<b/>", 8) + "</a>", small).empty());
  CHECK(code_of_scan("<a>" + repeated("<b/>", 9) + "</a>", small) == "edelivery.header.tree");
  CHECK(code_of_scan("<a b='' c='' d='' e='' f=''/>", small) == "edelivery.header.tree");
  CHECK(code_of_scan("<a>" + repeated("x<!---->", 7) + "</a>", small) == "edelivery.header.tree");
  small.tree_growth = 100;
  CHECK(code_of_scan("<a>" + repeated("<b/>", 9) + "</a>", small).empty());
}

TEST_CASE("a refusal names the byte where it happened") {
  auto const scanned = xml::scan("<a>\n&b;</a>");
  REQUIRE_FALSE(scanned);
  CHECK(scanned.error().where == "byte 4");
}

TEST_CASE("documents built to be slow are refused in milliseconds") {
  std::string const deep = repeated("<a>", 1'000'000);
  std::string wide = "<a";
  for (int i = 0; i < 200'000; ++i) wide += " a" + std::to_string(i) + "=''";
  wide += "/>";
  std::string declared = "<a";
  for (int i = 0; i < 100'000; ++i) declared += " xmlns:a" + std::to_string(i) + "='u:'";
  declared += "/>";
  std::string const many = "<a>" + repeated("<b/>", 1'000'000) + "</a>";

  auto const begin = std::clock();  // of the processor
  CHECK(code_of_scan(deep) == "edelivery.header.depth");
  CHECK(code_of_scan(wide) == "edelivery.header.attributes");
  CHECK(code_of_scan(declared) == "edelivery.header.namespaces");
  CHECK(code_of_scan(many) == "edelivery.header.elements");
  CHECK(code_of_scan(std::string(50'000'000, '<')) == "edelivery.header.size");
  CHECK(std::clock() - begin < 1 * CLOCKS_PER_SEC);
}

TEST_CASE("processing instructions pass where they are accepted") {
  xml::limits lenient;
  lenient.instructions = xml::processing_instructions::accepted;
  CHECK(code_of_scan("<?xml version='1.0'?><?style x?><a><?b <c?></a>", lenient).empty());
}
