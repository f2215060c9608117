#include "base/percent.hpp"

#include <catch2/catch.hpp>

using namespace ehds;

TEST_CASE("percent-decoding is strict and undone by encoding") {
  CHECK(*percent_decode("a%20b%2Fc+d") == "a b/c+d");
  CHECK(*percent_decode("%e2%82%AC") == "\xe2\x82\xac");
  CHECK(percent_encode("a b/c+d~") == "a%20b%2Fc%2Bd~");
  for (auto const* wrong : {"%", "%2", "%2x", "%x2", "a%"}) {
    INFO(wrong);
    REQUIRE_FALSE(percent_decode(wrong));
    CHECK(percent_decode(wrong).error().code == "percent.malformed");
  }
}

TEST_CASE("lenient percent-decoding leaves what is no escape as it is") {
  CHECK(percent_decode_leniently("a%20b%2Fc+d") == "a b/c+d");
  CHECK(percent_decode_leniently("").empty());
  for (auto const* odd : {"%", "%2", "%2x", "%x2", "a%", "100%"}) {
    INFO(odd);
    CHECK(percent_decode_leniently(odd) == odd);
  }
  CHECK(percent_decode_leniently("%%41%4") == "%A%4");
}

TEST_CASE("what is percent-encoded decodes to itself, for every byte") {
  std::string all;
  for (int b = 0; b < 256; ++b) all += static_cast<char>(b);

  CHECK(*percent_decode(percent_encode(all)) == all);
}
