#include "base/result.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "base/http_call.hpp"

using namespace ehds;

namespace {
result<int> half(int n) {
  if (n % 2 != 0) return problem{"odd", "the number is odd", "n", "give an even one"};
  return n / 2;
}
}  // namespace

TEST_CASE("a result chains values and stops at the first problem") {
  CHECK(half(8).and_then(half).and_then(half).value() == 1);
  CHECK(half(6).and_then(half).error().code == "odd");
  CHECK(half(8).transform([](int n) { return std::to_string(n); }).value() == "4");
  CHECK(half(7).or_else([](problem) { return result<int>(0); }).value() == 0);
  CHECK(half(7).value_or(-1) == -1);
}

TEST_CASE("a result of nothing is done or a problem") {
  result<void> done;
  CHECK(done);
  result<void> failed = problem{"full", "the disk is full", {}, {}};
  CHECK_FALSE(failed);
  CHECK(std::move(failed).and_then([] { return half(2); }).error().code == "full");
}

TEST_CASE("a result holds what can only be moved") {
  result<std::unique_ptr<int>> held = std::make_unique<int>(3);
  auto taken = *std::move(held);
  CHECK(*taken == 3);
}

TEST_CASE("a problem reads as one sentence") {
  CHECK(to_text(half(1).error()) == "the number is odd (at n) Mend: give an even one");
  CHECK(to_text({"x", "broken", {}, {}}) == "broken");
}

TEST_CASE("a response header is found in any case") {
  http_call_response const answer{200, {{"Content-Type", "text/plain"}}, {}};
  CHECK(answer.header("content-type") == "text/plain");
  CHECK(answer.header("etag").empty());
}
