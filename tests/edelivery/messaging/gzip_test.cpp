#include "edelivery/compression/gzip.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "base/bytes.hpp"
#include "base/ids.hpp"

using namespace ehds;
using namespace ehds::edelivery;

namespace {

std::string code_of_gzip(std::string const& packed, gunzip_limits const& limits = {}) {
  auto const unpacked = gunzip(packed, limits);
  return unpacked ? "accepted" : unpacked.error().code;
}

}  // namespace

TEST_CASE("what is packed is unpacked") {
  for (auto const& bytes : {std::string{}, std::string{"x"}, std::string(3'000'000, 'a'), random_bytes(300'000)}) {
    auto const unpacked = gunzip(gzip(bytes), {.ratio = 100'000});
    REQUIRE(unpacked);
    CHECK(*unpacked == bytes);
  }
}

TEST_CASE("packing the same bytes twice gives the same bytes") {
  std::string const bytes = "a retry keeps its digests";

  CHECK(gzip(bytes) == gzip(bytes));
}

TEST_CASE("damaged gzip is refused") {
  auto const packed = gzip("some words that are worth keeping");
  auto wrong_sum = packed;
  wrong_sum[packed.size() - 6] = static_cast<char>(wrong_sum[packed.size() - 6] ^ 1);
  auto wrong_size = packed;
  wrong_size.back() = 'x';

  CHECK(code_of_gzip("") == "edelivery.compression.truncated");
  CHECK(code_of_gzip("plain text") == "edelivery.compression.damaged");
  CHECK(code_of_gzip(wrong_sum) == "edelivery.compression.damaged");
  CHECK(code_of_gzip(wrong_size) == "edelivery.compression.damaged");
  CHECK(code_of_gzip(packed + "x") == "edelivery.compression.trailing_bytes");
  CHECK(code_of_gzip(packed + packed) == "edelivery.compression.trailing_bytes");
}

TEST_CASE("gzip cut anywhere is refused") {
  auto const packed = gzip("some words that are worth keeping");
  for (std::size_t length = 0; length < packed.size(); ++length) {
    CHECK(code_of_gzip(packed.substr(0, length)) == "edelivery.compression.truncated");
  }
}

TEST_CASE("limits hold to the byte") {
  auto const packed = gzip(std::string(1000, 'a'));

  CHECK(code_of_gzip(packed, {.bytes = 1000}) == "accepted");
  CHECK(code_of_gzip(packed, {.bytes = 999}) == "edelivery.compression.too_large");
  CHECK(code_of_gzip(packed, {.ratio = 2, .free_bytes = 1000}) == "accepted");
  CHECK(code_of_gzip(packed, {.ratio = 2, .free_bytes = 999}) == "edelivery.compression.ratio");
}

TEST_CASE("what is packed within limits is taken by who has them, whatever it holds and in whatever pieces it came") {
  std::string const repetitive(6'000'000, '\0');
  auto const mixed = repetitive + random_bytes(200'000) + std::string(3'000'000, 'x') + "end";
  for (std::uint64_t const ratio : {16U, 20U, 200U, 900U})
    for (auto const& bytes : {repetitive, mixed, repetitive.substr(0, 1'100'000)}) {
      gunzip_limits const limits{.ratio = ratio};
      auto const packed = gzip(bytes, limits);
      INFO(ratio << " " << bytes.size() << " " << packed.size());
      CHECK((gunzip(packed, limits).value() == bytes));
      CHECK(code_of_gzip(gzip(bytes), limits) ==
            (bytes == mixed && ratio > 40 ? "accepted" : "edelivery.compression.ratio"));
      gzip_stream in_pieces(limits);
      string_sink out;
      for (std::size_t at = 0; at < bytes.size(); at += 70'001)
        REQUIRE(in_pieces.add(std::string_view(bytes).substr(at, 70'001), out));
      REQUIRE(in_pieces.finish(out));
      CHECK((out.text == packed));
    }
}

TEST_CASE("limits cost next to nothing what is repetitive within their ratio") {
  std::string const rest = to_hex(random_bytes(150));
  std::string rows;
  for (int n = 0; rows.size() < 1'150'000; ++n) rows += "<observation id=\"" + std::to_string(n * 7919) + "\">" + rest;
  auto const plain = gzip(rows).size();
  REQUIRE(rows.size() / plain > 30);
  REQUIRE(rows.size() / plain < 150);
  CHECK(gzip(rows, gunzip_limits{}).size() < plain * 21 / 20);
}

TEST_CASE("limits cost what is not repetitive nothing") {
  auto const text = to_hex(random_bytes(2'000'000));
  CHECK((gzip(text, gunzip_limits{}) == gzip(text)));
  std::string const small(900'000, 'x');  // within the bytes that may be as repetitive as they like
  CHECK((gzip(small, gunzip_limits{}) == gzip(small)));
}

TEST_CASE("a bomb is stopped long before it has unfolded") {
  auto const bomb = gzip(std::string(80'000'000, '\0'));

  CHECK(code_of_gzip(bomb) == "edelivery.compression.ratio");
  CHECK(code_of_gzip(bomb, {.bytes = 1'000'000, .ratio = 1'000'000}) == "edelivery.compression.too_large");
}
