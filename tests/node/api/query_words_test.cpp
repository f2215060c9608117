// What stands after the '?' is read as it is, or, on a page that somebody typed, as not there.
#include "node/api/query_words.hpp"

#include <catch2/catch.hpp>

#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::node::api;
using namespace ehds::tests;

namespace {

node::http::request with(std::string const& query) { return request_of("GET", "/x?" + query); }

}  // namespace

TEST_CASE("a number is a whole one from nothing on, or it is not there") {
  CHECK(number_asked(with("after=12"), "after") == 12);
  CHECK(number_asked(with("after=0"), "after") == 0);
  for (auto const* text : {"after=", "", "after=-1", "after=x", "after=1x", "after=%2B1", "after=1.5",
                           "after=99999999999999999999", "after=%00"}) {
    INFO(text);
    CHECK_FALSE(number_asked(with(text), "after").has_value());
  }
}

TEST_CASE("a count is at least one, and what is more than most is most") {
  CHECK(count_asked(with(""), "count", 50, 500) == 50);
  CHECK(count_asked(with("count=7"), "count", 50, 500) == 7);
  CHECK(count_asked(with("limit=7"), "limit", 50, 500) == 7);
  CHECK(count_asked(with("count=501"), "count", 50, 500) == 500);
  for (auto const* text : {"count=0", "count=-1", "count=abc"}) CHECK(count_asked(with(text), "count", 50, 500) == 50);
}

TEST_CASE("a text is what it is, and of no length it is not there") {
  CHECK(text_asked(with("subject=a%20b"), "subject") == "a b");
  CHECK_FALSE(text_asked(with("subject="), "subject").has_value());
  CHECK_FALSE(text_asked(with("other=1"), "subject").has_value());
}
