#include "dcat/rdf/iri.hpp"

#include <catch2/catch.hpp>

using namespace ehds::dcat;

TEST_CASE("References resolve as RFC 3986 5.4 lists them") {
  struct reference {
    char const* text;
    char const* whole;
  };
  auto const r = GENERATE(values<reference>({
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g?y/./x", "http://a/b/c/g?y/./x"},
      {"g#s/../x", "http://a/b/c/g#s/../x"},
  }));
  INFO(r.text);
  CHECK(resolve_iri(r.text, "http://a/b/c/d;p?q") == r.whole);
}

TEST_CASE("A base without a path takes one") { CHECK(resolve_iri("g", "http://a") == "http://a/g"); }

TEST_CASE("A scheme is a scheme") {
  CHECK(has_scheme("http://e"));
  CHECK(has_scheme("urn:x"));
  CHECK_FALSE(has_scheme("a/b:c"));
  CHECK_FALSE(has_scheme(":x"));
  CHECK_FALSE(has_scheme("1a:x"));
  CHECK_FALSE(has_scheme("nothing"));
}
