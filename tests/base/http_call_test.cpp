#include "base/http_call.hpp"

#include <catch2/catch.hpp>

#include "base/ids.hpp"

namespace ehds::tests {
namespace {

// Says that it has more than it gives, or cannot be read from some byte on.
class broken_source final : public byte_source {
 public:
  explicit broken_source(std::uint64_t readable, bool is_short = false) : readable_(readable), is_short_(is_short) {}
  std::uint64_t size() const override { return 200'000; }
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const override {
    if (at >= readable_ && is_short_) return std::string_view{};
    if (at >= readable_) return problem{"disk.read", "The disk is broken.", "", ""};
    space.assign(std::min<std::uint64_t>(most, readable_ - at), 'x');
    return std::string_view(space);
  }

 private:
  std::uint64_t readable_;
  bool is_short_;
};

http_call_request sending(byte_source const& from) {
  http_call_request request;
  request.stream = streamed(from);
  return request;
}

}  // namespace

TEST_CASE("a source is sent whole, piece by piece, and its size is known before") {
  for (std::size_t const size :
       {std::size_t{0}, std::size_t{1}, source_piece, source_piece + 1, std::size_t{200'000}}) {
    auto const bytes = random_bytes(size);
    memory_source const source(bytes);
    auto const request = sending(source);
    CHECK(request.stream->size == size);
    auto const whole = whole_body(request);
    REQUIRE(whole);
    CHECK(*whole == bytes);
    CHECK(request.stream->next().value().empty());  // and stays at its end
  }
}

TEST_CASE("a source that cannot be read to its end is a problem, after what could be read") {
  broken_source const source(source_piece + 5);
  auto const request = sending(source);
  CHECK(request.stream->next().value().size() == source_piece);
  CHECK(request.stream->next().value().size() == 5);
  CHECK(request.stream->next().error().code == "disk.read");
}

TEST_CASE("a source that ends before its size says so is a problem, and no end") {
  broken_source const source(source_piece, true);
  auto const request = sending(source);
  CHECK(request.stream->next().value().size() == source_piece);
  CHECK(request.stream->next().error().code == "base.source_short");
}

TEST_CASE("a header is found whatever the case of its name") {
  http_call_response const answer{200, {{"Content-Type", "text/plain"}}, "", false};
  CHECK(answer.header("content-type") == "text/plain");
  CHECK(answer.header("location").empty());
}

}  // namespace ehds::tests
