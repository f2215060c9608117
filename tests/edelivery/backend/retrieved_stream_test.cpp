// Texts and payloads in base64 as one source, whatever piece of it is asked for.
#include "edelivery/backend/retrieved_stream.hpp"

#include <catch2/catch.hpp>

#include "base/bytes.hpp"

using namespace ehds;
using edelivery::backend::retrieved_stream;

namespace {

retrieved_stream stream_of(std::vector<std::string> texts, std::vector<std::string> const& payloads) {
  std::vector<std::unique_ptr<byte_source>> sources;
  for (auto const& one : payloads) sources.push_back(std::make_unique<memory_source>(one));
  return {std::move(texts), std::move(sources)};
}

}  // namespace

TEST_CASE("every piece of the stream is the same piece of the whole text") {
  std::vector<std::string> const payloads{"", "a", "ab", "abc", "abcdefgh", std::string("\0\xff", 2)};
  std::vector<std::string> const texts{"<1>", "", "<3>", "<4>", "", "<6>", "<7>"};
  std::string whole = texts[0];
  for (std::size_t n = 0; n < payloads.size(); ++n) whole += to_base64(payloads[n]) + texts[n + 1];
  auto const stream = stream_of(texts, payloads);
  CHECK(stream.size() == whole.size());
  for (std::size_t most : {1U, 2U, 3U, 4U, 5U, 7U, 100U})
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string space;
      auto const piece = stream.look(at, most, space);
      REQUIRE(piece);
      INFO(at << " " << most);
      REQUIRE_FALSE(piece->empty());
      CHECK(piece->size() <= most);
      CHECK(*piece == std::string_view(whole).substr(at, piece->size()));
    }
  std::string space;
  CHECK(stream.look(whole.size(), 5, space).value().empty());
}

TEST_CASE("a payload larger than a piece comes whole, and one that cannot be read is a problem") {
  std::vector<std::string> const large{std::string(200'001, 'x')};
  auto const stream = stream_of({"<", ">"}, large);
  string_sink all;
  REQUIRE(each_piece(stream, [&](auto piece) { return all.add(piece); }));
  CHECK(all.text == "<" + to_base64(large[0]) + ">");

  struct unreadable final : byte_source {
    std::uint64_t size() const override { return 10; }
    result<std::string_view> look(std::uint64_t, std::size_t, std::string&) const override {
      return problem{"tests.unreadable", "", "", ""};
    }
  };
  std::vector<std::unique_ptr<byte_source>> sources;
  sources.push_back(std::make_unique<unreadable>());
  retrieved_stream const broken({"<", ">"}, std::move(sources));
  CHECK(each_piece(broken, [&](auto piece) { return all.add(piece); }).error().code == "tests.unreadable");
  CHECK_THROWS_AS(stream_of({"<"}, {"x"}), std::invalid_argument);
}
