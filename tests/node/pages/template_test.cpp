// The template language: what is written is escaped for its place, and what is wrong is an error.
#include <catch2/catch.hpp>

#include "node/pages/markup/page_template.hpp"

using namespace ehds::node::pages;

namespace {

std::string const attack = R"("><script>alert('x')</script>&)";

std::string filled(std::string const& source, value const& view) {
  template_set templates;
  templates.add("page", source);
  return templates.render("page", view, [](std::string_view key) { return "<" + std::string(key) + ">"; });
}

std::string fault_of(std::string const& source) {
  auto const parsed = parse_template(source);
  return parsed ? "" : parsed.error().detail;
}

}  // namespace

TEST_CASE("a value between tags and in an attribute cannot become markup") {
  auto const view = value::object({{"x", attack}});
  CHECK(filled("<p>{{x}}</p>", view) == "<p>&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</p>");
  CHECK(filled("<p title=\"a {{x}}\"></p>", view).find("<script>") == std::string::npos);
  CHECK(filled("<p title=\"{{t hello}}\">{{t hello}}</p>", view) == "<p title=\"&lt;hello&gt;\">&lt;hello&gt;</p>");
}

TEST_CASE("an address keeps only harmless schemes, and a part of one cannot leave its place") {
  auto const link = [](std::string const& to) { return filled("<a href=\"{{x}}\">x</a>", value::object({{"x", to}})); };
  for (auto const* const bad : {"javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:x",
                                "data:text/html,x", "//evil.example/", "/\\evil.example", "vbscript:x", "/a b"})
    CHECK(link(bad) == "<a href=\"#\">x</a>");
  CHECK(link("https://example.org/?a=1&b=2") == "<a href=\"https://example.org/?a=1&amp;b=2\">x</a>");
  CHECK(link("/datasets/1") == "<a href=\"/datasets/1\">x</a>");
  CHECK(filled("<a href=\"/datasets/{{x}}?v={{x}}\">x</a>", value::object({{"x", "a/b?c=\"d#e&"}})) ==
        "<a href=\"/datasets/a%2Fb%3Fc%3D%22d%23e%26?v=a%2Fb%3Fc%3D%22d%23e%26\">x</a>");
}

TEST_CASE("sections repeat lists, enter objects, and follow whether a text is empty") {
  auto const view = value::object({{"items", value::list({value::object({{"n", "1"}}), value::object({{"n", "2"}})})},
                                   {"words", value::list({value("a"), value("b")})},
                                   {"inner", value::object({{"deep", "d"}})},
                                   {"none", value::list({})},
                                   {"empty", ""},
                                   {"n", "outer"}});
  CHECK(filled("{{#items}}{{n}},{{/items}}{{n}}", view) == "1,2,outer");
  CHECK(filled("{{#words}}{{.}}{{/words}}", view) == "ab");
  CHECK(filled("{{#inner}}{{deep}}{{n}}{{/inner}}", view) == "douter");
  CHECK(filled("{{^none}}no{{/none}}{{#none}}yes{{/none}}{{^empty}}e{{/empty}}{{#n}}t{{/n}}", view) == "noet");
  CHECK(filled("<option {{#n}}selected {{/n}}>x</option>", view) == "<option selected >x</option>");
  CHECK(filled("<p class=\"a{{#n}} b{{/n}}\"></p>", view) == "<p class=\"a b\"></p>");
}

TEST_CASE("an unknown name, a part that is not there and a list written as text are errors") {
  auto const view = value::object({{"list", value::list({})}});
  CHECK_THROWS_AS(filled("{{missing}}", view), std::logic_error);
  CHECK_THROWS_AS(filled("{{#missing}}x{{/missing}}", view), std::logic_error);
  CHECK_THROWS_AS(filled("{{^missing}}x{{/missing}}", view), std::logic_error);
  CHECK_THROWS_AS(filled("{{>missing}}", view), std::out_of_range);
  CHECK_THROWS_AS(filled("{{list}}", view), std::logic_error);
}

TEST_CASE("a layout takes a page as its content") {
  template_set templates;
  templates.add("layout", "<main>{{>content}}</main>");
  templates.add("page", "<p>{{x}}{{>part}}</p>");
  templates.add("part", "<b>{{x}}</b>");
  auto const words = [](std::string_view) { return std::string(); };
  CHECK(templates.render_in("layout", "page", value::object({{"x", "<"}}), words) ==
        "<main><p>&lt;<b>&lt;</b></p></main>");
}

TEST_CASE("a template in which a value could escape its place is refused") {
  for (auto const* const bad : {"<p title={{x}}>",
                                "<p title='{{x}}'>",
                                "<p {{x}}>",
                                "<{{x}}>",
                                "<p onclick=\"{{x}}\">",
                                "<p style=\"{{x}}\">",
                                "<script>{{x}}</script>",
                                "<script>alert(1)</script>",
                                "<style>{{x}}</style>",
                                "<!-- {{x}} -->",
                                "{{{x}}}",
                                "{{&x}}",
                                "{{#x}}<p",
                                "{{#x}}<p>{{/y}}",
                                "{{/x}}",
                                "{{x",
                                "<p title=\"{{#x}}\">{{/x}}",
                                "<p {{>part}}>",
                                "<iframe srcdoc=\"{{x}}\">",
                                "<p title=\"",
                                "{{Two Words}}"}) {
    INFO(bad);
    CHECK_FALSE(fault_of(bad).empty());
  }
  CHECK(fault_of("<script src=\"/static/page.js\" defer></script><p>{{x}}</p>").empty());
  CHECK(parse_template("<p>\n\n{{#x}}").error().where == "line 3");
}
